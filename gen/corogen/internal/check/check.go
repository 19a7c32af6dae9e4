// Package check finds the bodies of a package, functions marked //coro:body,
// and refuses what corogen cannot compile. It needs only syntax and types, so
// that an analyzer can use it too.
package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/morestack/morestack/internal/source"
)

// CoroPath is the import path of the package that has Yielder.
const CoroPath = "github.com/morestack/morestack/coro"

// Package is what a check looks at.
type Package struct {
	Fset  *token.FileSet
	Files []*ast.File
	Types *types.Package
	Info  *types.Info

	// External reports whether a function of another package is a body.
	External func(*types.Func) bool
}

// Body is a function marked //coro:body.
type Body struct {
	Decl    *ast.FuncDecl
	File    *ast.File
	Func    *types.Func
	Yielder *types.Var // nil in a body that never yields
	Out, In types.Type
	Pinned  bool

	// Lifts are the function literals that become native functions, the outer
	// ones first.
	Lifts []*Lift
}

// Signature returns the type of the body's function.
func (b *Body) Signature() *types.Signature { return b.Func.Type().(*types.Signature) }

// Params returns the parameters that the native function has: the receiver
// first, the Yielder not at all.
func (b *Body) Params() []*types.Var {
	sig := b.Signature()
	var vars []*types.Var
	if sig.Recv() != nil {
		vars = append(vars, sig.Recv())
	}
	for v := range sig.Params().Variables() {
		if v != b.Yielder {
			vars = append(vars, v)
		}
	}
	return vars
}

// TypeParams returns the type parameters of the function or of its receiver.
func (b *Body) TypeParams() *types.TypeParamList {
	if p := b.Signature().RecvTypeParams(); p.Len() > 0 {
		return p
	}
	return b.Signature().TypeParams()
}

// Refusal says that something is not supported, and what to write instead.
type Refusal struct {
	Pos     token.Pos
	Message string
}

// YielderTypes returns Out and In if t is *coro.Yielder[Out, In].
func YielderTypes(t types.Type) (out, in types.Type, ok bool) {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return nil, nil, false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok || n.Obj().Name() != "Yielder" || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != CoroPath || n.TypeArgs().Len() != 2 {
		return nil, nil, false
	}
	return n.TypeArgs().At(0), n.TypeArgs().At(1), true
}

// Bodies finds the bodies of p in source order, and refuses what cannot be
// compiled. A body is listed even if something in it is refused.
func Bodies(p *Package) ([]*Body, []Refusal) {
	c := &checker{Package: p, bodies: map[*types.Func]*Body{}, refused: map[*ast.FuncLit]bool{}}
	var bodies []*Body
	for _, file := range p.Files {
		used := map[token.Pos]bool{}
		for _, d := range file.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			options, pos, ok := source.Directive(decl)
			if !ok {
				continue
			}
			used[pos] = true
			if b := c.body(file, decl, options, pos); b != nil {
				bodies = append(bodies, b)
				c.bodies[b.Func] = b
			}
		}
		c.strayDirectives(file, used)
	}
	if len(bodies) > 0 {
		c.redeclared()
	}
	for _, b := range bodies {
		c.check(b)
	}
	return bodies, c.refusals
}

type checker struct {
	*Package
	bodies   map[*types.Func]*Body
	refused  map[*ast.FuncLit]bool // for what is done with their variables
	refusals []Refusal
}

func (c *checker) refuse(pos token.Pos, format string, args ...any) {
	c.refusals = append(c.refusals, Refusal{pos, fmt.Sprintf(format, args...)})
}

// predeclared names stand in generated code, in the package's own scope.
var predeclared = []string{
	"bool", "byte", "complex64", "complex128", "error", "float32", "float64", "int", "int8", "int16", "int32",
	"int64", "rune", "string", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr",
	"true", "false", "nil", "append", "cap", "len", "new",
}

func (c *checker) redeclared() {
	for _, name := range predeclared {
		if obj := c.Types.Scope().Lookup(name); obj != nil {
			c.refuse(obj.Pos(), "the package declares %s anew, which generated code needs as Go predeclares it: give it another name", name)
		}
	}
}

func (c *checker) strayDirectives(file *ast.File, used map[token.Pos]bool) {
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if text := strings.TrimSpace(strings.TrimPrefix(comment.Text, "//")); "//"+text != comment.Text && (text == source.Mark[2:] || text == source.Mark[2:]+" pinned") {
				c.refuse(comment.Pos(), "%s is a comment and no directive: write %s, without a space", comment.Text, source.Mark)
			}
			if _, ok := source.IsMark(comment.Text); ok && !used[comment.Pos()] {
				c.refuse(comment.Pos(), "%s marks nothing here: put it directly above a func declaration", source.Mark)
			}
		}
	}
}

func (c *checker) body(file *ast.File, decl *ast.FuncDecl, options []string, pos token.Pos) *Body {
	b := &Body{Decl: decl, File: file}
	for _, o := range options {
		if o != "pinned" {
			c.refuse(pos, "unknown option %q of %s: the only one is pinned", o, source.Mark)
			continue
		}
		b.Pinned = true
	}
	b.Func, _ = c.Info.Defs[decl.Name].(*types.Func)
	switch {
	case b.Func == nil:
		return nil
	case decl.Body == nil:
		c.refuse(decl.Pos(), "a body needs Go code: %s has none", decl.Name.Name)
		return nil
	case decl.Name.Name == "_" || decl.Name.Name == "init" || decl.Recv == nil && decl.Name.Name == "main" && c.Types.Name() == "main":
		c.refuse(decl.Name.Pos(), "%s cannot be a body: give the function another name", decl.Name.Name)
		return nil
	case strings.HasSuffix(c.Fset.Position(decl.Pos()).Filename, "_test.go"):
		c.refuse(decl.Pos(), "bodies cannot be in _test files, as assembly cannot: move %s to an ordinary file", decl.Name.Name)
		return nil
	}
	for _, spec := range file.Imports {
		if spec.Path.Value == `"C"` {
			c.refuse(decl.Pos(), "a file that imports \"C\" cannot hold bodies: move %s to another file", decl.Name.Name)
			return nil
		}
	}
	b.Out, b.In = types.NewStruct(nil, nil), types.NewStruct(nil, nil)
	for i, v := range variables(b.Signature().Params()) {
		out, in, ok := YielderTypes(v.Type())
		switch {
		case ok && i == 0:
			b.Yielder, b.Out, b.In = v, out, in
		case ok:
			c.refuse(v.Pos(), "the Yielder must be the first parameter, and the only Yielder")
		}
	}
	return b
}

func variables(t *types.Tuple) []*types.Var {
	var vars []*types.Var
	for v := range t.Variables() {
		vars = append(vars, v)
	}
	return vars
}

// isBody reports whether f, or what it is an instance of, is a body.
func (c *checker) isBody(f *types.Func) bool {
	if f.Pkg() == c.Types {
		return c.bodies[f.Origin()] != nil
	}
	return c.External != nil && c.External(f.Origin())
}

func (c *checker) check(b *Body) {
	c.lift(b)
	lifted := map[*ast.FuncLit]bool{}
	for _, l := range b.Lifts {
		lifted[l.Lit] = true
	}
	c.code(b, b.Decl.Body, func(lit *ast.FuncLit) bool { return lifted[lit] })
}

// code checks code of b. Function literals run as ordinary Go, unless they are
// native.
func (c *checker) code(b *Body, code ast.Node, native func(*ast.FuncLit) bool) {
	var stack []ast.Node
	literals := 0 // of ordinary Go
	ast.Inspect(code, func(n ast.Node) bool {
		if n == nil {
			if lit, ok := stack[len(stack)-1].(*ast.FuncLit); ok && !native(lit) {
				literals--
			}
			stack = stack[:len(stack)-1]
			return false
		}
		stack = append(stack, n)
		if lit, ok := n.(*ast.FuncLit); ok && !native(lit) {
			literals++
		}
		if id, ok := n.(*ast.Ident); ok && b.Yielder != nil && c.Info.Uses[id] == b.Yielder {
			c.yielder(b, id, stack, literals > 0)
		}
		if literals == 0 {
			c.node(b, n)
		}
		return true
	})
}

// node refuses what native code cannot have.
func (c *checker) node(b *Body, n ast.Node) {
	switch n := n.(type) {
	case *ast.DeferStmt:
		c.refuse(n.Pos(), "defer is not supported in a body: call it before each return, or move the code that needs it to a function that is no body")
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN && n.Value != nil && !blank(n.Key) {
			// Its operands would be evaluated after the key has its new value.
			if _, plain := ast.Unparen(n.Value).(*ast.Ident); !plain {
				c.refuse(n.Value.Pos(), "a loop cannot assign to both its key and what is no variable: assign to variables, and from them in the loop")
			}
		}
		if t := c.Info.TypeOf(n.X); t != nil {
			if _, ok := core(t).(*types.Signature); ok {
				c.noGoto(n.Body)
			}
		}
	case *ast.CallExpr:
		if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok {
			if f, ok := c.Info.Uses[id].(*types.Builtin); ok && f.Name() == "recover" {
				c.refuse(n.Pos(), "recover is not supported in a body: call the code that may panic in a function that recovers and is no body")
			}
		}
	case *ast.Ident:
		if t, ok := c.Info.Defs[n].(*types.TypeName); ok && t.Parent() != c.Types.Scope() && !t.IsAlias() {
			c.localType(b, n, t)
		}
	}
}

// noGoto refuses goto in a loop over a function, whose end it might leave out.
func (c *checker) noGoto(body ast.Node) {
	ast.Inspect(body, func(n ast.Node) bool {
		if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO {
			c.refuse(b.Pos(), "goto is not supported in a loop over a function: use break or continue with a label")
		}
		_, literal := n.(*ast.FuncLit)
		return !literal
	})
}

func (c *checker) localType(b *Body, n *ast.Ident, t *types.TypeName) {
	if named, ok := t.Type().(*types.Named); ok && named.TypeParams().Len() > 0 {
		c.refuse(n.Pos(), "a generic type cannot be declared in a body: declare %s outside", n.Name)
	} else if b.TypeParams().Len() > 0 {
		c.refuse(n.Pos(), "a type cannot be declared in a generic body: declare %s outside", n.Name)
	}
}

func core(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		if iface, ok := p.Constraint().Underlying().(*types.Interface); ok && iface.NumEmbeddeds() == 1 {
			if u, ok := iface.EmbeddedType(0).(*types.Union); ok && u.Len() > 0 {
				return u.Term(0).Type().Underlying()
			}
			return iface.EmbeddedType(0).Underlying()
		}
	}
	return t.Underlying()
}

// yielder checks a use of the Yielder, the last node of stack.
func (c *checker) yielder(b *Body, id *ast.Ident, stack []ast.Node, inLiteral bool) {
	if inLiteral {
		for _, n := range stack {
			if lit, ok := n.(*ast.FuncLit); ok && c.refused[lit] {
				return
			}
		}
		c.refuse(id.Pos(), "%s cannot yield from a function literal that Go code may call: keep the literal in a variable that is only called, or make it a %s function that takes %s", b.Decl.Name.Name, source.Mark, id.Name)
		return
	}
	parents := above(stack)
	switch parent := parents[len(parents)-1].(type) {
	case *ast.SelectorExpr:
		if len(parents) > 1 && parent.Sel.Name == "Yield" {
			if call, ok := parents[len(parents)-2].(*ast.CallExpr); ok && call.Fun == parent {
				return
			}
		}
		c.refuse(parent.Pos(), "%s.%s can only be called", id.Name, parent.Sel.Name)
	case *ast.CallExpr:
		f, _ := typeutil.Callee(c.Info, parent).(*types.Func)
		first := len(parent.Args) > 0 && ast.Unparen(parent.Args[0]) == id
		switch {
		case f != nil && c.isBody(f) && first:
			if parents := parents[:len(parents)-1]; len(parents) > 0 {
				switch parents[len(parents)-1].(type) {
				case *ast.GoStmt, *ast.DeferStmt:
					c.refuse(parent.Pos(), "a body cannot be started with go or defer: make a coroutine with its constructor")
				}
			}
		case f != nil && c.isBody(f):
			c.refuse(parent.Pos(), "%s is not called as a method here, so %s is not its first argument: write x.%s(%s, ...)", f.Name(), id.Name, f.Name(), id.Name)
		case f != nil && interfaceMethod(f):
			c.refuse(parent.Pos(), "%s is called through an interface, so what it does with %s is not known: call the method of a concrete type", f.Name(), id.Name)
		case f != nil && f.Pkg() != c.Types:
			c.refuse(parent.Pos(), "%s takes %s, but package %s has no generated body for it: run go generate there first, if it is marked %s", f.Name(), id.Name, f.Pkg().Path(), source.Mark)
		case f != nil:
			c.refuse(parent.Pos(), "%s takes %s but is no body: mark it %s", f.Name(), id.Name, source.Mark)
		default:
			c.refuse(parent.Pos(), "%s cannot be passed to a function value: call a //coro:body function by its name", id.Name)
		}
	default:
		c.refuse(id.Pos(), "%s can only be used as %s.Yield(v), or passed to another body", id.Name, id.Name)
	}
}

func interfaceMethod(f *types.Func) bool {
	recv := f.Type().(*types.Signature).Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

// blank reports whether e is _.
func blank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

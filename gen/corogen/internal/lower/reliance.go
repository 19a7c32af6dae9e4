package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/morestack/morestack/internal/facts"
)

// Machine code relies on what was true when it was generated and may have changed
// when it runs: layouts of types, values of constants, code that was inlined. The
// first two are recorded and checked; of code only what lasts is inlined: that of the
// package itself, and functions of the standard library that know no types' insides.

// typeArgs are those of the function in which a type is written.
type typeArgs = map[*types.TypeParam]types.Type

// relies records what code relies on: that of a body, or of what is inlined into one.
func (l *lowerer) relies(code ast.Node, args typeArgs) {
	typeOf := func(e ast.Expr) types.Type { return substitute(l.Info.TypeOf(e), args) }
	compared := func(e ast.Expr) {
		if t := typeOf(e); t != nil && (isStruct(t) || isArray(t)) {
			l.holds(t, true)
		}
	}
	walk(l.Info, code, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Ident:
			switch obj := l.Info.Uses[n].(type) {
			case *types.TypeName:
				return
			case *types.Const:
				l.constantIs(obj)
			case *types.Var:
				l.variableIs(obj)
			}
		case *ast.SelectorExpr:
			l.selects(l.Info.Selections[n], args)
		case *ast.IndexExpr:
			l.leadsTo(typeOf(n.X))
		case *ast.SliceExpr:
			l.leadsTo(typeOf(n.X))
		case *ast.RangeStmt:
			l.leadsTo(typeOf(n.X))
		case *ast.CompositeLit:
			l.leadsTo(typeOf(n))
		case *ast.BinaryExpr:
			if n.Op == token.EQL || n.Op == token.NEQ {
				compared(n.X)
			}
		case *ast.SwitchStmt:
			if n.Tag != nil {
				compared(n.Tag)
			}
		case *ast.CallExpr:
			if t := typeOf(n.Fun); t != nil {
				l.passes(t)
			}
		}
		if e, ok := n.(ast.Expr); ok && !l.Info.Types[e].IsType() {
			l.holds(typeOf(e), false)
		}
	})
}

// walk visits code but for branches that a constant excludes.
func walk(info *types.Info, code ast.Node, visit func(ast.Node)) {
	ast.Inspect(code, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		visit(n)
		branch, ok := n.(*ast.IfStmt)
		if !ok {
			return true
		}
		value := info.Types[branch.Cond].Value
		if value == nil {
			return true
		}
		if branch.Init != nil {
			walk(info, branch.Init, visit)
		}
		walk(info, branch.Cond, visit)
		switch {
		case constant.BoolVal(value):
			walk(info, branch.Body, visit)
		case branch.Else != nil:
			walk(info, branch.Else, visit)
		}
		return false
	})
}

func isStruct(t types.Type) bool { _, ok := t.Underlying().(*types.Struct); return ok }
func isArray(t types.Type) bool  { _, ok := t.Underlying().(*types.Array); return ok }

// selects records the types of a selection's implicit dereferences.
func (l *lowerer) selects(s *types.Selection, args typeArgs) {
	if s == nil {
		return
	}
	t := substitute(s.Recv(), args)
	deref := func() {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
			l.holds(t, false)
		}
	}
	index := s.Index()
	if s.Kind() != types.FieldVal {
		index = index[:len(index)-1]
	}
	for _, i := range index {
		deref()
		u, ok := t.Underlying().(*types.Struct)
		if !ok {
			return
		}
		t = u.Field(i).Type()
	}
	if f, ok := s.Obj().(*types.Func); ok {
		if _, pointer := types.Unalias(f.Signature().Recv().Type()).(*types.Pointer); !pointer {
			deref()
		}
	}
}

// leadsTo records what a pointer of type t leads to, where that is not written.
func (l *lowerer) leadsTo(t types.Type) {
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		l.holds(p.Elem(), false)
	}
}

// holds records that code has values of type t, and compares them.
func (l *lowerer) holds(t types.Type, compares bool) {
	if t == nil || generic(t) {
		return
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		switch obj := t.Obj(); {
		case obj.Pkg() == nil:
		case l.isLocalType(t):
			l.holds(t.Underlying(), compares)
		case facts.Named(obj.Exported(), obj.Pkg().Path(), l.Path):
			name := l.typ(obj.Pos(), t)
			l.layoutIs(name, "(*"+name+")(nil)", t, obj, compares)
		}
		if s, ok := t.Underlying().(*types.Slice); ok {
			l.holds(s, false)
		}
	case *types.Slice:
		l.holds(t.Elem(), false) // it is sliced by the size of that
	case *types.Array:
		l.holds(t.Elem(), compares)
	case *types.Struct:
		for v := range t.Fields() {
			l.holds(v.Type(), compares)
		}
	case *types.Tuple:
		for v := range t.Variables() {
			l.holds(v.Type(), compares)
		}
	}
}

// passes records what a function of type t is given and returns.
func (l *lowerer) passes(t types.Type) {
	if sig, ok := t.Underlying().(*types.Signature); ok {
		l.holds(sig.Params(), false)
		l.holds(sig.Results(), false)
	}
}

// layoutIs records the layout of t, the type of obj or obj itself.
func (l *lowerer) layoutIs(name, pointer string, t types.Type, obj types.Object, whole bool) {
	key := fmt.Sprint(pointer, whole)
	if l.relied[key] {
		return
	}
	l.relied[key] = true
	want := l.layoutOf(t, whole)
	other := want
	if named, ok := t.(*types.Named); !ok || named.TypeArgs().Len() == 0 {
		if o := l.otherwise(obj); o != nil {
			other = (&lowerer{Package: l.Other}).layoutOf(o.Type(), whole)
		}
	}
	more := ""
	if whole {
		more = ", Whole: true"
	}
	fmt.Fprintf(&l.layouts, "{Name: %q, Of: %s, Want: %s%s},\n", name, pointer, l.either(want, other), more)
}

// otherwise is an object of package level as arm64 has it.
func (l *lowerer) otherwise(obj types.Object) types.Object {
	if l.Other == nil {
		return nil
	}
	if obj.Pkg() == l.Types {
		return l.Other.Types.Scope().Lookup(obj.Name())
	}
	for _, p := range l.Other.Types.Imports() {
		if p.Path() == obj.Pkg().Path() {
			return p.Scope().Lookup(obj.Name())
		}
	}
	return nil
}

// either is a text that depends on the architecture.
func (l *lowerer) either(amd64, arm64 string) string {
	if amd64 == arm64 {
		return strconv.Quote(amd64)
	}
	return fmt.Sprintf("map[string]string{\"amd64\": %q, \"arm64\": %q}[%s.GOARCH]", amd64, arm64, l.alias("runtime", "runtime"))
}

// variableIs records the type of a package's variable.
func (l *lowerer) variableIs(v *types.Var) {
	if v.IsField() || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() {
		return
	}
	name := l.qualified(v)
	l.layoutIs(name, "&"+name, v.Type(), v, false)
}

// qualified is the name of an object of package level.
func (l *lowerer) qualified(obj types.Object) string {
	if obj.Pkg() == l.Types {
		return obj.Name()
	}
	return l.alias(obj.Pkg().Path(), obj.Pkg().Name()) + "." + obj.Name()
}

// constantIs records the value of a package's constant.
func (l *lowerer) constantIs(c *types.Const) {
	if c.Pkg() == nil || c.Parent() != c.Pkg().Scope() || c.Name() == "_" {
		return
	}
	name := l.qualified(c)
	if l.relied[name] {
		return
	}
	l.relied[name] = true
	got, want := constantText(name, c)
	other := want
	if o, ok := l.otherwise(c).(*types.Const); ok {
		_, other = constantText(name, o)
	}
	fmt.Fprintf(&l.constants, "{Name: %q, Got: %s, Want: %s},\n", name, got, l.either(want, other))
}

// constantText returns a constant's name as a value that Go accepts whatever it
// becomes, and facts.Constant of that. What fits no type is compared by the compiler.
func constantText(name string, c *types.Const) (got, want string) {
	t, ok := types.Default(c.Type()).Underlying().(*types.Basic)
	if !ok {
		return name, ""
	}
	want = kindName(t) + " "
	float := func(v constant.Value) float64 { f, _ := constant.Float64Val(v); return f }
	v := c.Val()
	switch info := t.Info(); {
	case info&types.IsBoolean != 0:
		return name, want + strconv.FormatBool(constant.BoolVal(v))
	case info&types.IsString != 0:
		return name, want + strconv.Quote(constant.StringVal(v))
	case info&types.IsInteger != 0:
		v = constant.ToInt(v)
		n, exact := constant.Int64Val(v)
		if exact && (t.Kind() != types.Int32 || n == int64(int32(n))) || info&types.IsUnsigned != 0 {
			return name, want + v.ExactString()
		}
	case info&types.IsFloat != 0:
		v = constant.ToFloat(v)
		if f := float(v); !math.IsInf(f, 0) {
			return name, want + strconv.FormatFloat(f, 'g', -1, 64)
		}
	case info&types.IsComplex != 0:
		v = constant.ToComplex(v)
		return name, want + strconv.FormatComplex(complex(float(constant.Real(v)), float(constant.Imag(v))), 'g', -1, 128)
	}
	return name + " == " + number(v), "bool true"
}

// callee is a function of the package that is inlined.
type callee struct {
	decl *ast.FuncDecl
	args typeArgs
}

// inlined returns the functions whose code is wherever the compiler inlines f, f
// among them, and whether all of it lasts: it then calls nothing that does not.
func (l *lowerer) inlined(f *types.Func, args []types.Type) (list []callee, lasts bool) {
	r := reach{lowerer: l, seen: map[string]bool{}, lasts: true}
	r.function(f, args)
	return r.list, r.lasts
}

type reach struct {
	*lowerer
	seen  map[string]bool
	list  []callee
	lasts bool
}

func (r *reach) function(f *types.Func, args []types.Type) {
	f = f.Origin()
	key := f.FullName()
	for _, a := range args {
		key += "," + types.TypeString(a, nil)
	}
	if r.seen[key] || !r.lasts {
		return
	}
	r.seen[key] = true
	decl := r.decls[f]
	if decl == nil || decl.Body == nil {
		return // generated, or assembly
	}
	if !r.alike(decl) {
		r.lasts = false
		return
	}
	c := callee{decl, typeArgs{}}
	params := f.Signature().TypeParams()
	if p := f.Signature().RecvTypeParams(); p.Len() > 0 {
		params = p
	}
	for i := range min(params.Len(), len(args)) {
		c.args[params.At(i)] = args[i]
	}
	r.list = append(r.list, c)
	walk(r.Info, decl, func(n ast.Node) {
		if id, ok := n.(*ast.Ident); ok {
			if g, ok := r.Info.Uses[id].(*types.Func); ok {
				r.mentions(id, g, c.args)
			}
		}
	})
}

// alike reports whether the function is the same for arm64.
func (l *lowerer) alike(decl *ast.FuncDecl) bool {
	return l.Other == nil || slices.ContainsFunc(l.Other.Files, func(f *ast.File) bool {
		return l.Other.Fset.Position(f.Package).Filename == l.Fset.Position(decl.Pos()).Filename
	})
}

func (r *reach) mentions(id *ast.Ident, f *types.Func, in typeArgs) {
	sig := f.Signature()
	var args []types.Type
	if inst, ok := r.Info.Instances[id]; ok {
		sig = inst.Type.(*types.Signature)
		for t := range inst.TypeArgs.Types() {
			args = append(args, substitute(t, in))
		}
	}
	var recv types.Type
	if sig.Recv() != nil {
		recv = substitute(sig.Recv().Type(), in)
		args = append(args, receiverArgs(recv)...)
	}
	switch {
	case recv != nil && types.IsInterface(sig.Recv().Type()):
		r.lasts = false // the compiler may know whose method it is
	case f.Pkg() == r.Types:
		r.function(f, args)
	default:
		r.lasts = r.lasts && r.lasting(f, substitute(sig, in).(*types.Signature), recv)
	}
}

// receiverArgs are the type arguments of a receiver's type.
func receiverArgs(t types.Type) (args []types.Type) {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		for a := range n.TypeArgs().Types() {
			args = append(args, a)
		}
	}
	return args
}

// lasting reports whether code of another package stays right where it is inlined. That
// of the standard library does, unless it may know the insides of a type, which the
// next release can change: one that is given to it, for assembly cannot name another
// package's variables. Those of sync/atomic are what they are.
func (l *lowerer) lasting(f *types.Func, sig *types.Signature, recv types.Type) bool {
	if !l.standard(f.Pkg().Path()) {
		return false
	}
	if f.Pkg().Path() == "sync/atomic" {
		return true
	}
	list := append(params(sig), tuple(sig.Results())...)
	if recv != nil {
		list = append(list, recv)
	}
	for _, t := range list {
		if s, ok := types.Unalias(t).(*types.Slice); ok {
			t = s.Elem()
		}
		if _, ok := t.Underlying().(*types.Basic); !ok {
			return false
		}
	}
	return true
}

// standard reports whether a package is of the standard library.
func (l *lowerer) standard(path string) bool {
	_, err := os.Stat(filepath.Join(l.GOROOT, "src", filepath.FromSlash(path)))
	return err == nil
}

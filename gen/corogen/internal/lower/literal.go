package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"sort"
	"strings"
)

// composite lowers a literal that is not the operand of &.
func (f *fn) composite(e *ast.CompositeLit) string {
	t := f.typeOf(e)
	switch u := t.Underlying().(type) {
	case *types.Pointer: // elided &T in a literal of pointers
		return f.pointerLit(e, u.Elem())
	case *types.Slice, *types.Map:
		return f.allocated(e, t, t, "")
	}
	if f.forced(e.Pos()) {
		return f.allocated(e, t, t, "")
	}
	text, _ := f.elements(e, t, func(e ast.Expr, t types.Type) string { return f.value(e, t) })
	if text == "{}" {
		return "(" + f.typ(e.Pos(), t) + text + ")"
	}
	return "(" + f.typ(e.Pos(), t) + text + ")"
}

// pointerLit lowers &T{...}.
func (f *fn) pointerLit(e *ast.CompositeLit, t types.Type) string {
	return f.allocated(e, t, types.NewPointer(t), "&")
}

// allocated lowers a literal that is made by a shim.
func (f *fn) allocated(e *ast.CompositeLit, t, result types.Type, op string) string {
	f.note(e.Pos(), "composite literal of %s is a shim", t)
	var args []arg
	// The shim's text is made first with placeholders, for the order of the
	// arguments is the order of the elements.
	text, _ := f.elements(e, t, func(e ast.Expr, t types.Type) string {
		a := f.arg(e)
		args = append(args, a)
		return fmt.Sprintf("\x03%d\x04", len(args)-1)
	})
	kind := "O" // a map literal panics for unhashable keys
	return f.shim(kind, args, []types.Type{result}, func(n []string) string {
		s := "return " + op + f.typ(e.Pos(), t) + text
		for i, name := range n {
			s = strings.Replace(s, fmt.Sprintf("\x03%d\x04", i), name, 1)
		}
		return s
	})
}

// elements prints the elements of a literal of type t; each returns one.
func (f *fn) elements(e *ast.CompositeLit, t types.Type, each func(ast.Expr, types.Type) string) (string, int) {
	var parts []string
	element := func(x ast.Expr, t types.Type) string {
		// Literals in literals are part of one shim only as far as their own
		// elements are: nested composite values stay what they are.
		return each(x, t)
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for i, x := range e.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok {
				name := kv.Key.(*ast.Ident).Name
				for v := range u.Fields() {
					if v.Name() == name {
						parts = append(parts, f.fieldName(v)+": "+element(kv.Value, v.Type()))
					}
				}
				continue
			}
			parts = append(parts, element(x, u.Field(i).Type()))
		}
	case *types.Map:
		for _, x := range e.Elts {
			kv := x.(*ast.KeyValueExpr)
			parts = append(parts, element(kv.Key, u.Key())+": "+element(kv.Value, u.Elem()))
		}
	default:
		var elem types.Type
		switch u := u.(type) {
		case *types.Slice:
			elem = u.Elem()
		case *types.Array:
			elem = u.Elem()
		}
		for _, x := range e.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok {
				parts = append(parts, f.Info.Types[kv.Key].Value.ExactString()+": "+element(kv.Value, elem))
				continue
			}
			parts = append(parts, element(x, elem))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}", len(parts)
}

// literalFunc lowers a function literal: a shim makes the closure, whose code
// stays ordinary Go. What it shares with the body lives on the heap; what never
// changes is copied.
func (f *fn) literalFunc(e *ast.FuncLit) string {
	f.note(e.Pos(), "function literal is a shim; it runs as ordinary Go")
	text, args := f.closure(e)
	return f.shim("G", args, []types.Type{f.typeOf(e)}, func(n []string) string {
		var b strings.Builder
		for i, a := range args {
			fmt.Fprintf(&b, "%s := %s\n", a.text, n[i])
		}
		return b.String() + f.sourceLine(e) + "return " + text + "\n" + lineBack
	})
}

// lineBack stands for a directive that ends the effect of another.
const lineBack = "//line coroback:1"

func (f *fn) sourceLine(n ast.Node) string {
	p := f.Fset.Position(n.Pos())
	name := p.Filename
	if rest, ok := strings.CutPrefix(name, f.Dir+"/"); ok {
		name = rest
	}
	return fmt.Sprintf("//line %s:%d\n", name, p.Line)
}

type edit struct {
	from, to int
	text     string
}

// closure returns the text of a function literal, with the names of the
// generated file, and the variables it captures.
func (f *fn) closure(e *ast.FuncLit) (string, []arg) {
	base := f.Fset.Position(e.Pos())
	start := base.Offset
	src := f.source(base.Filename)
	var edits []edit
	put := func(n ast.Node, text string) {
		p := f.Fset.Position(n.Pos()).Offset
		edits = append(edits, edit{p, p + int(n.End()-n.Pos()), text})
	}
	captured := map[*types.Var]bool{}
	var args []arg
	capture := func(id *ast.Ident, v *types.Var) {
		if !captured[v] {
			captured[v] = true
			a := arg{text: f.name(v), typ: f.varType(v)}
			if f.heap(v) {
				a.typ = types.NewPointer(a.typ)
			}
			args = append(args, a)
		}
		put(id, f.use(v))
	}
	keys := map[*ast.Ident]bool{}
	field := func(id *ast.Ident) {
		keys[id] = true
		v, ok := f.Info.Uses[id].(*types.Var)
		if !ok || !v.IsField() {
			return
		}
		// A type that the literal declares keeps its name.
		if t := embedded(v); t != nil && !(e.Pos() <= t.Obj().Pos() && t.Obj().Pos() <= e.End()) {
			if name := f.fieldName(v); name != id.Name {
				put(id, name)
			}
		}
	}
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if _, ok := f.typeOf(n).Underlying().(*types.Struct); ok {
				for _, x := range n.Elts {
					if kv, ok := x.(*ast.KeyValueExpr); ok {
						if id, ok := kv.Key.(*ast.Ident); ok {
							field(id)
						}
					}
				}
			}
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				if p, ok := f.Info.Uses[id].(*types.PkgName); ok {
					put(id, f.alias(p.Imported().Path(), p.Imported().Name()))
					return false
				}
			}
			field(n.Sel)
		case *ast.Ident:
			if keys[n] {
				return true
			}
			f.closureIdent(n, e, put, capture)
		}
		return true
	})
	sort.Slice(edits, func(i, j int) bool { return edits[i].from < edits[j].from })
	var b strings.Builder
	at := start
	for _, d := range edits {
		if d.from < at {
			continue
		}
		b.Write(src[at:d.from])
		b.WriteString(d.text)
		at = d.to
	}
	b.Write(src[at : start+int(e.End()-e.Pos())])
	return b.String(), args
}

func (f *fn) closureIdent(n *ast.Ident, e *ast.FuncLit, put func(ast.Node, string), capture func(*ast.Ident, *types.Var)) {
	switch obj := f.Info.Uses[n].(type) {
	case *types.Var:
		inside := obj.Pos() >= e.Pos() && obj.Pos() <= e.End()
		if f.isLocal(obj) && !inside {
			capture(n, obj)
		} else if obj.Pkg() != f.Types && !obj.IsField() && obj.Pkg() != nil {
			put(n, f.alias(obj.Pkg().Path(), obj.Pkg().Name())+"."+obj.Name())
		}
	case *types.Const:
		if obj.Parent() != f.Types.Scope() && obj.Pkg() == f.Types && (obj.Pos() < e.Pos() || obj.Pos() > e.End()) {
			if c := f.constant(n); c != "" {
				put(n, c)
			}
		} else if obj.Pkg() != f.Types && obj.Pkg() != nil {
			put(n, f.alias(obj.Pkg().Path(), obj.Pkg().Name())+"."+obj.Name())
		}
	case *types.TypeName:
		if p, ok := obj.Type().(*types.TypeParam); ok {
			if t, ok := f.in.types[p]; ok {
				text := f.typ(n.Pos(), t)
				if strings.ContainsAny(text, "*<( ") {
					text = "(" + text + ")"
				}
				put(n, text)
			}
			return
		}
		local := obj.Parent() != f.Types.Scope() && obj.Pkg() == f.Types
		if local && (obj.Pos() < e.Pos() || obj.Pos() > e.End()) {
			put(n, f.typ(n.Pos(), obj.Type()))
		} else if obj.Pkg() != f.Types && obj.Pkg() != nil {
			put(n, f.alias(obj.Pkg().Path(), obj.Pkg().Name())+"."+obj.Name())
		}
	case *types.Func:
		if obj.Pkg() != f.Types && obj.Pkg() != nil && obj.Type().(*types.Signature).Recv() == nil {
			put(n, f.alias(obj.Pkg().Path(), obj.Pkg().Name())+"."+obj.Name())
		}
	}
}

package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// Pointers returns the size of a type with a link name ("type:path.Name"), and
// the offsets of its pointers. It knows the types that bodies mention.
func (o *Output) Pointers(name string) (size int64, offsets []int64, ok bool) {
	t := o.types[strings.TrimPrefix(name, "type:")]
	if t == nil {
		return 0, nil, false
	}
	return o.sizes.Sizeof(t), pointers(o.sizes, t, 0, nil), true
}

// pointers appends the offsets of pointers in t, which lies at an offset.
func pointers(sizes types.Sizes, t types.Type, at int64, to []int64) []int64 {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if pointerful(u) {
			return append(to, at)
		}
		return to
	case *types.Interface:
		return append(to, at, at+8)
	case *types.Struct:
		for i, offset := range offsets(sizes, u) {
			to = pointers(sizes, u.Field(i).Type(), at+offset, to)
		}
		return to
	case *types.Array:
		for i := range u.Len() {
			to = pointers(sizes, u.Elem(), at+i*sizes.Sizeof(u.Elem()), to)
		}
		return to
	}
	return append(to, at) // for the others: the first word, which a slice has too
}

// mentioned makes known the types that a body mentions, and those that they lead to.
func (f *fn) mentioned() {
	seen := map[types.Type]bool{}
	var visit func(types.Type)
	visit = func(t types.Type) {
		t = types.Unalias(t)
		if seen[t] || generic(t) {
			return
		}
		seen[t] = true
		f.know(t)
		switch u := t.(type) {
		case *types.Pointer:
			visit(u.Elem())
		case *types.Slice:
			visit(u.Elem())
		case *types.Array:
			visit(u.Elem())
		case *types.Named:
			if _, ok := u.Underlying().(*types.Interface); !ok && u.Obj().Pkg() == f.Types {
				visit(u.Underlying())
			}
		case *types.Struct:
			for v := range u.Fields() {
				visit(v.Type())
			}
		}
	}
	ast.Inspect(f.in.body.Decl, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			if t := f.typeOf(e); t != nil {
				visit(t)
			}
		}
		return true
	})
}

// know makes a type known by its link name.
func (l *lowerer) know(t types.Type) {
	if l.out.types == nil {
		l.out.types = map[string]types.Type{}
		l.out.sizes = l.Sizes
	}
	l.out.types[l.linkName(t)] = t
}

// linkName returns the name that the compiler gives to the symbol of a type. It
// knows not all: an unknown type is not taken over.
func (l *lowerer) linkName(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		switch t.Kind() {
		case types.UnsafePointer:
			return "unsafe.Pointer"
		case types.Uint8:
			return "uint8"
		case types.Int32:
			return "int32"
		}
	case *types.Named:
		if l.isLocalType(t) {
			return l.LinkPath(l.Types) + "." + l.localType(t)
		}
		if t.TypeArgs().Len() > 0 {
			var args []string
			for a := range t.TypeArgs().Types() {
				args = append(args, l.linkName(a))
			}
			return l.LinkPath(t.Obj().Pkg()) + "." + t.Obj().Name() + "[" + strings.Join(args, ",") + "]"
		}
	case *types.Pointer:
		return "*" + l.linkName(t.Elem())
	case *types.Slice:
		return "[]" + l.linkName(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), l.linkName(t.Elem()))
	case *types.Map:
		return "map[" + l.linkName(t.Key()) + "]" + l.linkName(t.Elem())
	case *types.Interface:
		if t.NumMethods() == 0 {
			return "interface {}"
		}
	case *types.Struct:
		var fields []string
		for v := range t.Fields() {
			name := v.Name()
			if !v.Exported() {
				name = l.LinkPath(v.Pkg()) + "." + name
			}
			fields = append(fields, name+" "+l.linkName(v.Type()))
		}
		if fields == nil {
			return "struct {}"
		}
		return "struct { " + strings.Join(fields, "; ") + " }"
	}
	return types.TypeString(t, l.LinkPath)
}

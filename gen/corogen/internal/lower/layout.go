package lower

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/morestack/morestack/internal/facts"
)

// layoutOf is facts.Layout of a type that is compiled for the package.
func (l *lowerer) layoutOf(t types.Type, whole bool) string {
	d := describer{lowerer: l, whole: whole}
	d.layout(t)
	return d.text.String()
}

type describer struct {
	*lowerer
	whole bool
	text  strings.Builder
	open  []types.Type // described in place
}

func (d *describer) layout(t types.Type) {
	fmt.Fprintf(&d.text, "size %d", d.Sizes.Sizeof(t))
	d.value(t, 0, "", true)
}

func (d *describer) piece(at int64, path, what string) {
	fmt.Fprintf(&d.text, "; %d%s %s", at, path, what)
}

func (d *describer) value(t types.Type, at int64, path string, named bool) {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for i, offset := range offsets(d.Sizes, u) {
			v := u.Field(i)
			switch {
			case named && (v.Exported() || d.names(v)):
				d.value(v.Type(), at+offset, path+" "+v.Name(), true)
			case named:
				d.value(v.Type(), at+offset, path+" _", false)
			default:
				d.value(v.Type(), at+offset, path, false)
			}
		}
	case *types.Array:
		if !named && d.Sizes.Sizeof(u) == 0 {
			return
		}
		d.piece(at, path, fmt.Sprintf("[%d] of %d", u.Len(), d.Sizes.Sizeof(u.Elem())))
		if u.Len() > 0 {
			d.value(u.Elem(), at, path, named)
		}
	default:
		if named {
			d.piece(at, path, "")
			d.kind(t)
			return
		}
		for _, w := range words(d.Sizes, u) {
			d.piece(at, path, fmt.Sprint(w.class, w.size))
			at += w.size
		}
	}
}

func (d *describer) names(obj types.Object) bool {
	return d.whole || facts.Named(obj.Exported(), obj.Pkg().Path(), d.Types.Path())
}

// registerWord is what a register holds.
type registerWord struct {
	class string
	size  int64
}

func words(sizes types.Sizes, u types.Type) []registerWord {
	size := sizes.Sizeof(u)
	pointer, integer := registerWord{"pointer", 8}, registerWord{"int", 8}
	switch u := u.(type) {
	case *types.Slice:
		return []registerWord{pointer, integer, integer}
	case *types.Interface:
		return []registerWord{pointer, pointer}
	case *types.Basic:
		switch info := u.Info(); {
		case info&types.IsFloat != 0:
			return []registerWord{{"float", size}}
		case info&types.IsComplex != 0:
			return []registerWord{{"float", size / 2}, {"float", size / 2}}
		case info&types.IsString != 0:
			return []registerWord{pointer, integer}
		case u.Kind() != types.UnsafePointer:
			return []registerWord{{"int", size}}
		}
	}
	return []registerWord{pointer}
}

func (d *describer) kind(t types.Type) {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		d.text.WriteString("*")
		d.name(u.Elem())
	case *types.Slice:
		d.text.WriteString("[]")
		d.name(u.Elem())
	case *types.Signature:
		d.text.WriteString("func(")
		for v := range u.Params().Variables() {
			d.text.WriteString(" ")
			d.name(v.Type())
		}
		d.text.WriteString(" )")
		for v := range u.Results().Variables() {
			d.text.WriteString(" ")
			d.name(v.Type())
		}
	case *types.Interface:
		if u.NumMethods() == 0 {
			d.text.WriteString("empty ")
		}
		d.text.WriteString("interface")
	case *types.Map:
		d.text.WriteString("map")
	case *types.Chan:
		d.text.WriteString("chan")
	case *types.Basic:
		d.text.WriteString(kindName(u))
	}
}

// kindName is the reflect.Kind of a type.
func kindName(t *types.Basic) string {
	if t.Kind() == types.UnsafePointer {
		return "unsafe.Pointer"
	}
	return types.Typ[t.Kind()].Name()
}

func (d *describer) name(t types.Type) {
	t = types.Unalias(t)
	switch u := t.(type) {
	case *types.Named:
		if u.Obj().Pkg() == nil {
			d.kind(u)
			return
		}
		if u.Obj().Pkg() != d.Types {
			d.text.WriteString(u.Obj().Pkg().Path() + ".")
		}
		d.text.WriteString(strings.TrimPrefix(d.linkName(u), d.LinkPath(u.Obj().Pkg())+"."))
		if d.names(u.Obj()) || slices.ContainsFunc(d.open, func(o types.Type) bool { return types.Identical(o, t) }) {
			return
		}
		d.open = append(d.open, t)
	case *types.Struct, *types.Array:
	default:
		d.kind(t)
		return
	}
	d.text.WriteString("{")
	d.layout(t)
	d.text.WriteString("}")
}

// offsets are those of the fields of a struct.
func offsets(sizes types.Sizes, s *types.Struct) []int64 {
	var vars []*types.Var
	for v := range s.Fields() {
		vars = append(vars, v)
	}
	return sizes.Offsetsof(vars)
}

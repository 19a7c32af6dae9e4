package lower

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"
)

// substitute replaces type parameters in t.
func substitute(t types.Type, args map[*types.TypeParam]types.Type) types.Type {
	if len(args) == 0 || t == nil {
		return t
	}
	s := func(t types.Type) types.Type { return substitute(t, args) }
	vars := func(vs func(func(*types.Var) bool)) []*types.Var {
		var out []*types.Var
		for v := range vs {
			out = append(out, types.NewParam(v.Pos(), v.Pkg(), v.Name(), s(v.Type())))
		}
		return out
	}
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		if a, ok := args[t]; ok {
			return a
		}
	case *types.Pointer:
		return types.NewPointer(s(t.Elem()))
	case *types.Slice:
		return types.NewSlice(s(t.Elem()))
	case *types.Array:
		return types.NewArray(s(t.Elem()), t.Len())
	case *types.Chan:
		return types.NewChan(t.Dir(), s(t.Elem()))
	case *types.Map:
		return types.NewMap(s(t.Key()), s(t.Elem()))
	case *types.Tuple:
		return types.NewTuple(vars(t.Variables())...)
	case *types.Signature:
		return types.NewSignatureType(nil, nil, nil, types.NewTuple(vars(t.Params().Variables())...), types.NewTuple(vars(t.Results().Variables())...), t.Variadic())
	case *types.Struct:
		var fields []*types.Var
		var tags []string
		for i := range t.NumFields() {
			v := t.Field(i)
			fields = append(fields, types.NewField(v.Pos(), v.Pkg(), v.Name(), s(v.Type()), v.Embedded()))
			tags = append(tags, t.Tag(i))
		}
		return types.NewStruct(fields, tags)
	case *types.Interface:
		var methods []*types.Func
		for m := range t.ExplicitMethods() {
			methods = append(methods, types.NewFunc(m.Pos(), m.Pkg(), m.Name(), s(m.Type()).(*types.Signature)))
		}
		var embedded []types.Type
		for e := range t.EmbeddedTypes() {
			embedded = append(embedded, s(e))
		}
		return types.NewInterfaceType(methods, embedded).Complete()
	case *types.Union:
		var terms []*types.Term
		for x := range t.Terms() {
			terms = append(terms, types.NewTerm(x.Tilde(), s(x.Type())))
		}
		return types.NewUnion(terms)
	case *types.Named:
		if t.TypeArgs().Len() == 0 {
			return t
		}
		var list []types.Type
		for a := range t.TypeArgs().Types() {
			list = append(list, s(a))
		}
		if inst, err := types.Instantiate(nil, t.Origin(), list, false); err == nil {
			return inst
		}
	}
	return t
}

// typ returns the text of a type in generated files.
func (l *lowerer) typ(pos token.Pos, t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		switch t.Kind() {
		case types.UnsafePointer:
			return l.alias("unsafe", "unsafe") + ".Pointer"
		case types.UntypedBool, types.UntypedInt, types.UntypedRune, types.UntypedFloat, types.UntypedComplex, types.UntypedString:
			return types.Default(t).String()
		}
		return t.Name()
	case *types.TypeParam:
		if t.Obj().Name() == "_" {
			return fmt.Sprintf("coroT%d", t.Index())
		}
		return t.Obj().Name()
	case *types.Named:
		obj := t.Obj()
		args := []types.Type{}
		for a := range t.TypeArgs().Types() {
			args = append(args, a)
		}
		suffix := l.typeArgs(pos, args)
		switch {
		case obj.Pkg() == nil:
			return obj.Name()
		case obj.Pkg() != l.Types:
			if !obj.Exported() {
				l.refuse(pos, "a shim cannot name the type %s, which package %s does not export: keep such values out of the body, in a function that is no body", obj.Name(), obj.Pkg().Path())
				return "int"
			}
			return l.alias(obj.Pkg().Path(), obj.Pkg().Name()) + "." + obj.Name() + suffix
		case l.isLocalType(t):
			return l.localType(t)
		}
		return obj.Name() + suffix
	case *types.Pointer:
		return "*" + l.typ(pos, t.Elem())
	case *types.Slice:
		return "[]" + l.typ(pos, t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), l.typ(pos, t.Elem()))
	case *types.Map:
		return "map[" + l.typ(pos, t.Key()) + "]" + l.typ(pos, t.Elem())
	case *types.Chan:
		elem := l.typ(pos, t.Elem())
		switch t.Dir() {
		case types.SendOnly:
			return "chan<- " + elem
		case types.RecvOnly:
			return "<-chan " + elem
		}
		return "chan (" + elem + ")"
	case *types.Signature:
		return "func" + l.signature(pos, t)
	case *types.Struct:
		var b strings.Builder
		b.WriteString("struct{")
		for i := range t.NumFields() {
			v := t.Field(i)
			if i > 0 {
				b.WriteString("; ")
			}
			if !v.Embedded() {
				b.WriteString(v.Name() + " ")
			}
			b.WriteString(l.typ(pos, v.Type()))
			if t.Tag(i) != "" {
				fmt.Fprintf(&b, " %q", t.Tag(i))
			}
		}
		return b.String() + "}"
	case *types.Interface:
		var parts []string
		for m := range t.ExplicitMethods() {
			parts = append(parts, m.Name()+l.signature(pos, m.Type().(*types.Signature)))
		}
		for e := range t.EmbeddedTypes() {
			parts = append(parts, l.typ(pos, e))
		}
		return "interface{" + strings.Join(parts, "; ") + "}"
	case *types.Union:
		var parts []string
		for x := range t.Terms() {
			p := l.typ(pos, x.Type())
			if x.Tilde() {
				p = "~" + p
			}
			parts = append(parts, p)
		}
		return strings.Join(parts, " | ")
	}
	return fmt.Sprint(t)
}

func (l *lowerer) signature(pos token.Pos, t *types.Signature) string {
	list := func(tuple *types.Tuple, variadic bool) string {
		var parts []string
		for i := range tuple.Len() {
			p := l.typ(pos, tuple.At(i).Type())
			if variadic && i == tuple.Len()-1 {
				p = "..." + strings.TrimPrefix(p, "[]")
			}
			parts = append(parts, p)
		}
		return "(" + strings.Join(parts, ", ") + ")"
	}
	s := list(t.Params(), t.Variadic())
	if t.Results().Len() > 0 {
		s += " " + list(t.Results(), false)
	}
	return s
}

// isLocalType reports whether t is declared in a function of the package.
func (l *lowerer) isLocalType(t *types.Named) bool {
	obj := t.Obj()
	return obj.Pkg() == l.Types && obj.Parent() != l.Types.Scope() && obj.Parent() != nil
}

const localPrefix = "coroT"

// localType declares a type of a body at package level, as shims need its name.
func (l *lowerer) localType(t *types.Named) string {
	if name := l.locals[t.Obj()]; name != "" {
		return name
	}
	name := l.next(localPrefix) + "_" + t.Obj().Name()
	l.locals[t.Obj()] = name
	text := l.typ(t.Obj().Pos(), t.Underlying())
	fmt.Fprintf(&l.shimText, "\ntype %s %s\n", name, text)
	return name
}

// fieldName returns what a field is called in generated code: one that embeds a
// local type has the name that this type has there.
func (l *lowerer) fieldName(v *types.Var) string {
	if n := embedded(v); n != nil && l.isLocalType(n) {
		return l.localType(n)
	}
	return v.Name()
}

// embedded returns the type that a field embeds, or nil.
func embedded(v *types.Var) *types.Named {
	t := types.Unalias(v.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok || !v.Embedded() {
		return nil
	}
	return n
}

// pointerful reports whether values of type t hold Go pointers.
func pointerful(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.String || t.Kind() == types.UnsafePointer || t.Kind() == types.UntypedString || t.Kind() == types.UntypedNil
	case *types.Array:
		return t.Len() > 0 && pointerful(t.Elem())
	case *types.Struct:
		for v := range t.Fields() {
			if pointerful(v.Type()) {
				return true
			}
		}
		return false
	case *types.Tuple:
		return false
	}
	return true
}

// indexed reports whether t holds an array of pointers that the compiler keeps
// in memory, because an index can be a variable.
func indexed(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Array:
		return t.Len() > 1 && pointerful(t) || t.Len() == 1 && indexed(t.Elem())
	case *types.Struct:
		for v := range t.Fields() {
			if indexed(v.Type()) {
				return true
			}
		}
	}
	return false
}

// Registers of ABIInternal on amd64; arm64 has more.
const (
	intRegisters   = 9
	floatRegisters = 15
)

// fit reports whether values of these types are passed in registers.
func fit(list []types.Type) bool {
	ints, floats := 0, 0
	ok := true
	var count func(types.Type)
	count = func(t types.Type) {
		switch t := t.Underlying().(type) {
		case *types.Basic:
			switch {
			case t.Info()&types.IsComplex != 0:
				floats += 2
			case t.Info()&types.IsFloat != 0:
				floats++
			case t.Info()&types.IsString != 0:
				ints += 2
			default:
				ints++
			}
		case *types.Slice:
			ints += 3
		case *types.Interface:
			ints += 2
		case *types.Array:
			if t.Len() > 1 {
				ok = false
			} else if t.Len() == 1 {
				count(t.Elem())
			}
		case *types.Struct:
			for v := range t.Fields() {
				count(v.Type())
			}
		default:
			ints++
		}
	}
	for _, t := range list {
		count(t)
	}
	return ok && ints <= intRegisters && floats <= floatRegisters
}

func isInterface(t types.Type) bool {
	_, param := types.Unalias(t).(*types.TypeParam)
	return !param && types.IsInterface(t)
}

func tuple(t types.Type) []types.Type {
	switch t := t.(type) {
	case nil:
		return nil
	case *types.Tuple:
		var list []types.Type
		for v := range t.Variables() {
			list = append(list, v.Type())
		}
		return list
	}
	return []types.Type{t}
}

// generic reports whether type parameters are part of how t is written.
func generic(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		if t.TypeArgs().Len() < t.TypeParams().Len() {
			return true
		}
		for a := range t.TypeArgs().Types() {
			if generic(a) {
				return true
			}
		}
	case *types.Pointer:
		return generic(t.Elem())
	case *types.Slice:
		return generic(t.Elem())
	case *types.Array:
		return generic(t.Elem())
	case *types.Chan:
		return generic(t.Elem())
	case *types.Map:
		return generic(t.Key()) || generic(t.Elem())
	case *types.Tuple:
		for v := range t.Variables() {
			if generic(v.Type()) {
				return true
			}
		}
	case *types.Struct:
		for v := range t.Fields() {
			if generic(v.Type()) {
				return true
			}
		}
	case *types.Signature:
		return t.TypeParams().Len() > 0 || generic(t.Params()) || generic(t.Results())
	}
	return false
}

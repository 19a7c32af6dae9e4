// Package facts describes types and constants as text, so that what machine code
// was made for can be compared with what it finds. The generator writes the same
// text, of types as the compiler sees them.
package facts

import (
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Layout describes what code of the package with the path own relies on where it has
// values of type t: the size, and what lies at which offset. Of fields that it cannot
// name it moves bits, in registers too: that they are pointers, integers or floats of
// some size is all there is of them, unless whole is set, as for what it compares.
//
// What pointers and slices lead to has its name there and a description of its own,
// but for types that own has no name for: those are described in place.
func Layout(t reflect.Type, own string, whole bool) string {
	d := describer{own: own, whole: whole}
	d.layout(t)
	return string(d.text)
}

type describer struct {
	own   string
	whole bool
	text  []byte
	open  []reflect.Type // described in place
}

func (d *describer) layout(t reflect.Type) {
	d.text = append(d.text, "size "...)
	d.text = strconv.AppendUint(d.text, uint64(t.Size()), 10)
	d.value(t, 0, "", true)
}

// piece begins the description of what lies at an offset.
func (d *describer) piece(at uintptr, path string) {
	d.text = append(d.text, "; "...)
	d.text = strconv.AppendUint(d.text, uint64(at), 10)
	d.text = append(d.text, path...)
	d.text = append(d.text, ' ')
}

// value describes a value at an offset: by its fields and elements.
func (d *describer) value(t reflect.Type, at uintptr, path string, named bool) {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			switch {
			case named && (f.IsExported() || d.names(f.Name, f.PkgPath)):
				d.value(f.Type, at+f.Offset, path+" "+f.Name, true)
			case named:
				d.value(f.Type, at+f.Offset, path+" _", false)
			default:
				d.value(f.Type, at+f.Offset, path, false)
			}
		}
	case reflect.Array:
		if !named && t.Size() == 0 {
			return
		}
		d.piece(at, path)
		d.text = append(d.text, '[')
		d.text = strconv.AppendInt(d.text, int64(t.Len()), 10)
		d.text = append(d.text, "] of "...)
		d.text = strconv.AppendUint(d.text, uint64(t.Elem().Size()), 10)
		if t.Len() > 0 {
			d.value(t.Elem(), at, path, named)
		}
	default:
		if named {
			d.piece(at, path)
			d.kind(t)
			return
		}
		d.words(t, at, path)
	}
}

// names reports whether code of own can name what has a name in a package.
func (d *describer) names(name, path string) bool {
	return d.whole || Named(token.IsExported(name), path, d.own) || path == "main" // which nobody imports
}

// Named reports whether code of the package own can name something of the package at a
// path, by the rules for exported names and internal packages.
func Named(exported bool, path, own string) bool {
	if path == own {
		return true
	}
	if i := strings.LastIndex("/"+path+"/", "/internal/"); i >= 0 {
		parent := path[:max(i-1, 0)]
		exported = exported && parent != "" && strings.HasPrefix(own+"/", parent+"/")
	}
	return exported && !strings.HasPrefix(path, "vendor/")
}

// words describes what registers hold of a value.
func (d *describer) words(t reflect.Type, at uintptr, path string) {
	word := func(class string, size uintptr) {
		d.piece(at, path)
		d.text = append(d.text, class...)
		d.text = strconv.AppendUint(d.text, uint64(size), 10)
		at += size
	}
	const size = strconv.IntSize / 8
	switch k := t.Kind(); k {
	case reflect.Float32, reflect.Float64:
		word("float", t.Size())
	case reflect.Complex64, reflect.Complex128:
		word("float", t.Size()/2)
		word("float", t.Size()/2)
	case reflect.String:
		word("pointer", size)
		word("int", size)
	case reflect.Slice:
		word("pointer", size)
		word("int", size)
		word("int", size)
	case reflect.Interface:
		word("pointer", size)
		word("pointer", size)
	case reflect.Pointer, reflect.UnsafePointer, reflect.Func, reflect.Map, reflect.Chan:
		word("pointer", size)
	default:
		word("int", t.Size())
	}
}

// kind describes what is neither a struct nor an array.
func (d *describer) kind(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer:
		d.text = append(d.text, '*')
		d.name(t.Elem())
	case reflect.Slice:
		d.text = append(d.text, "[]"...)
		d.name(t.Elem())
	case reflect.Func:
		d.text = append(d.text, "func("...)
		for i := range t.NumIn() {
			d.text = append(d.text, ' ')
			d.name(t.In(i))
		}
		d.text = append(d.text, " )"...)
		for i := range t.NumOut() {
			d.text = append(d.text, ' ')
			d.name(t.Out(i))
		}
	case reflect.Interface:
		if t.NumMethod() == 0 {
			d.text = append(d.text, "empty "...)
		}
		d.text = append(d.text, "interface"...)
	default:
		d.text = append(d.text, t.Kind().String()...)
	}
}

// name describes what a pointer leads to.
func (d *describer) name(t reflect.Type) {
	if name, path := t.Name(), t.PkgPath(); path != "" {
		if path != d.own && path != "main" {
			d.text = append(append(d.text, path...), '.')
		}
		d.text = append(d.text, name...)
		if d.names(name, path) || slices.Contains(d.open, t) {
			return
		}
		d.open = append(d.open, t)
	} else if k := t.Kind(); k != reflect.Struct && k != reflect.Array {
		d.kind(t)
		return
	}
	d.text = append(d.text, '{')
	d.layout(t)
	d.text = append(d.text, '}')
}

// Constant describes a constant: its kind and its value.
func Constant(c any) string {
	v := reflect.ValueOf(c)
	text := v.Kind().String() + " "
	switch {
	case v.CanInt():
		return text + strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		return text + strconv.FormatUint(v.Uint(), 10)
	case v.CanFloat():
		return text + strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case v.CanComplex():
		return text + strconv.FormatComplex(v.Complex(), 'g', -1, 128)
	case v.Kind() == reflect.Bool:
		return text + strconv.FormatBool(v.Bool())
	}
	return text + strconv.Quote(v.String())
}

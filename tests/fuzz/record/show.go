package record

import (
	"fmt"
	"math"
	"reflect"
	"sort"
	"strings"
)

// maxDepth is how many pointers Show follows, one in another: lists may be
// circular.
const maxDepth = 6

// Show writes a value so that any difference shows and nothing else: floats by
// their bits, all NaNs alike, pointers by what they point to, maps in order.
func Show(v any) string {
	var b strings.Builder
	show(&b, reflect.ValueOf(v), maxDepth)
	return b.String()
}

func show(b *strings.Builder, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Invalid:
		b.WriteString("nil")
	case reflect.Float32, reflect.Float64:
		showFloat(b, v.Float())
	case reflect.Complex64, reflect.Complex128:
		showFloat(b, real(v.Complex()))
		b.WriteByte('+')
		showFloat(b, imag(v.Complex()))
		b.WriteByte('i')
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	case reflect.Pointer, reflect.Interface:
		switch {
		case v.IsNil():
			b.WriteString("nil")
		case depth == 0:
			b.WriteString("...")
		default:
			if v.Kind() == reflect.Pointer {
				b.WriteByte('&')
			}
			show(b, v.Elem(), depth-1)
		}
	case reflect.Slice, reflect.Array:
		b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				b.WriteByte(' ')
			}
			show(b, v.Index(i), depth)
		}
		b.WriteByte(']')
	case reflect.Struct:
		b.WriteByte('{')
		for i := range v.NumField() {
			if i > 0 {
				b.WriteByte(' ')
			}
			show(b, v.Field(i), depth)
		}
		b.WriteByte('}')
	case reflect.Map:
		showMap(b, v, depth)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		fmt.Fprintf(b, "%s(%t)", v.Kind(), !v.IsNil())
	default:
		fmt.Fprintf(b, "%v", v)
	}
}

func showFloat(b *strings.Builder, f float64) {
	if math.IsNaN(f) {
		b.WriteString("NaN")
		return
	}
	fmt.Fprintf(b, "%x", f)
}

func showMap(b *strings.Builder, v reflect.Value, depth int) {
	var entries []string
	for _, k := range v.MapKeys() {
		var e strings.Builder
		show(&e, k, depth)
		e.WriteByte(':')
		show(&e, v.MapIndex(k), depth)
		entries = append(entries, e.String())
	}
	sort.Strings(entries)
	fmt.Fprintf(b, "map%v", entries)
}

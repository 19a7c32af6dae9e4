package constructs

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/morestack/morestack/coro"
)

// A transcript is what can be seen of coroutines that ran: a line for each yield
// and result and for how they ended.
type transcript struct {
	lines []string
	trap  *coro.Trap // the last
	limit int        // close coroutines after so many yields, if not 0
}

func (t *transcript) add(what string, values ...any) {
	for _, v := range values {
		what += " " + show(v)
	}
	t.lines = append(t.lines, what)
}

// yield records a value that was yielded; consecutive ones share a line.
func (t *transcript) yield(v any) {
	const what = "yields"
	if last := len(t.lines) - 1; last >= 0 && strings.HasPrefix(t.lines[last], what) {
		t.lines[last] += ", " + show(v)
		return
	}
	t.add(what, v)
}

// results records what Results returns.
func (t *transcript) results(values ...any) { t.add("results", values...) }

// coroutine is what all constructors return, whether or not it has results.
type coroutine[Out, In any] interface {
	Resume(In) (Out, bool)
	Err() error
	Close() error
}

// run runs a coroutine to its end. Yield i is answered with answers[i], and from
// the first again when these are used up.
func run[Out, In any](t *transcript, c coroutine[Out, In], answers ...In) {
	defer func() {
		if v := recover(); v != nil {
			t.add("panic", v)
			t.end(c.Err())
		}
	}()
	var in In
	for i := range 10_000 {
		v, ok := c.Resume(in)
		if !ok {
			break
		}
		t.yield(v)
		if i+1 == t.limit {
			c.Close()
		}
		if len(answers) > 0 {
			in = answers[i%len(answers)]
		}
	}
	if v, ok := c.Resume(in); ok {
		t.add("yield after the end", v)
	}
	t.end(c.Err())
}

// end records the error that ended a coroutine. Of a trap it is the cause: the
// frames differ between builds.
func (t *transcript) end(err error) {
	switch {
	case err == nil:
		t.add("end")
	case errors.As(err, &t.trap):
		t.add("trap: " + t.trap.Cause.Error())
	case errors.Is(err, coro.ErrUnwound):
		t.add("unwound")
	default:
		t.add("error: " + err.Error())
	}
}

// message is the text of an error, which may be nil.
func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// show formats a value completely and without addresses.
func show(v any) string { return showValue(reflect.ValueOf(v), 0) }

func showValue(v reflect.Value, depth int) string {
	if !v.IsValid() {
		return "nil"
	}
	if depth > 8 {
		return "..."
	}
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		return strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits())
	case reflect.String:
		return strconv.Quote(v.String())
	}
	if v.CanInterface() {
		if err, ok := v.Interface().(error); ok && !v.IsZero() {
			return v.Type().String() + "(" + strconv.Quote(err.Error()) + ")"
		}
	}
	switch v.Kind() {
	case reflect.Array, reflect.Struct:
	default:
		if v.IsZero() {
			return "nil"
		}
	}
	var parts []string
	switch v.Kind() {
	case reflect.Pointer:
		return "&" + showValue(v.Elem(), depth+1)
	case reflect.Interface:
		return v.Elem().Type().String() + "(" + showValue(v.Elem(), depth+1) + ")"
	case reflect.Array, reflect.Slice:
		for i := range v.Len() {
			parts = append(parts, showValue(v.Index(i), depth+1))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case reflect.Struct:
		for i := range v.NumField() {
			parts = append(parts, showValue(v.Field(i), depth+1))
		}
		return "{" + strings.Join(parts, " ") + "}"
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			parts = append(parts, showValue(entries.Key(), depth+1)+":"+showValue(entries.Value(), depth+1))
		}
		slices.Sort(parts)
		return "map[" + strings.Join(parts, " ") + "]"
	}
	return fmt.Sprintf("a %s", v.Kind())
}

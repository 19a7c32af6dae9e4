package lower

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"
)

// arg is an argument of a shim. An inline one is a constant: it becomes part of
// the shim and is not passed.
type arg struct {
	text   string
	typ    types.Type
	inline bool
}

// shim returns a call of a shim of a kind: G for Go code, whose panics pass out
// of Resume, O for an operation of the language, whose failure is a trap. body
// gets the names of the arguments, and returns from the shim what it has to.
func (f *fn) shim(kind string, args []arg, results []types.Type, body func([]string) string) string {
	var names, params, passed []string
	var list []types.Type
	for _, a := range args {
		if a.inline {
			names = append(names, unmark(a.text))
			continue
		}
		n := fmt.Sprintf("coroa%d", len(list))
		names = append(names, n)
		params = append(params, n+" "+f.typ(f.at, a.typ))
		passed = append(passed, a.text)
		list = append(list, a.typ)
	}
	return f.shimCall(kind, names, params, passed, list, results, body)
}

func (f *fn) shimCall(kind string, names, params, passed []string, list, results []types.Type, body func([]string) string) string {
	var returns []string
	for _, r := range results {
		returns = append(returns, f.typ(f.at, r))
	}
	signature := fmt.Sprintf("(%s) (%s)", strings.Join(params, ", "), strings.Join(returns, ", "))
	text := body(names)
	var name string
	if fit(list) && fit(results) {
		name = f.declare(kind, signature, text)
	} else {
		name = f.roundabout(kind, signature, params, returns, text)
	}
	return name + "(" + strings.Join(passed, ", ") + ")"
}

// declare emits a shim, or finds the one that is the same.
func (l *lowerer) declare(kind, signature, body string) string {
	key := kind + signature + body
	if name := l.shims[key]; name != "" {
		return name
	}
	name := l.next("coro" + kind)
	l.shims[key] = name
	l.out.Shims[name] = true
	fmt.Fprintf(&l.shimText, "\n//go:noinline\nfunc %s%s {\n%s\n}\n", name, signature, body)
	return name
}

// roundabout is declare for what does not fit into registers: a native function
// that passes everything in a block on the heap.
func (l *lowerer) roundabout(kind, signature string, params, returns []string, body string) string {
	key := "N" + kind + signature + body
	if name := l.shims[key]; name != "" {
		return name
	}
	block := l.next("coroB")
	var fields, stores, args, lhs []string
	for i, p := range params {
		n, t, _ := strings.Cut(p, " ")
		fields = append(fields, fmt.Sprintf("a%d %s", i, t))
		stores = append(stores, fmt.Sprintf("b.a%d = %s", i, n))
		args = append(args, fmt.Sprintf("b.a%d", i))
	}
	for i, t := range returns {
		fields = append(fields, fmt.Sprintf("r%d %s", i, t))
		lhs = append(lhs, fmt.Sprintf("b.r%d", i))
	}
	fmt.Fprintf(&l.shimText, "\ntype %s struct { %s }\n", block, strings.Join(fields, "; "))
	alloc := l.declare("G", "() *"+block, "return new("+block+")")
	call := fmt.Sprintf("func%s {\n%s\n}(%s)", signature, body, strings.Join(args, ", "))
	if lhs != nil {
		call = strings.Join(lhs, ", ") + " = " + call
	}
	run := l.declare(kind, "(b *"+block+")", call)
	name := fmt.Sprintf("coroN%d_%s", len(l.instances)+1000+l.counts["round"], "block")
	l.counts["round"]++
	l.shims[key] = name
	fmt.Fprintf(&l.bodyText, "\n//go:noinline\nfunc %s%s {\nb := %s()\n%s\n%s(b)\nreturn %s\n}\n", name, signature, alloc, strings.Join(stores, "\n"), run, strings.Join(lhs, ", "))
	l.out.Funcs = append(l.out.Funcs, Func{Symbol: name, Name: "arguments and results of a Go call"})
	return name
}

// shared returns a package variable that holds value: what assembly cannot name
// is reached through it.
func (l *lowerer) shared(value string) string {
	key := "A" + value
	if name := l.shims[key]; name != "" {
		return name
	}
	name := l.next("coroA")
	l.shims[key] = name
	fmt.Fprintf(&l.shimText, "\nvar %s = %s\n", name, value)
	return name
}

// convert converts text of type from to type to, where Go would do it silently.
func (f *fn) convert(pos token.Pos, a arg, to types.Type) string {
	if !f.converts(a.typ, to) {
		return a.text
	}
	f.note(pos, "conversion of %s to %s is a shim", a.typ, to)
	return f.shim("G", []arg{a}, []types.Type{to}, func(n []string) string { return "return " + n[0] })
}

// converts reports whether assigning a from to a to needs the Go runtime.
func (f *fn) converts(from, to types.Type) bool {
	if to == nil || from == nil || !isInterface(to) {
		return false
	}
	if b, ok := from.(*types.Basic); ok && b.Kind() == types.UntypedNil {
		return false
	}
	if isInterface(from) {
		return !types.Identical(from.Underlying(), to.Underlying())
	}
	return true
}

// convertTuple converts the results of a call.
func (f *fn) convertTuple(pos token.Pos, text string, from, to []types.Type) string {
	needed := false
	for i := range from {
		needed = needed || f.converts(from[i], to[i])
	}
	if !needed {
		return text
	}
	f.note(pos, "conversion of results is a shim")
	var params, names []string
	for i, t := range from {
		names = append(names, fmt.Sprintf("coroa%d", i))
		params = append(params, names[i]+" "+f.typ(pos, t))
	}
	return f.shimCall("G", names, params, []string{text}, from, to, func(n []string) string {
		return "return " + strings.Join(n, ", ")
	})
}

package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/morestack/morestack/gen/corogen/internal/check"
	"github.com/morestack/morestack/internal/source"
)

func (f *fn) call(e *ast.CallExpr) string {
	fun := ast.Unparen(e.Fun)
	if f.Info.Types[fun].IsType() {
		return f.conversion(e)
	}
	switch n := fun.(type) {
	case *ast.Ident:
		switch obj := f.Info.Uses[n].(type) {
		case *types.Builtin:
			return f.builtin(e, obj.Name())
		case *types.Func:
			return f.static(e, n, obj)
		case *types.Var:
			if l := f.in.body.LiftOf(obj); l != nil {
				return f.liftedCall(e, l)
			}
		}
	case *ast.FuncLit:
		if l := f.lift(n); l != nil {
			f.lifted(l)
			return f.liftedCall(e, l)
		}
	case *ast.IndexExpr, *ast.IndexListExpr:
		var x ast.Expr
		if i, ok := n.(*ast.IndexExpr); ok {
			x = ast.Unparen(i.X)
		} else {
			x = ast.Unparen(n.(*ast.IndexListExpr).X)
		}
		switch x := x.(type) {
		case *ast.Ident:
			if obj, ok := f.Info.Uses[x].(*types.Func); ok {
				return f.static(e, x, obj)
			}
		case *ast.SelectorExpr:
			if obj, ok := f.Info.Uses[x.Sel].(*types.Func); ok && f.Info.Selections[x] == nil {
				return f.static(e, x.Sel, obj)
			}
		}
	case *ast.SelectorExpr:
		s := f.Info.Selections[n]
		if s == nil {
			switch obj := f.Info.Uses[n.Sel].(type) {
			case *types.Builtin:
				return f.builtin(e, obj.Name())
			case *types.Func:
				return f.static(e, n.Sel, obj)
			}
		} else if s.Kind() == types.MethodVal {
			return f.method(e, n)
		}
	}
	return f.dynamic(e)
}

// conversion lowers T(x).
func (f *fn) conversion(e *ast.CallExpr) string {
	to := f.typeOf(e.Fun)
	x := e.Args[0]
	text := f.typ(e.Pos(), to)
	if f.Info.Types[x].IsNil() {
		return "(" + text + ")(nil)"
	}
	if isInterface(to) {
		if f.converts(f.typeOf(x), to) {
			return f.convert(e.Pos(), f.arg(x), to)
		}
		return "(" + text + ")(" + f.expr(x) + ")"
	}
	if f.forced(e.Pos()) {
		f.note(e.Pos(), "conversion to %s is a shim", to)
		return f.shim("O", []arg{f.arg(x)}, []types.Type{to}, func(n []string) string {
			return "return (" + text + ")(" + n[0] + ")"
		})
	}
	return "(" + text + ")(" + f.expr(x) + ")"
}

func (f *fn) builtin(e *ast.CallExpr, name string) string {
	if f.spread(e) != nil {
		f.noSpread(e)
		return "0"
	}
	results := tuple(f.typeOf(e))
	if tv := f.Info.Types[e]; tv.IsVoid() {
		results = nil
	}
	fun := name
	if s, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok {
		fun = f.alias("unsafe", "unsafe") + "." + s.Sel.Name
	}
	plain := func() string {
		var args []string
		for _, a := range e.Args {
			args = append(args, f.expr(a))
		}
		dots := ""
		if e.Ellipsis.IsValid() {
			dots = "..."
		}
		return fun + "(" + strings.Join(args, ", ") + dots + ")"
	}
	shim := func(kind string) string {
		f.note(e.Pos(), "%s is a shim", name)
		var args []arg
		for _, a := range e.Args {
			if f.Info.Types[a].IsType() {
				args = append(args, arg{f.typ(a.Pos(), f.typeOf(a)), nil, true})
				continue
			}
			args = append(args, f.arg(a))
		}
		return f.shim(kind, args, results, func(n []string) string {
			s := fun + "(" + strings.Join(n, ", ") + ")"
			if e.Ellipsis.IsValid() {
				s = fun + "(" + strings.Join(n, ", ") + "...)"
			}
			if results != nil {
				s = "return " + s
			}
			return s
		})
	}
	arg0 := func() types.Type { return f.typeOf(e.Args[0]).Underlying() }
	switch name {
	case "append":
		return f.appendCall(e)
	case "make":
		return shim("O")
	case "new":
		return shim("G")
	case "close", "delete":
		return shim("O")
	case "panic", "print", "println":
		return shim("G")
	case "clear":
		s, ok := arg0().(*types.Slice)
		switch {
		case !ok:
			return shim("O")
		case pointerful(s.Elem()) || f.forced(e.Pos()):
			return f.clearShim(e)
		}
		return f.clearCall(e, s.Elem(), plain)
	case "copy":
		if s := arg0().(*types.Slice); pointerful(s.Elem()) || f.forced(e.Pos()) {
			return f.copyShim(e)
		}
		return f.copyCall(e, plain)
	case "min", "max":
		if b, ok := results[0].Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 || !f.forced(e.Pos()) && b.Info()&types.IsString == 0 {
			return plain()
		}
		return shim("G")
	case "recover":
		return "interface{}(nil)" // refused by the check
	case "len", "cap":
		if _, ok := arg0().(*types.Chan); ok {
			return shim("G")
		}
	case "String", "StringData", "Slice", "SliceData":
		if f.forced(e.Pos()) {
			return shim("O")
		}
	}
	return plain()
}

// appendCall lowers append as an expression.
func (f *fn) appendCall(e *ast.CallExpr) string {
	f.note(e.Pos(), "append is a shim")
	t := f.typeOf(e)
	args := []arg{f.arg(e.Args[0])}
	elem := t.Underlying().(*types.Slice).Elem()
	if e.Ellipsis.IsValid() {
		args = append(args, f.arg(e.Args[1]))
	} else {
		for _, a := range e.Args[1:] {
			x := f.arg(a)
			// Conversions to interfaces are the shim's.
			if !x.inline && !isInterface(elem) {
				x.typ = elem
			}
			args = append(args, x)
		}
	}
	// append(nil of a type) needs the type.
	if args[0].typ == types.Typ[types.UntypedNil] {
		args[0] = arg{"(" + f.typ(e.Pos(), t) + ")(nil)", t, true}
	}
	return f.shim("O", args, []types.Type{t}, func(n []string) string {
		s := strings.Join(n, ", ")
		if e.Ellipsis.IsValid() {
			s += "..."
		}
		return "return append(" + s + ")"
	})
}

// static lowers a call of a function that is known.
func (f *fn) static(e *ast.CallExpr, id *ast.Ident, obj *types.Func) string {
	sig := f.typeOf(e.Fun).(*types.Signature)
	if b := f.bodies[obj.Origin()]; b != nil {
		return f.bodyCall(e, b, f.instanceArgs(id), sig, nil)
	}
	if f.Package.External != nil && obj.Pkg() != f.Types && f.Package.External(obj.Origin()) {
		return f.externalCall(e, obj, sig, nil)
	}
	return f.goCall(e, obj, f.instanceArgs(id), f.funcName(e.Fun, obj), sig, nil)
}

// method lowers x.M(...).
func (f *fn) method(e *ast.CallExpr, s *ast.SelectorExpr) string {
	if f.isYield(e) {
		return f.yieldCall(e)
	}
	t := f.typeOf(s.X)
	obj, index, _ := types.LookupFieldOrMethod(t, true, f.Types, s.Sel.Name)
	m, ok := obj.(*types.Func)
	if !ok { // a field that is a function
		return f.dynamic(e)
	}
	sig := f.typeOf(e.Fun).(*types.Signature)
	recv := m.Type().(*types.Signature).Recv().Type()
	if isInterface(recv) {
		return f.interfaceCall(e, s, t, sig, len(index) > 1)
	}
	if b := f.bodies[m.Origin()]; b != nil {
		r := f.bodyReceiver(s, t, index, recv)
		return f.bodyCall(e, b, receiverArgs(substitute(recv, f.in.types)), sig, &r)
	}
	if f.Package.External != nil && m.Pkg() != f.Types && f.Package.External(m.Origin()) {
		r := f.bodyReceiver(s, t, index, recv)
		return f.externalCall(e, m, sig, &r)
	}
	r := f.receiver(s)
	args := receiverArgs(substitute(recv, f.in.types))
	if r.inline {
		return f.goCall(e, m, args, r.text+"."+s.Sel.Name, sig, &r)
	}
	_, pointer := types.Unalias(recv).(*types.Pointer)
	if p, ok := t.Underlying().(*types.Pointer); ok && !pointer && len(index) == 1 {
		// Read here: a nil pointer is the body's fault.
		r = arg{text: "(*" + r.text + ")", typ: p.Elem()}
	}
	return f.goCall(e, m, args, "("+f.typ(s.Pos(), r.typ)+")."+s.Sel.Name, sig, &r)
}

// bodyReceiver returns the receiver as the native function takes it.
func (f *fn) bodyReceiver(s *ast.SelectorExpr, t types.Type, index []int, recv types.Type) arg {
	_, wantPointer := types.Unalias(recv).(*types.Pointer)
	text := f.expr(s.X)
	for _, i := range index[:len(index)-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		field := t.Underlying().(*types.Struct).Field(i)
		text += "." + field.Name()
		t = field.Type()
	}
	_, isPointer := t.Underlying().(*types.Pointer)
	switch {
	case wantPointer && !isPointer && len(index) == 1:
		return arg{text: f.address(s.X), typ: types.NewPointer(t)}
	case wantPointer && !isPointer:
		return arg{text: "&" + text, typ: types.NewPointer(t)}
	case !wantPointer && isPointer:
		return arg{text: "(*" + text + ")", typ: t.Underlying().(*types.Pointer).Elem()}
	}
	return arg{text: text, typ: t}
}

// spread returns the types of the results of the only argument, a call of a
// function with several.
func (f *fn) spread(e *ast.CallExpr) []types.Type {
	if len(e.Args) != 1 {
		return nil
	}
	if t, ok := f.typeOf(e.Args[0]).(*types.Tuple); ok {
		return tuple(t)
	}
	return nil
}

func params(sig *types.Signature) []types.Type { return tuple(sig.Params()) }

// nativeArgs returns the arguments of a call between native functions.
func (f *fn) nativeArgs(e *ast.CallExpr, sig *types.Signature, skip int) []string {
	want := params(sig)[skip:]
	if list := f.spread(e); list != nil && !sig.Variadic() {
		return []string{f.convertTuple(e.Pos(), f.expr(e.Args[0]), list, want)}
	}
	args := e.Args[skip:]
	var out []string
	fixed := len(want)
	if sig.Variadic() && !e.Ellipsis.IsValid() {
		fixed--
	}
	if f.spread(e) != nil {
		f.refuse(e.Pos(), "the results of a call cannot become variadic arguments of a body: assign them to variables first")
		return nil
	}
	for i := range fixed {
		out = append(out, f.value(args[i], want[i]))
	}
	if fixed < len(want) {
		out = append(out, f.variadic(e, args[fixed:], want[fixed]))
	}
	return out
}

// variadic makes the slice of variadic arguments.
func (f *fn) variadic(e *ast.CallExpr, args []ast.Expr, t types.Type) string {
	if len(args) == 0 {
		return "nil"
	}
	var list []arg
	for _, a := range args {
		list = append(list, f.arg(a))
	}
	return f.shim("G", list, []types.Type{t}, func(n []string) string {
		return "return " + f.typ(e.Pos(), t) + "{" + strings.Join(n, ", ") + "}"
	})
}

// bodyCall lowers a call of another body of the package.
func (f *fn) bodyCall(e *ast.CallExpr, b *check.Body, typeArgs []types.Type, sig *types.Signature, recv *arg) string {
	in := f.lowerer.instance(b, typeArgs)
	skip := 0
	if b.Yielder != nil {
		skip = 1
	}
	args := f.nativeArgs(e, sig, skip)
	if recv != nil {
		f.noSpread(e)
		args = append([]string{recv.text}, args...)
	}
	return f.mark(e.Pos()) + "coroN" + in.id + "(" + strings.Join(args, ", ") + ")"
}

// noSpread refuses f(g()) where f is given more than the results of g.
func (f *fn) noSpread(e *ast.CallExpr) {
	if f.spread(e) != nil {
		f.refuse(e.Pos(), "the results of a call cannot be passed on here, for more is passed with them: assign them to variables first")
	}
}

// externalCall lowers a call of a body of another package.
func (f *fn) externalCall(e *ast.CallExpr, obj *types.Func, sig *types.Signature, recv *arg) string {
	full := obj.Type().(*types.Signature)
	if full.TypeParams().Len() > 0 || full.RecvTypeParams().Len() > 0 {
		f.refuse(e.Pos(), "%s is a generic body of another package, where this instance does not exist: call a function of that package that is no generic, and a body", obj.Name())
		return "0"
	}
	skip := 0
	if sig.Params().Len() > 0 {
		if _, _, ok := check.YielderTypes(sig.Params().At(0).Type()); ok {
			skip = 1
		}
	}
	args := f.nativeArgs(e, sig, skip)
	list := params(sig)[skip:]
	name := obj.Name()
	if recv != nil {
		f.noSpread(e)
		args = append([]string{recv.text}, args...)
		list = append([]types.Type{recv.typ}, list...)
		name = types.TypeString(recv.typ, func(*types.Package) string { return "" }) + "." + name
		if strings.HasPrefix(name, "*") {
			name = "(*" + strings.Replace(name[1:], ".", ").", 1)
		}
	}
	return f.external(e, obj.Pkg().Path(), name, list, tuple(sig.Results())) + "(" + strings.Join(args, ", ") + ")"
}

// external declares what stands for a native function of another package. For
// the compiler everything passed to it escapes.
func (f *fn) external(e *ast.CallExpr, path, name string, args, results []types.Type) string {
	key := path + " " + name
	if x := f.externals[key]; x != "" {
		return x
	}
	x := f.next("coroX")
	f.externals[key] = x
	f.out.Shims[x] = true
	f.leaky(e, x, byValue(args), byValue(results))
	f.out.Imports += fmt.Sprintf("{Package: %q, Func: %q, PC: &%sPC},\n", path, name, x)
	return x
}

// passed is a value or, with address, a variable that a declared function reads
// or, with written, fills.
type passed struct {
	typ              types.Type
	text             string
	address, written bool
}

func byValue(list []types.Type) (to []passed) {
	for _, t := range list {
		to = append(to, passed{typ: t})
	}
	return to
}

// leaky declares a function for the compiler alone. What is passed to it escapes,
// but not the addresses of variables.
func (f *fn) leaky(n ast.Node, name string, args, results []passed) {
	var params, returns, body, values []string
	w := &f.stubText
	for i, a := range args {
		text := f.typ(n.Pos(), a.typ)
		fmt.Fprintf(w, "\nvar %sin%d %s", name, i, text)
		if !a.address {
			params = append(params, fmt.Sprintf("a%d %s", i, text))
			body = append(body, fmt.Sprintf("%sin%d = a%d\n", name, i, i))
			continue
		}
		params = append(params, fmt.Sprintf("a%d *%s", i, text))
		if a.written {
			body = append(body, fmt.Sprintf("*a%d = %sin%d\n", i, name, i))
		} else {
			body = append(body, fmt.Sprintf("%sin%d = *a%d\n", name, i, i))
		}
	}
	for i, r := range results {
		text := f.typ(n.Pos(), r.typ)
		returns = append(returns, text)
		values = append(values, fmt.Sprintf("%sout%d", name, i))
		fmt.Fprintf(w, "\nvar %sout%d %s", name, i, text)
	}
	fmt.Fprintf(w, "\n\n//go:noinline\nfunc %s(%s) (%s) {\n%sreturn %s\n}\n", name, strings.Join(params, ", "), strings.Join(returns, ", "), strings.Join(body, ""), strings.Join(values, ", "))
}

// goCall lowers a call of a Go function: left to the compiler if that inlines
// it and nothing of the runtime remains, a shim otherwise.
func (f *fn) goCall(e *ast.CallExpr, obj *types.Func, typeArgs []types.Type, callee string, sig *types.Signature, recv *arg) string {
	if sig.Params().Len() > 0 {
		if _, _, ok := check.YielderTypes(sig.Params().At(0).Type()); ok {
			return "0" // refused by the check
		}
	}
	if f.mayInline(e, obj, typeArgs, sig, recv) && !f.force.Funcs[f.symbol] && !f.forced(e.Pos()) && !f.forced(e.Lparen) {
		clean, known := f.force.Calls[callee]
		if !known {
			f.probe(callee, sig, recv)
		} else if !clean {
			f.note(e.Pos(), "%s is called by a shim: the compiler does not inline it into code of its own", callee)
		}
		if clean && obj.Pkg() == f.Types {
			list, _ := f.inlined(obj, typeArgs)
			for _, c := range list {
				f.relies(c.decl, c.args)
			}
		}
		if clean || !known {
			f.inlines(obj)
			args := strings.Join(f.nativeArgs(e, sig, 0), ", ")
			if e.Ellipsis.IsValid() {
				args += "..."
			}
			if recv != nil {
				return f.mark(e.Pos()) + "(" + recv.text + ")." + obj.Name() + "(" + args + ")"
			}
			return f.mark(e.Pos()) + callee + "(" + args + ")"
		}
	} else {
		why := ""
		if _, lasts := f.inlined(obj, typeArgs); !lasts {
			why = ": it uses what may change with another package"
		}
		f.note(e.Pos(), "%s is called by a shim%s", callee, why)
	}
	var args []arg
	if recv != nil {
		args = append(args, *recv)
	}
	return f.shimGo(e, args, func(n []string) string {
		if recv != nil {
			return "(" + n[0] + ")." + obj.Name() + "(" + strings.Join(n[1:], ", ")
		}
		return callee + "(" + strings.Join(n, ", ")
	}, sig)
}

// inlines records that the machine code of the body depends on the code of a function.
func (f *fn) inlines(obj *types.Func) {
	body := source.Name(f.in.body.Decl)
	if obj.Pkg() == f.Types && !slices.Contains(f.bare[body], obj.Name()) {
		f.bare[body] = append(f.bare[body], obj.Name())
	}
}

// shimGo makes a shim that calls something with first and the arguments of e.
// open returns the text up to, without, the closing parenthesis.
func (f *fn) shimGo(e *ast.CallExpr, first []arg, open func([]string) string, sig *types.Signature) string {
	results := tuple(sig.Results())
	body := func(n []string) string {
		s := open(n)
		if e.Ellipsis.IsValid() {
			s += "..."
		}
		s += ")"
		if len(results) > 0 {
			s = "return " + s
		}
		return s
	}
	if list := f.spread(e); list != nil {
		if len(first) > 0 {
			// A receiver and a tuple cannot be passed together: the receiver
			// becomes part of a closure.
			method := f.shim("G", first, []types.Type{types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())}, func(n []string) string {
				s := open(n)
				return "return " + strings.TrimSuffix(s, "(")
			})
			return f.spreadCall(e, method, list, sig)
		}
		var names, ps []string
		for i, t := range list {
			names = append(names, fmt.Sprintf("coroa%d", i))
			ps = append(ps, names[i]+" "+f.typ(e.Pos(), t))
		}
		return f.shimCall("G", names, ps, []string{f.expr(e.Args[0])}, list, results, body)
	}
	args := first
	want := params(sig)
	kept := map[int]bool{} // arguments that are addresses until the call
	for i, a := range e.Args {
		if p := f.addressNumber(a); p != nil {
			kept[len(args)] = true
			args = append(args, arg{f.expr(p), types.Typ[types.UnsafePointer], false})
			continue
		}
		x := f.arg(a)
		// An argument that is assignable but of another type, and no
		// interface, takes the parameter's: an untyped bool, for one.
		if i < len(want) && !x.inline && !isInterface(want[i]) && (!sig.Variadic() || i < len(want)-1) {
			x.typ = want[i]
		}
		args = append(args, x)
	}
	return f.shim("G", args, results, func(n []string) string {
		for i := range kept {
			n[i] = "uintptr(" + n[i] + ")"
		}
		return body(n)
	})
}

// addressNumber returns p if e is uintptr(p) of an unsafe.Pointer. Such an argument keeps
// what p leads to alive, and where it is, as long as the call lasts: so the shim gets p.
func (f *fn) addressNumber(e ast.Expr) ast.Expr {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(c.Args) != 1 || !f.Info.Types[c.Fun].IsType() || !types.Identical(f.typeOf(c), types.Typ[types.Uintptr]) {
		return nil
	}
	if t := f.typeOf(c.Args[0]); t.Underlying() != types.Typ[types.UnsafePointer] {
		return nil
	}
	return c.Args[0]
}

func (f *fn) spreadCall(e *ast.CallExpr, fun string, list []types.Type, sig *types.Signature) string {
	want := params(sig)
	if sig.Variadic() {
		f.refuse(e.Pos(), "the results of a call cannot become variadic arguments of a method here: assign them to variables first")
		return "0"
	}
	return fun + "(" + f.convertTuple(e.Pos(), f.expr(e.Args[0]), list, want) + ")"
}

// mayInline reports whether a call can be tried without a shim: where the code lasts.
func (f *fn) mayInline(e *ast.CallExpr, obj *types.Func, typeArgs []types.Type, sig *types.Signature, recv *arg) bool {
	if sig.Variadic() || f.spread(e) != nil || recv != nil && recv.inline {
		return false
	}
	for i, t := range params(sig) {
		if f.converts(f.typeOf(e.Args[i]), t) && !f.Info.Types[e.Args[i]].IsNil() {
			return false
		}
		if _, ok := t.Underlying().(*types.Signature); ok {
			return false
		}
	}
	if obj.Pkg() == f.Types {
		_, lasts := f.inlined(obj, typeArgs)
		return lasts
	}
	if recv != nil {
		return f.lasting(obj, sig, recv.typ)
	}
	return f.lasting(obj, sig, nil)
}

// probe emits a function that calls callee and nothing else.
func (f *fn) probe(callee string, sig *types.Signature, recv *arg) {
	if f.calls[callee] != "" {
		return
	}
	name := f.next("coroProbe")
	f.calls[callee] = name
	var ps, names []string
	for i, t := range params(sig) {
		names = append(names, fmt.Sprintf("coroa%d", i))
		ps = append(ps, names[i]+" "+f.typ(f.at, t))
	}
	call := callee + "(" + strings.Join(names, ", ") + ")"
	if recv != nil {
		// A method expression is not inlined: call it on a value.
		call = "coror." + callee[strings.LastIndex(callee, ".")+1:] + "(" + strings.Join(names, ", ") + ")"
		ps = append([]string{"coror " + f.typ(f.at, recv.typ)}, ps...)
	}
	var returns []string
	for _, t := range tuple(sig.Results()) {
		returns = append(returns, f.typ(f.at, t))
	}
	if returns != nil {
		call = "return " + call
	}
	f.probes[name] = fmt.Sprintf("\n//go:noinline\nfunc %s(%s) (%s) {\n%s\n}\n", name, strings.Join(ps, ", "), strings.Join(returns, ", "), call)
	f.out.Probes = append(f.out.Probes, Probe{name, callee})
}

func (l *lowerer) finishProbes() {
	for _, p := range l.out.Probes {
		l.stubText.WriteString(l.probes[p.Symbol])
	}
}

// interfaceCall lowers a call of an interface's method.
func (f *fn) interfaceCall(e *ast.CallExpr, s *ast.SelectorExpr, t types.Type, sig *types.Signature, embedded bool) string {
	f.note(e.Pos(), "interface method %s is called by a shim", s.Sel.Name)
	recv := f.receiver(s)
	if !embedded && isInterface(t) && !recv.inline {
		recv.text = f.nilCheck(s, t) + "(" + recv.text + ")"
	}
	return f.shimGo(e, []arg{recv}, func(n []string) string {
		return n[0] + "." + s.Sel.Name + "(" + strings.Join(n[1:], ", ")
	}, sig)
}

// nilCheck returns a function that passes an interface on unless it is nil,
// which is the body's fault and not the shim's. It is inlined.
func (f *fn) nilCheck(e ast.Expr, t types.Type) string {
	text := f.typ(e.Pos(), t)
	pos := f.Fset.Position(e.Pos())
	key := fmt.Sprintf("nil %s %d %s", pos.Filename, pos.Line, text)
	if name := f.shims[key]; name != "" {
		return name
	}
	name := f.next("coroNil")
	f.shims[key] = name
	// On one line, which is the user's: a trap tells it.
	fmt.Fprintf(&f.bodyText, "\n//line %s:%d:1\nfunc %s(x %s) %s { if x == nil { var p *int; *p = 0 }; return x }\n", pos.Filename, pos.Line, name, text, text)
	return name
}

// dynamic lowers a call of a function value. It stays a call if its arguments
// fit into registers, and if the compiler's code for it is what takeover knows:
// division needs the register of the closure context, so that the function's
// address may be loaded elsewhere.
func (f *fn) dynamic(e *ast.CallExpr) string {
	sig, ok := f.typeOf(e.Fun).Underlying().(*types.Signature)
	if !ok {
		f.refuse(e.Pos(), "this call is not supported in a body")
		return "0"
	}
	f.noYielderParam(e, sig)
	want := params(sig)
	if fit(want) && fit(tuple(sig.Results())) && (!sig.Variadic() || e.Ellipsis.IsValid()) && f.spread(e) == nil && !f.forced(e.Pos()) {
		args := strings.Join(f.nativeArgs(e, sig, 0), ", ")
		if e.Ellipsis.IsValid() {
			args += "..."
		}
		return f.expr(e.Fun) + "(" + args + ")"
	}
	if list := f.spread(e); list != nil {
		return f.spreadCall(e, f.expr(e.Fun), list, sig)
	}
	fun := arg{text: f.expr(e.Fun), typ: f.typeOf(e.Fun)}
	return f.shimGo(e, []arg{fun}, func(n []string) string {
		return n[0] + "(" + strings.Join(n[1:], ", ")
	}, sig)
}

func (f *fn) noYielderParam(e *ast.CallExpr, sig *types.Signature) {
	if sig.Params().Len() > 0 {
		if _, _, ok := check.YielderTypes(sig.Params().At(0).Type()); ok {
			f.refuse(e.Pos(), "a function value cannot yield: call a //coro:body function by its name")
		}
	}
}

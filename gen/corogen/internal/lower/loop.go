package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (f *fn) forLoop(s *ast.ForStmt) string {
	label := f.takeLabel()
	var shared []*types.Var // loop variables that live on the heap
	if a, ok := s.Init.(*ast.AssignStmt); ok {
		for _, e := range a.Lhs {
			if v := f.declared(a.Tok, e); v != nil && f.heap(v) {
				shared = append(shared, v)
			}
		}
	}
	before, init := f.header(s.Init)
	init = strings.TrimSuffix(init, "; ")
	cond, post := "", ""
	if s.Cond != nil {
		cond = f.expr(s.Cond)
	}
	if s.Post != nil {
		post = f.mark(s.Post.Pos()) + f.simple(s.Post)
	}
	if shared == nil && !strings.Contains(post, "\n") {
		header := "for "
		if init != "" || post != "" {
			header += init + "; " + cond + "; " + post + " "
		} else {
			header += cond + " "
		}
		return wrap(before, label+header+f.block(s.Body))
	}
	// Each iteration has variables of its own: they are copied before the post
	// statement, which is then the first of the next iteration.
	var copies []string
	for _, v := range shared {
		t := f.varType(v)
		text := f.typ(v.Pos(), t)
		n := f.name(v)
		copies = append(copies, n+" = "+f.shim("G", []arg{{text: n, typ: types.NewPointer(t)}}, []types.Type{types.NewPointer(t)}, func(a []string) string {
			return "p := new(" + text + "); *p = *" + a[0] + "; return p"
		}))
	}
	if init != "" {
		before += init + "\n"
	}
	again := f.temp()
	text := before + again + " := false\n" + label + "for {\n"
	text += "if " + again + " {\n" + strings.Join(append(copies, post), "\n") + "\n}\n" + again + " = true\n"
	if cond != "" {
		text += "if !(" + cond + ") {\nbreak\n}\n"
	}
	return "{\n" + text + f.block(s.Body) + "\n}\n}"
}

// rangeLoop lowers for range.
func (f *fn) rangeLoop(s *ast.RangeStmt) string {
	t := f.typeOf(s.X)
	switch u := t.Underlying().(type) {
	case *types.Map:
		return f.rangeMap(s, u)
	case *types.Chan:
		return f.rangeChan(s, u)
	case *types.Signature:
		return f.rangeFunc(s, u)
	}
	if text := f.clearingLoop(s); text != "" {
		return text
	}
	label := f.takeLabel()
	key, keyBody := f.rangeVar(s, s.Key)
	value, valueBody := f.rangeVar(s, s.Value)
	x := f.expr(s.X)
	if _, ok := t.Underlying().(*types.Array); ok && value != "" && value != "_" && pointerful(t) {
		// The loop goes over a copy, which the compiler would keep in memory.
		x = f.copied(s.X)
	}
	body := keyBody + valueBody + f.stmts(s.Body.List) + f.mark(s.Body.Rbrace) + "}"
	if value != "" && value != "_" {
		if size := f.walkedByAddress(s); size >= 0 {
			before, head := f.walk(t, x, size, key, value)
			return wrap(before, label+head+body)
		}
	}
	header := "for "
	switch {
	case value != "" && value != "_":
		header += key + ", " + value + " := "
	case key != "" && key != "_":
		header += key + " := "
	}
	return label + header + "range " + x + " {\n" + body
}

// walkedByAddress returns the size of the elements if the compiler would go over them by
// their address, which it keeps as a uintptr from one iteration to the next: no map has it
// at the poll between them. See walkRange and cheapComputableIndex of
// cmd/compile/internal/walk. Otherwise it returns -1.
func (f *fn) walkedByAddress(s *ast.RangeStmt) int64 {
	t := f.typeOf(s.X).Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	var elem types.Type
	switch t := t.(type) {
	case *types.Slice:
		elem = t.Elem()
	case *types.Array:
		elem = t.Elem()
	default:
		return -1
	}
	switch size := f.Sizes.Sizeof(elem); size {
	case 1, 2, 4, 8:
		return -1
	default:
		return size
	}
}

// walk writes the head of a loop over x, of type t, up to where key and value are declared,
// and what comes before it. Without a key, the distance of an element from the first is
// counted, in place of its address: that takes no longer than the address did.
func (f *fn) walk(t types.Type, x string, size int64, key, value string) (before, head string) {
	over, at := f.temp(), f.temp()
	keyed := key != "" && key != "_"
	_, array := t.Underlying().(*types.Array) // a copy, of which there is no slice
	if _, ok := t.Underlying().(*types.Pointer); ok {
		x = "(" + x + ")[:]" // which faults at nil, as the compiler's loop does
	}
	if keyed || array || size == 0 {
		head = fmt.Sprintf("for %s, %s := %s, 0; %[2]s < len(%[1]s); %[2]s++ {\n", over, at, x)
		if keyed {
			return "", head + fmt.Sprintf("%s, %s := %s, %s[%[3]s]\n", key, value, at, over)
		}
		return "", head + fmt.Sprintf("%s := %s[%s]\n", value, over, at)
	}
	end := f.temp()
	before = over + " := " + x + "\n" + fmt.Sprintf("%s := len(%s) * %d\n", end, over, size)
	head = fmt.Sprintf("for %s := 0; %[1]s < %[2]s; %[1]s += %[3]d {\n", at, end, size)
	return before, head + value + " := *" + f.element() + "(" + over + ", " + at + ")\n"
}

// element returns a function, which the compiler inlines, for the element of a slice at a
// distance from the first.
func (f *fn) element() string {
	const name = "coroElement"
	if f.shims[name] == "" {
		f.shims[name] = name
		fmt.Fprintf(&f.bodyText, "\nfunc %s[E any](s []E, at int) *E { return (*E)(%[2]s.Add(%[2]s.Pointer(%[2]s.SliceData(s)), at)) }\n", name, f.alias("unsafe", "unsafe"))
	}
	return name
}

// rangeVar returns a variable for the header of a loop, and what assigns it to
// the one that the source names.
func (f *fn) rangeVar(s *ast.RangeStmt, e ast.Expr) (name, body string) {
	if e == nil {
		return "", ""
	}
	if isBlank(e) {
		return "_", ""
	}
	if v := f.declared(s.Tok, e); v != nil && !f.heap(v) {
		return f.name(v), ""
	}
	t := f.temp()
	return t, f.bind(s.Tok, e, t, f.rangeType(s, e)) + "\n"
}

// rangeType returns the type that the range gives to its key or value.
func (f *fn) rangeType(s *ast.RangeStmt, e ast.Expr) types.Type {
	x := f.typeOf(s.X).Underlying()
	if p, ok := x.(*types.Pointer); ok {
		x = p.Elem().Underlying()
	}
	key := e == s.Key
	switch u := x.(type) {
	case *types.Slice:
		if !key {
			return u.Elem()
		}
	case *types.Array:
		if !key {
			return u.Elem()
		}
	case *types.Basic:
		if u.Info()&types.IsString == 0 {
			return f.typeOf(s.X)
		}
		if !key {
			return types.Typ[types.Rune]
		}
	}
	return types.Typ[types.Int]
}

// bind declares or assigns e with a value.
func (f *fn) bind(tok token.Token, e ast.Expr, text string, from types.Type) string {
	if e == nil || isBlank(e) {
		return "_ = " + text
	}
	v := f.declared(tok, e)
	switch {
	case v == nil:
		return f.store(e, text, from)
	case f.heap(v):
		return f.heapDecl(v, text)
	}
	return f.name(v) + " := " + text
}

// rangeMap goes over a map with an iterator of package reflect, which sees
// insertions and deletions as range does.
func (f *fn) rangeMap(s *ast.RangeStmt, m *types.Map) string {
	f.note(s.Pos(), "range over a map is done by shims")
	label := f.takeLabel()
	kt, vt := f.typ(s.Pos(), m.Key()), f.typ(s.Pos(), m.Elem())
	mt := f.typ(s.Pos(), f.typeOf(s.X))
	reflect := f.alias("reflect", "reflect")
	key := "iter" + mt
	names := strings.Fields(f.shims[key])
	if len(names) == 0 {
		iter := f.next("coroI")
		fmt.Fprintf(&f.shimText, "\ntype %s struct {\nit *%s.MapIter\nk %s\nv %s\nrk, rv %s.Value\n}\n", iter, reflect, kt, vt, reflect)
		start := f.declare("G", "(m "+mt+") *"+iter, fmt.Sprintf("i := &%s{it: %s.ValueOf(m).MapRange()}\ni.rk, i.rv = %s.ValueOf(&i.k).Elem(), %s.ValueOf(&i.v).Elem()\nreturn i", iter, reflect, reflect, reflect))
		next := f.declare("G", "(i *"+iter+") bool", "if !i.it.Next() {\nreturn false\n}\ni.rk.SetIterKey(i.it)\ni.rv.SetIterValue(i.it)\nreturn true")
		names = []string{start, next}
		f.shims[key] = start + " " + next
	}
	it := f.temp()
	var body strings.Builder
	if s.Key != nil && !isBlank(s.Key) {
		body.WriteString(f.bind(s.Tok, s.Key, it+".k", m.Key()) + "\n")
	}
	if s.Value != nil && !isBlank(s.Value) {
		body.WriteString(f.bind(s.Tok, s.Value, it+".v", m.Elem()) + "\n")
	}
	return fmt.Sprintf("%sfor %s := %s(%s); %s(%s); {\n%s%s%s}", label, it, names[0], f.expr(s.X), names[1], it, body.String(), f.stmts(s.Body.List), f.mark(s.Body.Rbrace))
}

func (f *fn) rangeChan(s *ast.RangeStmt, c *types.Chan) string {
	f.note(s.Pos(), "range over a channel is done by a shim")
	label := f.takeLabel()
	ch, v, ok := f.temp(), f.temp(), f.temp()
	ct := f.typeOf(s.X)
	next := f.shim("O", []arg{{text: ch, typ: ct}}, []types.Type{c.Elem(), types.Typ[types.Bool]}, func(n []string) string {
		return "v, ok := <-" + n[0] + "; return v, ok"
	})
	body := "_ = " + v
	if s.Key != nil {
		body = f.bind(s.Tok, s.Key, v, c.Elem())
	}
	return fmt.Sprintf("%sfor %s := %s; ; {\n%s, %s := %s\nif !%s {\nbreak\n}\n%s\n%s%s}", label, ch, f.expr(s.X), v, ok, next, ok, body, f.stmts(s.Body.List), f.mark(s.Body.Rbrace))
}

// pull is a loop over a function.
type pull struct{ iter, stop string }

// stops ends the loops over functions that a jump leaves, all but the first n.
func (f *fn) stops(n int) string {
	var b strings.Builder
	for i := len(f.pulls) - 1; i >= n; i-- {
		b.WriteString(f.pulls[i].stop + "(" + f.pulls[i].iter + ")\n")
	}
	return b.String()
}

// rangeFunc goes over a function with iter.Pull: the loop's body stays in the
// coroutine and can yield. If the coroutine is dropped in the loop, a cleanup
// ends the function.
func (f *fn) rangeFunc(s *ast.RangeStmt, sig *types.Signature) string {
	f.note(s.Pos(), "range over a function is done by shims, on iter.Pull")
	if f.label != "" {
		f.depths[f.label] = len(f.pulls) + 1
	}
	label := f.takeLabel()
	ft := f.typ(s.Pos(), f.typeOf(s.X))
	key := "pull" + ft
	names := strings.Fields(f.shims[key])
	if len(names) == 0 {
		iterPkg, runtime := f.alias("iter", "iter"), f.alias("runtime", "runtime")
		iter := f.next("coroI")
		yield := params(sig)[0].Underlying().(*types.Signature)
		var fields, vars, list []string
		for i, t := range params(yield) {
			text := f.typ(s.Pos(), t)
			list = append(list, text)
			fields = append(fields, fmt.Sprintf("v%d %s\n", i, text))
			vars = append(vars, fmt.Sprintf("i.v%d, ", i))
		}
		next := "func() (" + strings.Join(append(list, "bool"), ", ") + ")"
		pull := iterPkg + ".Pull"
		seq := "coroF"
		switch len(list) {
		case 0:
			next, vars = "func() (struct{}, bool)", []string{"_, "}
			seq = "func(yield func(struct{}) bool) { coroF(func() bool { return yield(struct{}{}) }) }"
		case 1:
			seq = "func(yield func(" + list[0] + ") bool) { coroF(yield) }"
		case 2:
			pull += "2"
			seq = "func(yield func(" + list[0] + ", " + list[1] + ") bool) { coroF(yield) }"
		}
		fmt.Fprintf(&f.shimText, "\ntype %s struct {\nnext %s\nstop func()\n%s}\n", iter, next, strings.Join(fields, ""))
		start := f.declare("G", "(coroF "+ft+") *"+iter, fmt.Sprintf("coroI := &%s{}\ncoroI.next, coroI.stop = %s(%s)\n%s.AddCleanup(coroI, func(stop func()) { stop() }, coroI.stop)\nreturn coroI", iter, pull, seq, runtime))
		step := f.declare("G", "(i *"+iter+") (ok bool)", strings.Join(vars, "")+"ok = i.next()\nreturn ok")
		stop := f.declare("G", "(i *"+iter+")", "i.stop()")
		names = []string{start, step, stop}
		f.shims[key] = strings.Join(names, " ")
	}
	it := f.temp()
	x := f.expr(s.X)
	f.pulls = append(f.pulls, pull{it, names[2]})
	var body strings.Builder
	types := params(params(sig)[0].Underlying().(*types.Signature))
	for i, e := range []ast.Expr{s.Key, s.Value} {
		if e != nil && !isBlank(e) {
			body.WriteString(f.bind(s.Tok, e, fmt.Sprintf("%s.v%d", it, i), types[i]) + "\n")
		}
	}
	text := fmt.Sprintf("{\n%s := %s(%s)\n%sfor %s(%s) {\n%s%s%s}\n%s(%s)\n}", it, names[0], x, label, names[1], it, body.String(), f.stmts(s.Body.List), f.mark(s.Body.Rbrace), names[2], it)
	f.pulls = f.pulls[:len(f.pulls)-1]
	return text
}

func (f *fn) switchStmt(s *ast.SwitchStmt) string {
	label := f.takeLabel()
	before, init := f.header(s.Init)
	shims := false
	if s.Tag != nil {
		shims = hasInterface(f.typeOf(s.Tag))
		for _, c := range s.Body.List {
			for _, e := range c.(*ast.CaseClause).List {
				shims = shims || hasInterface(f.typeOf(e))
			}
		}
	}
	if !shims {
		tag := ""
		if s.Tag != nil {
			tag = f.expr(s.Tag)
		}
		return wrap(before, label+"switch "+init+tag+" {\n"+f.cases(s.Body, func(e ast.Expr) string { return f.expr(e) })+f.mark(s.Body.Rbrace)+"}")
	}
	if init != "" {
		before += init[:len(init)-2] + "\n"
	}
	f.note(s.Pos(), "the comparisons of the switch are shims")
	v := f.temp()
	t := f.typeOf(s.Tag)
	cases := f.cases(s.Body, func(e ast.Expr) string {
		if f.Info.Types[e].IsNil() {
			return v + " == nil"
		}
		return f.shim("O", []arg{{text: v, typ: t}, f.arg(e)}, []types.Type{types.Typ[types.Bool]}, func(n []string) string {
			return "return " + n[0] + " == " + n[1]
		})
	})
	return wrap(before, fmt.Sprintf("%sswitch %s := %s; {\n%s%s}", label, v, f.expr(s.Tag), cases, f.mark(s.Body.Rbrace)))
}

func (f *fn) cases(b *ast.BlockStmt, each func(ast.Expr) string) string {
	var w strings.Builder
	for _, c := range b.List {
		c := c.(*ast.CaseClause)
		w.WriteString(f.mark(c.Pos()))
		if c.List == nil {
			w.WriteString("default:\n")
		} else {
			var list []string
			for _, e := range c.List {
				list = append(list, each(e))
			}
			w.WriteString("case " + strings.Join(list, ", ") + ":\n")
		}
		w.WriteString(f.stmts(c.Body))
	}
	return w.String()
}

func (f *fn) typeSwitch(s *ast.TypeSwitchStmt) string {
	f.note(s.Pos(), "the type switch is done by shims")
	label := f.takeLabel()
	before, init := f.header(s.Init)
	if init != "" {
		before += init[:len(init)-2] + "\n"
	}
	var x *ast.TypeAssertExpr
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		x = ast.Unparen(a.Rhs[0]).(*ast.TypeAssertExpr)
	case *ast.ExprStmt:
		x = ast.Unparen(a.X).(*ast.TypeAssertExpr)
	}
	t := f.typeOf(x.X)
	v := f.temp()
	var tests strings.Builder
	for i, c := range s.Body.List {
		for _, e := range c.(*ast.CaseClause).List {
			if f.Info.Types[e].IsNil() {
				fmt.Fprintf(&tests, "if coroa0 == nil { return %d }\n", i)
			} else {
				fmt.Fprintf(&tests, "if _, ok := %s.(%s); ok { return %d }\n", asserted("coroa0", t, f.typeOf(e)), f.typ(e.Pos(), f.typeOf(e)), i)
			}
		}
	}
	tests.WriteString("return -1")
	which := f.shim("G", []arg{{text: v, typ: t}}, []types.Type{types.Typ[types.Int]}, func([]string) string { return tests.String() })
	var w strings.Builder
	for i, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		w.WriteString(f.mark(c.Pos()))
		if c.List == nil {
			w.WriteString("default:\n")
		} else {
			fmt.Fprintf(&w, "case %d:\n", i)
		}
		if obj, ok := f.Info.Implicits[c].(*types.Var); ok {
			value := v
			if len(c.List) == 1 && !f.Info.Types[c.List[0]].IsNil() {
				to := f.typeOf(c.List[0])
				text := f.typ(c.Pos(), to)
				value = f.shim("G", []arg{{text: v, typ: t}}, []types.Type{to}, func(n []string) string {
					return "return " + n[0] + ".(" + text + ")"
				})
			}
			switch {
			case !f.used(c, obj):
			case f.heap(obj):
				w.WriteString(f.heapDecl(obj, value) + "\n")
			default:
				fmt.Fprintf(&w, "%s := %s\n", f.name(obj), value)
			}
		}
		w.WriteString(f.stmts(c.Body))
	}
	return wrap(before, fmt.Sprintf("%sswitch %s := %s; %s {\n%s%s}", label, v, f.expr(x.X), which, w.String(), f.mark(s.Body.Rbrace)))
}

func (f *fn) used(n ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && f.Info.Uses[id] == v {
			found = true
		}
		return !found
	})
	return found
}

// selectStmt makes one shim of the select, which returns the index of the
// clause and what it received.
func (f *fn) selectStmt(s *ast.SelectStmt) string {
	f.note(s.Pos(), "select is a shim")
	label := f.takeLabel()
	if len(s.Body.List) == 0 {
		return label + "for {\n" + f.shim("G", nil, nil, func([]string) string { return "select {}" }) + "\n}"
	}
	var args []arg
	results := []types.Type{types.Typ[types.Int]}
	which := f.temp()
	lhs := []string{which}
	hasDefault := false
	type clause struct {
		open string // of the case, with the indices of its arguments
		args []int
		vars []int // indices of results
	}
	clauses := make([]clause, len(s.Body.List))
	var w strings.Builder
	for i, c := range s.Body.List {
		c := c.(*ast.CommClause)
		k := &clauses[i]
		bind := ""
		switch comm := c.Comm.(type) {
		case nil:
			hasDefault = true
		case *ast.SendStmt:
			elem := f.typeOf(comm.Chan).Underlying().(*types.Chan).Elem()
			v := f.arg(comm.Value)
			if !v.inline && !isInterface(elem) {
				v.typ = elem
			}
			k.args = []int{len(args), len(args) + 1}
			args = append(args, f.arg(comm.Chan), v)
			k.open = "send"
		default:
			var x ast.Expr
			var places []ast.Expr
			tok := token.ILLEGAL
			switch comm := comm.(type) {
			case *ast.ExprStmt:
				x = comm.X
			case *ast.AssignStmt:
				x, places, tok = comm.Rhs[0], comm.Lhs, comm.Tok
			}
			ch := ast.Unparen(x).(*ast.UnaryExpr).X
			k.args = []int{len(args)}
			args = append(args, f.arg(ch))
			k.open = "receive"
			given := []types.Type{f.typeOf(ch).Underlying().(*types.Chan).Elem(), types.Typ[types.Bool]}
			for j, p := range places {
				if isBlank(p) {
					k.vars = append(k.vars, -1)
					continue
				}
				t := f.temp()
				lhs = append(lhs, t)
				k.vars = append(k.vars, len(results))
				results = append(results, given[j])
				bind += f.bind(tok, p, t, given[j]) + "\n"
				if v := f.declared(tok, p); v != nil && !f.heap(v) {
					bind += "_ = " + f.name(v) + "\n"
				}
			}
		}
		w.WriteString(f.mark(c.Pos()))
		if c.Comm == nil || !hasDefault && i == len(s.Body.List)-1 {
			w.WriteString("default:\n")
		} else {
			fmt.Fprintf(&w, "case %d:\n", i)
		}
		w.WriteString(bind + f.stmts(c.Body))
	}
	call := f.shim("O", args, results, func(n []string) string {
		var b strings.Builder
		for i := 1; i < len(results); i++ {
			fmt.Fprintf(&b, "var r%d %s\n", i, f.typ(s.Pos(), results[i]))
		}
		result := func(which int) string {
			list := []string{fmt.Sprint(which)}
			for i := 1; i < len(results); i++ {
				list = append(list, fmt.Sprintf("r%d", i))
			}
			return "return " + strings.Join(list, ", ") + "\n"
		}
		b.WriteString("select {\n")
		for i, k := range clauses {
			switch k.open {
			case "":
				b.WriteString("default:\n")
			case "send":
				fmt.Fprintf(&b, "case %s <- %s:\n", n[k.args[0]], n[k.args[1]])
			default:
				var vars []string
				for _, v := range k.vars {
					if v < 0 {
						vars = append(vars, "_")
					} else {
						vars = append(vars, fmt.Sprintf("r%d", v))
					}
				}
				if vars != nil {
					fmt.Fprintf(&b, "case %s = <-%s:\n", strings.Join(vars, ", "), n[k.args[0]])
				} else {
					fmt.Fprintf(&b, "case <-%s:\n", n[k.args[0]])
				}
			}
			b.WriteString(result(i))
		}
		return b.String() + "}"
	})
	return fmt.Sprintf("%sswitch %s := %s; %s {\n%s%s}", label, strings.Join(lhs, ", "), call, which, w.String(), f.mark(s.Body.Rbrace))
}

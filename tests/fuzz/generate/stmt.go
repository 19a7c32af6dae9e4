package generate

import (
	"fmt"
	"strings"
)

// body writes f. All it computes goes into h, and h into a result or a global.
func (p *program) body(f *function) {
	g := &writer{p: p, f: f, budget: 6 + p.intn(18)}
	h := &variable{name: "h", t: uint64Type}
	g.vars = append(g.vars, h)
	for _, v := range p.globals {
		if !f.leaf {
			g.vars = append(g.vars, v)
		}
	}
	var params []string
	if !f.leaf {
		params = append(params, "y "+p.yielder(), "d int")
	}
	for _, v := range f.params {
		params = append(params, v.name+" "+v.t.name)
		g.vars = append(g.vars, v)
	}
	receiver := ""
	if f.recv != nil {
		receiver = fmt.Sprintf("(%s %s) ", f.recv.name, f.recv.t)
		g.vars = append(g.vars, f.recv)
	}
	g.printf("h := uint64(%d)", p.intn(1000))
	if !f.leaf {
		g.printf("if %sFuel--; %[1]sFuel < 0 {\n%s}", p.name, g.zeroReturn())
	}
	if f == p.funcs[0] && p.chance(50) {
		// A stack that is too large for the rest, so that it shrinks. Not one of
		// 64 KB: with stress each move of such a stack takes address space for
		// good, which an emulator pays for by the page.
		g.printf("h += %s(%d, h)", p.helper("Deep"), 10+p.intn(35))
	}
	first := len(g.vars)
	for g.budget > 0 {
		g.statement(3)
		if p.chance(5) {
			g.fault()
		}
	}
	g.mixAll(g.vars[first:])
	if f.recv != nil {
		g.mix(f.recv.t, f.recv.name)
	}
	for _, v := range f.params {
		g.mix(v.t, v.name)
	}
	g.printf("%s", g.finalReturn())

	results := make([]string, len(f.results))
	for i, t := range f.results {
		results[i] = t.name
	}
	list := strings.Join(results, ", ")
	if len(results) > 1 {
		list = "(" + list + ")"
	}
	p.function("func %s%s(%s) %s {\n%s}\n", receiver, f.name, strings.Join(params, ", "), list, g.b.String())
}

// zeroReturn returns zero values.
func (g *writer) zeroReturn() string {
	zeros := make([]string, len(g.f.results))
	for i, t := range g.f.results {
		zeros[i] = zero(t)
	}
	return "return " + strings.Join(zeros, ", ") + "\n"
}

// finalReturn returns h among the results.
func (g *writer) finalReturn() string {
	var values []string
	returned := false
	for _, t := range g.f.results {
		if same(t, uint64Type) && !returned {
			values = append(values, "h")
			returned = true
			continue
		}
		values = append(values, g.expr(t, 1))
	}
	sum := ""
	if !returned {
		sum = fmt.Sprintf("%sSum = %[1]sSum*31 + h\n", g.p.name)
	}
	return sum + "return " + strings.Join(values, ", ")
}

// mix mixes a value into the checksum.
func (g *writer) mix(t *typ, value string) {
	if g.closure {
		g.printf("_ = %s", value)
		return
	}
	g.printf("h = %s", g.p.mixed(t, "h", value, 3))
}

// mixAll mixes what was declared in a scope, which so is used.
func (g *writer) mixAll(vars []*variable) {
	for _, v := range vars {
		if !v.global {
			g.mix(v.t, v.name)
		}
	}
}

// block writes statements in a scope of their own.
func (g *writer) block(depth int, vars ...*variable) {
	first := len(g.vars)
	g.vars = append(g.vars, vars...)
	for range 1 + g.intn(3) {
		g.statement(depth)
	}
	g.mixAll(g.vars[first:])
	g.vars = g.vars[:first]
}

// scoped is block as text.
func (g *writer) scoped(depth int, vars ...*variable) string {
	return g.capture(func() { g.block(depth, vars...) })
}

// local declares a new variable with a value.
func (g *writer) local(t *typ, value string) *variable {
	v := &variable{name: g.name("v"), t: t, shared: g.chance(30)}
	g.printf("var %s %s = %s", v.name, t, value)
	g.vars = append(g.vars, v)
	return v
}

// statement writes one, with others nested in it as long as depth allows.
func (g *writer) statement(depth int) {
	g.budget--
	compound := depth > 0 && g.budget > 0
	switch n := g.intn(100); {
	case n < 16:
		g.declaration()
	case n < 26:
		g.assignment()
	case n < 34 && compound:
		g.conditional(depth)
	case n < 45 && compound && len(g.loops) < 2:
		g.loop(depth)
	case n < 50 && compound:
		g.switching(depth)
	case n < 66:
		g.yieldOrCall()
	case n < 72:
		g.calls()
	case n < 77:
		g.slices(depth)
	case n < 81:
		g.maps()
	case n < 85 && !g.closure:
		g.closures()
	case n < 89:
		g.goCode()
	case n < 92 && compound:
		g.pointers(depth)
	case n < 94 && compound:
		g.dynamic(depth)
	case n < 96:
		g.jump()
	case n < 97 && compound:
		g.channel()
	case n < 99 || g.p.faulty:
		g.fault()
	default:
		g.large()
	}
}

func (g *writer) declaration() {
	t := g.p.anyType()
	if t.kind == pointer || g.chance(15) {
		if t.kind != pointer {
			t = pointerTo(t)
		}
		v := g.local(t, g.pointer(t, 2, false))
		v.nonnil, v.shared = true, false
		return
	}
	v := g.local(t, g.expr(t, 3))
	v.nonnil = t.kind == mapping
}

func (g *writer) assignment() {
	if g.chance(30) && !g.closure {
		t := g.p.basic()
		value := g.expr(t, 3)
		if t.kind == integer {
			value = g.integer(t, 3) // not a constant, which might not fit
		}
		g.mix(t, value)
		return
	}
	// A pointer that points elsewhere from now on.
	if g.chance(15) {
		for _, v := range g.vars {
			if v.t.kind == pointer && v.nonnil && !v.readonly {
				g.printf("%s = %s", v.name, g.pointer(v.t, 2, false))
				return
			}
		}
	}
	p, ok := g.target(nil)
	if !ok {
		return
	}
	switch {
	case p.t.kind == integer && g.chance(40):
		op := []string{"+=", "-=", "*=", "^=", "|=", "&^="}[g.intn(6)]
		g.printf("%s %s %s", p.text, op, g.expr(p.t, 2))
	case p.t.kind == integer && g.chance(30):
		g.printf("%s%s", p.text, []string{"++", "--"}[g.intn(2)])
	case p.t.kind == text:
		g.printf("%s = %s(%s)", p.text, g.p.helper("Clip"), g.expr(p.t, 2))
	case g.chance(15):
		// At once: all operands are evaluated before anything is assigned.
		if q, ok := g.target(p.t); ok && p.text != q.text && p.v != q.v && !p.v.shared && !q.v.shared && p.text == p.v.name && q.text == q.v.name {
			g.printf("%s, %s = %[2]s, %[1]s", p.text, q.text)
			return
		}
		fallthrough
	default:
		g.printf("%s = %s", p.text, g.expr(p.t, 3))
	}
}

func (g *writer) condition() string {
	if g.chance(20) && !g.closure {
		return g.calling(boolType, 2)
	}
	return g.expr(boolType, 2)
}

func (g *writer) conditional(depth int) {
	chain := fmt.Sprintf("if %s {\n%s}", g.condition(), g.scoped(depth-1))
	for g.chance(30) {
		chain += fmt.Sprintf(" else if %s {\n%s}", g.expr(boolType, 2), g.scoped(depth-1))
	}
	if g.chance(40) {
		chain += fmt.Sprintf(" else {\n%s}", g.scoped(depth-1))
	}
	g.printf("%s", chain)
}

// loop writes a loop with few rounds.
func (g *writer) loop(depth int) {
	label := ""
	if g.chance(25) {
		g.labels++
		label = fmt.Sprintf("l%d", g.labels)
	}
	i := &variable{name: g.name("i"), t: intType, readonly: true}
	rounds := 1 + g.intn(6)
	inner := func(vars ...*variable) string {
		g.loops = append(g.loops, label)
		s := g.scoped(depth-1, vars...)
		g.loops = g.loops[:len(g.loops)-1]
		return s
	}
	var head, body string
	switch g.intn(10) {
	case 0, 1:
		head, body = fmt.Sprintf("for %s := 0; %[1]s < %d; %[1]s++", i.name, rounds), inner(i)
	case 2:
		head, body = fmt.Sprintf("for %s := range %d", i.name, rounds), inner(i)
	case 3:
		head, body = fmt.Sprintf("for %s := int(%s%%%d); %[1]s > 0; %[1]s -= %[4]d", i.name, g.word(), rounds+8, 1+g.intn(3)), inner(i)
	case 4:
		head = fmt.Sprintf("for %s := 0; ; %[1]s++", i.name)
		stop := fmt.Sprintf("if %s >= %d || %s {\nbreak\n}\n", i.name, rounds, g.expr(boolType, 1))
		body = stop + inner(i)
	case 5:
		t := stringType
		e := &variable{name: g.name("e"), t: &typ{kind: integer, name: "rune", bits: 32, signed: true}}
		s := fmt.Sprintf("%s(%s)", g.p.helper("Clip"), g.expr(t, 1))
		head, body = fmt.Sprintf("for %s, %s := range %s", i.name, e.name, s), inner(i, e)
	default:
		head, body = g.rangeOver(inner)
	}
	if label != "" && (strings.Contains(body, "break "+label+"\n") || strings.Contains(body, "continue "+label+"\n")) {
		head = label + ":\n" + head
	}
	g.printf("%s {\n%s}", head, body)
}

func (g *writer) switching(depth int) {
	g.loops = append(g.loops, "switch")
	defer func() { g.loops = g.loops[:len(g.loops)-1] }()
	switch g.intn(4) {
	case 0, 1:
		// Dense, for a jump table.
		n := 8 + g.intn(10)
		subject := fmt.Sprintf("%s%%%d", g.word(), n+2)
		if g.chance(30) && !g.closure {
			subject = fmt.Sprintf("(%s)%%%d", g.calling(uint64Type, 1), n+2)
		}
		g.printf("switch %s {", subject)
		for i := range n {
			if g.chance(10) {
				continue
			}
			g.printf("case %d:", i)
			switch {
			case g.chance(15) && i < n-1:
				g.printf("%s", g.scoped(0))
				if g.chance(50) {
					g.printf("fallthrough\ncase %d:", 1000+i)
				}
			case g.chance(50):
				g.simple()
			default:
				g.printf("%s", g.scoped(depth-2))
			}
		}
		if g.chance(60) {
			g.printf("default:\n%s", g.scoped(depth-1))
		}
		g.printf("}")
	case 2:
		g.printf("switch %s {", g.expr(stringType, 1))
		for i, s := range []string{"", "a", "hello", "Go", "stack", "b", "hell", "world", "x y z", "0123456789", "größer"} {
			if i > 2 && g.chance(15) {
				continue
			}
			g.printf("case %q:", s)
			g.simple()
		}
		g.printf("default:\n%s}", g.scoped(depth-1))
	case 3:
		g.printf("switch {")
		for range 1 + g.intn(4) {
			g.printf("case %s:\n%s", g.condition(), g.scoped(depth-1))
		}
		g.printf("}")
	}
}

// simple is a statement that always changes something.
func (g *writer) simple() {
	if g.closure {
		g.assignment()
		return
	}
	g.printf("h = h*%d + %s", 3+2*g.intn(20), g.expr(uint64Type, 1))
}

// yieldOrCall yields, and uses the answer.
func (g *writer) yieldOrCall() {
	if g.closure {
		g.assignment()
		return
	}
	if g.f.leaf {
		g.mix(uint64Type, g.calling(uint64Type, 2))
		return
	}
	switch g.intn(6) {
	case 0, 1:
		t := g.p.basic()
		if t.kind == float || t.kind == complexNumber {
			t = uint64Type
		}
		if g.chance(50) {
			g.local(t, g.calling(t, 2))
		} else {
			g.mix(t, g.calling(t, 3))
		}
	default:
		was := g.private
		g.private = g.chance(40)
		depth := 0
		if g.private {
			depth = 2
		}
		yield := fmt.Sprintf("y.Yield(%s)", g.yielded(depth))
		g.private = was
		if g.p.in == nil {
			g.printf("%s", yield)
			return
		}
		switch p, ok := g.target(g.p.in); {
		case ok && g.chance(50) && p.text == p.v.name:
			g.printf("%s = %s", p.text, yield)
		case g.chance(60):
			g.local(g.p.in, yield)
		case g.chance(40):
			g.printf("%s", yield)
		default:
			g.mix(g.p.in, yield)
		}
	}
}

// calls calls another function with several results.
func (g *writer) calls() {
	callees := g.callees()
	if len(callees) == 0 {
		g.assignment()
		return
	}
	f := callees[g.intn(len(callees))]
	if g.closure && !f.leaf {
		g.assignment()
		return
	}
	var names []string
	for _, t := range f.results {
		v := &variable{name: g.name("v"), t: t}
		g.printf("var %s %s", v.name, t)
		names = append(names, v.name)
	}
	was := g.private
	g.private = g.chance(30) && !g.closure
	call := g.call(f, 2)
	g.private = was
	if len(names) > 0 {
		call = strings.Join(names, ", ") + " = " + call
	}
	if f.leaf {
		g.printf("%s", call)
	} else {
		g.printf("if d > 0 {\n%s\n}", call)
	}
	for i, t := range f.results {
		g.vars = append(g.vars, &variable{name: names[i], t: t, shared: g.chance(15)})
	}
}

func (g *writer) slices(depth int) {
	var found []*variable
	for _, v := range g.vars {
		if v.t.kind == slice {
			found = append(found, v)
		}
	}
	if len(found) == 0 {
		t := sliceOf(g.p.small())
		g.local(t, g.composite(t, 2))
		return
	}
	v := found[g.intn(len(found))]
	e := v.t.elem
	switch g.intn(7) {
	case 0, 1, 2:
		if v.nonempty || v.readonly {
			break
		}
		value := g.expr(e, 2)
		if g.chance(30) && !g.closure {
			value = g.calling(e, 1)
			if v.shared {
				value = g.expr(e, 1)
			}
		}
		g.printf("if len(%s) < 20 {\n%[1]s = append(%[1]s, %s)\n}", v.name, value)
		return
	case 3:
		c := &variable{name: g.name("v"), t: v.t}
		g.printf("%s := make(%s, len(%s))\ncopy(%[1]s, %[3]s)", c.name, v.t, v.name)
		g.vars = append(g.vars, c)
		return
	case 4:
		g.printf("slices.Reverse(%s)", v.name)
		return
	case 5:
		g.printf("clear(%s[:min(len(%[1]s), %d)])", v.name, g.intn(3))
		return
	}
	if depth > 0 {
		t := &variable{name: g.name("v"), t: v.t, nonempty: true}
		g.printf("if %s := %s; len(%[1]s) > 0 {\n%[3]s}", t.name, v.name, g.scoped(depth-1, t))
	}
}

func (g *writer) maps() {
	var found []*variable
	for _, v := range g.vars {
		if v.t.kind == mapping && v.nonnil {
			found = append(found, v)
		}
	}
	if len(found) == 0 {
		t := mapOf([]*typ{intType, stringType}[g.intn(2)], g.p.small())
		g.local(t, g.composite(t, 2)).nonnil = true
		return
	}
	m := found[g.intn(len(found))]
	key := g.expr(m.t.key, 1)
	switch g.intn(5) {
	case 0, 1:
		g.printf("%s[%s] = %s", m.name, key, g.expr(m.t.elem, 2))
	case 2:
		g.printf("delete(%s, %s)", m.name, key)
	case 3:
		v := &variable{name: g.name("v"), t: m.t.elem}
		ok := &variable{name: g.name("ok"), t: boolType}
		g.printf("%s, %s := %s[%s]", v.name, ok.name, m.name, key)
		g.vars = append(g.vars, v, ok)
	case 4:
		if m.t.elem.kind == integer {
			g.printf("%s[%s] += %s", m.name, key, g.expr(m.t.elem, 1))
		}
	}
}

// closures makes a function value that reads and changes locals, and calls it
// or has Go code call it.
func (g *writer) closures() {
	c := &writer{p: g.p, f: g.f, closure: true, names: g.names, labels: g.labels, budget: 3}
	for _, v := range g.vars {
		w := *v
		w.readonly = v.readonly || !v.shared
		c.vars = append(c.vars, &w)
	}
	x := &variable{name: g.name("x"), t: intType, readonly: true}
	c.names = g.names
	c.vars = append(c.vars, x)
	first := len(c.vars)
	for range 1 + g.intn(3) {
		c.statement(1)
	}
	c.mixAll(c.vars[first:])
	fn := g.name("fn")
	result := c.expr(intType, 2)
	g.names = max(g.names, c.names) + 1
	g.labels = c.labels
	g.printf("%s := func(%s int) int {\n%sreturn %s\n}", fn, x.name, c.b.String(), result)
	for range 1 + g.intn(2) {
		call := fmt.Sprintf("%s(int(%s))", fn, g.word())
		if g.chance(40) {
			call = fmt.Sprintf("%s(%s, %d)", g.p.helper("Apply"), fn, g.intn(5))
		}
		g.local(intType, call)
	}
}

// goCode calls functions that are not bodies.
func (g *writer) goCode() {
	switch g.intn(7) {
	case 0, 1, 2:
		// With the address of a local.
		var found []place
		g.places(func(p place) {
			if p.v.shared && !p.v.readonly {
				found = append(found, p)
			}
		})
		if len(found) > 0 {
			p := found[g.intn(len(found))]
			if p.text == p.v.name && (p.v.nonnil || p.v.nonempty) {
				break
			}
			g.local(p.t, fmt.Sprintf("%s(&%s, %s)", g.p.poke(p.t), p.text, g.expr(p.t, 1)))
			return
		}
	case 3:
		t := []*typ{intType, stringType, boolType, byteType}[g.intn(4)]
		g.local(stringType, fmt.Sprintf("%s(fmt.Sprint(%s, %s))", g.p.helper("Clip"), g.expr(t, 1), g.expr(intType, 1)))
		return
	case 4:
		t := []*typ{intType, byteType, floatType}[g.intn(3)]
		if v := g.pick(sliceOf(t)); v != "" {
			g.local(t, fmt.Sprintf("%s(%s)", g.p.helper("Total"), v))
			return
		}
	case 5:
		g.local(intType, fmt.Sprintf("strings.Count(%s, %s)", g.expr(stringType, 1), g.literal(stringType)))
		return
	case 6:
		g.printf("record.Tick()")
		return
	}
	g.assignment()
}

// pointers follows a pointer that may be nil.
func (g *writer) pointers(depth int) {
	var found []place
	g.places(func(p place) {
		if p.t.kind == pointer && !(p.v.nonnil && p.text == p.v.name) {
			found = append(found, p)
		}
	})
	if len(found) == 0 {
		// A list.
		for _, t := range g.p.structs {
			if t.fields[len(t.fields)-1].name == "next" {
				v := &variable{name: g.name("v"), t: pointerTo(t), nonnil: true}
				g.printf("%s := %s\nfor range %d {\n%[1]s = &%[4]s{next: %[1]s}\n}", v.name, g.pointer(v.t, 2, false), 1+g.intn(6), t)
				g.vars = append(g.vars, v)
				return
			}
		}
		g.assignment()
		return
	}
	p := found[g.intn(len(found))]
	q := &variable{name: g.name("v"), t: p.t, nonnil: true}
	g.printf("if %s := %s; %[1]s != nil {\n%[3]s}", q.name, p.text, g.scoped(depth-1, q))
}

// dynamic uses interfaces.
func (g *writer) dynamic(depth int) {
	if g.chance(50) {
		getter := g.p.helper("Getter")
		i := g.name("g")
		g.printf("var %s %s = %[2]sA{%s}", i, getter, g.expr(intType, 1))
		g.printf("if %s {\n%s = &%sB{s: %s}\n}", g.expr(boolType, 1), i, getter, g.expr(stringType, 1))
		if g.chance(30) {
			get := g.name("fn")
			g.printf("%s := %s.get", get, i)
			i = get
		} else {
			i += ".get"
		}
		for range 1 + g.intn(2) {
			g.local(intType, fmt.Sprintf("%s(%s)", i, g.expr(intType, 1)))
		}
		return
	}
	x := g.name("x")
	g.printf("switch %s := %s.(type) {", x, g.expr(anyType, 2))
	g.loops = append(g.loops, "switch")
	for _, t := range g.p.boxed {
		if g.chance(70) {
			g.printf("case %s:\n%s", t, g.scoped(depth-1, &variable{name: x, t: t}))
		}
	}
	g.printf("default:\n_ = %s\n}", x)
	g.loops = g.loops[:len(g.loops)-1]
}

// jump leaves a loop, goes round it, or jumps back a few times.
func (g *writer) jump() {
	var targets []string
	for i, l := range g.loops {
		switch {
		case l == "switch":
			targets = append(targets, "break")
		case i == len(g.loops)-1:
			targets = append(targets, "break", "continue")
		}
		if l != "" && l != "switch" {
			targets = append(targets, "break "+l, "continue "+l)
		}
	}
	if len(targets) > 0 {
		g.printf("if %s {\n%s\n}", g.expr(boolType, 1), targets[g.intn(len(targets))])
		return
	}
	if g.closure {
		g.assignment()
		return
	}
	g.labels++
	label, i := fmt.Sprintf("l%d", g.labels), g.name("i")
	g.printf("%s := 0\n%s:\n{\n%s}\nif %[1]s++; %[1]s < %[4]d {\ngoto %[2]s\n}", i, label, g.scoped(0), 1+g.intn(4))
}

// channel uses a buffered channel.
func (g *writer) channel() {
	t := g.p.small()
	c := g.name("c")
	g.printf("%s := make(chan %s, 3)\n%[1]s <- %[3]s\n%[1]s <- %[4]s", c, t, g.expr(t, 1), g.expr(t, 1))
	g.local(t, "<-"+c)
	g.local(intType, fmt.Sprintf("len(%s)", c))
	if g.chance(50) {
		v := &variable{name: g.name("v"), t: t}
		g.printf("select {\ncase %s := <-%s:\n%sdefault:\n}", v.name, c, g.scoped(0, v))
	} else {
		g.printf("close(%s)", c)
		for range 2 {
			v := &variable{name: g.name("v"), t: t}
			ok := &variable{name: g.name("ok"), t: boolType}
			g.printf("%s, %s := <-%s", v.name, ok.name, c)
			g.vars = append(g.vars, v, ok)
		}
	}
}

// large declares what makes a large frame.
func (g *writer) large() {
	a, i := g.name("a"), g.name("i")
	n := 40 + g.intn(400)
	g.printf("var %s [%d]uint64\nfor %s := range %[1]s {\n%[1]s[%[3]s] = uint64(%[3]s) * %[4]s\n}", a, n, i, g.word())
	if !g.closure && !g.f.leaf && g.chance(60) {
		g.yieldOrCall()
	}
	g.local(uint64Type, fmt.Sprintf("%s[%s%%%d] + %[1]s[%[4]d]", a, g.word(), n, g.intn(n)))
}

// fault fails at run time, if the program is one of those that do, and not
// always.
func (g *writer) fault() {
	if !g.p.faulty || g.closure {
		g.assignment()
		return
	}
	v := g.name("v")
	faults := []string{
		fmt.Sprintf("%s := []int{1, 2, 3}\nh += uint64(%[1]s[int(h%%5)+3])", v),
		fmt.Sprintf("var %s [4]int8\nh += uint64(%[1]s[h%%4+4])", v),
		fmt.Sprintf("%s := make([]string, h%%4)\nh += uint64(len(%[1]s[2:h%%3]))", v),
		fmt.Sprintf("%s := %s(\"text\")\nh += uint64(len(%[1]s[h|8:]))", v, g.p.helper("Clip")),
		fmt.Sprintf("var %s *int\nif h != 1 {\nh += uint64(*%[1]s)\n}", v),
		fmt.Sprintf("var %s map[int]int\n%[1]s[int(h)]++", v),
		fmt.Sprintf("%s := int32(h & 0)\nh = uint64(int32(h) / %[1]s)", v),
		fmt.Sprintf("%s := uint64(len(%q)) - 3\nh %%= %[1]s", v, "abc"),
		fmt.Sprintf("var %s any = h\nh += uint64(len(%[1]s.(string)))", v),
		fmt.Sprintf("var %s any\nh += %[1]s.(uint64)", v),
		fmt.Sprintf("%s := int(h%%3) - 5\nh <<= %[1]s", v),
		fmt.Sprintf("%s := int(h%%3) - 5\nh += uint64(len(make([]int, %[1]s)))", v),
		fmt.Sprintf("%s := []int{1, 2}\nh += uint64([3]int(%[1]s)[0])", v),
		fmt.Sprintf("var %s any = []int{1}\nif %[1]s == any([]int{2}) {\nh++\n}", v),
	}
	panics := []string{
		"panic(\"explicit\")",
		"panic(h)",
		"panic([]int{1, int(h % 7)})",
		"panic(fmt.Errorf(\"error %d\", h%10))",
	}
	choice := faults[g.intn(len(faults))]
	if g.chance(30) {
		choice = panics[g.intn(len(panics))]
	}
	n := 2 + g.intn(8)
	g.printf("if h%%%d == %d {\n%s\n}", n, g.intn(n), choice)
}

package generate

import (
	"fmt"
	"strings"
)

// ranged is what a loop goes over.
type ranged struct {
	text string
	elem *typ
	v    *variable // which it is, as it stands; nil for other expressions
	long bool      // there may be more elements than a loop should have rounds
}

// rangeOver returns the head and the body of a loop over elements. The compiler
// has loops of two kinds: those over elements of 1, 2, 4 and 8 bytes index, the
// others take an address from round to round.
func (g *writer) rangeOver(inner func(vars ...*variable) string) (head, body string) {
	x := g.ranged()
	k := &variable{name: g.name("i"), t: intType, shared: g.chance(10)}
	e := &variable{name: g.name("e"), t: x.elem, shared: g.chance(20)}
	var vars []*variable
	clause := ""
	switch g.intn(12) {
	case 0, 1, 2, 3, 4:
		clause, vars = fmt.Sprintf("%s, %s := ", k.name, e.name), []*variable{k, e}
	case 5, 6, 7:
		clause, vars = fmt.Sprintf("_, %s := ", e.name), []*variable{e}
	case 8:
		clause, vars = k.name+" := ", []*variable{k}
	case 9:
		clause = []string{"", "_ = ", "_, _ = "}[g.intn(3)]
	default:
		clause = g.assigned(x.elem)
	}
	changes := g.capture(func() { g.disturb(x, vars) })
	first := g.chance(50)
	body = inner(vars...)
	if first {
		body = changes + body
	} else {
		body += changes
	}
	switch {
	case x.long && len(vars) > 0 && vars[0] == k:
		body = fmt.Sprintf("if %s >= 8 {\nbreak\n}\n", k.name) + body
	case x.long:
		x.text = fmt.Sprintf("%s[:min(len(%[1]s), 8)]", x.text)
	}
	return "for " + clause + "range " + x.text, body
}

// ranged chooses what to go over: what there is, or something that only the loop
// holds.
func (g *writer) ranged() ranged {
	if g.chance(50) {
		var found []ranged
		g.places(func(p place) {
			x := ranged{text: p.text, elem: p.t.elem}
			if p.text == p.v.name {
				x.v = p.v
			}
			switch {
			case p.t.kind == slice:
				x.long = true
				found = append(found, x)
			case p.t.kind == array:
				found = append(found, x)
				if p.v.shared && !p.v.readonly {
					found = append(found, ranged{text: p.text + "[:]", elem: p.t.elem}, ranged{text: "&" + p.text, elem: p.t.elem})
				}
			case p.t.kind == pointer && p.t.elem.kind == array && p.v.nonnil && x.v != nil:
				x.elem = p.t.elem.elem
				found = append(found, x)
			}
		})
		if len(found) > 0 {
			return found[g.intn(len(found))]
		}
	}
	elem := g.element()
	switch g.intn(6) {
	case 0:
		// An array in the frame.
		t := arrayOf(1+g.intn(5), elem)
		v := g.local(t, g.composite(t, 2))
		text := v.name + []string{"", "", "[:]"}[g.intn(3)]
		if text != v.name {
			return ranged{text: text, elem: elem}
		}
		return ranged{text: text, elem: elem, v: v}
	case 1:
		t := arrayOf(1+g.intn(5), elem)
		text := g.composite(t, 1)
		if g.chance(50) {
			text = "(&" + strings.TrimPrefix(text, "(")
		}
		return ranged{text: text, elem: elem}
	case 2:
		return ranged{text: g.composite(sliceOf(elem), 2), elem: elem}
	case 3:
		if in := g.p.in; in != nil && !g.closure && !g.f.leaf && (in.kind == slice || in.kind == array) {
			return ranged{text: fmt.Sprintf("y.Yield(%s)", g.yielded(0)), elem: in.elem}
		}
	}
	// The result of a call, of a body or of a Go function.
	repeat := g.p.repeat(elem, g.chance(70))
	return ranged{text: fmt.Sprintf("%s(%d, %s)", repeat, 1+g.intn(7), g.expr(elem, 1)), elem: elem}
}

// element is a type of elements, large ones more often than elsewhere.
func (g *writer) element() *typ {
	for range 2 {
		if t := g.p.anyType(); t.kind >= text && t.size() <= 40 {
			return t
		}
	}
	if len(g.p.rows) > 0 && g.chance(70) {
		return g.p.rows[g.intn(len(g.p.rows))]
	}
	return []*typ{stringType, anyType, complexes[0]}[g.intn(3)]
}

// assigned is the clause of a loop that assigns to what there is.
func (g *writer) assigned(elem *typ) string {
	k, ok := g.target(intType)
	if !ok || g.chance(25) {
		k.text = "_"
	}
	e, ok := g.target(elem)
	switch {
	case !ok || e.v == k.v || g.chance(15):
		return k.text + " = "
	case e.text != e.v.name:
		k.text = "_" // corogen refuses to assign to the key as well
	}
	return fmt.Sprintf("%s, %s = ", k.text, e.text)
}

// disturb changes what the loop goes over, and calls Go.
func (g *writer) disturb(x ranged, vars []*variable) {
	if g.chance(35) {
		g.printf("record.Tick()")
	}
	if len(vars) > 0 && g.chance(25) {
		v := vars[g.intn(len(vars))]
		g.mix(v.t, v.name)
	}
	if x.v == nil || x.v.readonly || g.chance(55) {
		return
	}
	name, value := x.v.name, g.expr(x.elem, 1)
	if x.v.t.kind != slice {
		n := x.v.t.len
		if x.v.t.kind == pointer {
			n = x.v.t.elem.len
		}
		g.printf("%s[%s] = %s", name, g.index(n), value)
		return
	}
	if n := g.intn(5); n > 0 && !x.v.nonempty {
		g.printf("%s", []string{
			fmt.Sprintf("if len(%s) < 20 {\n%[1]s = append(%[1]s, %s)\n}", name, value),
			fmt.Sprintf("%s = nil", name),
			fmt.Sprintf("%s = %[1]s[min(len(%[1]s), 1):]", name),
			fmt.Sprintf("%s = append(%s(nil), %[1]s...)", name, x.v.t),
		}[n-1])
		return
	}
	g.printf("if len(%s) > 0 {\n%[1]s[%[2]s%%uint64(len(%[1]s))] = %[3]s\n}", name, g.word(), value)
}

// capture is what f writes.
func (g *writer) capture(f func()) string {
	b := g.b
	g.b = strings.Builder{}
	f()
	s := g.b.String()
	g.b = b
	return s
}

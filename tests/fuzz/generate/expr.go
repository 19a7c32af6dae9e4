package generate

import (
	"fmt"
	"slices"
	"strings"
)

// variable is something in scope.
type variable struct {
	name     string
	t        *typ
	shared   bool // its address may be taken, and calls may change it
	global   bool
	readonly bool
	nonnil   bool // a pointer or map that is not nil
	nonempty bool // a slice or string that is not empty
}

// writer writes the statements of a function.
type writer struct {
	p       *program
	f       *function // nil for what is not a body
	b       strings.Builder
	vars    []*variable
	names   int
	labels  int
	loops   []string // labels of the loops around, "" for those without
	budget  int      // statements left
	closure bool
	private bool // expressions read only what no call can change
}

// plainGo is a writer for functions that are not bodies.
func (p *program) plainGo() *writer {
	g := &writer{p: p, closure: true}
	g.vars = append(g.vars, &variable{name: "h", t: uint64Type, readonly: true})
	return g
}

func (g *writer) intn(n int) int          { return g.p.intn(n) }
func (g *writer) chance(percent int) bool { return g.p.chance(percent) }

func (g *writer) printf(format string, args ...any) { fmt.Fprintf(&g.b, format+"\n", args...) }

// name is a new local name.
func (g *writer) name(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

func (g *writer) declareLocal(name string, t *typ) *variable {
	v := &variable{name: name, t: t, nonnil: t.kind == mapping}
	g.vars = append(g.vars, v)
	return v
}

// place is something that can be read, and assigned to in most cases.
type place struct {
	text string
	t    *typ
	v    *variable
}

// places visits what can be reached from the variables in scope.
func (g *writer) places(visit func(place)) {
	for _, v := range g.vars {
		if g.private && v.shared {
			continue
		}
		g.walk(place{v.name, v.t, v}, v.nonnil, v.nonempty, 2, visit)
	}
}

func (g *writer) walk(p place, nonnil, nonempty bool, depth int, visit func(place)) {
	visit(p)
	if depth == 0 {
		return
	}
	part := func(text string, t *typ) { g.walk(place{text, t, p.v}, false, false, depth-1, visit) }
	switch p.t.kind {
	case structure:
		for _, f := range p.t.fields {
			part(p.text+"."+f.name, f.t)
		}
	case array:
		part(fmt.Sprintf("%s[%s]", p.text, g.index(p.t.len)), p.t.elem)
	case pointer:
		if !nonnil || g.private {
			return
		}
		if p.t.elem.kind != structure {
			part("(*"+p.text+")", p.t.elem)
			return
		}
		for _, f := range p.t.elem.fields {
			part(p.text+"."+f.name, f.t)
		}
	case slice:
		if nonempty && !g.private {
			part(fmt.Sprintf("%s[%s%%uint64(len(%s))]", p.text, g.word(), p.text), p.t.elem)
		}
	}
}

// word is some integer variable as a uint64.
func (g *writer) word() string {
	var words []string
	for _, v := range g.vars {
		if v.t.kind == integer && !(g.private && v.shared) {
			words = append(words, v.name)
		}
	}
	return "uint64(" + words[g.intn(len(words))] + ")"
}

// index is an index of an array of n elements.
func (g *writer) index(n int) string {
	switch {
	case g.chance(40):
		return fmt.Sprint(g.intn(n))
	case n&(n-1) == 0:
		return fmt.Sprintf("%s&%d", g.word(), n-1)
	}
	return fmt.Sprintf("%s%%%d", g.word(), n)
}

// pick is a place of type t, "" if there is none.
func (g *writer) pick(t *typ) string {
	var found []string
	g.places(func(p place) {
		if same(p.t, t) {
			found = append(found, p.text)
		}
	})
	if len(found) == 0 {
		return ""
	}
	return found[g.intn(len(found))]
}

// target is a place to assign to, of type t if that is not nil.
func (g *writer) target(t *typ) (place, bool) {
	var found []place
	g.places(func(p place) {
		if p.v.readonly && p.text == p.v.name || p.v.readonly && (p.v.t.kind == structure || p.v.t.kind == array) {
			return
		}
		if p.v.name == "h" || p.text == p.v.name && (p.v.nonnil || p.v.nonempty) {
			return
		}
		if t == nil || same(p.t, t) {
			found = append(found, p)
		}
	})
	if len(found) == 0 {
		return place{}, false
	}
	return found[g.intn(len(found))], true
}

// expr is an expression of type t in which nothing fails and nothing changes
// what the rest of it reads.
func (g *writer) expr(t *typ, depth int) string {
	if depth <= 0 || g.chance(30) {
		if v := g.pick(t); v != "" && g.chance(75) && t.kind != pointer && t.kind != mapping {
			return v
		}
		return g.leaf(t)
	}
	switch t.kind {
	case integer:
		return g.integer(t, depth)
	case float:
		return g.float(t, depth)
	case complexNumber:
		x, y := g.variable(t), g.expr(t, depth-1)
		return fmt.Sprintf("(%s %s %s)", x, []string{"+", "-", "/"}[g.intn(3)], y)
	case boolean:
		return g.boolean(depth)
	case text:
		return g.text(depth)
	case slice:
		if v := g.pick(t); v != "" && !g.private {
			switch g.intn(3) {
			case 0:
				return fmt.Sprintf("%s[:min(len(%s), %d)]", v, v, g.intn(6))
			case 1:
				// The capacity makes it a copy: other operands may read v.
				return fmt.Sprintf("append(%s[:min(len(%[1]s), 6):min(len(%[1]s), 6)], %s)", v, g.expr(t.elem, depth-1))
			}
		}
		if same(t, bytesType) && !g.private {
			return "[]uint8(" + g.expr(stringType, depth-1) + ")"
		}
	case pointer:
		return g.pointer(t, depth, g.chance(30))
	case anything:
		return fmt.Sprintf("any(%s)", g.expr(g.p.boxed[g.intn(len(g.p.boxed))], depth-1))
	}
	if v := g.pick(t); v != "" && g.chance(50) && t.kind != mapping {
		return v
	}
	return g.composite(t, depth)
}

// variable is an expression of a number type that is not constant: constant
// arithmetic that overflows does not compile.
func (g *writer) variable(t *typ) string {
	if v := g.pick(t); v != "" && g.chance(80) {
		return v
	}
	switch t.kind {
	case complexNumber:
		part := floatType
		if t.bits == 64 {
			part = floats[1]
		}
		return fmt.Sprintf("complex(%s, %s)", g.variable(part), g.variable(part))
	case float:
		return fmt.Sprintf("%s(int32(%s))", t, g.word())
	}
	return fmt.Sprintf("%s(%s)", t, g.word())
}

func (g *writer) integer(t *typ, depth int) string {
	x := g.variable(t)
	switch g.intn(16) {
	case 0, 1, 2, 3, 4, 5:
		op := []string{"+", "-", "*", "&", "|", "^", "&^"}[g.intn(7)]
		return fmt.Sprintf("(%s %s %s)", x, op, g.expr(t, depth-1))
	case 6:
		op := []string{"/", "%"}[g.intn(2)]
		if g.chance(50) {
			return fmt.Sprintf("(%s %s %s(%d))", x, op, t, 1+g.intn(120))
		}
		return fmt.Sprintf("(%s %s (%s | 1))", x, op, g.variable(t))
	case 7:
		op := []string{"<<", ">>"}[g.intn(2)]
		if g.chance(40) {
			return fmt.Sprintf("(%s %s %d)", x, op, g.intn(t.bits+3))
		}
		return fmt.Sprintf("(%s %s (%s & %d))", x, op, g.word(), t.bits*2-1)
	case 8:
		return []string{"-", "^"}[g.intn(2)] + x
	case 9, 10:
		return fmt.Sprintf("%s(%s)", t, g.variable(integers[g.intn(len(integers))]))
	case 11:
		return fmt.Sprintf("%s(%s(float64(%s)))", t, g.p.helper("Clamp"), g.variable(floats[g.intn(2)]))
	case 12:
		return fmt.Sprintf("%s(len(%s))", t, g.variableText())
	case 13:
		switch g.intn(4) {
		case 0:
			return fmt.Sprintf("%s(bits.OnesCount64(%s))", t, g.word())
		case 1:
			return fmt.Sprintf("%s(bits.TrailingZeros32(uint32(%s)))", t, g.word())
		case 2:
			return fmt.Sprintf("%s(bits.Len64(%s))", t, g.word())
		}
		return fmt.Sprintf("%s(bits.RotateLeft64(%s, %d))", t, g.word(), g.intn(64))
	case 14:
		return fmt.Sprintf("%s(%s, %s)", []string{"min", "max"}[g.intn(2)], x, g.expr(t, depth-1))
	}
	if !g.private {
		var strings, arrays []string
		g.places(func(p place) {
			if p.t.kind == text && p.v.nonempty && p.text == p.v.name {
				strings = append(strings, p.text)
			}
			if p.t.kind == mapping && same(p.t.elem, t) {
				arrays = append(arrays, fmt.Sprintf("%s[%s]", p.text, g.leaf(p.t.key)))
			}
		})
		if len(strings) > 0 && g.chance(50) {
			s := strings[g.intn(len(strings))]
			return fmt.Sprintf("%s(%s[%s%%uint64(len(%s))])", t, s, g.word(), s)
		}
		if len(arrays) > 0 {
			return arrays[g.intn(len(arrays))]
		}
	}
	return x
}

// variableText is a string or slice.
func (g *writer) variableText() string {
	var found []string
	g.places(func(p place) {
		switch p.t.kind {
		case text, slice:
			found = append(found, p.text)
		case mapping:
			if !g.private {
				found = append(found, p.text)
			}
		}
	})
	if len(found) == 0 {
		return g.leaf(stringType)
	}
	return found[g.intn(len(found))]
}

func (g *writer) float(t *typ, depth int) string {
	x := g.variable(t)
	switch g.intn(9) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", x, []string{"+", "-"}[g.intn(2)], g.expr(t, depth-1))
	case 2, 3:
		// The conversion keeps the product from being fused.
		return fmt.Sprintf("%s(%s * %s)", t, x, g.expr(t, depth-1))
	case 4:
		return fmt.Sprintf("(%s / %s)", x, g.expr(t, depth-1))
	case 5:
		return fmt.Sprintf("%s(%s)", t, g.variable(integers[g.intn(len(integers))]))
	case 6:
		return "-" + x
	case 7:
		f := []string{"Sqrt", "Abs", "Floor", "Trunc"}[g.intn(4)]
		return fmt.Sprintf("%s(math.%s(float64(%s)))", t, f, x)
	}
	return fmt.Sprintf("%s(%s)", t, g.variable(floats[g.intn(2)]))
}

func (g *writer) boolean(depth int) string {
	switch g.intn(9) {
	case 0:
		return "!" + g.expr(boolType, 0)
	case 1, 2:
		return fmt.Sprintf("(%s %s %s)", g.expr(boolType, depth-1), []string{"&&", "||"}[g.intn(2)], g.expr(boolType, depth-1))
	case 3:
		a, b := g.expr(stringType, depth-1), g.expr(stringType, depth-1)
		return fmt.Sprintf("(%s %s %s)", a, comparison[g.intn(6)], b)
	case 4:
		// Values of composed types; pointers are compared with nil only.
		var found []place
		g.places(func(p place) {
			if !p.t.scalar() {
				found = append(found, p)
			}
		})
		if len(found) > 0 {
			p := found[g.intn(len(found))]
			switch {
			case p.t.kind == pointer || p.t.kind == slice || p.t.kind == mapping || p.t.kind == anything:
				return fmt.Sprintf("(%s %s nil)", p.text, comparison[g.intn(2)])
			case p.t.comparable() && !p.t.hasAddress():
				return fmt.Sprintf("(%s %s %s)", p.text, comparison[g.intn(2)], g.expr(p.t, depth-1))
			}
		}
	}
	t := integers[g.intn(len(integers))]
	if g.chance(20) {
		t = floats[g.intn(2)]
	}
	return fmt.Sprintf("(%s %s %s)", g.variable(t), comparison[g.intn(6)], g.expr(t, depth-1))
}

var comparison = []string{"==", "!=", "<", "<=", ">", ">="}

func (g *writer) text(depth int) string {
	switch g.intn(7) {
	case 0, 1:
		return fmt.Sprintf("%s(%s + %s)", g.p.helper("Clip"), g.expr(stringType, depth-1), g.expr(stringType, depth-1))
	case 2:
		return fmt.Sprintf("strconv.Itoa(int(%s))", g.word())
	case 3:
		return fmt.Sprintf("string(rune('a' + %s%%26))", g.word())
	case 4:
		if v := g.pick(stringType); v != "" {
			if g.chance(50) {
				return fmt.Sprintf("%s[:min(len(%s), %d)]", v, v, g.intn(9))
			}
			return fmt.Sprintf("%s[min(len(%s), %d):]", v, v, g.intn(4))
		}
	case 5:
		if v := g.pick(bytesType); v != "" && !g.private {
			return fmt.Sprintf("string(%s)", v)
		}
	case 6:
		return fmt.Sprintf("strings.%s(%s)", []string{"ToUpper", "TrimSpace", "ToLower"}[g.intn(3)], g.expr(stringType, depth-1))
	}
	return g.expr(stringType, 0)
}

// pointer is an expression for a pointer that is not nil unless maybe.
func (g *writer) pointer(t *typ, depth int, maybe bool) string {
	var found []string
	for _, v := range g.vars {
		if g.private && v.shared {
			continue
		}
		if same(v.t, t) && v.nonnil {
			found = append(found, v.name, v.name)
		}
	}
	if !g.closure || !g.private {
		g.places(func(p place) {
			if p.v.shared && !p.v.readonly && same(p.t, t.elem) {
				found = append(found, "&"+p.text)
			}
			if maybe && same(p.t, t) {
				found = append(found, p.text)
			}
		})
	}
	if len(found) > 0 && g.chance(80) {
		return found[g.intn(len(found))]
	}
	if t.elem.kind == structure || t.elem.kind == array {
		return "(&" + strings.TrimPrefix(g.composite(t.elem, depth-1), "(")
	}
	return fmt.Sprintf("%s(%s)", g.p.box(t.elem), g.expr(t.elem, depth-1))
}

// composite is a literal of a composed type.
func (g *writer) composite(t *typ, depth int) string {
	var parts []string
	switch t.kind {
	case array:
		if t.len > 8 {
			for i := g.intn(8); i < t.len; i += 4 + g.intn(12) {
				parts = append(parts, fmt.Sprintf("%d: %s", i, g.expr(t.elem, depth-1)))
			}
			break
		}
		for range t.len {
			parts = append(parts, g.expr(t.elem, depth-1))
		}
	case slice:
		if g.chance(15) {
			return fmt.Sprintf("make(%s, %d, %d)", t, g.intn(3), 3+g.intn(3))
		}
		for range g.intn(5) {
			parts = append(parts, g.expr(t.elem, depth-1))
		}
	case structure:
		for _, f := range t.fields {
			if f.name == "next" && (depth <= 0 || g.chance(60)) || g.chance(15) {
				continue
			}
			parts = append(parts, f.name+": "+g.expr(f.t, depth-1))
		}
	case mapping:
		if g.chance(30) {
			return fmt.Sprintf("make(%s)", t)
		}
		var keys []string
		for range g.intn(4) {
			k := g.literal(t.key)
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
				parts = append(parts, k+": "+g.expr(t.elem, depth-1))
			}
		}
	default:
		return g.leaf(t)
	}
	return fmt.Sprintf("(%s{%s})", t, strings.Join(parts, ", "))
}

// leaf is an expression without operands, or as good as.
func (g *writer) leaf(t *typ) string {
	switch t.kind {
	case pointer:
		return g.pointer(t, 0, g.chance(40))
	case anything:
		return fmt.Sprintf("any(%s)", g.literal(g.p.boxed[g.intn(4)]))
	case array, structure, slice, mapping:
		for _, v := range g.vars {
			if t.kind == mapping && v.nonnil && same(v.t, t) && !(g.private && v.shared) && g.chance(60) {
				return v.name
			}
		}
		return g.composite(t, 0)
	}
	return g.literal(t)
}

// literal is a constant of a type without parts.
func (g *writer) literal(t *typ) string {
	switch t.kind {
	case integer:
		n := t.bits
		if t.signed {
			n--
		}
		v := g.p.rand.Uint64() >> (64 - n)
		switch g.intn(4) {
		case 0, 1:
			v %= 20
		case 2:
			v = []uint64{0, 1, 1<<n - 1, 1 << (n - 1)}[g.intn(4)]
		}
		if t.signed && g.chance(30) {
			return fmt.Sprintf("%s(%d)", t, -int64(v))
		}
		return fmt.Sprintf("%s(%d)", t, v)
	case float:
		return fmt.Sprintf("%s(%v)", t, float64(g.intn(2000)-1000)/8)
	case complexNumber:
		return fmt.Sprintf("%s(complex(%d, %d))", t, g.intn(20), g.intn(20)-10)
	case boolean:
		if n := g.intn(20); n < 2 {
			return fmt.Sprint(n == 0)
		}
		return fmt.Sprintf("(%s&%d == 0)", g.word(), 1<<g.intn(4))
	}
	return fmt.Sprintf("%q", []string{"", "a", "hello", "Go", "stack", "\x00\xff", "größer", "x y z", "0123456789"}[g.intn(9)])
}

// zero is the zero value of t.
func zero(t *typ) string {
	switch t.kind {
	case integer, float, complexNumber:
		return "0"
	case boolean:
		return "false"
	case text:
		return `""`
	case array, structure:
		return t.name + "{}"
	}
	return "nil"
}

// argument is an expression for a parameter.
func (g *writer) argument(v *variable) string {
	if v.t.kind == pointer {
		return g.pointer(v.t, 2, false)
	}
	return g.expr(v.t, 2)
}

// calling is an expression of type t with calls of bodies and yields in it. All
// else in it are values that calls do not change.
func (g *writer) calling(t *typ, depth int) string {
	was := g.private
	g.private = true
	defer func() { g.private = was }()
	return g.callingPart(t, depth)
}

func (g *writer) callingPart(t *typ, depth int) string {
	if depth > 0 && g.chance(50) {
		x := g.callingPart(t, depth-1)
		y := g.expr(t, 1)
		if g.chance(40) {
			y = g.callingPart(t, depth-1)
		}
		if g.chance(30) {
			x, y = y, x
		}
		switch t.kind {
		case integer:
			return fmt.Sprintf("(%s(%s) %s %s)", t, x, []string{"+", "-", "*", "^"}[g.intn(4)], y)
		case boolean:
			return fmt.Sprintf("(%s %s %s)", x, []string{"&&", "||"}[g.intn(2)], y)
		case text:
			return fmt.Sprintf("%s(%s + %s)", g.p.helper("Clip"), x, y)
		}
	}
	if !g.f.leaf && g.chance(50) {
		if g.p.in == nil {
			return g.variableOr(t)
		}
		yield := fmt.Sprintf("y.Yield(%s)", g.yielded(depth-1))
		switch {
		case same(g.p.in, t):
			return yield
		case t.kind == integer && g.p.in.kind == integer:
			return fmt.Sprintf("%s(%s)", t, yield)
		case t.kind == integer:
			return fmt.Sprintf("%s(%s)", t, g.p.mixed(g.p.in, g.expr(uint64Type, 0), yield, 2))
		case t.kind == boolean:
			return fmt.Sprintf("(%s&%d == 0)", g.p.mixed(g.p.in, g.expr(uint64Type, 0), yield, 2), 1<<g.intn(3))
		}
	}
	var found []*function
	for _, f := range g.callees() {
		if len(f.results) == 1 && f.leaf && (same(f.results[0], t) || t.kind == integer && f.results[0].kind == integer) {
			found = append(found, f)
		}
	}
	if len(found) > 0 {
		f := found[g.intn(len(found))]
		return fmt.Sprintf("%s(%s)", t, g.call(f, depth-1))
	}
	return g.variableOr(t)
}

// variableOr is an expression, and not a constant if t is a number.
func (g *writer) variableOr(t *typ) string {
	if t.number() {
		return g.variable(t)
	}
	return g.expr(t, 1)
}

// yielded is what to yield: an expression that may hold calls itself.
func (g *writer) yielded(depth int) string {
	switch {
	case g.p.out == nil:
		return "struct{}{}"
	case depth > 0 && g.chance(30):
		return g.callingPart(g.p.out, depth)
	}
	return g.expr(g.p.out, 2)
}

// callees are the functions that the one being written may call.
func (g *writer) callees() []*function {
	if g.f == nil {
		return nil
	}
	if !g.f.leaf {
		return g.p.funcs
	}
	i := slices.Index(g.p.funcs, g.f)
	return g.p.funcs[i+1:]
}

// call is a call of f.
func (g *writer) call(f *function, depth int) string {
	var args []string
	if !f.leaf {
		args = append(args, "y", "d-1")
	}
	for _, v := range f.params {
		if depth > 0 && g.private && v.t.scalar() && g.chance(30) {
			args = append(args, g.callingPart(v.t, depth))
		} else {
			args = append(args, g.argument(v))
		}
	}
	name := f.name
	if f.recv != nil {
		name = "(" + g.argument(f.recv) + ")." + name
	}
	return fmt.Sprintf("%s(%s)", name, strings.Join(args, ", "))
}

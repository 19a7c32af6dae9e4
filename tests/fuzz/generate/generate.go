// Package generate writes random programs made of coroutine bodies: functions
// that yield, call each other and themselves, keep pointers to their locals,
// allocate, and sometimes fail. The same seed gives the same program.
//
// What the language leaves open is left out, so that a program means one thing:
// an operand that a call in the same expression could change, two operations in
// one expression that could both fail, conversions of floats that do not fit,
// products that may be fused with a sum, orders of maps, addresses.
package generate

import (
	"fmt"
	"go/format"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// Program returns the source of a program, one file of package main, whose
// package-level names start with name or Run, and how many functions with the
// directive it has.
func Program(seed uint64, name string) (source []byte, functions int, err error) {
	p := &program{
		rand:   rand.New(rand.NewPCG(seed, 0x6d6f7265)),
		name:   name,
		hashes: map[string]string{},
		used:   map[string]bool{},
	}
	p.makeTypes()
	p.boxed = []*typ{intType, stringType, floatType, boolType}
	for _, t := range p.structs {
		if !slices.ContainsFunc(t.fields, func(f field) bool { return f.t.size() > 4 }) {
			p.boxed = append(p.boxed, t)
		}
	}
	p.makeChannel()
	p.makeGlobals()
	p.makeSignatures()
	for _, f := range p.funcs {
		p.body(f)
	}
	p.driver(seed)
	source, err = format.Source([]byte(p.file()))
	return source, p.marked, err
}

// program is a program in the making.
type program struct {
	rand   *rand.Rand
	name   string
	decls  strings.Builder
	marked int             // functions with the directive
	used   map[string]bool // helpers that are declared

	pool    []*typ // composed types in use
	structs []*typ
	rows    []*typ            // structs of certain sizes
	boxed   []*typ            // types that values of type any have
	hashes  map[string]string // functions by name of the type
	out, in *typ              // what bodies yield and receive; nil for struct{}
	globals []*variable
	funcs   []*function
	faulty  bool // the program may fail at run time
}

func (p *program) intn(n int) int          { return p.rand.IntN(n) }
func (p *program) chance(percent int) bool { return p.rand.IntN(100) < percent }

// declare adds a declaration.
func (p *program) declare(format string, args ...any) {
	fmt.Fprintf(&p.decls, "\n"+format, args...)
}

// function adds a function with the directive.
func (p *program) function(format string, args ...any) {
	p.marked++
	p.declare("//coro:body\n"+format, args...)
}

// makeChannel chooses what bodies yield and receive.
func (p *program) makeChannel() {
	choose := func() *typ {
		if p.chance(12) {
			return nil
		}
		if p.chance(45) {
			return p.basic()
		}
		return p.anyType()
	}
	p.out, p.in = choose(), choose()
}

func nameOf(t *typ) string {
	if t == nil {
		return "struct{}"
	}
	return t.name
}

// yielder is the type of the Yielder of all bodies.
func (p *program) yielder() string {
	return fmt.Sprintf("*coro.Yielder[%s, %s]", nameOf(p.out), nameOf(p.in))
}

// makeGlobals declares package variables, among them the fuel: how many more
// calls bodies make. Without it their number would be exponential.
func (p *program) makeGlobals() {
	p.declare("var %[1]sFuel int\n\nvar %[1]sSum uint64\n", p.name)
	for i := range p.intn(3) {
		v := &variable{name: fmt.Sprintf("%sG%d", p.name, i), t: p.anyType(), shared: true, global: true}
		p.globals = append(p.globals, v)
		p.declare("var %s %s\n", v.name, v.t)
	}
}

// function is one of the program's bodies.
type function struct {
	name    string
	leaf    bool // has no Yielder, calls leaves declared after it only
	recv    *variable
	params  []*variable
	results []*typ
}

// makeSignatures chooses the functions. The first is where coroutines start.
func (p *program) makeSignatures() {
	p.faulty = p.chance(40)
	for i := range 3 + p.intn(6) {
		p.funcs = append(p.funcs, p.signature(fmt.Sprintf("%sBody%d", p.name, i), false))
	}
	for i := range 1 + p.intn(4) {
		p.funcs = append(p.funcs, p.signature(fmt.Sprintf("%sLeaf%d", p.name, i), true))
	}
}

func (p *program) signature(name string, leaf bool) *function {
	f := &function{name: name, leaf: leaf}
	if p.chance(15) && len(p.structs) > 0 && len(p.funcs) > 0 {
		t := p.structs[p.intn(len(p.structs))]
		if p.chance(60) {
			t = pointerTo(t)
		}
		f.recv = &variable{name: "r", t: t, nonnil: t.kind == pointer}
	}
	n := p.intn(5)
	if p.chance(8) {
		n += 9 // on the stack
	}
	for i := range n {
		f.params = append(f.params, p.param(fmt.Sprintf("p%d", i)))
	}
	n = 1
	if p.chance(40) {
		n += p.intn(3)
	}
	if p.chance(4) {
		n += 9
	}
	if !leaf && p.chance(8) {
		n = 0
	}
	for i := range n {
		t := p.anyType()
		if p.chance(40) || leaf && i == 0 {
			t = uint64Type
		}
		f.results = append(f.results, t)
	}
	return f
}

func (p *program) param(name string) *variable {
	t := p.anyType()
	if p.chance(25) {
		t = pointerTo(p.anyType())
	}
	v := &variable{name: name, t: t, nonnil: t.kind == pointer || t.kind == mapping}
	// Parameters whose address is taken, too.
	v.shared = p.chance(15)
	return v
}

// file is the whole source.
func (p *program) file() string {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n")
	for _, path := range []string{"fmt", "math", "math/bits", "slices", "strconv", "strings"} {
		if regexp.MustCompile(`\b` + path[strings.LastIndexByte(path, '/')+1:] + `\.[A-Z]`).MatchString(p.decls.String()) {
			fmt.Fprintf(&b, "%q\n", path)
		}
	}
	b.WriteString("\n\"github.com/morestack/morestack/coro\"\n\"github.com/morestack/morestack/tests/fuzz/record\"\n)\n")
	b.WriteString(p.decls.String())
	return b.String()
}

// driver writes the function that runs the program: with arguments and answers
// that are small functions of a number, three times.
func (p *program) driver(seed uint64) {
	answer := p.plainGo()
	answer.declareLocal("n", intType)
	in := "struct{}{}"
	if p.in != nil {
		in = answer.expr(p.in, 2)
	}
	p.declare("func %sAnswer(n int) %s {\nh := uint64(n) * 0x2545f4914f6cdd1d\nh ^= h >> 11\n%s_ = h\nreturn %s\n}\n", p.name, nameOf(p.in), answer.b.String(), in)

	f := p.funcs[0]
	upper := strings.ToUpper(p.name[:1]) + p.name[1:]
	g := p.plainGo()
	depth := 2 + p.intn(6)
	if p.chance(25) {
		depth += p.intn(30)
	}
	args := []string{fmt.Sprint(depth)}
	for _, v := range f.params {
		args = append(args, g.argument(v))
	}
	p.declare("func %sStart(n uint64, opts ...coro.Option) %s {\nh := n * 0x2545f4914f6cdd1d\n_ = h\n%s_ = h\nreturn %s(%s)\n}\n",
		p.name, p.coroutine(f), g.b.String(), "new"+upper+strings.TrimPrefix(f.name, p.name), strings.Join(append(args, "opts..."), ", "))

	c, results := "c", ""
	if len(f.results) > 0 {
		c, results = "c.Coroutine", "t.Values(c.Results())\n"
	}
	// A program can be run more than once.
	var globals, reset strings.Builder
	for _, v := range p.globals {
		fmt.Fprintf(&globals, "t.Values(%s)\n", v.name)
		fmt.Fprintf(&reset, "%s = *new(%s)\n", v.name, v.t)
	}
	p.declare(`// Run%[1]s was generated from seed %[2]d.
func Run%[1]s(t *record.Transcript) {
	%[11]s%[3]sSum = 0
	%[3]sFuel = %[4]d
	c := %[3]sStart(1)
	record.Drive(t, %[5]s, %[6]d, %[3]sAnswer)
	%[7]s%[3]sFuel = %[4]d
	c = %[3]sStart(2, coro.FirstSize(512))
	record.Drive(t, %[5]s, %[8]d, %[3]sAnswer)
	%[7]s%[3]sFuel = %[4]d
	c = %[3]sStart(3)
	d := c
	c = %[3]sStart(4)
	record.Race(t, %[5]s, %[9]s, %[6]d, %[3]sAnswer)
	%[7]s%[10]st.Values(%[3]sSum)
}
`, upper, seed, p.name, 40+p.intn(200), c, 20+p.intn(30), results, 1+p.intn(6), strings.Replace(c, "c", "d", 1), globals.String(), reset.String())
}

// coroutine is the type that f's constructor returns.
func (p *program) coroutine(f *function) string {
	if len(f.results) == 0 {
		return fmt.Sprintf("coro.Coroutine[%s, %s]", nameOf(p.out), nameOf(p.in))
	}
	return f.name + "Coroutine"
}

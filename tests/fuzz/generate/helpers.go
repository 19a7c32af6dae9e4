package generate

import "fmt"

// helper is the name of a small function, which is declared when it is first
// asked for.
func (p *program) helper(kind string) string {
	name := p.name + kind
	if p.used[name] {
		return name
	}
	p.used[name] = true
	switch kind {
	case "Clip": // keeps strings short
		p.function("func %s(s string) string {\nif len(s) > 24 {\nreturn s[len(s)-24:]\n}\nreturn s\n}\n", name)
	case "Clamp": // a float that fits into an integer
		p.function("func %s(v float64) int64 {\nif !(v > -1e6) {\nreturn -1000000\n}\nif v > 1e6 {\nreturn 1000000\n}\nreturn int64(v)\n}\n", name)
	case "Apply": // Go code that calls back
		p.declare("func %s(f func(int) int, n int) (r int) {\nfor i := range n {\nr = r*3 + f(r+i)\n}\nreturn r\n}\n", name)
	case "Deep": // needs a large stack, in few frames: with stress each moves all
		p.function("func %s(n int, v uint64) uint64 {\nvar a [50]uint64\na[n%%50] = v\nif n > 0 {\nv = %[1]s(n-1, v+1)\n}\nreturn v ^ a[n%%50]\n}\n", name)
	case "Getter": // dynamic calls
		p.declare(`type %[1]s interface{ get(x int) int }

type %[1]sA struct{ v int }

func (a %[1]sA) get(x int) int { return a.v + x }

type %[1]sB struct {
	s string
	n int
}

func (b *%[1]sB) get(x int) int {
	b.n += x
	return b.n ^ len(b.s)
}
`, name)
	case "Total": // generic
		p.function("func %s[T int | uint8 | float64](s []T) (sum T) {\nfor _, v := range s {\nsum += v\n}\nreturn sum\n}\n", name)
	}
	return name
}

// box is the name of a function that returns a pointer to a copy.
func (p *program) box(t *typ) string {
	return p.pair(t, "Box", "func %s(v %s) *%[2]s { return &v }\n", true)
}

// poke is the name of a Go function that changes what a pointer points to.
func (p *program) poke(t *typ) string {
	return p.pair(t, "Poke", "func %s(p *%s, v %[2]s) %[2]s {\nrecord.Tick()\nold := *p\n*p = v\nreturn old\n}\n", false)
}

// repeat is the name of a function that returns a slice of copies, with only its
// caller to hold it.
func (p *program) repeat(t *typ, body bool) string {
	kind := "Repeat"
	if body {
		kind = "Copies"
	}
	return p.pair(t, kind, "func %s(n int, v %s) []%[2]s {\ns := make([]%[2]s, n)\nfor i := range s {\ns[i] = v\n}\nreturn s\n}\n", body)
}

// pair declares a function once for a type.
func (p *program) pair(t *typ, kind, format string, body bool) string {
	key := kind + " " + t.name
	if name, ok := p.hashes[key]; ok {
		return name
	}
	name := fmt.Sprintf("%s%s%d", p.name, kind, len(p.hashes))
	p.hashes[key] = name
	if body {
		p.function(format, name, t)
	} else {
		p.declare(format, name, t)
	}
	return name
}

//go:build linux && amd64 && !purego && !race

package environments

import (
	"strings"
	"testing"
)

// What a body takes from another package: a layout that it only copies, methods that
// know it, functions and constants, all of them directly and through functions of its
// own package.
const (
	dependency = `package dep

const (
	Limit         = 10
	Step  int32   = 3
	Scale         = 0.5
	Word          = "old"
	Large         = 1 << 63
)

type (
	number int
	sum    int
)

type Pair struct {
	a, b number
	Open sum
}

func New(a, b int) Pair { return Pair{a: number(a), b: number(b), Open: sum(a + b)} }

func (p Pair) A() int  { return int(p.a) }
func (p *Pair) B() int { return int(p.b) }

func Number() int { return 5 }

func Double(x int) int { return 2 * x }

func Generic[T int | float64](x T) T { return x + 1 }

var Variable int = 7
`
	dependent = `package stale

import (
	"strings"

	"example.com/user/dep"
	"github.com/morestack/morestack/coro"
)

const own = dep.Limit / 2

func first(p *dep.Pair) int       { return p.A() }
func second(p dep.Pair) int       { return both(p) - p.A() }
func both(p dep.Pair) int         { return p.A() + p.B() }
func number() int                 { return dep.Number() + dep.Double(4) + dep.Generic(1) }
func limits(x int) int            { return min(x, dep.Limit) + own + int(dep.Step) }
func built(b *strings.Builder) int { return b.Len() }

//coro:body
func Values(y *coro.Yielder[int, struct{}], p *dep.Pair, b *strings.Builder) {
	copied := *p
	for range 2 {
		y.Yield(p.A()*100 + p.B())
		y.Yield(first(p)*100 + second(copied))
		y.Yield(dep.Number() + dep.Double(4) + dep.Generic(1))
		y.Yield(number())
		y.Yield(dep.Limit + own + int(dep.Step) + int(8*dep.Scale) + len(dep.Word) + int(dep.Large>>60))
		y.Yield(limits(1000))
		y.Yield(int(copied.Open) + int(dep.Variable) + built(b))
	}
}
`
	staleTest = `package stale

import (
	"slices"
	"strings"
	"testing"

	"example.com/user/dep"
)

func Test(t *testing.T) {
	var got, want []int
	p := dep.New(1, 2)
	var b strings.Builder
	b.WriteString("built")
	for range 2 {
		want = append(want, p.A()*100+p.B(), p.A()*100+p.B())
		want = append(want, number(), number())
		want = append(want, dep.Limit+own+int(dep.Step)+int(8*dep.Scale)+len(dep.Word)+int(dep.Large>>60))
		want = append(want, min(1000, dep.Limit)+own+int(dep.Step), int(p.Open)+int(dep.Variable)+b.Len())
	}
	c := NewValues(&p, &b)
	for v := range c.All() {
		got = append(got, v)
	}
	if !slices.Equal(got, want) || c.Err() != nil {
		t.Error(got, want, c.Err())
	}
}
`
)

// A new release of a dependency: what has been generated for the old one does what the
// new one does, or the twin runs, which says why.
func TestStaleDependency(t *testing.T) {
	t.Parallel()
	user := clone(t, "m", plain).in("user")
	user.write(t, "dep/dep.go", dependency)
	user.write(t, "stale/stale.go", dependent)
	user.write(t, "stale/stale_test.go", staleTest)
	user.in("stale").quiet(t, corogen)
	for _, c := range []struct{ name, old, new, refused string }{
		{"as it was", "", "", ""},
		{"private fields", "a, b number", "b, a number", ""},
		{"method", "int(p.b)", "int(p.a)", ""},
		{"constant function", "return 5 }", "return 6 }", ""},
		{"function", "return 2 * x }", "return 3 * x }", ""},
		{"generic function", "return x + 1 }", "return x + 2 }", ""},
		{"private sign", "number int", "number uint", ""},
		{"private kind", "number int", "number float64", "the layout of dep.Pair"},
		{"private pointer", "a, b number", "a, b number; c *int", "the layout of dep.Pair"},
		{"public kind", "sum    int", "sum uint", `the layout of dep.Pair, which had "16 Open int" and has "16 Open uint"`},
		{"order", "a, b number\n\tOpen sum", "Open sum\n\ta, b number", "the layout of dep.Pair"},
		{"variable", "Variable int = 7", "Variable float64 = 7", `the layout of dep.Variable, which had "0 int" and has "0 float64"`},
		{"constant", "Limit         = 10", "Limit         = 12", "dep.Limit being int 10, which is int 12"},
		{"constant's kind", "int32   = 3", "int8 = 3", "dep.Step being int32 3, which is int8 3"},
		{"constant of a function", "int32   = 3", "int32   = 4", "dep.Step being int32 3, which is int32 4"},
		{"float", "= 0.5", "= 0.25", "dep.Scale"},
		{"string", `"old"`, `"older"`, "dep.Word"},
		{"large", "1 << 63", "1<<63 + 1<<61", "dep.Large"},
		{"large no more", "1 << 63", "1.0", "dep.Large"},
	} {
		user.write(t, "dep/dep.go", strings.Replace(dependency, c.old, c.new, 1))
		out, err := user.in("stale").with("MORESTACK=native=1").try("go", "test", "-v", ".")
		refused := strings.Contains(out, "go generate example.com/user/stale")
		if err != nil || refused != (c.refused != "") || !strings.Contains(out, c.refused) {
			t.Errorf("%s: %v\n%s\nwant %q", c.name, err, out, c.refused)
		}
	}
}

package constructs

import (
	"slices"
	"sort"
	"strings"

	"github.com/morestack/morestack/coro"
)

//coro:body
func sortSlice(y *coro.Yielder[int, struct{}], words []string, descending bool) {
	compared := 0
	sort.Slice(words, func(i, j int) bool {
		compared++
		if descending {
			i, j = j, i
		}
		return words[i] < words[j]
	})
	if compared > 0 {
		y.Yield(len(words))
	}
}

//coro:body
func sortFunc(y *coro.Yielder[point, int], ps []point) {
	pivot := y.Yield(ps[0])
	slices.SortFunc(ps, func(a, b point) int { return (a.x-pivot)*(a.x-pivot) - (b.x-pivot)*(b.x-pivot) })
	for _, p := range ps {
		y.Yield(p)
	}
}

// captures changes variables in a closure and reads them outside, and the other
// way round.
//
//coro:body
func captures(y *coro.Yielder[int, int]) (total int) {
	count := 0
	next := func() int {
		count++
		return count * 10
	}
	for range 3 {
		total += next()
		total += y.Yield(count)
		count++
	}
	return total
}

//coro:body
func closureParameters(y *coro.Yielder[int, int], f func(int) int) int {
	g := func(x int) int { return f(x) + 1 }
	h := compose(f, g)
	return h(y.Yield(f(1))) + g(y.Yield(h(2)))
}

func compose(f, g func(int) int) func(int) int { return func(x int) int { return g(f(x)) } }

//coro:body
func closureResults(y *coro.Yielder[int, int], n int) []func() int {
	var all []func() int
	for i := range n {
		offset := y.Yield(i)
		all = append(all, func() int {
			offset++
			return offset + i
		})
	}
	return all
}

//coro:body
func immediate(y *coro.Yielder[string, string], s string) string {
	upper := func(s string) string { return strings.ToUpper(s) }(y.Yield(s))
	func() { s += upper }()
	return strings.Map(func(r rune) rune {
		if r == 'X' {
			return -1
		}
		return r + 1
	}, s)
}

// recursiveClosure is a closure that calls itself.
//
//coro:body
func recursiveClosure(y *coro.Yielder[int, int]) int {
	calls := 0
	var fib func(int) int
	fib = func(n int) int {
		calls++
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	n := fib(y.Yield(0))
	y.Yield(calls)
	return n
}

//coro:body
func functionValues(y *coro.Yielder[int, int]) int {
	operations := map[string]func(int, int) int{
		"+": func(a, b int) int { return a + b },
		"-": func(a, b int) int { return a - b },
		"*": times,
	}
	var f func(int, int) int
	if f == nil {
		f = operations["*"]
	}
	x := f(y.Yield(0), 7)
	x = operations["+"](x, y.Yield(x))
	x = operations["-"](x, y.Yield(x))
	table := [...]func(string) int{func(s string) int { return len(s) }, indexOfZ}
	return x + table[0]("four") + table[1]("aZ")
}

func times(a, b int) int { return a * b }

func indexOfZ(s string) int { return strings.IndexByte(s, 'Z') }

type counter struct{ n int }

func (c *counter) add(by int) int {
	c.n += by
	return c.n
}

func (c counter) get() int { return c.n }

//coro:body
func methodValues(y *coro.Yielder[int, int], c *counter) int {
	add, get := c.add, c.get
	add(y.Yield(get()))
	add(y.Yield(get())) // get has a copy of the counter as it was
	plus := (*counter).add
	plus(c, y.Yield(counter.get(*c)))
	var local counter
	local.add(5)
	again := local.add
	again(y.Yield(local.n))
	var s shape = square{3}
	area := s.area
	s = square{100}
	return local.n*1000 + c.n + int(area())
}

// localsInClosures hands closures that see the frame's variables to Go code,
// which calls them while the frame is suspended in a call.
//
//coro:body
func localsInClosures(y *coro.Yielder[[]int, int], n int) (sum int) {
	var seen []int
	least, most := 1<<62, -1<<62
	each(n, func(i int) {
		sum += i
		seen = append(seen, i)
		least, most = min(least, i), max(most, i)
	})
	y.Yield(seen)
	each(y.Yield([]int{least, most}), func(i int) { sum -= i })
	return sum
}

//go:noinline
func each(n int, f func(int)) {
	for i := range n {
		f(i * i)
	}
}

package constructs

import (
	"slices"
	"strconv"

	"github.com/morestack/morestack/coro"
)

type branch struct {
	left, right *branch
	name        string
}

// walkLiteral yields from a literal that calls itself. It shares a number, a
// string and a slice with the body, and has the tree of each call to itself.
//
//coro:body
func walkLiteral(y *coro.Yielder[string, int], root *branch) (visited, deepest int, path string, answers []int) {
	depth := 0
	var visit func(*branch)
	visit = func(t *branch) {
		if t == nil {
			return
		}
		depth++
		deepest = max(deepest, depth)
		visit(t.left)
		answers = append(answers, y.Yield(t.name))
		visited++
		path += t.name
		visit(t.right)
		depth--
	}
	visit(root)
	return
}

// ping and pong call each other.
//
//coro:body
func literalsInTurn(y *coro.Yielder[string, int], n int) (calls int) {
	var ping, pong func(int) int
	ping = func(n int) int {
		calls++
		if n == 0 {
			return y.Yield("ping")
		}
		return pong(n-1) + 1
	}
	pong = func(n int) int {
		calls++
		if n == 0 {
			return y.Yield("pong")
		}
		return ping(n-1) + 10
	}
	first := ping(n)
	calls += 100 * first
	calls += 10_000 * pong(n)
	return calls
}

// valuesOfLiterals changes a captured variable between calls, and has others of
// the same name where it calls.
//
//coro:body
func valuesOfLiterals(y *coro.Yielder[string, string], words []string) string {
	prefix, count := "<", 1
	emit := func(s string) string { return y.Yield(prefix+s) + strconv.Itoa(count) }
	out := ""
	for i, w := range words {
		count += i
		prefix += "<"
		{
			prefix, count := "shadow", 3.5
			out += emit(w + prefix[:int(count)])
		}
	}
	return out
}

//coro:body
func immediateLiterals(y *coro.Yielder[int, int], n int) (sum int) {
	for i := range n {
		sum += func(x int) int {
			a := y.Yield(x)
			return a*i + func() int { return y.Yield(a) }()
		}(i * 10)
	}
	func() {
		defer func() { sum++ }()
		sum *= 2
	}()
	return sum
}

// nestedLiterals has literals in literals, which share variables of each.
//
//coro:body
func nestedLiterals(y *coro.Yielder[int, int], xs []int) (trace []int) {
	total := 0
	each := func(from ...int) (last int, ok bool) {
		local, seen := 0, map[int]bool{}
		one := func(x int) {
			local += x
			total += y.Yield(local)
			if !seen[x] {
				seen[x] = true
				trace = append(trace, x)
			}
			last, ok = x, len(seen) > 1
		}
		for _, x := range from {
			one(x)
			one(x)
		}
		return
	}
	last, ok := each(xs...)
	if _, again := each(); ok && !again {
		trace = append(trace, last)
	}
	return append(trace, total)
}

// mixedLiterals has native literals, and ordinary ones for Go code, which share
// variables.
//
//coro:body
func mixedLiterals(y *coro.Yielder[int, int], xs []int) (out []int) {
	compared, limit := 0, 1<<40
	emit := func(x int) bool {
		compared++
		limit = y.Yield(x)
		return x < limit
	}
	slices.SortFunc(xs, func(a, b int) int {
		compared++
		return a%limit - b%limit
	})
	for _, x := range xs {
		if emit(x) {
			out = append(out, x)
		}
	}
	return append(out, compared-compared%100, limit)
}

// bodiesInLiterals calls bodies in literals, one of which does not yield.
//
//coro:body
func bodiesInLiterals(y *coro.Yielder[int, int], n int) (sum int) {
	count := func(k uint64) { sum += int(factorial(k)) }
	deeper := func(k int) int { return deep(y, k) + k }
	for i := range n {
		count(uint64(i))
		sum += deeper(i)
	}
	return sum
}

type tagged[A, B any] struct {
	a A
	b B
}

//coro:body
func genericLiterals[A, B any](y *coro.Yielder[tagged[A, B], B], as []A, b B) (n int, last B) {
	last = b
	emit := func(a A) { last = y.Yield(tagged[A, B]{a, last}); n++ }
	for _, a := range as {
		emit(a)
	}
	return
}

// controlInLiterals returns out of loops, also those over functions, jumps, and
// switches in a literal.
//
//coro:body
func controlInLiterals(y *coro.Yielder[string, int], words []string) (out []int) {
	find := func(what string) (at int) {
		at = -1
	search:
		for i, w := range words {
			switch {
			case w == what:
				at = i
				break search
			case w == "":
				continue search
			}
			for j := range slices.Values([]byte(w)) {
				if y.Yield(w+string(rune(j))) < 0 {
					return -2
				}
			}
		}
		return at
	}
	for _, w := range words {
		out = append(out, find(w))
	}
	return append(out, find("none"))
}

//coro:body
func failingLiteral(y *coro.Yielder[int, int], xs []int) {
	var get func(int) int
	get = func(i int) int {
		y.Yield(i)
		return xs[i] + get(i+1) // fails: index in a literal
	}
	y.Yield(get(0))
}

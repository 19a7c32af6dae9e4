//go:build fixedbug

// Seed 6: a yield whose answer is composed in memory stored the pointers of its
// own value as integers, which the compiler then left out: nil was yielded. Nor
// did such a value escape.
package main

import (
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/fuzz/record"
)

type p6T struct{ f float64 }

type p6Pair struct {
	p *int
	f float32
}

//coro:body
func p6Any(y *coro.Yielder[any, p6T], n float64) float64 {
	sum := n + y.Yield("x y z").f
	sum += y.Yield(n).f
	local := []int{1, 2}
	sum += y.Yield(&local).f
	return sum + float64(local[0])
}

//coro:body
func p6Pairs(y *coro.Yielder[p6Pair, p6Pair], n int) int {
	a, b := n, n+1
	v := y.Yield(p6Pair{&a, 1})
	w := y.Yield(p6Pair{&b, v.f})
	return a + b + *v.p + *w.p
}

// RunP6 drives one coroutine of each.
func RunP6(t *record.Transcript) {
	a := newP6Any(1)
	record.Drive(t, a.Coroutine, 9, func(n int) p6T { return p6T{float64(n)} })
	t.Values(a.Results())
	b := newP6Pairs(1)
	record.Drive(t, b.Coroutine, 9, func(n int) p6Pair { return p6Pair{&n, float32(n)} })
	t.Values(b.Results())
}

//go:build fixedbug

// Seed 45: a loop over an array of one element that holds pointers was refused.
// The compiler goes over a copy in memory, whatever the length.
package main

import (
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/fuzz/record"
)

type p45T struct {
	f float32
	s string
}

//coro:body
func p45Body(y *coro.Yielder[float32, int], list [1]p45T) (n int) {
	for i, e := range list {
		list[0].s = "changed"
		n += y.Yield(e.f) + i + len(e.s)
	}
	return n + len(list[0].s)
}

// RunP45 drives the coroutine.
func RunP45(t *record.Transcript) {
	c := newP45Body([1]p45T{{1.5, "abc"}})
	record.Drive(t, c.Coroutine, 9, func(n int) int { return n })
	t.Values(c.Results())
}

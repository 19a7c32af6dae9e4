//go:build fixedbug

// Seed 5: a call of a function value was refused if an argument was a quotient.
// Its code loads the function's address in another order, and the call stayed one
// when told to be a shim.
package main

import (
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/fuzz/record"
)

//coro:body
func p5Quotient(y *coro.Yielder[int, int], f func(int) int, n int) int {
	v := f(n / (n | 1))
	return v + y.Yield(f(v/3))
}

//coro:body
func p5Loop(y *coro.Yielder[int, int], f func(int, string) (int, string), n int) (string, int) {
	v, s := 0, "p5"
	for i := range n {
		v, s = f(v+i%(n|1), s)
		y.Yield(v)
	}
	return s, v
}

// RunP5 drives one coroutine of each.
func RunP5(t *record.Transcript) {
	sum := 7
	a := newP5Quotient(func(n int) int { sum += n; return sum }, 5)
	record.Drive(t, a.Coroutine, 9, func(n int) int { return n })
	t.Values(a.Results())
	b := newP5Loop(func(n int, s string) (int, string) { return n*3 + 1, s + "." }, 5)
	record.Drive(t, b.Coroutine, 9, func(n int) int { return n })
	t.Values(b.Results())
}

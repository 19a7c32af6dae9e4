//go:build fixedbug

// Seed 17: a call of a func value was refused because its argument was computed
// between the load of the code's address and the call, by an instruction with one
// operand.
package main

import (
	"strconv"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/fuzz/record"
)

type p17Getter interface{ get(x int) int }

type p17A struct{ v int }

func (a p17A) get(x int) int { return a.v + x }

//coro:body
func p17Body(y *coro.Yielder[int, int], n int) (sum int) {
	list := []int{n, 1, 2, 3}
	for i, e := range strconv.Itoa(n) {
		var g p17Getter = p17A{i}
		f := g.get
		a, b := f(i*i), f(list[i&3]&^i)
		sum += y.Yield(a+b) + int(e)
	}
	return sum
}

// RunP17 drives the coroutine.
func RunP17(t *record.Transcript) {
	c := newP17Body(123456)
	record.Drive(t, c.Coroutine, 9, func(n int) int { return -n })
	t.Values(c.Results())
}

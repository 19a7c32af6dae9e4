//go:build planted

// A list of which the collector is not told: what holds it is not pinned.
package main

import (
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/fuzz/record"
)

type node struct {
	next  *node
	value uint64
}

//coro:body pinned
func unseen(y *coro.Yielder[uint64, uint64], n int) (sum uint64) {
	var list *node
	for i := range n {
		list = &node{list, uint64(i)}
	}
	for i := range n {
		sum += y.Yield(uint64(i))
	}
	for ; list != nil && n > 0; list = list.next {
		sum = sum*3 + list.value
		n--
	}
	return sum
}

func RunUnseen(t *record.Transcript) {
	c := newUnseen(200)
	record.Drive(t, c.Coroutine, 1000, func(n int) uint64 { return uint64(n) })
	t.Values(c.Results())
}

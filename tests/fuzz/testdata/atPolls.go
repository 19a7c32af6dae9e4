//go:build planted

// The same while it only computes: nobody collects but another goroutine, while
// the loop polls.
package main

import (
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/fuzz/record"
)

//coro:body pinned
func atPolls(y *coro.Yielder[uint64, uint64], n int) (sum uint64) {
	p := new([32]*uint64)
	for i := range p {
		p[i] = new(uint64)
		*p[i] = uint64(i)
	}
	for i := range n {
		sum = sum*5 + uint64(i)
	}
	for _, q := range p {
		if q == nil {
			return 1
		}
		sum = sum*3 + *q
	}
	return sum
}

func RunAtPolls(t *record.Transcript) {
	c := newAtPolls(20_000_000)
	record.Drive(t, c.Coroutine, 9, func(n int) uint64 { return uint64(n) })
	t.Values(c.Results())
}

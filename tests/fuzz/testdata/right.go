//go:build planted

// No mistake: noise changes nothing.
package main

import (
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/fuzz/record"
)

//coro:body
func right(y *coro.Yielder[string, uint64], n int) (sum uint64) {
	list := []string{}
	for i := range n {
		list = append(list, string(rune('a'+i%26)))
		record.Tick()
		sum += y.Yield(list[i/2])
	}
	for _, s := range list {
		sum = sum*3 + uint64(s[0])
	}
	return sum + rightDeep(150, sum)
}

//coro:body
func rightDeep(n int, v uint64) uint64 {
	if n == 0 {
		return v
	}
	return rightDeep(n-1, v+1) ^ v
}

func RunRight(t *record.Transcript) {
	c := newRight(100)
	record.Drive(t, c.Coroutine, 1000, func(n int) uint64 { return uint64(n) })
	t.Values(c.Results())
}

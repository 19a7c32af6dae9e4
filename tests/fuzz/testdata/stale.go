//go:build planted

// An address on the stack that is kept as a number, and does not move with it.
package main

import (
	"unsafe"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/fuzz/record"
)

//coro:body
func stale(y *coro.Yielder[uint64, uint64], n int) uint64 {
	var a [4]uint64
	y.Yield(staleDeep(150, 1)) // what needs a large stack has had it
	p := uintptr(unsafe.Pointer(&a))
	for range n {
		record.Tick()
		*(*uint64)(unsafe.Pointer(p)) += y.Yield(a[0])
	}
	return a[0]
}

//coro:body
func staleDeep(n int, v uint64) uint64 {
	if n == 0 {
		return v
	}
	return staleDeep(n-1, v+1) ^ v
}

func RunStale(t *record.Transcript) {
	c := newStale(100)
	record.Drive(t, c.Coroutine, 1000, func(n int) uint64 { return uint64(n) })
	t.Values(c.Results())
}

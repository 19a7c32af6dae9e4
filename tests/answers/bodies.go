// Package answers holds a body that keeps what Resume gives it: what that leads to is
// on the heap, for the stack of a goroutine moves.
package answers

import "github.com/morestack/morestack/coro"

//go:generate go run ../../gen/corogen

// keep yields what it was given first, for ever.
//
//coro:body
func keep[T any](y *coro.Yielder[T, T]) {
	var v T
	v = y.Yield(v)
	for {
		y.Yield(v)
	}
}

// Answers that hold pointers, of sizes that go in registers and of larger ones.
type (
	one struct{ p *int }
	//lint:ignore U1000 it is about the size
	three struct{ p, q, r *int }
	mixed struct {
		a, b uint64
		s    []int
	}
)

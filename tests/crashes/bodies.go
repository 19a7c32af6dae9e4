// Package crashes holds bodies that come to a bad end, and programs that do
// because of them.
package crashes

import "github.com/morestack/morestack/coro"

//go:generate go run ../../gen/corogen

// List is what Dereference looks at.
type List struct {
	Next  *List
	Value int
}

// Dereference yields once, and faults then unless l.Next is there.
//
//coro:body
func Dereference(y *coro.Yielder[int, int], l *List) int {
	y.Yield(1)
	return l.Next.Value
}

// Call yields, calls f some frames further down, and yields again.
//
//coro:body
func Call(y *coro.Yielder[int, int], depth int, f func()) {
	if depth == 0 {
		y.Yield(1)
		f()
		y.Yield(2)
		return
	}
	Call(y, depth-1, f)
}

// Spin calls ready and does not end.
//
//coro:body
func Spin(y *coro.Yielder[int, int], ready func()) (n int) {
	ready()
	for n >= 0 {
		n ^= 1
	}
	return n
}

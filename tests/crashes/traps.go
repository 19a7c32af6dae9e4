package crashes

import (
	"unsafe"

	"github.com/morestack/morestack/coro"
)

// Each of these yields some frames down, and then fails for some of its arguments.

//coro:body
func failNil(y *coro.Yielder[int, int], depth int, l *List) int {
	if depth > 0 {
		return failNil(y, depth-1, l) + 1
	}
	y.Yield(1)
	return l.Value // fails: nil
}

// failWild fails in the first instruction of a line.
//
//coro:body
func failWild(y *coro.Yielder[int, int], depth int, p unsafe.Pointer) int {
	if depth > 0 {
		return failWild(y, depth-1, p) + 1
	}
	y.Yield(1)
	if p == nil {
		return 0
	}
	*(*int)(p) = 1 // fails: wild
	return 0
}

//coro:body
func failDivide(y *coro.Yielder[int, int], depth, n int) int {
	if depth > 0 {
		return failDivide(y, depth-1, n) + 1
	}
	y.Yield(1)
	return depth / n // fails: divide
}

//coro:body
func failIndex(y *coro.Yielder[int, int], depth int, list []int) int {
	if depth > 0 {
		return failIndex(y, depth-1, list) + 1
	}
	y.Yield(1)
	return list[len(list)-depth] // fails: index
}

// failLimit does not stop where it yields.
//
//coro:body
func failLimit(y *coro.Yielder[int, int], depth int) int { // fails: limit
	if depth == 0 {
		y.Yield(1)
	}
	if depth > -1<<30 {
		return failLimit(y, depth-1) + 1
	}
	return 0
}

package constructs

import "github.com/morestack/morestack/coro"

//coro:body
func logic(a, b bool) (and, or, not, different, equal bool) {
	return a && b, a || b, !a, a != b, a == b
}

// shortCircuit yields in the operands: which of them are evaluated shows.
//
//coro:body
func shortCircuit(y *coro.Yielder[int, bool]) int {
	n := 0
	if y.Yield(1) && y.Yield(2) {
		n |= 1
	}
	if y.Yield(3) || y.Yield(4) {
		n |= 2
	}
	if !(y.Yield(5) && (y.Yield(6) || y.Yield(7))) {
		n |= 4
	}
	return n
}

//coro:body
func boolArray(y *coro.Yielder[[3]bool, bool]) (count int) {
	var flags [3]bool
	for i := range flags {
		flags[i] = y.Yield(flags)
	}
	for _, set := range flags {
		if set {
			count++
		}
	}
	return count
}

package coro

import "unsafe"

// Copy is copy for Go code that corogen writes: in pieces, between which the goroutine
// can be preempted.
func Copy[E any](to, from []E) int {
	n := min(len(to), len(from))
	most := perPiece[E]()
	if n <= most {
		return copy(to, from)
	}
	a, b := uintptr(unsafe.Pointer(unsafe.SliceData(to))), uintptr(unsafe.Pointer(unsafe.SliceData(from)))
	if a-b < uintptr(n)*unsafe.Sizeof(to[0]) {
		// The source begins before the destination, and in it: from behind.
		for i := n; i > 0; i -= most {
			j := max(i-most, 0)
			copy(to[j:i], from[j:i])
		}
		return n
	}
	for i := 0; i < n; i += most {
		j := min(i+most, n)
		copy(to[i:j], from[i:j])
	}
	return n
}

// Clear is clear, likewise.
func Clear[E any](s []E) {
	most := perPiece[E]()
	for len(s) > most {
		clear(s[:most])
		s = s[most:]
	}
	clear(s)
}

// perPiece is how many elements are copied at once.
func perPiece[E any]() int {
	var e E
	return max(1, 256<<10/max(1, int(unsafe.Sizeof(e))))
}

//go:build planted

// Something that an interruption leaves behind, for the next run to find.
package main

import (
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/fuzz/record"
)

var leftInside int

//coro:body
func left(y *coro.Yielder[int, int], n int) {
	leftInside++
	for range n {
		y.Yield(leftInside)
	}
	leftInside--
}

func RunLeft(t *record.Transcript) {
	record.Drive(t, newLeft(20), 100, func(n int) int { return n })
}

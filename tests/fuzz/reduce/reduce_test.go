package reduce

import (
	"bytes"
	"context"
	"testing"
)

// source has loops with all that they can have. What fails is a call that one goes
// over.
const source = `package main

import (
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/fuzz/record"
)

type row struct {
	f0 []uint8
	f1 [19]uint32
}

//coro:body
func copies(n int, v row) []row {
	s := make([]row, n)
	for i := range s {
		s[i] = v
	}
	return s
}

//coro:body
func body(y *coro.Yielder[int, int], x []row) (sum int) {
	var k int
	var last row
l1:
	for i, e := range x[:min(len(x), 8)] {
		for k, last = range copies(3, e) {
			if k > 1 {
				continue l1
			}
			record.Tick()
			for _, w := range e.f1 {
				sum += int(w) + i
				for range last.f0 {
					sum += y.Yield(k)
				}
			}
		}
	}
	return sum
}

func Run(t *record.Transcript) {
	c := newBody([]row{{f1: [19]uint32{3: 4}}})
	record.Drive(t, c.Coroutine, 10, func(n int) int { return n })
}
`

// reduced is what is left around the call.
const reduced = `package main

import (
	"github.com/morestack/morestack/coro"
)

type row struct {
}

//coro:body
func copies(n int, v row) []row {
	var zero0 []row
	return zero0
}

//coro:body
func body(y *coro.Yielder[int, int], x []row) (sum int) {

	for _, e := range x {
		for range copies(3, e) {

		}
	}
	return sum
}
`

// TestReduce has the rest of the loops taken away: variables, labels, jumps, what
// is done in them, and what limits their rounds.
func TestReduce(t *testing.T) {
	got := Reduce(context.Background(), []byte(source), func(candidates [][]byte) []bool {
		fails := make([]bool, len(candidates))
		for i, c := range candidates {
			fails[i] = bytes.Contains(c, []byte("range copies("))
		}
		return fails
	})
	if string(got) != reduced {
		t.Errorf("%s\nwant\n%s", got, reduced)
	}
}

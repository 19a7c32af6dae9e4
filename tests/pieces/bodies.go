// Package pieces holds bodies that copy and clear much memory with one operation of the
// language, and pauses them in the middle of that.
package pieces

import "github.com/morestack/morestack/coro"

//go:generate go run ../../gen/corogen

type (
	odd   [3]byte
	point struct {
		x, y float64
		name [2]rune
	}
	huge [300 << 10]byte // larger than a piece

	table [1 << 20]int32
)

// copies copies, with the result as a value and without.
//
//coro:body
func copies[E any](to, from []E) (n int) {
	copy(to, from)
	return copy(to, from)
}

//coro:body
func clears[E any](list []E) { clear(list) }

// texts copies from a string.
//
//coro:body
func texts(to []byte, from string) int { return copy(to, from) }

// pinnedCopies publishes nothing, and nor does what it calls.
//
//coro:body pinned
func pinnedCopies(to, from []int) int { return copy(to, from) }

// orders copies with arguments that yield: each once, in their order.
//
//coro:body
func orders(y *coro.Yielder[string, int], list []int) int {
	return copy(list[y.Yield("to"):], list[y.Yield("from"):]) + 10*y.Yield("after")
}

// loops clears with loops that the compiler makes clears of.
//
//coro:body
func loops(bytes []byte, points []point) (i int) {
	i = -1
	for i := range points {
		points[i] = point{}
	}
	for i = range bytes {
		bytes[i] = 0
	}
	return i
}

// others look like those, and are not.
//
//coro:body
func others(a, b []int) (last int) {
	for i := range a {
		b[i] = 0
	}
	for i := range b {
		b[i] = 7
	}
	for last = range a {
		a[last] = last
	}
	return last
}

var global table

// tables clears and copies arrays.
//
//coro:body
func tables(p, q *table) {
	for i := range p {
		p[i] = 0
	}
	*p = *q
	*q = table{}
	for i := range len(global) {
		global[i] = 0
	}
	global = *p
}

// tablesOfNil dereferences nil before or while it clears.
//
//coro:body
func tablesOfNil(p *table, clearing bool) {
	if clearing {
		for i := range p {
			p[i] = 0
		}
	}
	*p = table{}
}

// What takes its time, again and again, with ready before it.

//coro:body
func copying(y *coro.Yielder[int, int], to, from []byte, ready func()) {
	for {
		ready()
		copy(to, from)
		y.Yield(0)
	}
}

//coro:body
func clearing(y *coro.Yielder[int, int], list []int64, ready func()) {
	for {
		ready()
		clear(list)
		y.Yield(0)
	}
}

//coro:body
func looping(y *coro.Yielder[int, int], list []int64, ready func()) {
	for {
		ready()
		for i := range list {
			list[i] = 0
		}
		y.Yield(0)
	}
}

type vast [32 << 20]byte

//coro:body
func assigning(y *coro.Yielder[int, int], to, from *vast, ready func()) {
	for {
		ready()
		*to = *from
		y.Yield(0)
	}
}

//coro:body
func zeroing(y *coro.Yielder[int, int], to *vast, ready func()) {
	for {
		ready()
		*to = vast{}
		y.Yield(0)
	}
}

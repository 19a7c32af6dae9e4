// Package collector holds bodies whose frames are all that refers to objects on
// the heap, to test that the garbage collector sees exactly what they hold.
package collector

import (
	"runtime"
	"sync/atomic"

	"github.com/morestack/morestack/coro"
)

//go:generate go run ../../gen/corogen

// object is something that is missed when it is freed.
type object struct {
	next  *object
	value int
	_     [4]int // so that the allocator gives it a block of its own
}

// freed counts objects that the collector has freed.
var freed atomic.Int64

// newObject is Go code: objects are made on the goroutine's stack.
//
//go:noinline
func newObject(value int) *object {
	o := &object{value: value}
	runtime.AddCleanup(o, func(int) { freed.Add(1) }, 0)
	return o
}

// hold yields twice with an object in its frame, which it uses in between, and
// twice after the last use.
//
//coro:body
func hold(y *coro.Yielder[int, struct{}]) {
	o := newObject(7)
	y.Yield(1)
	y.Yield(o.value)
	y.Yield(2)
	y.Yield(3)
}

// argumentPinned holds nothing but its argument.
//
//coro:body pinned
func argumentPinned(y *coro.Yielder[int, struct{}], o *object) {
	y.Yield(1)
	y.Yield(o.value)
}

// mixed is pinned and calls what is not.
//
//coro:body pinned
func mixed(y *coro.Yielder[int, struct{}], o *object) {
	own(y)
	y.Yield(o.value)
}

//coro:body
func own(y *coro.Yielder[int, struct{}]) {
	p := newObject(3)
	y.Yield(0)
	y.Yield(p.value)
}

// holdPinned says that its object is reachable from its arguments. It is not.
//
//coro:body pinned
func holdPinned(y *coro.Yielder[int, struct{}]) {
	o := newObject(7)
	y.Yield(1)
	y.Yield(o.value)
}

// nest holds an object in each of depth frames.
//
//coro:body
func nest(y *coro.Yielder[int, struct{}], depth int) int {
	o := newObject(depth)
	if depth == 0 {
		y.Yield(0)
		return o.value
	}
	return nest(y, depth-1) + o.value
}

// argument holds what it was given and nothing else does, until it has yielded
// it.
//
//coro:body
func argument(y *coro.Yielder[int, struct{}], o *object) {
	y.Yield(1)
	y.Yield(o.value)
	y.Yield(2)
}

// answers holds what it is given at each resumption.
//
//coro:body
func answers(y *coro.Yielder[*object, *object], n int) int {
	var list *object
	for range n {
		o := y.Yield(list)
		o.next = list
		list = o
	}
	sum := 0
	for ; list != nil; list = list.next {
		sum += list.value
	}
	return sum
}

// results calls itself in the arguments of a call, so that pointers are held
// while other arguments are computed.
//
//coro:body
func results(y *coro.Yielder[int, struct{}], depth int) *object {
	if depth == 0 {
		y.Yield(0)
		return newObject(1)
	}
	return join(results(y, depth-1), newObject(depth), results(y, depth-1))
}

//go:noinline
func join(a, b, c *object) *object {
	o := newObject(a.value + b.value + c.value)
	o.next = b
	return o
}

// change lets each frame change a pointer of the one above it through its
// address, 10,000 deep in the test.
//
//coro:body
func change(y *coro.Yielder[int, struct{}], depth int, above **object) int {
	mine := newObject(depth)
	*above = newObject(2 * depth)
	if depth == 0 {
		y.Yield(0)
		return mine.value
	}
	sum := change(y, depth-1, &mine)
	return sum + mine.value
}

//coro:body
func changes(y *coro.Yielder[int, struct{}], depth int) int {
	var top *object
	return change(y, depth, &top) + top.value
}

// churn replaces the pointers in a ring all the time, through the write barrier
// while the collector marks.
//
//coro:body
func churn(y *coro.Yielder[int, struct{}], rounds int) int {
	ring := make([]*object, 64)
	for i := range ring {
		ring[i] = &object{value: i}
	}
	for r := range rounds {
		for i := range ring {
			o := &object{value: ring[i].value + 1}
			o.next = ring[(i+r)%len(ring)]
			o.next.next = nil
			ring[i] = o
		}
		if r%16 == 0 {
			y.Yield(r)
		}
	}
	sum := 0
	for _, o := range ring {
		sum += o.value
	}
	return sum
}

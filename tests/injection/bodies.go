// Package injection makes bodies fault while the garbage collector marks: where their
// own accesses fail, and at each of their instructions in turn.
package injection

import "github.com/morestack/morestack/coro"

//go:generate go run ../../gen/corogen

type none = struct{}

// node is a small object of the heap.
type node struct {
	left, right *node
	value       int
}

// wide is moved and zeroed with barriers in bulk.
type wide struct {
	a, b *node
	n    int
	c, d *node
	list [3]*node
}

// moveWide leaves pointers in the barrier buffer to what nobody has after that, calls
// wait and moves *from.
//
//coro:body
func moveWide(y *coro.Yielder[int, none], to []wide, from *wide, wait func()) {
	litter(y, newNodes(8))
	wait()
	to[0] = *from
}

// zeroWide is moveWide with a value that has no pointers.
//
//coro:body
func zeroWide(y *coro.Yielder[int, none], to []wide, wait func()) {
	litter(y, newNodes(8))
	wait()
	to[0] = wide{}
}

//coro:body
func litter(_ *coro.Yielder[int, none], nodes []*node) {
	place := nodes[0]
	for i := range nodes {
		place.left, nodes[i] = nodes[i], nil
	}
	place.left = nil
}

// newNodes is Go code.
//
//go:noinline
func newNodes(n int) []*node {
	list := make([]*node, n)
	for i := range list {
		list[i] = new(node)
	}
	return list
}

// The bodies below are those that fault at each instruction in turn. What they call
// through a func value is Go code, after which the collector marks.

// store stores pointers to the heap.
//
//coro:body
func store(y *coro.Yielder[int, none], tree *node, nodes []*node) {
	tree.left, tree.right = nodes[0], nodes[1]
	for i := range nodes {
		n := nodes[i]
		n.right = tree.left
		tree.left = n
	}
	nodes[0], nodes[1], nodes[2] = nodes[1], nodes[2], nil
	tree.right = nil
}

// bulk moves and zeroes values.
//
//coro:body
func bulk(y *coro.Yielder[int, none], list []wide, nodes []*node) {
	list[1] = list[0]
	list[0] = wide{}
	copied := list[1]
	copied.a = nodes[0]
	list[2] = copied
}

// publish holds pointers in its frames while it calls itself, yields and calls Go.
//
//coro:body
func publish(y *coro.Yielder[int, none], depth int, above *node, f func()) int {
	own := &node{left: above, value: depth}
	if depth == 0 {
		y.Yield(own.value)
		f()
		return above.value
	}
	sum := publish(y, depth-1, own, f) + own.value
	other := above.left
	f()
	if other != nil {
		sum += other.value
	}
	return sum + above.value
}

// exchange yields pointers and stores those that it gets.
//
//coro:body
func exchange(y *coro.Yielder[*node, *node], tree *node) {
	for range 2 {
		got := y.Yield(tree.left)
		tree.left = got
		tree = got
	}
}

// grow needs more stack than there is at first, with pointers in the arguments that its
// prologue spills.
//
//coro:body
func grow(y *coro.Yielder[int, none], depth int, a, b *node) (n int) {
	var frame [16]int
	frame[depth&15] = a.value
	if depth > 0 {
		n = grow(y, depth-1, b, a)
	}
	a.left, b.left = b, nil
	return n + frame[depth&15] + b.value
}

// full fills the barrier buffer, and what it calls to copy and compare faults, too.
//
//coro:body
func full(y *coro.Yielder[int, none], nodes []*node, text, same string, bytes []byte) int {
	n := nodes[0]
	for i := range nodes {
		n.left, n.right = nodes[i], n.left
	}
	if text == same {
		n.left = nil
	}
	return copy(bytes, text) + len(bytes)
}

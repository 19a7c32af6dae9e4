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

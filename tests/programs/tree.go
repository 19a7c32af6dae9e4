package programs

import "github.com/morestack/morestack/coro"

// Node is a node of a binary tree.
type Node struct {
	Left, Right *Node
	Value       int
}

// NewTree returns a balanced tree of depth levels with the values 0, 1, 2 and so
// on in order.
func NewTree(depth int) *Node {
	next := 0
	return newTree(depth, &next)
}

func newTree(depth int, next *int) *Node {
	if depth == 0 {
		return nil
	}
	left := newTree(depth-1, next)
	value := *next
	*next++
	return &Node{left, newTree(depth-1, next), value}
}

// Count yields 0 to n-1.
//
//coro:body
func Count(y *coro.Yielder[int, struct{}], n int) {
	for i := range n {
		y.Yield(i)
	}
}

// Walk yields the values of the tree in order.
//
//coro:body
func Walk(y *coro.Yielder[int, struct{}], n *Node) {
	if n == nil {
		return
	}
	Walk(y, n.Left)
	y.Yield(n.Value)
	Walk(y, n.Right)
}

// WalkPinned is Walk for a tree that does not change: all pointers in its frames
// lead to nodes that are reachable from its argument.
//
//coro:body pinned
func WalkPinned(y *coro.Yielder[int, struct{}], n *Node) {
	if n == nil {
		return
	}
	WalkPinned(y, n.Left)
	y.Yield(n.Value)
	WalkPinned(y, n.Right)
}

// TreeSum adds the values of the tree up.
//
//coro:body
func TreeSum(n *Node) int {
	if n == nil {
		return 0
	}
	return TreeSum(n.Left) + n.Value + TreeSum(n.Right)
}

// Hold builds a list of n nodes that only its frame refers to, yielding between
// any two, and then yields their sum.
//
//coro:body
func Hold(y *coro.Yielder[int, struct{}], n int) {
	var list *Node
	for i := range n {
		list = &Node{Left: list, Value: i}
		y.Yield(i)
	}
	sum := 0
	for ; list != nil; list = list.Left {
		sum += list.Value
	}
	y.Yield(sum)
}

// Pair yields once, and holds two pointers meanwhile.
//
//coro:body
func Pair(y *coro.Yielder[int, struct{}], p, q *int) {
	y.Yield(0)
	*p += *q
}

// Deepen yields at every depth, where each frame has changed a pointer in the one
// above it.
//
//coro:body
func Deepen(y *coro.Yielder[int, struct{}], depth int) int {
	top := new(int)
	return deepen(y, depth, &top) + *top
}

//coro:body
func deepen(y *coro.Yielder[int, struct{}], depth int, above **int) int {
	mine := new(int)
	*above = mine
	y.Yield(depth)
	if depth == 0 {
		return 0
	}
	sum := deepen(y, depth-1, &mine)
	*mine += depth
	return sum + **above
}

// Follow adds up the values of a list, linked by Left, of which it holds only what
// lies ahead: in the argument of the call in progress.
//
//coro:body
func Follow(n *Node) int {
	if n == nil {
		return 0
	}
	value := n.Value
	return Follow(n.Left) + value
}

package programs

import (
	"fmt"

	"github.com/morestack/morestack/coro"
)

// BinaryTrees is the binary-trees program of the Computer Language Benchmarks
// Game: it makes and counts many short-lived trees while a large one lives on,
// and yields the lines of its report.
//
//coro:body
func BinaryTrees(y *coro.Yielder[string, struct{}], n int) {
	const minDepth = 4
	maxDepth := max(minDepth+2, n)
	stretch := maxDepth + 1
	y.Yield(fmt.Sprintf("stretch tree of depth %d\t check: %d", stretch, countNodes(bottomUpTree(stretch))))
	longLived := bottomUpTree(maxDepth)
	for depth := minDepth; depth <= maxDepth; depth += 2 {
		trees := 1 << (maxDepth - depth + minDepth)
		check := 0
		for range trees {
			check += countNodes(bottomUpTree(depth))
		}
		y.Yield(fmt.Sprintf("%d\t trees of depth %d\t check: %d", trees, depth, check))
	}
	y.Yield(fmt.Sprintf("long lived tree of depth %d\t check: %d", maxDepth, countNodes(longLived)))
}

//coro:body
func bottomUpTree(depth int) *Node {
	if depth == 0 {
		return &Node{}
	}
	return &Node{Left: bottomUpTree(depth - 1), Right: bottomUpTree(depth - 1)}
}

//coro:body
func countNodes(n *Node) int {
	if n.Left == nil {
		return 1
	}
	return 1 + countNodes(n.Left) + countNodes(n.Right)
}

// Package forest uses bodies of another module.
package forest

import (
	"example.com/user/trees"
	"github.com/morestack/morestack/coro"
)

//go:generate go tool corogen

//coro:body
func all(y *coro.Yielder[int, struct{}], forest ...*trees.Tree) {
	for _, t := range forest {
		trees.Walk(y, t)
	}
}

// All returns a coroutine that yields the values of each tree in order.
func All(forest ...*trees.Tree) coro.Coroutine[int, struct{}] { return newAll(forest) }

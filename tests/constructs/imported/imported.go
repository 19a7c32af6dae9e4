// Package imported holds bodies that bodies of another package call.
package imported

import (
	"strconv"

	"github.com/morestack/morestack/coro"
)

//go:generate go run ../../../gen/corogen

// Square is small enough to be inlined.
//
//coro:body
func Square(n int) int { return n * n }

// Fib calls itself.
//
//coro:body
func Fib(n int) int {
	if n < 2 {
		return n
	}
	return Fib(n-1) + Fib(n-2)
}

// Count yields 0 to n-1 and adds up the answers.
//
//coro:body
func Count(y *coro.Yielder[int, int], n int) (sum int) {
	for i := range n {
		sum += y.Yield(i)
	}
	return sum
}

// Tree is a binary tree.
type Tree struct {
	Left, Right *Tree
	Key         string
}

// Insert adds a key to the tree.
//
//coro:body
func (t *Tree) Insert(key string) *Tree {
	switch {
	case t == nil:
		return &Tree{Key: key}
	case key < t.Key:
		t.Left = t.Left.Insert(key)
	case key > t.Key:
		t.Right = t.Right.Insert(key)
	}
	return t
}

// Walk yields the keys of the tree in order, with the answers so far, and
// returns how many there are.
//
//coro:body
func (t *Tree) Walk(y *coro.Yielder[string, int], sum *int) int {
	if t == nil {
		return 0
	}
	n := t.Left.Walk(y, sum)
	*sum += y.Yield(t.Key + strconv.Itoa(*sum))
	return n + 1 + t.Right.Walk(y, sum)
}

// Fail divides by zero if asked to.
//
//coro:body
func Fail(y *coro.Yielder[int, int], n int) int {
	return y.Yield(n) / n
}

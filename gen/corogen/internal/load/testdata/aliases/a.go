// Package aliases has bodies whose Yielders have other names, and uses their
// constructors.
package aliases

import (
	"bytes"

	"github.com/morestack/morestack/coro"
)

type (
	y           = coro.Yielder[int, string]
	of[T any]   = *coro.Yielder[[]T, *bytes.Buffer]
	tree[T any] struct{ value T }
)

//coro:body
func count(y *y, n int) error { return nil }

//coro:body
func list[T any](y of[T], n int) {}

//coro:body
func (t *tree[T]) walk(y of[*tree[T]]) {}

func use() (v int, err error) {
	c := newCount(3)
	v, _ = c.Resume("x")
	values, _ := newList[string](1).Resume(new(bytes.Buffer))
	trees, _ := newTreeWalk(&tree[bool]{}).Resume(nil)
	_, _ = values[0] == "", trees[0].value
	return v, c.Results()
}

var _ = use

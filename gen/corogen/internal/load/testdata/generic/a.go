// Package generic has a generic body.
package generic

import "github.com/morestack/morestack/coro"

//coro:body
func each[T any](y *coro.Yielder[T, struct{}], list []T) {
	for _, x := range list {
		y.Yield(x)
	}
}

var ints = newEach([]int{1})

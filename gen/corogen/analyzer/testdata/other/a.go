// Package other has a body that another package calls.
package other

import "github.com/morestack/morestack/coro"

//coro:body
func Body(y *coro.Yielder[int, int]) {}

func None(y *coro.Yielder[int, int]) {}

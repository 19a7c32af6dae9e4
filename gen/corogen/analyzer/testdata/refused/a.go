// Package refused has what corogen refuses.
package refused

import (
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/gen/corogen/analyzer/testdata/other"
)

//coro:body
func deferring() {
	defer println() // refused: defer is not supported in a body
}

//coro:body
func elsewhere(y *coro.Yielder[int, int]) {
	other.Body(y)
	other.None(y) // refused: None takes y, but package
}

//coro:body
func literals(y *coro.Yielder[int, int]) func() {
	called := func() { y.Yield(1) }
	called()
	returned := func() { y.Yield(2) }
	return returned // refused: returned yields, so it can only be called
}

func ordinary() { defer println() }

var _, _, _, _ = deferring, elsewhere, literals, ordinary

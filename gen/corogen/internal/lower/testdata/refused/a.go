// Package refused has what type-checks and passes the check of bodies, and is
// refused when it is lowered.
package refused

import (
	"bytes"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/gen/corogen/internal/lower/testdata/refused/hidden"
)

func two() (int, int) { return 1, 2 }

type named int

//coro:body
func yields(y *coro.Yielder[int, int]) {}

//coro:body
func (n named) method(a, b int) {}

//coro:body
func many(xs ...int) {}

//coro:body
func values() {
	f := yields // refused: yields yields, so it cannot be a function value in a body
	_ = f
}

//coro:body
func called(y *coro.Yielder[int, int], f func(*coro.Yielder[int, int])) {
	f(nil) // refused: a function value cannot yield
}

//coro:body
func spread(y *coro.Yielder[int, int], n named) {
	many(two())     // refused: the results of a call cannot become variadic arguments of a body
	n.method(two()) // refused: the results of a call cannot be passed on here
	sum := 0
	add := func(a, b int) { sum += y.Yield(a + b) }
	add(two()) // refused: the results of a call cannot be passed on here
	go named.method(n, 1, 2)
	go println() // refused: go with a builtin is not supported in a body
	var b bytes.Buffer
	go b.Truncate(sum)
}

//coro:body
func unexported() {
	x := hidden.Get() // refused: a shim cannot name the type thing
	_ = x
}

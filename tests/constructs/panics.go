package constructs

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/morestack/morestack/coro"
)

//coro:body
func panicWith(y *coro.Yielder[int, struct{}], v any) int {
	y.Yield(1)
	panic(v)
}

//coro:body
func panicKinds(y *coro.Yielder[int, int]) {
	switch y.Yield(0) {
	case 1:
		panic("text")
	case 2:
		panic(errors.New("an error"))
	case 3:
		panic(42)
	case 4:
		panic(point{1, 2})
	case 5:
		panic(fmt.Sprintf("formatted %d", 5))
	}
}

//coro:body
func panicDeep(y *coro.Yielder[int, struct{}], depth int) {
	if depth == 0 {
		y.Yield(0)
		panic("deep")
	}
	panicDeep(y, depth-1)
}

// panicInCallee calls a Go function that panics.
//
//coro:body
func panicInCallee(y *coro.Yielder[int, struct{}], n int) int {
	y.Yield(n)
	return mustParse("12") + mustParse(strconv.Itoa(n)+"x")
}

func mustParse(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}

// errorInCallee calls a Go function with a run-time error, which is a panic of
// that function and no trap.
//
//coro:body
func errorInCallee(y *coro.Yielder[int, struct{}], xs []int) int {
	y.Yield(1)
	return lastOf(xs)
}

//go:noinline
func lastOf(xs []int) int {
	n := 0
	for i := range xs {
		n = i
	}
	return xs[n]
}

// recovering calls a Go function that panics and recovers.
//
//coro:body
func recovering(y *coro.Yielder[string, int]) (failed int) {
	for range 3 {
		text := attempt(y.Yield("next"))
		if text != "" {
			failed++
			y.Yield(text)
		}
	}
	return failed
}

func attempt(n int) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = fmt.Sprint(v)
		}
	}()
	if n > 1 {
		panic(n)
	}
	return ""
}

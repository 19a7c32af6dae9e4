package programs

import "github.com/morestack/morestack/coro"

// Fib is the recursive Fibonacci function: nothing but calls.
//
//coro:body
func Fib(n int) int {
	if n < 2 {
		return n
	}
	return Fib(n-1) + Fib(n-2)
}

// Ackermann is the Ackermann-Péter function: recursion that goes deep and comes
// back often.
//
//coro:body
func Ackermann(m, n int) int {
	switch {
	case m == 0:
		return n + 1
	case n == 0:
		return Ackermann(m-1, 1)
	}
	return Ackermann(m-1, Ackermann(m, n-1))
}

// Calculate recurses depth deep. Each frame hands the address of its local
// variable down, so that the stack is full of pointers into itself.
//
//coro:body
func Calculate(depth int) int {
	value := 0
	calculate(depth, &value)
	return value
}

//coro:body
func calculate(depth int, prev *int) {
	local := *prev + depth
	if depth > 0 {
		calculate(depth-1, &local)
	}
	*prev += local
}

// CalculateYielding is Calculate with a yield in each frame on the way down and
// one on the way back, while the frames above hold addresses of the ones below.
//
//coro:body
func CalculateYielding(y *coro.Yielder[int, struct{}], depth int) int {
	value := 0
	calculateYielding(y, depth, &value)
	return value
}

//coro:body
func calculateYielding(y *coro.Yielder[int, struct{}], depth int, prev *int) {
	local := *prev + depth
	y.Yield(local)
	if depth > 0 {
		calculateYielding(y, depth-1, &local)
	}
	*prev += local
	y.Yield(*prev)
}

// Nop does nothing, as Go code.
//
//go:noinline
func Nop() {}

// CallNop calls Nop n times.
//
//coro:body
func CallNop(n int) {
	for range n {
		Nop()
	}
}

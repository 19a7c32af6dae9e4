package constructs

import "github.com/morestack/morestack/coro"

//coro:body
func factorial(n uint64) uint64 {
	if n == 0 {
		return 1
	}
	return n * factorial(n-1)
}

//coro:body
func isEven(n int) bool { return n == 0 || isOdd(n-1) }

//coro:body
func isOdd(n int) bool { return n != 0 && isEven(n-1) }

// female and male are Hofstadter's; each yields.
//
//coro:body
func female(y *coro.Yielder[int, int], n int) int {
	if n == 0 {
		return 1
	}
	return n - male(y, female(y, n-1)) + y.Yield(n)
}

//coro:body
func male(y *coro.Yielder[int, int], n int) int {
	if n == 0 {
		return 0
	}
	return n - female(y, male(y, n-1)) + y.Yield(-n)
}

// permutations yields those of xs, by Heap's algorithm.
//
//coro:body
func permutations(y *coro.Yielder[[]int, struct{}], xs []int, n int) {
	if n <= 1 {
		y.Yield(append([]int(nil), xs...))
		return
	}
	for i := range n {
		permutations(y, xs, n-1)
		if n%2 == 0 {
			xs[i], xs[n-1] = xs[n-1], xs[i]
		} else {
			xs[0], xs[n-1] = xs[n-1], xs[0]
		}
	}
}

//coro:body
func hanoi(y *coro.Yielder[[2]byte, struct{}], n int, from, to, over byte) int {
	if n == 0 {
		return 0
	}
	moves := hanoi(y, n-1, from, over, to)
	y.Yield([2]byte{from, to})
	return moves + 1 + hanoi(y, n-1, over, to, from)
}

// deep yields at the bottom, with many frames below.
//
//coro:body
func deep(y *coro.Yielder[int, int], depth int) int {
	if depth == 0 {
		return y.Yield(0)
	}
	return deep(y, depth-1) + depth
}

//coro:body
func nestedCalls(n int) int {
	return add3(add3(n, 1, 2), add3(3, add3(n, n, n), 4), add3(5, 6, add3(n, 7, 8)))
}

//coro:body
func add3(a, b, c int) int { return a + b*2 + c*3 }

//coro:body
func unusedParameters(_ int, a int, _ string, b string) string {
	if a > 0 {
		return unusedParameters(9, a-1, "", b+"x")
	}
	return b
}

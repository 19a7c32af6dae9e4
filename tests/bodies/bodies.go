// Package bodies holds coroutine bodies written by hand, in assembly for both
// architectures and in Go, for the tests, the benchmarks and whoever wants to
// write one: each shows something that a stack has to survive.
package bodies

import "github.com/morestack/morestack/coro"

//go:generate go run ../../gen/bodyheaders
//go:generate go run ./avo

// CounterArgs are the arguments of Counter.
type CounterArgs struct{ N int }

// Counter yields 1 to N.
var Counter = coro.MustBody(nativeCounter, func(y *coro.Yielder[int, struct{}], a *CounterArgs) {
	for i := range a.N {
		y.Yield(i + 1)
	}
})

// Triangle yields 1, 1+2, 1+2+3 and so on, N of them. For amd64 it is written
// with Avo.
var Triangle = coro.MustBody(nativeTriangle, func(y *coro.Yielder[int, struct{}], a *CounterArgs) {
	sum := 0
	for i := range a.N {
		sum += i + 1
		y.Yield(sum)
	}
})

// AckermannArgs are the arguments and the result of Ackermann.
type AckermannArgs struct{ M, N, Result int }

// Ackermann computes a(M, N), by recursion that goes deep and comes back often.
var Ackermann = coro.MustBody(nativeAckermann, func(_ *coro.Yielder[int, struct{}], a *AckermannArgs) {
	a.Result = GoAckermann(a.M, a.N)
})

// GoAckermann is Ackermann in Go.
func GoAckermann(m, n int) int {
	switch {
	case m == 0:
		return n + 1
	case n == 0:
		return GoAckermann(m-1, 1)
	}
	return GoAckermann(m-1, GoAckermann(m, n-1))
}

// CalculateArgs are the argument and the result of several bodies.
type CalculateArgs struct{ Depth, Result int }

// Calculate recurses Depth deep. Each frame passes the address of its local
// variable down, so the stack is full of pointers into itself.
var Calculate = coro.MustBody(nativeCalculate, func(_ *coro.Yielder[int, struct{}], a *CalculateArgs) {
	a.Result = GoCalculate(a.Depth)
})

// GoCalculate is Calculate in Go.
func GoCalculate(depth int) int {
	value := 0
	goCalc(depth, &value)
	return value
}

//go:noinline
func goCalc(depth int, prev *int) {
	local := *prev + depth
	if depth > 0 {
		goCalc(depth-1, &local)
	}
	*prev += local
}

// Indirect is Calculate through **int: what each frame passes down is the
// address of a pointer in the frame.
var Indirect = coro.MustBody(nativeIndirect, func(_ *coro.Yielder[int, struct{}], a *CalculateArgs) {
	a.Result = GoIndirect(a.Depth)
})

// GoIndirect is Indirect in Go.
func GoIndirect(depth int) int {
	value := 0
	pointer := &value
	goIndir(depth, &pointer)
	return value
}

//go:noinline
func goIndir(depth int, prev **int) {
	local := **prev + depth
	pointer := &local
	if depth > 0 {
		goIndir(depth-1, &pointer)
	}
	**prev += *pointer
}

// Wide recurses Depth deep with frames of 2 KB.
var Wide = coro.MustBody(nativeWide, func(_ *coro.Yielder[int, struct{}], a *CalculateArgs) {
	a.Result = GoWide(a.Depth)
})

// GoWide is Wide in Go.
//
//go:noinline
func GoWide(n int) int {
	var array [250]int
	array[0], array[249] = n, n
	sum := 0
	if n > 0 {
		sum = GoWide(n - 1)
	}
	return sum + array[n%2*249] + array[249-n%2*249]
}

// Huge has one frame of 10 KB, more than the first stack. It yields once, while
// the frame is full.
var Huge = coro.MustBody(nativeHuge, func(y *coro.Yielder[int, struct{}], a *CalculateArgs) {
	y.Yield(1250)
	a.Result = GoHuge()
})

// GoHuge is Huge in Go.
func GoHuge() int {
	var array [1250]int
	for i := range array {
		array[i] = i
	}
	sum := 0
	for _, v := range array {
		sum += v
	}
	return sum
}

// Leaves recurses Depth deep, and calls a leaf in every frame that compares
// nothing and lives in the red zone.
var Leaves = coro.MustBody(nativeLeaves, func(_ *coro.Yielder[int, struct{}], a *CalculateArgs) {
	a.Result = GoLeaves(a.Depth)
})

// GoLeaves is Leaves in Go.
func GoLeaves(n int) int {
	if n == 0 {
		return 0
	}
	return 3*n + GoLeaves(n-1)
}

// DiveArgs are the arguments of Dive.
type DiveArgs struct{ Depth, Rounds int }

// Dive, Rounds times, recurses Depth deep, yields there, comes up and yields
// again. Its frames point to each other, so it can be moved at either place.
var Dive = coro.MustBody(nativeDive, func(y *coro.Yielder[int, struct{}], a *DiveArgs) {
	GoDive(a.Depth, a.Rounds, func(v int) { y.Yield(v) })
})

// GoDive is Dive in Go.
func GoDive(depth, rounds int, yield func(int)) {
	value := 0
	for range rounds {
		goDive(depth, &value, yield)
		yield(value)
	}
}

func goDive(depth int, prev *int, yield func(int)) {
	local := *prev + depth
	if depth > 0 {
		goDive(depth-1, &local, yield)
	} else {
		yield(local)
	}
	*prev += local
}

// Endless recurses for ever.
var Endless = coro.MustBody(nativeEndless, func(_ *coro.Yielder[int, struct{}], _ *CalculateArgs) {
	panic("bodies: Endless would end the process: goroutine stacks have no limit that returns an error")
})

// Fail ends with trap code 7.
var Fail = coro.MustBody(nativeFail, func(_ *coro.Yielder[int, struct{}], _ *CalculateArgs) {
	panic(coro.TrapCode(7))
})

// StrayArgs are the arguments and the result of Stray.
type StrayArgs struct {
	Depth      int
	Address    *int
	By, Result int
}

// Stray divides what is at Address by By, Depth frames down: whatever they are.
var Stray = coro.MustBody(nativeStray, func(_ *coro.Yielder[int, struct{}], a *StrayArgs) {
	a.Result = *a.Address / a.By
})

// CallerArgs are the arguments and the result of Caller.
type CallerArgs struct {
	Add    func(n int, sum *int)
	N      int
	Result int
}

// Caller calls the Go function Add with N to 1 and the address of a variable
// in its own frame, then yields what is there.
var Caller = coro.MustBody(nativeCaller, func(y *coro.Yielder[int, struct{}], a *CallerArgs) {
	sum := 0
	for i := a.N; i > 0; i-- {
		a.Add(i, &sum)
	}
	y.Yield(sum)
	a.Result = sum
})

// EchoArgs is the argument of Echo.
type EchoArgs struct{ First string }

// Echo yields First and then what it receives, until that is empty.
var Echo = coro.MustBody(nativeEcho, func(y *coro.Yielder[string, string], a *EchoArgs) {
	for s := y.Yield(a.First); s != ""; {
		s = y.Yield(s)
	}
})

// Triple is a value too large for registers.
type Triple struct{ A, B, C int }

// Echo3 is Echo for Triples. It ends when A is 0.
var Echo3 = coro.MustBody(nativeEcho3, func(y *coro.Yielder[Triple, Triple], a *Triple) {
	for t := y.Yield(*a); t.A != 0; {
		t = y.Yield(t)
	}
})

// Spin counts Result up Depth times, in a loop that polls.
var Spin = coro.MustBody(nativeSpin, func(_ *coro.Yielder[struct{}, struct{}], a *CalculateArgs) {
	for range a.Depth {
		a.Result++
	}
})

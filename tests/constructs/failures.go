package constructs

import "github.com/morestack/morestack/coro"

// Each body yields once, so that a trap must not come too early, and then does
// what fails for some of its arguments.

//coro:body
func failIndex(y *coro.Yielder[int, struct{}], xs []int, i int) int {
	y.Yield(1)
	return xs[i] // fails: index
}

//coro:body
func failIndexUnsigned(y *coro.Yielder[int, struct{}], xs []int, i uint8, j uint64) int {
	y.Yield(1)
	x := xs[i]       // fails: index by byte
	return x + xs[j] // fails: index unsigned
}

//coro:body
func failIndexStore(y *coro.Yielder[int, struct{}], xs []string, i int) {
	y.Yield(1)
	xs[i] = "x" // fails: store
}

//coro:body
func failArray(y *coro.Yielder[int, struct{}], i int) int {
	a := [4]int{1, 2, 3, 4}
	y.Yield(a[1])
	return a[i] // fails: array
}

//coro:body
func failArrayPointer(y *coro.Yielder[int, struct{}], a *[4]int, i int) int {
	y.Yield(1)
	return a[i] // fails: array pointer
}

//coro:body
func failString(y *coro.Yielder[int, struct{}], s string, i int) byte {
	y.Yield(1)
	return s[i] // fails: string index
}

//coro:body
func failSlice(y *coro.Yielder[int, struct{}], xs []int, i, j int) []int {
	y.Yield(1)
	return xs[i:j] // fails: slice
}

//coro:body
func failSliceFrom(y *coro.Yielder[int, struct{}], xs []int, i int) []int {
	y.Yield(1)
	return xs[i:] // fails: slice from
}

//coro:body
func failSliceFull(y *coro.Yielder[int, struct{}], xs []int, i, j, k int) []int {
	y.Yield(1)
	return xs[i:j:k] // fails: full slice
}

//coro:body
func failSliceString(y *coro.Yielder[int, struct{}], s string, i, j int) string {
	y.Yield(1)
	return s[i:j] // fails: string slice
}

//coro:body
func failSliceArray(y *coro.Yielder[int, struct{}], a *[4]int, i, j int) []int {
	y.Yield(1)
	return a[i:j] // fails: array slice
}

//coro:body
func failConversion(y *coro.Yielder[int, struct{}], xs []int) [4]int {
	y.Yield(1)
	return [4]int(xs) // fails: conversion
}

//coro:body
func failDivide(y *coro.Yielder[int, struct{}], a, b int) int {
	y.Yield(1)
	return a / b // fails: divide
}

//coro:body
func failRemainder(y *coro.Yielder[int, struct{}], a, b uint8) uint8 {
	y.Yield(1)
	return a % b // fails: remainder
}

//coro:body
func failDivideAssign(y *coro.Yielder[int64, int64], a int64) {
	for {
		a /= y.Yield(a) // fails: divide and assign
	}
}

//coro:body
func failShift(y *coro.Yielder[int, struct{}], a, n int) int {
	y.Yield(1)
	return a << n // fails: shift
}

//coro:body
func failShiftRight(y *coro.Yielder[int, struct{}], a uint32, n int8) uint32 {
	y.Yield(1)
	a >>= n // fails: shift right
	return a
}

//coro:body
func failNilRead(y *coro.Yielder[int, struct{}], p *point) int {
	y.Yield(1)
	return p.y // fails: nil read
}

//coro:body
func failNilWrite(y *coro.Yielder[int, struct{}], p *point) {
	y.Yield(1)
	p.x = 7 // fails: nil write
}

//coro:body
func failNilPointerWrite(y *coro.Yielder[int, struct{}], l *link, up *link) {
	y.Yield(1)
	l.up = up // fails: nil pointer write
}

//coro:body
func failNilSecond(y *coro.Yielder[int, struct{}], l *link) int {
	y.Yield(l.value)
	return l.up.value // fails: nil second
}

//coro:body
func failNilCopy(y *coro.Yielder[int, struct{}], l *large) large {
	y.Yield(1)
	return *l // fails: nil copy
}

type huge struct {
	_    [1 << 20]byte
	last int
}

//coro:body
func failNilFar(y *coro.Yielder[int, struct{}], h *huge) int {
	y.Yield(1)
	return h.last // fails: nil far
}

//coro:body
func failNilAddress(y *coro.Yielder[int, struct{}], p *point) *int {
	y.Yield(1)
	return &p.y // fails: nil address
}

//coro:body
func failNilArray(y *coro.Yielder[int, struct{}], a *[4]int) int {
	y.Yield(1)
	return a[2] // fails: nil array
}

//coro:body
func failNilFunc(y *coro.Yielder[int, struct{}], f func() int) int {
	y.Yield(1)
	return f() // fails: nil function
}

//coro:body
func failNilInterface(y *coro.Yielder[int, struct{}], e error) string {
	y.Yield(1)
	return e.Error() // fails: nil interface
}

//coro:body
func failNilMap(y *coro.Yielder[int, struct{}], m map[string]int) {
	y.Yield(m["absent"])
	m["key"] = 1 // fails: nil map
}

//coro:body
func failAssertion(y *coro.Yielder[int, struct{}], v any) int {
	y.Yield(1)
	return v.(int) // fails: assertion
}

//coro:body
func failAssertionToInterface(y *coro.Yielder[int, struct{}], v any) error {
	y.Yield(1)
	return v.(error) // fails: assertion to interface
}

//coro:body
func failCompare(y *coro.Yielder[int, struct{}], a, b any) bool {
	y.Yield(1)
	return a == b // fails: comparison
}

//coro:body
func failKey(y *coro.Yielder[int, struct{}], m map[any]int, key any) int {
	y.Yield(1)
	return m[key] // fails: key
}

//coro:body
func failMake(y *coro.Yielder[int, struct{}], n, capacity int) []int {
	y.Yield(1)
	return make([]int, n, capacity) // fails: make
}

//coro:body
func failMakeChannel(y *coro.Yielder[int, struct{}], n int) chan int {
	y.Yield(1)
	return make(chan int, n) // fails: make channel
}

//coro:body
func failClose(y *coro.Yielder[int, struct{}], c chan int) {
	y.Yield(1)
	close(c) // fails: close
}

//coro:body
func failSend(y *coro.Yielder[int, struct{}], c chan int) {
	y.Yield(1)
	c <- 1 // fails: send
}

// failDeep fails with frames below it that hold locals others point to.
//
//coro:body
func failDeep(y *coro.Yielder[int, struct{}], depth int, up *int) int {
	local := *up / depth // fails: deep
	if depth == 3 {
		y.Yield(local)
	}
	if depth < 0 {
		return local
	}
	return failDeep(y, depth-1, &local) + local
}

//coro:body
func startFailDeep(y *coro.Yielder[int, struct{}], depth int) int {
	x := 1000
	return failDeep(y, depth, &x)
}

// failLoop goes through its array to the end and beyond.
//
//coro:body
func failLoop(xs []byte, n int) (sum int) {
	for i := range n {
		sum += int(xs[i]) // fails: loop
	}
	return sum
}

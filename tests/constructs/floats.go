package constructs

import (
	"math"

	"github.com/morestack/morestack/coro"
)

//coro:body
func arithmeticFloat64(y *coro.Yielder[float64, float64], a, b float64) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(-a)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a += 0.5
		b *= -3
		a++
	}
	y.Yield(a)
	y.Yield(b)
}

//coro:body
func arithmeticFloat32(y *coro.Yielder[float32, float32], a, b float32) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(-a)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a -= 0.5
		b /= -3
		a--
	}
	y.Yield(a)
	y.Yield(b)
}

//coro:body
func comparisonsFloat64(a, b float64) (equal, different, less, lessOrEqual, greater, greaterOrEqual, notLess bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b, !(a < b)
}

//coro:body
func comparisonsFloat32(a, b float32) (equal, different, less, lessOrEqual, greater, greaterOrEqual, notLess bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b, !(a < b)
}

//coro:body
func branchesFloat(y *coro.Yielder[string, float64], x float64) {
	for range 6 {
		switch {
		case x < 0:
			x = y.Yield("negative")
		case x > 0:
			x = y.Yield("positive")
		case x == 0:
			x = y.Yield("zero")
		default:
			x = y.Yield("not a number")
		}
	}
}

// intrinsics are what compilers make instructions of; some of these ask first
// what the processor can do.
//
//coro:body
func intrinsics(y *coro.Yielder[float64, struct{}], x float64) {
	y.Yield(math.Sqrt(x))
	y.Yield(math.Abs(x))
	y.Yield(math.Floor(x))
	y.Yield(math.Ceil(x))
	y.Yield(math.Trunc(x))
	y.Yield(math.RoundToEven(x))
	y.Yield(math.Copysign(3, x))
	y.Yield(math.FMA(x, x, -1))
	y.Yield(float64(float32(math.Sqrt(float64(float32(x))))))
}

//coro:body
func mathCalls(y *coro.Yielder[float64, struct{}], x float64) {
	y.Yield(math.Mod(x, 7))
	y.Yield(math.Ldexp(x, 3))
	fraction, exponent := math.Frexp(x)
	y.Yield(fraction)
	y.Yield(float64(exponent))
	whole, part := math.Modf(x)
	y.Yield(whole)
	y.Yield(part)
}

// fused may be compiled to fused multiplications, so it is not in a transcript.
//
//coro:body
func fused(xs []float64) (sum float64) {
	for i, x := range xs {
		sum += x * xs[len(xs)-1-i]
		sum = sum*x - x
	}
	return sum
}

// manyFloats holds more values than there are registers, across a yield.
//
//coro:body
func manyFloats(y *coro.Yielder[float64, float64], x float64) float64 {
	a, b, c, d, e, f := x+1, x+2, x+3, x+4, x+5, x+6
	g, h, i, j, k, l := x*2, x*3, x*4, x*5, x*6, x*7
	m, n, o, p, q, r := x/2, x/4, x/8, x/16, x/32, x/64
	z := y.Yield(a + r)
	return a - b + c - d + e - f + g - h + i - j + k - l + m - n + o - p + q - r + z
}

//coro:body
func manyFloats32(y *coro.Yielder[float32, float32], x float32) float32 {
	a, b, c, d, e, f := x+1, x+2, x+3, x+4, x+5, x+6
	z := y.Yield(a + f)
	return a - b + c - d + e - f + z
}

//coro:body
func floatConstants(y *coro.Yielder[float64, struct{}]) {
	y.Yield(math.Pi)
	y.Yield(1e308 * 10 / 100)
	y.Yield(math.SmallestNonzeroFloat64)
	y.Yield(0x1p-1074)
	y.Yield(1_000.25e-3)
	y.Yield(math.Inf(1))
	y.Yield(math.Copysign(0, -1))
	y.Yield(math.NaN())
}

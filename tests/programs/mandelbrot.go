package programs

import "github.com/morestack/morestack/coro"

// Mandelbrot is the mandelbrot program of the Computer Language Benchmarks Game:
// it yields the bytes of a bitmap n pixels wide and high, of 8 pixels each, row by
// row. n is a multiple of 8.
//
//coro:body
func Mandelbrot(y *coro.Yielder[byte, struct{}], n int) {
	for row := range n {
		ci := 2*float64(row)/float64(n) - 1
		var bits byte
		for column := range n {
			bits <<= 1
			if inMandelbrot(2*float64(column)/float64(n)-1.5, ci) {
				bits |= 1
			}
			if column%8 == 7 {
				y.Yield(bits)
			}
		}
	}
}

// inMandelbrot reports whether z*z + c, begun at 0, stays within 2 for 50 steps.
// The conversions forbid fused operations, so that the picture is the same on
// all architectures.
//
//coro:body
func inMandelbrot(cr, ci float64) bool {
	var zr, zi, rr, ii float64
	for range 50 {
		zi = float64(2*zr*zi) + ci
		zr = rr - ii + cr
		rr, ii = float64(zr*zr), float64(zi*zi)
		if rr+ii > 4 {
			return false
		}
	}
	return true
}

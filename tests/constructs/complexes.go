package constructs

import "github.com/morestack/morestack/coro"

//coro:body
func arithmeticComplex128(y *coro.Yielder[complex128, complex128], a, b complex128) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(-b)
		a = y.Yield(complex(imag(a), real(b)))
	}
}

// productsComplex are multiples that are exact, fused or not.
//
//coro:body
func productsComplex(a, b complex128, c, d complex64) (complex128, complex64, bool, bool) {
	return a * b, c * d, a == b, c != d
}

//coro:body
func arithmeticComplex64(y *coro.Yielder[complex64, complex64], a, b complex64) {
	a += y.Yield(a - b)
	b -= y.Yield(a)
	y.Yield(-b)
	y.Yield(complex64(complex(float64(real(a)), 2)))
}

//coro:body
func quotientsComplex(a, b complex128, c, d complex64) (complex128, complex64) { return a / b, c / d }

//coro:body
func complexSlice(zs []complex128) (sum complex128) {
	for i := range zs {
		zs[i] += complex(float64(i), -1)
		sum += zs[i]
	}
	return sum
}

package programs

import "math"

// SpectralNorm is the spectral-norm program of the Computer Language Benchmarks
// Game: the largest singular value of the matrix a, by ten steps of the power
// method.
//
//coro:body
func SpectralNorm(n int) float64 {
	u, v, scratch := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range u {
		u[i] = 1
	}
	for range 10 {
		timesAtA(v, u, scratch)
		timesAtA(u, v, scratch)
	}
	var uv, vv float64
	for i := range u {
		uv += u[i] * v[i]
		vv += v[i] * v[i]
	}
	return math.Sqrt(uv / vv)
}

// a is the matrix 1/1, 1/2, 1/4, ...; 1/3, 1/5, ...; 1/6, ... of the diagonals.
func a(i, j int) float64 { return 1 / float64((i+j)*(i+j+1)/2+i+1) }

//coro:body
func timesAtA(dst, src, scratch []float64) {
	timesA(scratch, src)
	timesAt(dst, scratch)
}

//coro:body
func timesA(dst, src []float64) {
	for i := range dst {
		var sum float64
		for j, x := range src {
			sum += a(i, j) * x
		}
		dst[i] = sum
	}
}

//coro:body
func timesAt(dst, src []float64) {
	for i := range dst {
		var sum float64
		for j, x := range src {
			sum += a(j, i) * x
		}
		dst[i] = sum
	}
}

package constructs

import "math"

var complexes = []cell{
	{"complex128", func(t *transcript) { run(t, newArithmeticComplex128(1+2i, 3-4i), 5i) }},
	{"complex64", func(t *transcript) { run(t, newArithmeticComplex64(1+2i, 3-4i), 5i, -1.5) }},
	{"products", func(t *transcript) {
		c := newProductsComplex(1+2i, 3-4i, -1.5+1i, -1.5+1i)
		run(t, c)
		t.results(c.Results())
	}},
	{"quotients", func(t *transcript) {
		for _, b := range []complex128{2, 4i, -8, 0, complex(math.Inf(1), 0), complex(math.NaN(), 1)} {
			c := newQuotientsComplex(6+2i, b, 6+2i, complex64(b))
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"slice", func(t *transcript) {
		zs := []complex128{1, 2i, 3 + 3i}
		c := newComplexSlice(zs)
		run(t, c)
		t.results(c.Results(), zs)
	}},
}

package constructs

import "math"

var floats = []cell{
	{"arithmetic float64", func(t *transcript) {
		run(t, newArithmeticFloat64(1.5, -2.25), 0.1)
		run(t, newArithmeticFloat64(math.Inf(1), math.NaN()), 1e308)
		run(t, newArithmeticFloat64(0, math.Copysign(0, -1)), 5e-324)
	}},
	{"arithmetic float32", func(t *transcript) {
		run(t, newArithmeticFloat32(1.5, -2.25), 0.1)
		run(t, newArithmeticFloat32(3e38, 2), 1e-45)
	}},
	{"comparisons", func(t *transcript) {
		for _, a := range []float64{1, 2, math.NaN(), math.Inf(-1), 0} {
			for _, b := range []float64{1, math.NaN(), math.Copysign(0, -1)} {
				c := newComparisonsFloat64(a, b)
				run(t, c)
				t.results(c.Results())
				d := newComparisonsFloat32(float32(a), float32(b))
				run(t, d)
				t.results(d.Results())
			}
		}
	}},
	{"branches", func(t *transcript) { run(t, newBranchesFloat(1), -1, 0, math.NaN(), math.Inf(1), 1e-320) }},
	{"intrinsics", func(t *transcript) {
		for _, x := range []float64{2.5, -2.5, 3.5, -0.25, 1e17, math.Inf(-1)} {
			run(t, newIntrinsics(x))
		}
	}},
	{"math calls", func(t *transcript) { run(t, newMathCalls(-100.625)) }},
	{"fused", func(t *transcript) {
		xs := []float64{0.1, 1.7, -2.3, 1e-3, 3.3333333}
		c := newFused(xs)
		run(t, c)
		t.results(c.Results() == fused(xs))
	}},
	{"many", func(t *transcript) {
		c := newManyFloats(1.25)
		run(t, c, 1000)
		t.results(c.Results())
		d := newManyFloats32(1.25)
		run(t, d, 1000)
		t.results(d.Results())
	}},
	{"constants", func(t *transcript) { run(t, newFloatConstants()) }},
}

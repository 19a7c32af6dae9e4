package constructs

import "math"

var conversions = []cell{
	{"integers", func(t *transcript) {
		for _, x := range []int64{0, -1, 127, 128, 40000, -40000, 1 << 31, 0x0123456789abcdef} {
			c := newIntegerConversions(x)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"widenings", func(t *transcript) {
		for _, x := range []int64{0, -1, 0x55, -0x7ffffff1} {
			c := newWidenings(int8(x), uint8(x), int16(x), uint16(x), int32(x), uint32(x))
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"integer to float", func(t *transcript) {
		for _, x := range []int64{0, -1, 16777217, math.MaxInt64, math.MinInt64, 1<<62 + 1} {
			c := newIntegerToFloat(x, uint64(x), int32(x), uint32(x))
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"float to integer", func(t *transcript) {
		for _, f := range []float64{0, 0.99, 1.5, 42.0, 126.999} {
			c := newFloatToInteger(f, float32(f))
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"huge float to unsigned", func(t *transcript) {
		c := newHugeToUnsigned(1<<63+4096, 1<<63+1<<42)
		run(t, c)
		t.results(c.Results())
	}},
	{"float widths", func(t *transcript) { run(t, newFloatWidths(0.1), 1e300, 16777217, math.Inf(-1)) }},
	{"float bits", func(t *transcript) {
		c := newFloatBits(-1.5, 3.25, 0x4009_21fb_5444_2d18, 0x3fc0_0000)
		run(t, c)
		t.results(c.Results())
	}},
	{"rune to string", func(t *transcript) { run(t, newRuneToString('a'), 'é', '€', '😀', 0xd800, 0x110000, -1, 0, -2) }},
	{"string to bytes", func(t *transcript) {
		for _, s := range []string{"", "a", "stack", "a text of more than thirty-two bytes, which no temporary buffer holds"} {
			c := newStringToBytes(s)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"string to runes", func(t *transcript) {
		for _, s := range []string{"", "aé€😀", "in\xffvalid", "a text of more than thirty-two runes, which no temporary buffer holds"} {
			c := newStringToRunes(s)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"named types", func(t *transcript) {
		c := newNamedTypes(0)
		run(t, c, 37, -40, 21)
		t.results(c.Results())
	}},
	{"struct conversion", func(t *transcript) {
		c := newStructConversion(pair{1, 2})
		run(t, c)
		t.results(c.Results())
	}},
	{"slice to array", func(t *transcript) {
		c := newSliceToArray([]int{1, 2, 3, 4})
		run(t, c)
		t.results(c.Results())
	}},
	{"bool to integer", func(t *transcript) {
		c := newBoolToInteger(1, 2)
		run(t, c)
		t.results(c.Results())
	}},
}

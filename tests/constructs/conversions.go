package constructs

import (
	"math"

	"github.com/morestack/morestack/coro"
)

//coro:body
func integerConversions(x int64) (int8, int16, int32, int64, uint8, uint16, uint32, uint64, uintptr) {
	return int8(x), int16(x), int32(x), x, uint8(x), uint16(x), uint32(x), uint64(x), uintptr(x)
}

// widenings converts there and back, with and without sign.
//
//coro:body
func widenings(a int8, b uint8, c int16, d uint16, e int32, f uint32) (y [12]int64) {
	y[0], y[1], y[2], y[3], y[4], y[5] = int64(a), int64(b), int64(c), int64(d), int64(e), int64(f)
	y[6], y[7], y[8] = int64(uint8(a)), int64(int8(b)), int64(uint16(c))
	y[9], y[10], y[11] = int64(int16(d)), int64(uint32(e)), int64(int32(f))
	return y
}

//coro:body
func integerToFloat(i int64, u uint64, s int32, w uint32) (float64, float32, float64, float32, float64, float32, float64, float32) {
	return float64(i), float32(i), float64(u), float32(u), float64(s), float32(s), float64(w), float32(w)
}

// floatToInteger is given only numbers that are in range.
//
//coro:body
func floatToInteger(f float64, g float32) (int8, int32, int64, uint8, uint32, uint64, int, int16, int64, uint16, uint64) {
	return int8(f), int32(f), int64(f), uint8(f), uint32(f), uint64(f), int(g), int16(g), int64(g), uint16(g), uint64(g)
}

// hugeToUnsigned converts numbers that do not fit into an int64.
//
//coro:body
func hugeToUnsigned(f float64, g float32) (uint64, uint64) { return uint64(f), uint64(g) }

//coro:body
func floatWidths(y *coro.Yielder[float32, float64], f float64) {
	for range 3 {
		f = y.Yield(float32(f))
		f += float64(float32(f) / 3)
	}
	y.Yield(float32(f))
}

//coro:body
func floatBits(f float64, g float32, u uint64, w uint32) (uint64, uint32, float64, float32) {
	return math.Float64bits(f), math.Float32bits(g), math.Float64frombits(u), math.Float32frombits(w)
}

//coro:body
func runeToString(y *coro.Yielder[string, rune], r rune) {
	for r >= -1 {
		r = y.Yield(string(r))
	}
}

//coro:body
func stringToBytes(s string) ([]byte, string) {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return b, string(b)
}

//coro:body
func stringToRunes(s string) ([]rune, string) {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return r, string(r)
}

type (
	celsius    float64
	fahrenheit float64
	name       string
	names      []name
	pair       struct{ a, b int }
	couple     struct{ a, b int }
)

//coro:body
func namedTypes(y *coro.Yielder[fahrenheit, celsius], c celsius) name {
	for range 3 {
		c = y.Yield(fahrenheit(float64(c)*1.8) + 32)
	}
	list := names{"warm", name(string([]byte{'c', 'o', 'l', 'd'}))}
	if c > 20 {
		return list[0]
	}
	return list[1] + "!"
}

//coro:body
func structConversion(p pair) couple {
	c := couple(p)
	c.a, c.b = c.b, c.a
	anonymous := struct{ a, b int }(c)
	return couple(pair(anonymous))
}

//coro:body
func sliceToArray(xs []int) (a [3]int, sum int) {
	a = [3]int(xs)
	p := (*[2]int)(xs[1:])
	p[0] = 100
	return a, a[1] + xs[1]
}

//coro:body
func boolToInteger(a, b int) (n int) {
	if a < b {
		n = 1
	}
	less := a*2 > b
	var bit uint8
	if less {
		bit = 1
	}
	return n<<8 | int(bit)
}

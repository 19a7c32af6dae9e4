package constructs

import "github.com/morestack/morestack/coro"

// Each body yields a value of one type and is answered with others, while it
// keeps the first in its frame.

type (
	wrapped     struct{ p *int }
	floatAndInt struct {
		f float64
		n int
	}
	pointerAndFloat struct {
		p *int
		f float32
	}
	twoPointers struct{ p, q *int }
	packed      struct {
		a byte
		b int16
		c int32
		d bool
		e float32
	}
	tight struct {
		a int8
		b uint8
		c int16
	}
)

//coro:body
func echoBool(y *coro.Yielder[bool, bool], v bool) bool {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoInt8(y *coro.Yielder[int8, int8], v int8) int8 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoInt16(y *coro.Yielder[int16, int16], v int16) int16 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoInt32(y *coro.Yielder[int32, int32], v int32) int32 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoInt64(y *coro.Yielder[int64, int64], v int64) int64 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoInt(y *coro.Yielder[int, int], v int) int {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoUint8(y *coro.Yielder[uint8, uint8], v uint8) uint8 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoUint16(y *coro.Yielder[uint16, uint16], v uint16) uint16 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoUint32(y *coro.Yielder[uint32, uint32], v uint32) uint32 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoUint64(y *coro.Yielder[uint64, uint64], v uint64) uint64 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoUint(y *coro.Yielder[uint, uint], v uint) uint {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoUintptr(y *coro.Yielder[uintptr, uintptr], v uintptr) uintptr {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoFloat32(y *coro.Yielder[float32, float32], v float32) float32 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoFloat64(y *coro.Yielder[float64, float64], v float64) float64 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoComplex64(y *coro.Yielder[complex64, complex64], v complex64) complex64 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoComplex128(y *coro.Yielder[complex128, complex128], v complex128) complex128 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoString(y *coro.Yielder[string, string], v string) string {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoNamed(y *coro.Yielder[weekday, weekday], v weekday) weekday {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoPointer(y *coro.Yielder[*int, *int], v *int) *int {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoSlice(y *coro.Yielder[[]int, []int], v []int) []int {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoBytes(y *coro.Yielder[[]byte, []byte], v []byte) []byte {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoMap(y *coro.Yielder[map[string]int, map[string]int], v map[string]int) map[string]int {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoChan(y *coro.Yielder[chan int, chan int], v chan int) chan int {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoFunc(y *coro.Yielder[func() int, func() int], v func() int) func() int {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoAny(y *coro.Yielder[any, any], v any) any {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoError(y *coro.Yielder[error, error], v error) error {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoShape(y *coro.Yielder[shape, shape], v shape) shape {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoNothing(y *coro.Yielder[struct{}, struct{}], v struct{}) struct{} {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoNoArray(y *coro.Yielder[[0]string, [0]string], v [0]string) [0]string {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoOneArray(y *coro.Yielder[[1]string, [1]string], v [1]string) [1]string {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoOneField(y *coro.Yielder[wrapped, wrapped], v wrapped) wrapped {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoBytes2(y *coro.Yielder[[2]byte, [2]byte], v [2]byte) [2]byte {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoBytes9(y *coro.Yielder[[9]byte, [9]byte], v [9]byte) [9]byte {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoInts2(y *coro.Yielder[[2]int, [2]int], v [2]int) [2]int {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoInts3(y *coro.Yielder[[3]int, [3]int], v [3]int) [3]int {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoFloats2(y *coro.Yielder[[2]float64, [2]float64], v [2]float64) [2]float64 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoPoint(y *coro.Yielder[point, point], v point) point {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoPacked(y *coro.Yielder[packed, packed], v packed) packed {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoTight(y *coro.Yielder[tight, tight], v tight) tight {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoFloatAndInt(y *coro.Yielder[floatAndInt, floatAndInt], v floatAndInt) floatAndInt {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoPointerAndFloat(y *coro.Yielder[pointerAndFloat, pointerAndFloat], v pointerAndFloat) pointerAndFloat {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoTwoPointers(y *coro.Yielder[twoPointers, twoPointers], v twoPointers) twoPointers {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoRecord(y *coro.Yielder[record, record], v record) record {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoMixed(y *coro.Yielder[mixed, mixed], v mixed) mixed {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoLarge(y *coro.Yielder[large, large], v large) large {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoKilobyte(y *coro.Yielder[[128]int64, [128]int64], v [128]int64) [128]int64 {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func echoStrings(y *coro.Yielder[[2]string, [2]string], v [2]string) [2]string {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func byteToLarge(y *coro.Yielder[byte, large], v byte) byte {
	for range 3 {
		answer := y.Yield(v)
		v += byte(len(answer.text)) + byte(answer.words[19])
	}
	return v
}

//coro:body
func largeToByte(y *coro.Yielder[large, byte], v large) large {
	for range 3 {
		answer := y.Yield(v)
		v.words[answer%20]++
		v.text += string(rune(answer))
	}
	return v
}

//coro:body
func floatToString(y *coro.Yielder[float32, string], v float32) float32 {
	for range 3 {
		answer := y.Yield(v)
		v += float32(len(answer)) / 2
	}
	return v
}

//coro:body
func stringToFloat(y *coro.Yielder[string, float64], v string) string {
	for range 3 {
		answer := y.Yield(v)
		v += "." + string(rune('a'+int(answer)))
	}
	return v
}

//coro:body
func nothingToRecord(y *coro.Yielder[struct{}, record], n int) int {
	for range 3 {
		answer := y.Yield(struct{}{})
		n += answer.n
	}
	return n
}

//coro:body
func recordToNothing(y *coro.Yielder[record, struct{}], v record) record {
	for range 3 {
		answer := y.Yield(v)
		v.n++
		_ = answer
	}
	return v
}

//coro:body
func packedToComplex(y *coro.Yielder[packed, complex128], v packed) packed {
	for range 3 {
		answer := y.Yield(v)
		v.e += float32(real(answer))
		v.b += int16(imag(answer))
	}
	return v
}

//coro:body
func mixedToArray(y *coro.Yielder[mixed, [3]string], v mixed) mixed {
	for range 3 {
		answer := y.Yield(v)
		v.e += answer[0] + answer[2]
	}
	return v
}

// ignored drops the answer, and yields values that are no variables.
//
//coro:body
func ignored(y *coro.Yielder[point, large], x int) {
	y.Yield(point{x, 1})
	y.Yield(point{y: y.Yield(point{}).pad()})
	p := &point{3, x}
	_ = y.Yield(*p)
	y.Yield(point(multiples(x)))
}

func (l large) pad() int { return len(l.text) + int(l.words[3]) }

func multiples(x int) point { return point{x * 2, x * 3} }

// yieldInPlaces yields where an expression may stand.
//
//coro:body
func yieldInPlaces(y *coro.Yielder[string, int], xs []int) (result int) {
	xs[y.Yield("index")] = y.Yield("value")
	if y.Yield("condition") > 2 {
		result++
	}
	for i := y.Yield("from"); i < y.Yield("to"); i += y.Yield("step") {
		result += i
	}
	switch y.Yield("tag") {
	case y.Yield("case"):
		result += 100
	}
	a, b := y.Yield("first"), y.Yield("second")
	a, b = b, a+y.Yield("third")
	p := point{y: y.Yield("field y"), x: y.Yield("field x")}
	m := map[int]int{y.Yield("key"): y.Yield("element")}
	s := []int{y.Yield("zero"), 3: y.Yield("three")}
	f := func(n int) int { return n + 1 }
	result += f(y.Yield("argument")) + len(m) + a*b + p.x - p.y + s[0] - s[3]
	xs = xs[y.Yield("low"):y.Yield("high")]
	var v any = y.Yield("boxed")
	if v == 3 && y.Yield("and") == 4 || y.Yield("or") == 5 {
		result += 1000
	}
	q := &p
	q.x += y.Yield("through a pointer")
	result <<= y.Yield("shift")
	c := make(chan int, 1)
	c <- y.Yield("send")
	result += <-c
	{
		result := y.Yield("shadow")
		_ = result
	}
	return result + len(xs) - y.Yield("return") + q.x
}

package constructs

import (
	"math/bits"

	"github.com/morestack/morestack/coro"
)

//coro:body
func arithmeticInt8(y *coro.Yielder[int8, int8], a, b int8) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(a % b)
		y.Yield(a & b)
		y.Yield(a | b)
		y.Yield(a ^ b)
		y.Yield(a &^ b)
		y.Yield(-a)
		y.Yield(^b)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a++
		b--
	}
}

//coro:body
func shiftsInt8(y *coro.Yielder[int8, uint], a int8) {
	n := uint(0)
	for n < 100 {
		y.Yield(a << n)
		n = y.Yield(a >> n)
	}
	y.Yield(a << 3 >> 2)
	y.Yield(a<<5 | a>>3)
}

//coro:body
func divisionsInt8(a int8) (third, seventh, tenth, sixteenth, remainder3, remainder10, remainder16 int8) {
	return a / 3, a / 7, a / 10, a / 16, a % 3, a % 10, a % 16
}

//coro:body
func comparisonsInt8(a, b int8) (equal, different, less, lessOrEqual, greater, greaterOrEqual bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b
}

//coro:body
func assignmentsInt8(y *coro.Yielder[int8, int8], x int8) int8 {
	x += y.Yield(x)
	x -= y.Yield(x)
	x *= y.Yield(x)
	x /= y.Yield(x) | 1
	x %= y.Yield(x) | 1
	x &= y.Yield(x)
	x |= y.Yield(x)
	x ^= y.Yield(x)
	x &^= y.Yield(x)
	x <<= y.Yield(x) & 7
	x >>= y.Yield(x) & 7
	return x
}

//coro:body
func arithmeticInt16(y *coro.Yielder[int16, int16], a, b int16) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(a % b)
		y.Yield(a & b)
		y.Yield(a | b)
		y.Yield(a ^ b)
		y.Yield(a &^ b)
		y.Yield(-a)
		y.Yield(^b)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a++
		b--
	}
}

//coro:body
func shiftsInt16(y *coro.Yielder[int16, uint], a int16) {
	n := uint(0)
	for n < 100 {
		y.Yield(a << n)
		n = y.Yield(a >> n)
	}
	y.Yield(a << 3 >> 2)
	y.Yield(a<<5 | a>>3)
}

//coro:body
func divisionsInt16(a int16) (third, seventh, tenth, sixteenth, remainder3, remainder10, remainder16 int16) {
	return a / 3, a / 7, a / 10, a / 16, a % 3, a % 10, a % 16
}

//coro:body
func comparisonsInt16(a, b int16) (equal, different, less, lessOrEqual, greater, greaterOrEqual bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b
}

//coro:body
func assignmentsInt16(y *coro.Yielder[int16, int16], x int16) int16 {
	x += y.Yield(x)
	x -= y.Yield(x)
	x *= y.Yield(x)
	x /= y.Yield(x) | 1
	x %= y.Yield(x) | 1
	x &= y.Yield(x)
	x |= y.Yield(x)
	x ^= y.Yield(x)
	x &^= y.Yield(x)
	x <<= y.Yield(x) & 7
	x >>= y.Yield(x) & 7
	return x
}

//coro:body
func arithmeticInt32(y *coro.Yielder[int32, int32], a, b int32) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(a % b)
		y.Yield(a & b)
		y.Yield(a | b)
		y.Yield(a ^ b)
		y.Yield(a &^ b)
		y.Yield(-a)
		y.Yield(^b)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a++
		b--
	}
}

//coro:body
func shiftsInt32(y *coro.Yielder[int32, uint], a int32) {
	n := uint(0)
	for n < 100 {
		y.Yield(a << n)
		n = y.Yield(a >> n)
	}
	y.Yield(a << 3 >> 2)
	y.Yield(a<<5 | a>>3)
}

//coro:body
func divisionsInt32(a int32) (third, seventh, tenth, sixteenth, remainder3, remainder10, remainder16 int32) {
	return a / 3, a / 7, a / 10, a / 16, a % 3, a % 10, a % 16
}

//coro:body
func comparisonsInt32(a, b int32) (equal, different, less, lessOrEqual, greater, greaterOrEqual bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b
}

//coro:body
func assignmentsInt32(y *coro.Yielder[int32, int32], x int32) int32 {
	x += y.Yield(x)
	x -= y.Yield(x)
	x *= y.Yield(x)
	x /= y.Yield(x) | 1
	x %= y.Yield(x) | 1
	x &= y.Yield(x)
	x |= y.Yield(x)
	x ^= y.Yield(x)
	x &^= y.Yield(x)
	x <<= y.Yield(x) & 7
	x >>= y.Yield(x) & 7
	return x
}

//coro:body
func arithmeticInt64(y *coro.Yielder[int64, int64], a, b int64) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(a % b)
		y.Yield(a & b)
		y.Yield(a | b)
		y.Yield(a ^ b)
		y.Yield(a &^ b)
		y.Yield(-a)
		y.Yield(^b)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a++
		b--
	}
}

//coro:body
func shiftsInt64(y *coro.Yielder[int64, uint], a int64) {
	n := uint(0)
	for n < 100 {
		y.Yield(a << n)
		n = y.Yield(a >> n)
	}
	y.Yield(a << 3 >> 2)
	y.Yield(a<<5 | a>>3)
}

//coro:body
func divisionsInt64(a int64) (third, seventh, tenth, sixteenth, remainder3, remainder10, remainder16 int64) {
	return a / 3, a / 7, a / 10, a / 16, a % 3, a % 10, a % 16
}

//coro:body
func comparisonsInt64(a, b int64) (equal, different, less, lessOrEqual, greater, greaterOrEqual bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b
}

//coro:body
func assignmentsInt64(y *coro.Yielder[int64, int64], x int64) int64 {
	x += y.Yield(x)
	x -= y.Yield(x)
	x *= y.Yield(x)
	x /= y.Yield(x) | 1
	x %= y.Yield(x) | 1
	x &= y.Yield(x)
	x |= y.Yield(x)
	x ^= y.Yield(x)
	x &^= y.Yield(x)
	x <<= y.Yield(x) & 7
	x >>= y.Yield(x) & 7
	return x
}

//coro:body
func arithmeticInt(y *coro.Yielder[int, int], a, b int) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(a % b)
		y.Yield(a & b)
		y.Yield(a | b)
		y.Yield(a ^ b)
		y.Yield(a &^ b)
		y.Yield(-a)
		y.Yield(^b)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a++
		b--
	}
}

//coro:body
func shiftsInt(y *coro.Yielder[int, uint], a int) {
	n := uint(0)
	for n < 100 {
		y.Yield(a << n)
		n = y.Yield(a >> n)
	}
	y.Yield(a << 3 >> 2)
	y.Yield(a<<5 | a>>3)
}

//coro:body
func divisionsInt(a int) (third, seventh, tenth, sixteenth, remainder3, remainder10, remainder16 int) {
	return a / 3, a / 7, a / 10, a / 16, a % 3, a % 10, a % 16
}

//coro:body
func comparisonsInt(a, b int) (equal, different, less, lessOrEqual, greater, greaterOrEqual bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b
}

//coro:body
func assignmentsInt(y *coro.Yielder[int, int], x int) int {
	x += y.Yield(x)
	x -= y.Yield(x)
	x *= y.Yield(x)
	x /= y.Yield(x) | 1
	x %= y.Yield(x) | 1
	x &= y.Yield(x)
	x |= y.Yield(x)
	x ^= y.Yield(x)
	x &^= y.Yield(x)
	x <<= y.Yield(x) & 7
	x >>= y.Yield(x) & 7
	return x
}

//coro:body
func arithmeticUint8(y *coro.Yielder[uint8, uint8], a, b uint8) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(a % b)
		y.Yield(a & b)
		y.Yield(a | b)
		y.Yield(a ^ b)
		y.Yield(a &^ b)
		y.Yield(-a)
		y.Yield(^b)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a++
		b--
	}
}

//coro:body
func shiftsUint8(y *coro.Yielder[uint8, uint], a uint8) {
	n := uint(0)
	for n < 100 {
		y.Yield(a << n)
		n = y.Yield(a >> n)
	}
	y.Yield(a << 3 >> 2)
	y.Yield(a<<5 | a>>3)
}

//coro:body
func divisionsUint8(a uint8) (third, seventh, tenth, sixteenth, remainder3, remainder10, remainder16 uint8) {
	return a / 3, a / 7, a / 10, a / 16, a % 3, a % 10, a % 16
}

//coro:body
func comparisonsUint8(a, b uint8) (equal, different, less, lessOrEqual, greater, greaterOrEqual bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b
}

//coro:body
func assignmentsUint8(y *coro.Yielder[uint8, uint8], x uint8) uint8 {
	x += y.Yield(x)
	x -= y.Yield(x)
	x *= y.Yield(x)
	x /= y.Yield(x) | 1
	x %= y.Yield(x) | 1
	x &= y.Yield(x)
	x |= y.Yield(x)
	x ^= y.Yield(x)
	x &^= y.Yield(x)
	x <<= y.Yield(x) & 7
	x >>= y.Yield(x) & 7
	return x
}

//coro:body
func arithmeticUint16(y *coro.Yielder[uint16, uint16], a, b uint16) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(a % b)
		y.Yield(a & b)
		y.Yield(a | b)
		y.Yield(a ^ b)
		y.Yield(a &^ b)
		y.Yield(-a)
		y.Yield(^b)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a++
		b--
	}
}

//coro:body
func shiftsUint16(y *coro.Yielder[uint16, uint], a uint16) {
	n := uint(0)
	for n < 100 {
		y.Yield(a << n)
		n = y.Yield(a >> n)
	}
	y.Yield(a << 3 >> 2)
	y.Yield(a<<5 | a>>3)
}

//coro:body
func divisionsUint16(a uint16) (third, seventh, tenth, sixteenth, remainder3, remainder10, remainder16 uint16) {
	return a / 3, a / 7, a / 10, a / 16, a % 3, a % 10, a % 16
}

//coro:body
func comparisonsUint16(a, b uint16) (equal, different, less, lessOrEqual, greater, greaterOrEqual bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b
}

//coro:body
func assignmentsUint16(y *coro.Yielder[uint16, uint16], x uint16) uint16 {
	x += y.Yield(x)
	x -= y.Yield(x)
	x *= y.Yield(x)
	x /= y.Yield(x) | 1
	x %= y.Yield(x) | 1
	x &= y.Yield(x)
	x |= y.Yield(x)
	x ^= y.Yield(x)
	x &^= y.Yield(x)
	x <<= y.Yield(x) & 7
	x >>= y.Yield(x) & 7
	return x
}

//coro:body
func arithmeticUint32(y *coro.Yielder[uint32, uint32], a, b uint32) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(a % b)
		y.Yield(a & b)
		y.Yield(a | b)
		y.Yield(a ^ b)
		y.Yield(a &^ b)
		y.Yield(-a)
		y.Yield(^b)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a++
		b--
	}
}

//coro:body
func shiftsUint32(y *coro.Yielder[uint32, uint], a uint32) {
	n := uint(0)
	for n < 100 {
		y.Yield(a << n)
		n = y.Yield(a >> n)
	}
	y.Yield(a << 3 >> 2)
	y.Yield(a<<5 | a>>3)
}

//coro:body
func divisionsUint32(a uint32) (third, seventh, tenth, sixteenth, remainder3, remainder10, remainder16 uint32) {
	return a / 3, a / 7, a / 10, a / 16, a % 3, a % 10, a % 16
}

//coro:body
func comparisonsUint32(a, b uint32) (equal, different, less, lessOrEqual, greater, greaterOrEqual bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b
}

//coro:body
func assignmentsUint32(y *coro.Yielder[uint32, uint32], x uint32) uint32 {
	x += y.Yield(x)
	x -= y.Yield(x)
	x *= y.Yield(x)
	x /= y.Yield(x) | 1
	x %= y.Yield(x) | 1
	x &= y.Yield(x)
	x |= y.Yield(x)
	x ^= y.Yield(x)
	x &^= y.Yield(x)
	x <<= y.Yield(x) & 7
	x >>= y.Yield(x) & 7
	return x
}

//coro:body
func arithmeticUint64(y *coro.Yielder[uint64, uint64], a, b uint64) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(a % b)
		y.Yield(a & b)
		y.Yield(a | b)
		y.Yield(a ^ b)
		y.Yield(a &^ b)
		y.Yield(-a)
		y.Yield(^b)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a++
		b--
	}
}

//coro:body
func shiftsUint64(y *coro.Yielder[uint64, uint], a uint64) {
	n := uint(0)
	for n < 100 {
		y.Yield(a << n)
		n = y.Yield(a >> n)
	}
	y.Yield(a << 3 >> 2)
	y.Yield(a<<5 | a>>3)
}

//coro:body
func divisionsUint64(a uint64) (third, seventh, tenth, sixteenth, remainder3, remainder10, remainder16 uint64) {
	return a / 3, a / 7, a / 10, a / 16, a % 3, a % 10, a % 16
}

//coro:body
func comparisonsUint64(a, b uint64) (equal, different, less, lessOrEqual, greater, greaterOrEqual bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b
}

//coro:body
func assignmentsUint64(y *coro.Yielder[uint64, uint64], x uint64) uint64 {
	x += y.Yield(x)
	x -= y.Yield(x)
	x *= y.Yield(x)
	x /= y.Yield(x) | 1
	x %= y.Yield(x) | 1
	x &= y.Yield(x)
	x |= y.Yield(x)
	x ^= y.Yield(x)
	x &^= y.Yield(x)
	x <<= y.Yield(x) & 7
	x >>= y.Yield(x) & 7
	return x
}

//coro:body
func arithmeticUint(y *coro.Yielder[uint, uint], a, b uint) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(a % b)
		y.Yield(a & b)
		y.Yield(a | b)
		y.Yield(a ^ b)
		y.Yield(a &^ b)
		y.Yield(-a)
		y.Yield(^b)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a++
		b--
	}
}

//coro:body
func shiftsUint(y *coro.Yielder[uint, uint], a uint) {
	n := uint(0)
	for n < 100 {
		y.Yield(a << n)
		n = y.Yield(a >> n)
	}
	y.Yield(a << 3 >> 2)
	y.Yield(a<<5 | a>>3)
}

//coro:body
func divisionsUint(a uint) (third, seventh, tenth, sixteenth, remainder3, remainder10, remainder16 uint) {
	return a / 3, a / 7, a / 10, a / 16, a % 3, a % 10, a % 16
}

//coro:body
func comparisonsUint(a, b uint) (equal, different, less, lessOrEqual, greater, greaterOrEqual bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b
}

//coro:body
func assignmentsUint(y *coro.Yielder[uint, uint], x uint) uint {
	x += y.Yield(x)
	x -= y.Yield(x)
	x *= y.Yield(x)
	x /= y.Yield(x) | 1
	x %= y.Yield(x) | 1
	x &= y.Yield(x)
	x |= y.Yield(x)
	x ^= y.Yield(x)
	x &^= y.Yield(x)
	x <<= y.Yield(x) & 7
	x >>= y.Yield(x) & 7
	return x
}

//coro:body
func arithmeticUintptr(y *coro.Yielder[uintptr, uintptr], a, b uintptr) {
	for range 2 {
		y.Yield(a + b)
		y.Yield(a - b)
		y.Yield(a * b)
		y.Yield(a / b)
		y.Yield(a % b)
		y.Yield(a & b)
		y.Yield(a | b)
		y.Yield(a ^ b)
		y.Yield(a &^ b)
		y.Yield(-a)
		y.Yield(^b)
		y.Yield(min(a, b))
		a = y.Yield(max(a, b))
		a++
		b--
	}
}

//coro:body
func shiftsUintptr(y *coro.Yielder[uintptr, uint], a uintptr) {
	n := uint(0)
	for n < 100 {
		y.Yield(a << n)
		n = y.Yield(a >> n)
	}
	y.Yield(a << 3 >> 2)
	y.Yield(a<<5 | a>>3)
}

//coro:body
func divisionsUintptr(a uintptr) (third, seventh, tenth, sixteenth, remainder3, remainder10, remainder16 uintptr) {
	return a / 3, a / 7, a / 10, a / 16, a % 3, a % 10, a % 16
}

//coro:body
func comparisonsUintptr(a, b uintptr) (equal, different, less, lessOrEqual, greater, greaterOrEqual bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b
}

//coro:body
func assignmentsUintptr(y *coro.Yielder[uintptr, uintptr], x uintptr) uintptr {
	x += y.Yield(x)
	x -= y.Yield(x)
	x *= y.Yield(x)
	x /= y.Yield(x) | 1
	x %= y.Yield(x) | 1
	x &= y.Yield(x)
	x |= y.Yield(x)
	x ^= y.Yield(x)
	x &^= y.Yield(x)
	x <<= y.Yield(x) & 7
	x >>= y.Yield(x) & 7
	return x
}

//coro:body
func mixedWidths(a int8, b uint16, c int32, d uint64) (int64, uint8, int16, uint32) {
	return int64(a) + int64(b) + int64(c) + int64(d), uint8(a) ^ uint8(b) ^ uint8(c) ^ uint8(d),
		int16(a)*int16(b) - int16(c), uint32(d>>32)<<uint8(b&3) | uint32(c)
}

//coro:body
func signedShifts(y *coro.Yielder[int64, struct{}], a int64, n int, small int8) {
	y.Yield(a << n)
	y.Yield(a >> n)
	y.Yield(a << small)
	y.Yield(a >> (n & 63))
	y.Yield(int64(uint64(a) >> uint8(small)))
}

//coro:body
func divideByPowers(y *coro.Yielder[int, struct{}], a int) {
	y.Yield(a / 2)
	y.Yield(a / -8)
	y.Yield(a % 1024)
	y.Yield(a / 1)
	y.Yield(a / -1)
	y.Yield(a * 5)
	y.Yield(a * -7)
	y.Yield(a * 1000)
}

//coro:body
func bitCounts(x uint64) (zerosLeft, zerosRight, ones, length int, reversed, swapped, rotated uint64) {
	return bits.LeadingZeros64(x), bits.TrailingZeros64(x), bits.OnesCount64(x), bits.Len64(x),
		bits.Reverse64(x), bits.ReverseBytes64(x), bits.RotateLeft64(x, 13)
}

//coro:body
func bitCountsSmall(x uint32) (zerosLeft, zerosRight, ones, length int, reversed, rotated uint32) {
	return bits.LeadingZeros8(uint8(x)), bits.TrailingZeros16(uint16(x)), bits.OnesCount32(x), bits.Len16(uint16(x)),
		bits.ReverseBytes32(x), bits.RotateLeft32(x, 5)
}

//coro:body
func wideArithmetic(a, b uint64) (sum, carry, difference, borrow, high, low, quotient, remainder uint64) {
	sum, carry = bits.Add64(a, b, 1)
	difference, borrow = bits.Sub64(a, b, 1)
	high, low = bits.Mul64(a, b)
	quotient, remainder = bits.Div64(b>>1, a, b)
	return sum, carry, difference, borrow, high, low, quotient, remainder
}

//coro:body
func constants(y *coro.Yielder[uint64, struct{}]) {
	const huge = 1 << 100
	y.Yield(huge >> 40)
	y.Yield(0xdead_beef_0123_4567)
	y.Yield(0b1010_0101)
	y.Yield(0o755)
	y.Yield('€')
	for _, x := range [...]uint64{1 << 63, 1<<64 - 1, 0x7fffffff, 0x80000000, 0xffffffff} {
		y.Yield(x + 1)
	}
}

type weekday int

const (
	sunday weekday = iota
	monday
	tuesday
)

//coro:body
func namedInteger(y *coro.Yielder[weekday, weekday]) {
	for d := sunday; d <= tuesday; d++ {
		if d += y.Yield(d); d == monday {
			y.Yield(-monday)
		}
	}
}

// evaluationOrder yields inside operands of one expression.
//
//coro:body
func evaluationOrder(y *coro.Yielder[int, int], x int) int {
	return x*y.Yield(1) + y.Yield(2)*(y.Yield(3)-x)<<uint(y.Yield(4)&3)
}

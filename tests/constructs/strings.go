package constructs

import (
	"strings"

	"github.com/morestack/morestack/coro"
)

//coro:body
func stringBytes(y *coro.Yielder[byte, struct{}], s string) int {
	for i := 0; i < len(s); i++ {
		y.Yield(s[i])
	}
	return len(s)
}

//coro:body
func stringRunes(y *coro.Yielder[rune, struct{}], s string) (sum int) {
	for i, r := range s {
		y.Yield(r)
		sum += i
	}
	for range s {
		sum += 1000
	}
	return sum
}

//coro:body
func stringSlices(y *coro.Yielder[string, int], s string) {
	i := y.Yield(s)
	j := y.Yield(s[i:])
	y.Yield(s[:j])
	y.Yield(s[i:j])
	y.Yield(s[len(s):])
}

//coro:body
func stringComparisons(a, b string) (equal, different, less, lessOrEqual, greater, greaterOrEqual, empty, constant bool) {
	return a == b, a != b, a < b, a <= b, a > b, a >= b, a == "", b == "stack"
}

// stringMinMax has no operands that are evaluated twice.
//
//coro:body
func stringMinMax(y *coro.Yielder[string, string], s string) string {
	return min(s, y.Yield("first"), y.Yield("second")) + max(s, "m", y.Yield("third"))
}

//coro:body
func concatenation(y *coro.Yielder[string, string], a string) string {
	b := y.Yield(a + "!")
	c := y.Yield(a + b)
	d := y.Yield(a + b + c)
	e := y.Yield(a + b + c + d)
	f := y.Yield(a + b + c + d + e)
	y.Yield(a + "-" + b + "-" + c + "-" + d + "-" + e + "-" + f)
	f += a
	f += "" + b
	return f
}

// concatenationOrder yields inside the operands of a concatenation.
//
//coro:body
func concatenationOrder(y *coro.Yielder[string, string], a string) string {
	return a + y.Yield("one") + a[1:] + y.Yield("two") + y.Yield("three")
}

//coro:body
func appendedString(y *coro.Yielder[int, string]) string {
	s := ""
	for part := y.Yield(0); part != ""; part = y.Yield(len(s)) {
		s += part
	}
	return s
}

//coro:body
func builder(y *coro.Yielder[int, string]) string {
	b := &strings.Builder{}
	for range 4 {
		b.WriteString(y.Yield(b.Len()))
		b.WriteByte('|')
		b.WriteRune('€')
	}
	return b.String()
}

// localBuilder has the builder in its frame and hands out its address.
//
//coro:body
func localBuilder(y *coro.Yielder[int, string]) string {
	var b strings.Builder
	for range 4 {
		b.WriteString(y.Yield(b.Len()))
		b.WriteByte(',')
	}
	return b.String()
}

//coro:body
func bytesOfStrings(s string) (equal bool, prefix bool, letters int) {
	b := []byte(s)
	m := map[string]int{"stack": 5}
	for _, c := range []byte(s) {
		if 'a' <= c && c <= 'z' {
			letters++
		}
	}
	return string(b) == s, len(b) >= 2 && string(b[:2]) == "st", letters + m[string(b)]
}

//coro:body
func stringsInFrames(y *coro.Yielder[string, string], depth int, s string) string {
	if depth == 0 {
		return s
	}
	t := y.Yield(s) + s
	return stringsInFrames(y, depth-1, t) + "/" + t
}

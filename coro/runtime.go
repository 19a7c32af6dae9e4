//go:build linux && (amd64 || arm64) && !purego

//lint:file-ignore U1000 generated assembly calls these.

package coro

import (
	"strings"
	"unicode/utf8"
	"unsafe"
)

// Functions of the Go runtime that compiled bodies call, for they cannot name
// the runtime's own: with its signatures, except that a buffer which the
// compiler has put on the stack is not used. They are variables because native
// code calls function values.
var (
	rtConcatString2 = func(_ *[32]byte, a, b string) string { return a + b }
	rtConcatString3 = func(_ *[32]byte, a, b, c string) string { return a + b + c }
	rtConcatString4 = func(_ *[32]byte, a, b, c, d string) string { return a + b + c + d }
	rtConcatString5 = func(_ *[32]byte, a, b, c, d, e string) string { return a + b + c + d + e }

	// On amd64 there are registers for four: the last is on the coroutine's stack,
	// and its address where the buffer's was.
	rtConcatString5Stack = concatString5Stack
	rtConcatStrings      = func(_ *[32]byte, list []string) string { return strings.Join(list, "") }

	rtSliceByteToString = func(_ *[32]byte, p *byte, n int) string { return string(unsafe.Slice(p, n)) }
	rtStringToSliceByte = func(_ *[32]byte, s string) []byte { return []byte(s) }
	rtStringToSliceRune = func(_ *[32]rune, s string) []rune { return []rune(s) }
	rtSliceRuneToString = func(_ *[32]byte, a []rune) string { return string(a) }
	rtIntString         = func(_ *[4]byte, v int64) string {
		if v != int64(rune(v)) {
			v = utf8.RuneError
		}
		return string(rune(v))
	}

	rtDecodeRune = func(s string, k int) (r rune, after int) {
		r, size := utf8.DecodeRuneInString(s[k:])
		return r, k + size
	}
	rtCountRunes    = func(s string) int { return utf8.RuneCountInString(s) }
	rtComplex128Div = func(n, m complex128) complex128 { return n / m }
)

// rtZeroBase is where values without bytes are.
var rtZeroBase [8]byte

// Nosplit: until e is loaded nobody knows what it points to.
//
//go:nosplit
func concatString5Stack(e *string, a, b, c, d string) string {
	return rtConcatString5(nil, a, b, c, d, *e)
}

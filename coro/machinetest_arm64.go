//go:build linux && !purego

//lint:file-ignore U1000 assembly uses the fields.

package coro

// registers are those in which Go passes arguments and results: a struct of as many words
// and floating-point numbers travels in all of them.
type registers struct {
	i0, i1, i2, i3, i4, i5, i6, i7, i8, i9, i10, i11, i12, i13, i14, i15 uintptr
	f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15 float64
}

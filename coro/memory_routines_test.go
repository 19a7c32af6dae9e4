//go:build linux && (amd64 || arm64) && !purego

package coro_test

import (
	"bytes"
	"cmp"
	"math/rand/v2"
	"strings"
	"testing"
	"unsafe"

	"github.com/morestack/morestack/tests/machine"
)

// function makes a function value of an address. The routines take and return
// what a Go function of the type would.
func function[F any](pc uintptr) F {
	p := &pc
	return *(*F)(unsafe.Pointer(&p))
}

var (
	memequal  = function[func(a, b unsafe.Pointer, n int) bool](machine.MemequalAddress())
	cmpstring = function[func(a, b string) int](machine.CmpstringAddress())
	memmove   = function[func(to, from unsafe.Pointer, n int)](machine.MemmoveAddress())
	memclr    = function[func(p unsafe.Pointer, n int)](machine.MemclrAddress())
)

// sizes are those where an implementation may change its mind.
func sizes(yield func(int) bool) {
	for n := range 301 {
		if !yield(n) {
			return
		}
	}
	for _, n := range []int{511, 512, 513, 2047, 2048, 2049, 2055, 4096, 5000} {
		if !yield(n) {
			return
		}
	}
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return b
}

func at(b []byte, i int) unsafe.Pointer { return unsafe.Pointer(&b[i]) }

func TestMemmove(t *testing.T) {
	const room = 16
	for n := range sizes {
		for _, distance := range []int{0, 1, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, n - 1, n, n + 1} {
			if distance < 0 {
				continue
			}
			for _, up := range []bool{false, true} {
				got := randomBytes(n + distance + 2*room)
				want := bytes.Clone(got)
				to, from := room, room+distance
				if up {
					to, from = from, to
				}
				copy(want[to:to+n], want[from:from+n])
				memmove(at(got, to), at(got, from), n)
				if !bytes.Equal(got, want) {
					t.Fatalf("%d bytes from %d to %d", n, from, to)
				}
			}
		}
	}
}

func TestMemclr(t *testing.T) {
	for n := range sizes {
		for offset := range 9 {
			got := randomBytes(n + 32)
			want := bytes.Clone(got)
			clear(want[offset : offset+n])
			if memclr(at(got, offset), n); !bytes.Equal(got, want) {
				t.Fatalf("%d bytes at %d", n, offset)
			}
		}
	}
}

func TestMemequal(t *testing.T) {
	for n := range sizes {
		a := randomBytes(n + 16)
		b := bytes.Clone(a)
		if !memequal(at(a, 3), at(b, 3), n) || !memequal(at(a, 3), at(a, 3), n) {
			t.Fatalf("%d equal bytes are not", n)
		}
		for i := range n {
			b[3+i] ^= 0x80
			if memequal(at(a, 3), at(b, 3), n) {
				t.Fatalf("%d bytes that differ at %d are equal", n, i)
			}
			b[3+i] ^= 0x80
		}
		b[2], b[3+n] = ^b[2], ^b[3+n]
		if !memequal(at(a, 3), at(b, 3), n) {
			t.Fatalf("%d bytes differ from what is around them", n)
		}
	}
}

func TestCmpstring(t *testing.T) {
	check := func(a, b string) {
		t.Helper()
		if got := cmpstring(a, b); got != cmp.Compare(a, b) {
			t.Fatalf("%d and %d bytes: %d, want %d", len(a), len(b), got, cmp.Compare(a, b))
		}
		if got := cmpstring(b, a); got != cmp.Compare(b, a) {
			t.Fatalf("%d and %d bytes: %d, want %d", len(b), len(a), got, cmp.Compare(b, a))
		}
	}
	for n := range 100 {
		b := randomBytes(n)
		s := string(b)
		check(s, s)
		check(s, strings.Clone(s))
		check(s, s+"\x00")
		check(s, s[:n/2])
		for i := range n {
			old := b[i]
			for _, v := range []byte{0, 1, 0x7f, 0x80, 0xff, old + 1, old - 1} {
				b[i] = v
				check(s, string(b))
				check(s, string(b)+"x")
			}
			b[i] = old
		}
	}
}

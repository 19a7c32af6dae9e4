package encodings

import (
	"bytes"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"unsafe"

	"github.com/morestack/morestack/coro"
)

// outcome is what a coroutine or its twin yields.
type outcome []uint64

// answer is what a body is given for a value.
func answer(v uint64) uint64 { return v*odd ^ v>>32 }

// run resumes a coroutine to its end. Of a trap the test would know no more.
func run(t *testing.T, c interface {
	Resume(uint64) (uint64, bool)
	Err() error
}) (all outcome) {
	t.Helper()
	v, ok := c.Resume(0)
	for ok {
		all = append(all, v)
		v, ok = c.Resume(answer(v))
	}
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// pattern is what memories are filled from. Read as floats none of it is an infinity or
// no number.
var pattern = sync.OnceValue(func() []byte {
	b := make([]byte, len(memory{})+16)
	seed := uint64(odd)
	for i := range b {
		if i&7 == 0 {
			seed = seed*odd + 1
		}
		if b[i] = byte(seed >> (8 * (i & 7))); b[i]&0x7f == 0x7f {
			b[i] = 0x33
		}
	}
	return b
})

// filled is a memory, one of 16.
func filled(which int) *memory {
	m := new(memory)
	copy(m[:], pattern()[which:])
	return m
}

// pace calls yield as every of the generator has the bodies do it.
func pace(n int, step func(k int), yield func()) {
	for k := range n {
		if k%25 == 24 {
			yield()
		}
		step(k)
	}
	yield()
}

// access is the bodies that load and store one type, and the same in plain Go, where
// offsets are variables.
type access struct {
	name       string
	load       func(p unsafe.Pointer) coro.Coroutine[uint64, uint64]
	store      func(p unsafe.Pointer, v uint64) coro.Coroutine[uint64, uint64]
	plainLoad  func(p unsafe.Pointer) outcome
	plainStore func(p unsafe.Pointer, v uint64) outcome
}

type scalar interface {
	uint8 | int8 | uint16 | int16 | uint32 | int32 | uint64 | int64 | float32 | float64
}

func accessOf[T scalar](load func(unsafe.Pointer, ...coro.Option) coro.Coroutine[uint64, uint64], store func(unsafe.Pointer, uint64, ...coro.Option) coro.Coroutine[uint64, uint64]) access {
	return access{
		fmt.Sprintf("%T", T(0)),
		func(p unsafe.Pointer) coro.Coroutine[uint64, uint64] { return load(p) },
		func(p unsafe.Pointer, v uint64) coro.Coroutine[uint64, uint64] { return store(p, v) },
		func(p unsafe.Pointer) (all outcome) {
			sum := uint64(0)
			pace(len(offsets), func(k int) { sum = sum*odd + word(*(*T)(unsafe.Add(p, offsets[k]))) }, func() { all = append(all, sum) })
			return all
		},
		func(p unsafe.Pointer, v uint64) (all outcome) {
			pace(len(offsets), func(k int) {
				*(*T)(unsafe.Add(p, offsets[k])) = T(v)
				v = v*odd + 1
			}, func() {
				all = append(all, v)
				v += answer(v)
			})
			return all
		},
	}
}

func word[T scalar](v T) uint64 {
	switch v := any(v).(type) {
	case float32:
		return uint64(math.Float32bits(v + 0.5))
	case float64:
		return math.Float64bits(v + 0.5)
	}
	return uint64(v)
}

func TestAccesses(t *testing.T) {
	for _, a := range accesses {
		t.Run(a.name, func(t *testing.T) {
			got, want := filled(1), filled(1)
			if g, w := run(t, a.load(got.middle())), a.plainLoad(want.middle()); !slices.Equal(g, w) {
				t.Errorf("loads: %x, want %x", g, w)
			}
			if g, w := run(t, a.store(got.middle(), odd)), a.plainStore(want.middle(), odd); !slices.Equal(g, w) {
				t.Errorf("stores: %x, want %x", g, w)
			}
			same(t, got, want)
		})
	}
}

// same compares memories.
func same(t *testing.T, got, want *memory) {
	t.Helper()
	if bytes.Equal(got[:], want[:]) {
		return
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("at %d: %#x, want %#x", i-reach, got[i], want[i])
			return
		}
	}
}

func TestZeros(t *testing.T) {
	got, want := filled(2), filled(2)
	run(t, newStoreZero(got.middle()))
	for k, o := range offsets {
		clear(want[reach+o:][:zeroSizes[(k+1)%len(zeroSizes)]])
	}
	same(t, got, want)
}

// move is a body that copies blocks of a size.
type move struct {
	size int
	body func(p, q unsafe.Pointer, opts ...coro.Option) coro.Coroutine[uint64, uint64]
}

func TestMoves(t *testing.T) {
	from := filled(3)
	for _, m := range moves {
		t.Run(strconv.Itoa(m.size), func(t *testing.T) {
			got, want := filled(4), filled(4)
			run(t, m.body(got.middle(), from.middle()))
			for _, o := range offsets {
				copy(want[reach+o:][:m.size], from[reach+o:])
			}
			same(t, got, want)
		})
	}
}

func TestMerged(t *testing.T) {
	m := filled(5)
	var want outcome
	sum := uint64(0)
	pace(len(offsets), func(k int) {
		v := uint64(0)
		for i := range 8 {
			v |= uint64(m[reach+offsets[k]+i]) << (8 * i)
		}
		sum = sum*odd + v
	}, func() { want = append(want, sum) })
	if got := run(t, newMerged(m)); !slices.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}

func TestConstants(t *testing.T) {
	for _, start := range []uint64{0, 1, 0x8000_0000, math.MaxUint64, odd} {
		var want outcome
		x := start
		pace(len(numbers), func(k int) {
			n := numbers[k]
			if x < n {
				x++
			}
			if int64(x) <= int64(n) {
				x += 2
			}
			if uint32(x) > uint32(n) {
				x += 3
			}
			x = ((x + n) ^ n) * odd
			x = x&^n + x | n
			x ^= x >> 7
			x -= x & n
		}, func() {
			want = append(want, x)
			x += answer(x)
		})
		if got := run(t, newConstants(start)); !slices.Equal(got, want) {
			t.Errorf("from %#x: got %x, want %x", start, got, want)
		}
	}
}

// layout is a struct with values of one type at many offsets, and the bodies that
// exchange them between two and copy a whole one.
type layout struct {
	name string
	test func(t *testing.T)
}

func layoutOf[S, T any](name string, fields func(*S) []*T, swap func(a, b *S, opts ...coro.Option) coro.Coroutine[uint64, uint64],
	whole func(all []*S, i, j int, opts ...coro.Option) coro.Coroutine[uint64, uint64], value func(n uint64) (T, func(T) bool)) layout {
	return layout{name, func(t *testing.T) {
		a, b := new(S), new(S)
		var ofA, ofB []func(T) bool
		for i, f := range fields(a) {
			v, is := value(uint64(i))
			*f, ofA = v, append(ofA, is)
			v, is = value(uint64(i + 1000))
			*fields(b)[i], ofB = v, append(ofB, is)
		}
		check := func(s *S, is []func(T) bool, what string) {
			runtime.GC()
			for i, f := range fields(s) {
				if !is[i](*f) {
					t.Errorf("%s: field %d is %v", what, i, *f)
				}
			}
		}
		stop := collecting()
		run(t, swap(a, b))
		stop()
		check(a, ofB, "a")
		check(b, ofA, "b")
		stop = collecting()
		run(t, whole([]*S{a, b}, 1, 0))
		stop()
		check(a, ofB, "a")
		check(b, ofB, "b after the copy")
	}}
}

// collecting has the collector run until it is stopped, so that bodies meet it
// marking.
func collecting() (stop func()) {
	end, ended := make(chan bool), make(chan bool)
	go func() {
		defer close(ended)
		for {
			select {
			case <-end:
				return
			default:
				runtime.GC()
			}
		}
	}()
	return func() {
		close(end)
		<-ended
	}
}

// The values, and what tells them apart from all others.

func anObject(n uint64) (*object, func(*object) bool) {
	return newObject(n), func(o *object) bool { return o.value == n }
}

func someObjects(n uint64) ([]*object, func([]*object) bool) {
	return []*object{newObject(n), newObject(n + 1)}, func(s []*object) bool {
		return len(s) == 2 && s[0].value == n && s[1].value == n+1
	}
}

func aString(n uint64) (string, func(string) bool) {
	return strconv.FormatUint(n*odd, 36), func(s string) bool { return s == strconv.FormatUint(n*odd, 36) }
}

func TestPointers(t *testing.T) {
	for _, l := range layouts {
		t.Run(l.name, l.test)
	}
}

// resulting is a coroutine of a body with a result.
type resulting interface {
	Resume(uint64) (uint64, bool)
	Err() error
	Results() uint64
}

// frame is a body with a frame of size bytes and more, and the same function in plain
// Go.
type frame struct {
	size  int
	body  func(depth int, o *object) resulting
	plain func(yield func(uint64) uint64, depth int, o *object) uint64
}

func TestFrames(t *testing.T) {
	for _, f := range frames {
		t.Run(strconv.Itoa(f.size), func(t *testing.T) {
			defer collecting()()
			for start := range uint64(20) { // the returns, by the first answers
				var want outcome
				result := f.plain(func(v uint64) uint64 {
					want = append(want, v)
					return answer(v)
				}, 3, newObject(start))
				c := f.body(3, newObject(start))
				if got := run(t, c); !slices.Equal(got, want) {
					t.Errorf("yields %x, want %x", got, want)
				}
				if got := c.Results(); got != result {
					t.Errorf("returns %#x, want %#x", got, result)
				}
			}
		})
	}
}

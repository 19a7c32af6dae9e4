package pieces

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/again"
	"github.com/morestack/morestack/tests/twins"
)

const piece = 256 << 10 // bytes, as corogen has it

// results runs a coroutine that does not yield.
func results[Out, In any](t *testing.T, c coro.Coroutine[Out, In]) {
	t.Helper()
	var in In
	if _, ok := c.Resume(in); ok || c.Err() != nil {
		t.Fatal(ok, c.Err())
	}
}

// sizes are lengths about those from which there are pieces, in elements.
func sizes[E any]() []int {
	one := max(1, piece/int(unsafe.Sizeof(*new(E))))
	return []int{0, 1, one, one + 1, 2 * one, 2*one + one/2}
}

// check copies and clears lists of elements, of all sizes, where source and destination
// overlap in either direction and where not.
func check[E comparable](t *testing.T, copies func(to, from []E, opts ...coro.Option) copiesCoroutine[E], clears func([]E, ...coro.Option) coro.Coroutine[struct{}, struct{}], element func(i int) E) {
	t.Helper()
	for _, n := range sizes[E]() {
		one := max(1, piece/int(unsafe.Sizeof(*new(E))))
		for _, at := range [][2]int{{0, 0}, {0, 1}, {1, 0}, {0, one}, {one + 1, 0}, {0, n}, {n, 0}} {
			list := make([]E, n+max(at[0], at[1]))
			for i := range list {
				list[i] = element(i)
			}
			want := slices.Clone(list)
			for range 2 {
				copy(want[at[0]:at[0]+n], want[at[1]:])
			}
			c := copies(list[at[0]:at[0]+n], list[at[1]:])
			results(t, c.Coroutine)
			if got := c.Results(); got != n {
				t.Fatalf("%T: %d copied, want %d", list, got, n)
			}
			if !slices.Equal(list, want) {
				t.Fatalf("%T: %d elements copied from %d to %d are wrong", list, n, at[1], at[0])
			}
		}
		list := make([]E, n+2)
		for i := range list {
			list[i] = element(i + 1)
		}
		results(t, clears(list[1:n+1]))
		var zero E
		for i, e := range list {
			if inside := i > 0 && i <= n; inside != (e == zero) {
				t.Fatalf("%T: element %d of %d is wrong after a clear", list, i, n)
			}
		}
	}
}

func TestOverlaps(t *testing.T) {
	check(t, newCopies[byte], newClears[byte], func(i int) byte { return byte(i%251 + 1) })
	check(t, newCopies[odd], newClears[odd], func(i int) odd { return odd{byte(i), byte(i >> 8), byte(i>>16) + 1} })
	check(t, newCopies[int], newClears[int], func(i int) int { return i + 1 })
	check(t, newCopies[point], newClears[point], func(i int) point { return point{float64(i), 1, [2]rune{rune(i), 2}} })
	check(t, newCopies[string], newClears[string], func(i int) string { return strings.Repeat("x", i%5+1) })
	check(t, newCopies[*int], newClears[*int], func(i int) *int { return &numbers[i%len(numbers)] })
	check(t, newCopies[huge], newClears[huge], func(i int) huge { return huge{0: byte(i + 1), len(huge{}) - 1: byte(i)} })
}

var numbers [1000]int

// A destination and a source of different lengths, and strings.
func TestLengths(t *testing.T) {
	for _, n := range sizes[byte]() {
		for _, m := range sizes[byte]() {
			from := strings.Repeat("text ", m/5+1)[:m]
			got, want := make([]byte, n), make([]byte, n)
			c := newTexts(got, from)
			results(t, c.Coroutine)
			if k := copy(want, from); c.Results() != k || string(got) != string(want) {
				t.Fatalf("%d of %d bytes: %d", m, n, c.Results())
			}
			p := newPinnedCopies(make([]int, n/8), make([]int, m/8))
			results(t, p.Coroutine)
			if p.Results() != min(n/8, m/8) {
				t.Fatalf("%d of %d elements: %d", m/8, n/8, p.Results())
			}
		}
	}
}

// Arguments are evaluated once, in their order.
func TestOrder(t *testing.T) {
	list := make([]int, piece)
	for i := range list {
		list[i] = i
	}
	c := newOrders(list)
	var said []string
	for _, in := range []int{0, 1, 2, 3} {
		if text, ok := c.Resume(in); ok {
			said = append(said, text)
		}
	}
	if got := fmt.Sprint(said, c.Results(), list[0], list[1], list[len(list)-1], c.Err()); got != fmt.Sprint([]string{"to", "from", "after"}, piece-2+30, 0, 2, piece-1, error(nil)) {
		t.Error(got)
	}
}

func TestLoops(t *testing.T) {
	for _, n := range []int{0, 1, 10, piece, piece + 1, 3*piece + 5} {
		bytes, points := slices.Repeat([]byte{1}, n), slices.Repeat([]point{{1, 2, [2]rune{3, 4}}}, n/16)
		c := newLoops(bytes, points)
		results(t, c.Coroutine)
		if c.Results() != n-1 || slices.Max(append(bytes, 0)) != 0 || slices.ContainsFunc(points, func(p point) bool { return p != point{} }) {
			t.Errorf("%d: %d", n, c.Results())
		}
		a, b := make([]int, n/8), slices.Repeat([]int{5}, n/8)
		o := newOthers(a, b)
		results(t, o.Coroutine)
		if o.Results() != max(n/8-1, 0) || len(b) > 0 && (slices.Min(b) != 7 || slices.Max(b) != 7) {
			t.Errorf("%d: %d", n, o.Results())
		}
		for i := range a {
			if a[i] != i {
				t.Fatal(i, a[i])
			}
		}
	}
}

func TestArrays(t *testing.T) {
	p, q := new(table), new(table)
	for i := range q {
		p[i], q[i], global[i] = 1, int32(i), 2
	}
	results(t, newTables(p, q))
	if *q != (table{}) || p[5] != 5 || p[len(p)-1] != int32(len(p)-1) || global != *p {
		t.Error("arrays")
	}
	for _, clearing := range []bool{false, true} {
		c := newTablesOfNil(nil, clearing)
		c.Resume(struct{}{})
		var trap *coro.Trap
		if !errors.As(c.Err(), &trap) || !strings.Contains(c.Err().Error(), "nil pointer dereference") {
			t.Error("of nil: ", c.Err())
		}
	}
}

// A coroutine pauses in the middle of each operation, on its line, and does the rest
// when it is resumed.
func TestPausesInTheMiddle(t *testing.T) {
	if twins.Run {
		t.Skip("NOT RUN: on iter.Pull coroutines do not pause")
	}
	n := len(vast{})
	if again.Emulated() {
		n /= 4
	}
	fill := func(b []byte, v byte) {
		for i := range b {
			b[i] = v
		}
	}
	ints := make([]int64, n/8)
	one := func() {
		for i := range ints {
			ints[i] = 1
		}
	}
	list, from := make([]byte, n), slices.Repeat([]byte{1}, n)
	overlapping := make([]byte, n+piece/2)
	half := func() {
		for i := range overlapping {
			overlapping[i] = byte(i % 127)
		}
	}
	half()
	forth, back := slices.Clone(overlapping), slices.Clone(overlapping)
	copy(forth, forth[piece/2:])
	copy(back[piece/2:], back)
	to, source := new(vast), new(vast)
	fill(source[:], 1)

	all := func(b []byte, v byte) bool { return slices.Min(b) == v && slices.Max(b) == v }
	for _, c := range []struct {
		name string
		body coro.Coroutine[int, int]
		// begun and done tell of the parts that are done first and last.
		begun, done func() bool
		right       func() bool
	}{
		{"copy", newCopying(list, from, func() { fill(list, 0) }), func() bool { return list[0] == 1 }, func() bool { return list[n-1] == 1 }, func() bool { return all(list, 1) }},
		{"copy forwards", newCopying(overlapping, overlapping[piece/2:], half), func() bool { return overlapping[0] == forth[0] }, func() bool { return overlapping[n-1] == forth[n-1] },
			func() bool { return slices.Equal(overlapping, forth) }},
		{"copy backwards", newCopying(overlapping[piece/2:], overlapping, half), func() bool { return overlapping[len(back)-1] == back[len(back)-1] }, func() bool { return overlapping[piece/2] == back[piece/2] },
			func() bool { return slices.Equal(overlapping, back) }},
		{"clear", newClearing(ints, one), func() bool { return ints[0] == 0 }, func() bool { return ints[len(ints)-1] == 0 }, func() bool { return slices.Max(ints) == 0 }},
		{"clear", newLooping(ints, one), func() bool { return ints[0] == 0 }, func() bool { return ints[len(ints)-1] == 0 }, func() bool { return slices.Max(ints) == 0 }},
		{"copy", newAssigning(to, source, func() { fill(to[:], 0) }), func() bool { return to[0] == 1 }, func() bool { return to[len(to)-1] == 1 }, func() bool { return *to == *source }},
		{"clear", newZeroing(to, func() { fill(to[:], 1) }), func() bool { return to[0] == 0 }, func() bool { return to[len(to)-1] == 0 }, func() bool { return *to == vast{} }},
	} {
		var stop atomic.Bool
		stopped := make(chan bool)
		go func() {
			defer close(stopped)
			for !stop.Load() {
				c.body.Pause()
				time.Sleep(100 * time.Microsecond)
			}
		}()
		middle := false
		for deadline := time.Now().Add(time.Minute); !middle && time.Now().Before(deadline); {
			_, ok := c.body.Resume(0)
			switch {
			case ok:
			case c.body.Err() != coro.ErrPaused:
				t.Fatal(c.name, c.body.Err())
			case c.begun() && !c.done():
				middle = true
			}
		}
		stop.Store(true)
		<-stopped
		what, _, _ := strings.Cut(c.name, " ")
		switch frames := c.body.Frames(); {
		case !middle:
			t.Errorf("%s: it never paused in the middle", c.name)
			continue
		case frames[0].Func != what+" in pieces" || frames[0].Line != frames[1].Line || frames[0].File != frames[1].File:
			t.Errorf("%s: paused in %v, called by %v", c.name, frames[0], frames[1])
		}
		for {
			if _, ok := c.body.Resume(0); ok {
				break
			} else if c.body.Err() != coro.ErrPaused {
				t.Fatal(c.name, c.body.Err())
			}
		}
		if !c.right() {
			t.Errorf("%s: wrong after the pause", c.name)
		}
		c.body.Close()
	}
}

// The functions of package coro that do the same where there are pointers.
func TestPointers(t *testing.T) {
	const n = 3*piece/16 + 5
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(i)
	}
	for _, at := range [][2]int{{0, 1}, {1, 0}, {0, piece / 16}, {piece / 16, 0}, {n, 0}, {2, 2}} {
		got, want := slices.Clone(list), slices.Clone(list)
		if a, b := coro.Copy(got[at[0]:], got[at[1]:]), copy(want[at[0]:], want[at[1]:]); a != b || !reflect.DeepEqual(got, want) {
			t.Errorf("from %d to %d: %d, want %d", at[1], at[0], a, b)
		}
	}
	coro.Clear(list[1:])
	if list[0] != "0" || slices.ContainsFunc(list[1:], func(s string) bool { return s != "" }) {
		t.Error("not all is cleared")
	}
}

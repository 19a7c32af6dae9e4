//go:build linux && (amd64 || arm64) && !purego

package coro_test

import (
	"errors"
	"os"
	"testing"
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/stackcopy"
	"github.com/morestack/morestack/tests/again"
	"github.com/morestack/morestack/tests/bodies"
	"github.com/morestack/morestack/tests/twins"
)

// A map that does not fit the code is refused.
func TestBadMaps(t *testing.T) {
	good := bodies.Natives[0].Entry
	for _, bad := range []struct {
		name   string
		change func(f *stackcopy.Func)
	}{
		{"site without marker", func(f *stackcopy.Func) { f.Sites = append(f.Sites, f.Sites[0]) }},
		{"marker without site", func(f *stackcopy.Func) { f.Sites = f.Sites[:1] }},
		{"another map for the same function", func(f *stackcopy.Func) { f.Sites[0].Pointers = []int{morestack.LocalOffset} }},
		{"slot outside", func(f *stackcopy.Func) {
			f.Entry++
			f.Sites[0].Offset, f.Sites[1].Offset = 1, 2
			f.Sites[0].Pointers = []int{1 << 20}
		}},
		{"entry in the middle", func(f *stackcopy.Func) { f.Entry += 4 }},
	} {
		f := good
		f.Sites = append([]stackcopy.Site(nil), good.Sites...)
		bad.change(&f)
		_, err := coro.NewBody[bodies.CounterArgs, int, none](coro.Native{Entry: f}, nil)
		var wrong *stackcopy.MapError
		if !errors.As(err, &wrong) || wrong.Func != "counter" {
			t.Errorf("%s: %v", bad.name, err)
		}
	}
	v := panicValue(func() { coro.MustBody[int, int, int](coro.Native{}, nil) })
	if v != coro.ErrNoBody {
		t.Errorf("MustBody without an entry: panic %v", v)
	}
}

// Invariant: Go code never runs on a coroutine's stack.
func TestGoRunsOnTheGoroutinesStack(t *testing.T) {
	if twins.Run {
		t.Skip("NOT RUN: it is about native code")
	}
	a := &bodies.CallerArgs{N: 1}
	a.Add = func(_ int, sum *int) {
		var local byte
		if coro.InArena(unsafe.Pointer(&local)) {
			t.Error("a Go function runs on the coroutine's stack")
		}
		if !coro.InArena(unsafe.Pointer(sum)) {
			t.Error("the body's variable is not on a coroutine's stack")
		}
	}
	finish(t, start(t, bodies.Caller, a))
}

// stress=move moves at every prologue, whatever was called before at the same
// depth: in a process of its own, so that it is tested whether or not this one
// runs under stress.
func TestStressMovesAtEveryPrologue(t *testing.T) {
	if os.Getenv("MORESTACK") == "strict=1,native=1,stress=move" {
		a := &bodies.AckermannArgs{M: 2, N: 3}
		c := start(t, bodies.Ackermann, a)
		finish(t, c)
		if prologues := 1 + ackCalls(a.M, a.N); c.Stats().Moves != prologues || a.Result != 9 {
			t.Errorf("%d prologues, %d moves, result %d", prologues, c.Stats().Moves, a.Result)
		}
		return
	}
	command := again.Command(t, "", "-test.run=^TestStressMovesAtEveryPrologue$")
	command.Env = append(os.Environ(), "MORESTACK=strict=1,native=1,stress=move")
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// ackCalls is how many calls of ack compute a(m, n): as in assembly, where the
// outer of two nested calls is a loop.
func ackCalls(m, n int) int {
	calls := 1
	for m > 0 {
		if n == 0 {
			m, n = m-1, 1
			continue
		}
		calls += ackCalls(m, n-1)
		m, n = m-1, bodies.GoAckermann(m, n-1)
	}
	return calls
}

package interrupts

import (
	"context"
	"errors"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/twins"
)

var errTest = errors.New("test")

// checkInterrupted fails unless a coroutine has ended because of errTest, and in
// one of the functions, if any are named and it had begun.
func checkInterrupted(t *testing.T, err error, funcs ...string) {
	t.Helper()
	var interrupt *coro.InterruptError
	switch {
	case !errors.Is(err, coro.ErrInterrupted), !errors.Is(err, errTest), !errors.As(err, &interrupt):
		t.Fatalf("ended with %v", err)
	case len(interrupt.Frames) > 0 && funcs != nil:
		// Where it starts is named coroE0_spin, or the like.
		in := interrupt.Frames[0].Func
		if strings.HasPrefix(in, "coroE") {
			_, in, _ = strings.Cut(in, "_")
		}
		if !slices.Contains(funcs, in) || !strings.Contains(err.Error(), "bodies.go:") {
			t.Errorf("%v: not in %v", err, funcs)
		}
	}
}

// soon calls f when the caller runs native code, in all likelihood.
func soon(f func()) { time.AfterFunc(2*time.Millisecond, f) }

// repeatedly calls f from another goroutine until stop is called, and not after.
func repeatedly(f func()) (stop func()) {
	var ended atomic.Bool
	stopped := make(chan bool)
	go func() {
		defer close(stopped)
		for !ended.Load() {
			f()
			time.Sleep(100 * time.Microsecond) // some progress is wanted
		}
	}()
	return func() {
		ended.Store(true)
		<-stopped
	}
}

func TestInterrupt(t *testing.T) {
	if twins.Run {
		t.Skip("NOT RUN: on iter.Pull these loops never end")
	}
	for range 10 {
		a := newSpin(1 << 62)
		soon(func() { a.Interrupt(errTest) })
		if v, ok := a.Resume(0); ok {
			t.Fatal("yielded ", v)
		}
		checkInterrupted(t, a.Err(), "spin")
		if n := a.Results(); n != 0 {
			t.Error("results: ", n)
		}

		b := newDescend(1000)
		soon(func() { b.Interrupt(errTest) })
		b.Resume(0)
		checkInterrupted(t, b.Err(), "down", "descend")

		c := newCalls(func() bool { runtime.Gosched(); return true })
		soon(func() { c.Interrupt(errTest) })
		c.Resume(0)
		checkInterrupted(t, c.Err(), "calls")
	}
}

// A coroutine may be interrupted in any state, and that says what comes of it.
func TestStates(t *testing.T) {
	fresh := newYields(1)
	fresh.Interrupt(errTest)
	fresh.Interrupt(nil)
	if v, ok := fresh.Resume(0); ok {
		t.Error("never resumed before: yields ", v)
	}
	checkInterrupted(t, fresh.Err())

	suspended := newYields(1)
	suspended.Resume(0)
	suspended.Interrupt(errTest)
	if err := suspended.Err(); err != nil {
		t.Error("before the next Resume: ", err)
	}
	if v, ok := suspended.Resume(0); ok {
		t.Error("suspended: yields ", v)
	}
	checkInterrupted(t, suspended.Err(), "yields")
	if err := suspended.Close(); !errors.Is(err, errTest) {
		t.Error("Close: ", err)
	}

	closed := newYields(1)
	closed.Resume(0)
	closed.Interrupt(errTest)
	if err := closed.Close(); err != nil {
		t.Error("closed before the next Resume: ", err)
	}
	closed.Interrupt(errTest)
	if _, ok := closed.Resume(0); ok || closed.Err() != nil {
		t.Error("closed: ", closed.Err())
	}

	// What was meant for a coroutine does nothing to the next owner of what it
	// consisted of.
	for range 100 {
		old := newYields(1)
		old.Resume(0)
		old.Close()
		fresh := newYields(2)
		old.Interrupt(errTest)
		old.Pause()
		for i := range 3 {
			if v, ok := fresh.Resume(2); !ok || v != 2 {
				t.Fatal(i, v, ok, fresh.Err())
			}
			old.Interrupt(errTest)
		}
		fresh.Close()
	}

	var none coro.Coroutine[int, int]
	none.Interrupt(errTest)
	none.Pause()

	plain := newYields(1)
	plain.Resume(0)
	plain.Interrupt(nil)
	plain.Resume(0)
	if err := plain.Err(); err == nil || !errors.Is(err, coro.ErrInterrupted) || !strings.HasPrefix(err.Error(), "coro: interrupted") {
		t.Error(err)
	}
}

// The frames of a coroutine read as those of a goroutine do.
func TestTraceback(t *testing.T) {
	if twins.Run {
		t.Skip("NOT RUN: on iter.Pull there are no frames")
	}
	c := newCalls(func() bool { return false })
	c.Resume(0)
	want := regexp.MustCompile(`^calls\(\.\.\.\)\n\t.*/bodies\.go:\d+ \+0x[0-9a-f]+\n\w+_calls\(\.\.\.\)\n\t.*/bodies\.go:\d+ \+0x[0-9a-f]+\n$`)
	if got := coro.Traceback(c.Frames()); !want.MatchString(got) {
		t.Errorf("%q", got)
	}
	c.Close()
}

// The coroutine does not wait for its interruption where it calls Go.
func TestInterruptFromInside(t *testing.T) {
	var c coro.Coroutine[int, int]
	n := 0
	c = newCalls(func() bool {
		if n++; n == 3 {
			c.Interrupt(errTest)
		}
		return n < 10
	})
	_, ok := c.Resume(0)
	if ok {
		t.Fatal("yielded")
	}
	checkInterrupted(t, c.Err(), "calls")
	if !twins.Run && n != 3 {
		t.Errorf("%d calls", n)
	}
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	c := newYields(1, coro.Context(ctx))
	other := newYields(1, coro.Context(ctx))
	if _, ok := c.Resume(0); !ok {
		t.Fatal(c.Err())
	}
	other.Close()
	cancel(errTest)
	for c.Err() == nil { // it may take the context a moment to tell
		c.Resume(0)
	}
	checkInterrupted(t, c.Err())

	late := newYields(1, coro.Context(ctx))
	if _, ok := late.Resume(0); ok {
		t.Error("the context has ended before")
	}
	checkInterrupted(t, late.Err())

	ctx, stop := context.WithTimeout(context.Background(), time.Millisecond)
	defer stop()
	if !twins.Run {
		c := newSpin(1<<62, coro.Context(ctx))
		c.Resume(0)
		if err := c.Err(); !errors.Is(err, coro.ErrInterrupted) || !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	}
	background := newYields(1, coro.Context(context.Background()))
	defer background.Close()
	if _, ok := background.Resume(0); !ok {
		t.Error(background.Err())
	}
}

// counted is a context that counts who waits for its end.
type counted struct {
	context.Context
	waiting atomic.Int64
}

func (c *counted) AfterFunc(f func()) (stop func() bool) {
	c.waiting.Add(1)
	return func() bool { c.waiting.Add(-1); return true }
}

// A context forgets coroutines that have ended in any way, and those that are
// dropped.
func TestContextForgets(t *testing.T) {
	parent, cancel := context.WithCancel(context.Background())
	defer cancel()
	ctx := &counted{Context: parent}
	for range 100 {
		a := newYields(1, coro.Context(ctx))
		a.Resume(0)
		a.Close()
		b := newSpin(0, coro.Context(ctx))
		b.Resume(0)
		b.Resume(0)
		c := newYields(1, coro.Context(ctx))
		c.Interrupt(errTest)
		c.Resume(0)
	}
	if n := ctx.waiting.Load(); n != 0 {
		t.Errorf("%d functions wait for coroutines that have ended", n)
	}
	if twins.Run {
		return // iter.Pull keeps what is dropped
	}
	for range 100 {
		newYields(1, coro.Context(ctx)).Resume(0)
	}
	for deadline := time.Now().Add(time.Minute); ctx.waiting.Load() > 10; {
		if time.Now().After(deadline) {
			t.Fatalf("%d functions wait for coroutines that were dropped", ctx.waiting.Load())
		}
		runtime.GC()
	}
}

// finish resumes a coroutine to its end, over all pauses, and returns what it
// yields.
func finish[Out, In any](t *testing.T, c coro.Coroutine[Out, In], answer func(Out) In) (list []Out, pauses int) {
	t.Helper()
	var in In
	for {
		v, ok := c.Resume(in)
		switch {
		case ok:
			list = append(list, v)
			in = answer(v)
		case c.Err() == coro.ErrPaused:
			pauses++
			if len(c.Frames()) == 0 {
				t.Fatal("no frames of a coroutine that has paused")
			}
			if pauses%64 == 0 {
				runtime.GC()
				c.Shrink()
			}
		default:
			if err := c.Err(); err != nil {
				t.Fatal(err)
			}
			return list, pauses
		}
	}
}

// Pauses change nothing of what a coroutine does, wherever they come.
func TestPause(t *testing.T) {
	shorten := func(s string) string { return s[max(0, len(s)-5):] }
	plain := newForest(12, 8)
	want, _ := finish(t, plain.Coroutine, shorten)
	swap := func(v [4]*int) [4]*int { return [4]*int{v[3], v[0], v[1], v[2]} }
	straight := newSums(3000)
	finish(t, straight.Coroutine, swap)

	pauses := 0
	// With one processor the other goroutine seldom gets its turn in time.
	for deadline, round := time.Now().Add(time.Minute), 0; round < 10 || !twins.Run && pauses == 0 && time.Now().Before(deadline); round++ {
		c, d := newForest(12, 8), newSums(3000)
		stop := repeatedly(func() { c.Pause(); d.Pause() })
		got, n := finish(t, c.Coroutine, shorten)
		_, m := finish(t, d.Coroutine, swap)
		stop()
		if !slices.Equal(got, want) || c.Results() != plain.Results() || d.Results() != straight.Results() {
			t.Fatalf("with pauses %q %d, without %q %d", got, c.Results(), want, plain.Results())
		}
		pauses += n + m
	}
	if !twins.Run && pauses == 0 {
		t.Error("no pause happened")
	}
	t.Logf("%d pauses", pauses)
}

// A coroutine that has paused can be closed, interrupted or dropped.
func TestPausedEnds(t *testing.T) {
	if twins.Run {
		t.Skip("NOT RUN: on iter.Pull coroutines do not pause")
	}
	for i := range 30 {
		c := newDescend(10_000)
		stop := repeatedly(c.Pause) // once may be too early, and then does nothing
		_, ok := c.Resume(0)
		stop()
		if ok || c.Err() != coro.ErrPaused {
			t.Fatal(ok, c.Err())
		}
		switch i % 3 {
		case 0:
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
		case 1:
			c.Interrupt(errTest)
			c.Resume(0)
			checkInterrupted(t, c.Err(), "down", "descend")
		}
	}
}

func TestTimeSlice(t *testing.T) {
	if twins.Run {
		t.Skip("NOT RUN: on iter.Pull coroutines do not pause")
	}
	c := newSpin(1<<62, coro.TimeSlice(time.Millisecond))
	for range 5 {
		if _, ok := c.Resume(0); ok || c.Err() != coro.ErrPaused {
			t.Fatal(ok, c.Err())
		}
	}
	c.Close()
	if err := c.Err(); err != nil {
		t.Error(err)
	}
	// One that yields in time is left alone, and one after the other ends.
	d := newForest(30, 9, coro.TimeSlice(time.Millisecond))
	n := 0
	for range d.All() {
		n++
	}
	if n != 30 || d.Err() != nil {
		t.Errorf("%d of 30 values, %v", n, d.Err())
	}
}

// Any number of goroutines may interrupt and pause at the same time.
func TestAtTheSameTime(t *testing.T) {
	for range 20 {
		c := newForest(1<<40, 6)
		stop := make(chan bool)
		for i := range 4 {
			go func() {
				for {
					select {
					case <-stop:
						return
					default:
						c.Pause()
						if i == 0 && time.Now().UnixNano()%64 == 0 {
							c.Interrupt(errTest)
						}
					}
				}
			}()
		}
		for c.Err() == nil || c.Err() == coro.ErrPaused {
			c.Resume("")
		}
		close(stop)
		checkInterrupted(t, c.Err())
	}
}

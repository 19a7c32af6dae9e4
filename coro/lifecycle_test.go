package coro_test

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
	"github.com/morestack/morestack/tests/bodies"
	"github.com/morestack/morestack/tests/twins"
)

// The cases of iter/pull_test.go, and what only coroutines have.

func TestEnd(t *testing.T) {
	for end := 0; end <= 3; end++ {
		c := start(t, bodies.Counter, &bodies.CounterArgs{N: 3})
		for i := range end {
			if v, ok := c.Resume(none{}); v != i+1 || !ok {
				t.Fatalf("Resume %d = %d, %v", i, v, ok)
			}
		}
		if end < 3 {
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if v, ok := c.Resume(none{}); v != 0 || ok {
				t.Errorf("end %d: Resume after the end = %d, %v, want 0, false", end, v, ok)
			}
			if err := c.Close(); err != nil {
				t.Errorf("end %d: Close again: %v", end, err)
			}
			if err := c.Err(); err != nil {
				t.Errorf("end %d: Err: %v", end, err)
			}
		}
	}
}

func TestCloseAtOnce(t *testing.T) {
	c := start(t, bodies.Counter, &bodies.CounterArgs{N: 3})
	c.Close()
	if v, ok := c.Resume(none{}); ok {
		t.Errorf("resumed after Close: %d", v)
	}
}

func TestZeroCoroutine(t *testing.T) {
	var c coro.Coroutine[int, none]
	if v, ok := c.Resume(none{}); ok {
		t.Errorf("yielded %d", v)
	}
	if err := errors.Join(c.Close(), c.Err()); err != nil {
		t.Error(err)
	}
	if c.Shrink() || len(c.Frames()) > 0 || c.Stats() != (coro.Stats{}) {
		t.Error("the zero Coroutine has a stack")
	}
}

// A handle of a closed coroutine is worth nothing, although what it stood for
// is used again.
func TestStaleHandle(t *testing.T) {
	old := start(t, bodies.Counter, &bodies.CounterArgs{N: 10})
	old.Resume(none{})
	old.Close()
	c := start(t, bodies.Counter, &bodies.CounterArgs{N: 10})
	c.Resume(none{})
	for range 3 {
		if v, ok := old.Resume(none{}); ok {
			t.Fatalf("the closed coroutine yielded %d", v)
		}
		old.Close()
		old.Shrink()
		old.Frames()
	}
	if v, ok := c.Resume(none{}); v != 2 || !ok {
		t.Errorf("its successor yielded %d, %v, want 2, true", v, ok)
	}
}

// running calls f while the coroutine that it is given runs.
func running(t *testing.T, f func(c coro.Coroutine[int, none])) {
	t.Helper()
	var c coro.Coroutine[int, none]
	a := &bodies.CallerArgs{N: 1, Add: func(n int, sum *int) { f(c); *sum = 1 }}
	c = start(t, bodies.Caller, a)
	if v, ok := c.Resume(none{}); v != 1 || !ok {
		t.Errorf("afterwards it yielded %d, %v", v, ok)
	}
}

func TestUseWhileRunning(t *testing.T) {
	for _, use := range []struct {
		name string
		f    func(c coro.Coroutine[int, none])
	}{
		{"Resume", func(c coro.Coroutine[int, none]) { c.Resume(none{}) }},
		{"Close", func(c coro.Coroutine[int, none]) { c.Close() }},
		{"Frames", func(c coro.Coroutine[int, none]) { c.Frames() }},
		{"Stats", func(c coro.Coroutine[int, none]) { c.Stats() }},
		{"Shrink", func(c coro.Coroutine[int, none]) { c.Shrink() }},
	} {
		running(t, func(c coro.Coroutine[int, none]) {
			if v := panicValue(func() { use.f(c) }); v != coro.ErrRunning {
				t.Errorf("%s from inside: panic %v, want ErrRunning", use.name, v)
			}
		})
		// The other goroutine asks while this one is inside.
		running(t, func(c coro.Coroutine[int, none]) {
			done := make(chan any)
			go func() { done <- panicValue(func() { use.f(c) }) }()
			if v := <-done; v != coro.ErrRunning {
				t.Errorf("%s from another goroutine: panic %v, want ErrRunning", use.name, v)
			}
		})
		running(t, func(c coro.Coroutine[int, none]) {
			if err := c.Err(); err != nil {
				t.Errorf("Err while running: %v", err)
			}
		})
	}
}

func TestPanicInGoFunction(t *testing.T) {
	c := start(t, bodies.Caller, &bodies.CallerArgs{N: 3, Add: func(n int, _ *int) {
		if n == 2 {
			panic("boom")
		}
	}})
	if v := panicValue(func() { c.Resume(none{}) }); v != "boom" {
		t.Fatalf("panic %v, want boom", v)
	}
	if v, ok := c.Resume(none{}); ok {
		t.Errorf("yielded %d after the panic", v)
	}
	if err := c.Close(); err != coro.ErrUnwound {
		t.Errorf("Close = %v, want ErrUnwound", err)
	}
}

func TestGoexitInGoFunction(t *testing.T) {
	c := start(t, bodies.Caller, &bodies.CallerArgs{N: 1, Add: func(int, *int) { runtime.Goexit() }})
	done := make(chan bool)
	go func() {
		returned := false
		defer func() { done <- returned }()
		c.Resume(none{})
		returned = true
	}()
	if <-done {
		t.Error("Resume returned")
	}
	if err := c.Err(); err != coro.ErrUnwound {
		t.Errorf("Err = %v, want ErrUnwound", err)
	}
}

func TestBreakCloses(t *testing.T) {
	c := start(t, bodies.Counter, &bodies.CounterArgs{N: 10})
	for range c.All() {
		break
	}
	if v, ok := c.Resume(none{}); ok {
		t.Errorf("yielded %d after the loop had been left", v)
	}
	c = start(t, bodies.Counter, &bodies.CounterArgs{N: 10})
	panicValue(func() {
		for range c.All() {
			panic("left")
		}
	})
	if v, ok := c.Resume(none{}); ok {
		t.Errorf("yielded %d after a panic in the loop", v)
	}
}

func TestMovesBetweenGoroutines(t *testing.T) {
	c := start(t, bodies.Dive, &bodies.DiveArgs{Depth: depth(1000), Rounds: 10})
	var want []int
	bodies.GoDive(depth(1000), 10, func(v int) { want = append(want, v) })
	for i := range want {
		got := make(chan int)
		go func() {
			if !twins.Run { // iter.Pull minds, fatally
				runtime.LockOSThread()
			}
			v, _ := c.Resume(none{})
			got <- v
		}()
		if v := <-got; v != want[i] {
			t.Fatalf("value %d is %d, want %d", i, v, want[i])
		}
	}
}

func TestBadArguments(t *testing.T) {
	for _, bad := range []struct {
		name string
		opts []coro.Option
	}{
		{"first size 0", []coro.Option{coro.FirstSize(0)}},
		{"negative first size", []coro.Option{coro.FirstSize(-2048)}},
		{"first size below the smallest", []coro.Option{coro.FirstSize(256)}},
		{"first size no power of two", []coro.Option{coro.FirstSize(3000)}},
		{"first size above the limit", []coro.Option{coro.FirstSize(4096), coro.Limit(2048)}},
		{"limit below the first size", []coro.Option{coro.Limit(2047)}},
		{"negative limit", []coro.Option{coro.Limit(-1)}},
		{"limit 0", []coro.Option{coro.Limit(0)}},
		{"limit beyond the address space", []coro.Option{coro.Limit(1<<63 - 1)}},
	} {
		c, err := coro.New(bodies.Counter, &bodies.CounterArgs{}, bad.opts...)
		var size *guard.SizeError
		if !errors.As(err, &size) {
			t.Errorf("%s: %v", bad.name, err)
		}
		if _, ok := c.Resume(none{}); ok {
			t.Errorf("%s: the coroutine runs", bad.name)
		}
	}
	if _, err := coro.New(bodies.Counter, &bodies.CounterArgs{}, coro.Growth(99)); err != coro.ErrStrategy {
		t.Errorf("unknown strategy: %v", err)
	}
	if _, err := coro.New[bodies.CounterArgs, int, none](nil, nil); err != coro.ErrNoBody {
		t.Errorf("nil body: %v", err)
	}
	if _, err := coro.New(new(coro.Body[int, int, int]), nil); err != coro.ErrNoBody {
		t.Errorf("empty body: %v", err)
	}
	if c, err := coro.New(bodies.Endless, nil, coro.FirstSize(512), coro.Limit(512)); err != nil {
		t.Errorf("first size and limit alike: %v", err)
	} else {
		c.Close()
	}
}

// settle runs the collector until ok, which cleanups may take a while for.
func settle(t *testing.T, ok func() bool) {
	t.Helper()
	for range 100 {
		runtime.GC()
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("never: %+v", coro.ReadStats())
}

//go:noinline
func abandon(t *testing.T, n int) {
	for range n {
		c, err := coro.New(bodies.Dive, &bodies.DiveArgs{Depth: 100, Rounds: 1})
		if err != nil {
			t.Fatal(err)
		}
		c.Resume(none{})
	}
}

func TestDroppedIsReleased(t *testing.T) {
	if twins.Run {
		t.Log("builds without native code leave it to iter.Pull")
		return
	}
	coro.Release()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	before := coro.ReadStats()
	abandon(t, 1000)
	if s := coro.ReadStats(); s.Stacks < before.Stacks+900 && !stressed {
		t.Fatalf("only %d stacks in use by 1000 coroutines", s.Stacks-before.Stacks)
	}
	settle(t, func() bool { return coro.ReadStats().Stacks <= before.Stacks+16 })
}

func TestShrunkOncePerCycle(t *testing.T) {
	if twins.Run || stressed {
		t.Log("needs native code and stacks that keep their size")
		return
	}
	// Suspended at the top with a large stack: nobody resumes it.
	idle := start(t, bodies.Dive, &bodies.DiveArgs{Depth: 20000, Rounds: 2})
	idle.Resume(none{})
	idle.Resume(none{})
	// The same, resumed all the time.
	busy := start(t, bodies.Dive, &bodies.DiveArgs{Depth: 20000, Rounds: 100000})
	busy.Resume(none{})
	busy.Resume(none{})
	in := coro.ReadStats()
	settle(t, func() bool { return coro.ReadStats().Shrinks >= in.Shrinks+8 })
	if s := idle.Stats(); s.Size >= s.Peak {
		t.Errorf("the idle coroutine still has %d bytes", s.Size)
	}
	if v, ok := idle.Resume(none{}); !ok || v == 0 {
		t.Errorf("afterwards it yielded %d, %v", v, ok)
	}
	if s := busy.Stats(); s.Shrinks == 0 {
		t.Errorf("the busy coroutine was never shrunk: %+v", s)
	}
}

// Coroutines run while the collector claims and shrinks them.
func TestShrinkingUnderLoad(t *testing.T) {
	stop := make(chan bool)
	defer func() { close(stop); runtime.GC() }()
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	done := make(chan error)
	workers := 4
	for range workers {
		go func() {
			var err error
			defer func() { done <- err }()
			var cs []coro.Coroutine[int, none]
			var want []int
			rounds, div := 40, 1
			if stressed {
				rounds, div = 10, 5
			}
			bodies.GoDive(depth(200)/div, rounds, func(v int) { want = append(want, v) })
			for range 20 {
				c, e := coro.New(bodies.Dive, &bodies.DiveArgs{Depth: depth(200) / div, Rounds: rounds}, coro.FirstSize(512))
				if err = e; err != nil {
					return
				}
				cs = append(cs, c)
			}
			for i, w := range want {
				for j, c := range cs {
					if v, ok := c.Resume(none{}); v != w || !ok {
						err = fmt.Errorf("coroutine %d: value %d is %d, %v, want %d", j, i, v, ok, w)
						return
					}
				}
			}
			for _, c := range cs {
				c.Close()
			}
		}()
	}
	for range workers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	if twins.Run || stressed || coro.RaceEnabled {
		t.Log("iter.Pull, stress and the race detector allocate")
		return
	}
	c := start(t, bodies.Counter, &bodies.CounterArgs{N: 1 << 40})
	if n := testing.AllocsPerRun(100, func() { c.Resume(none{}) }); n != 0 {
		t.Errorf("Resume: %v allocations", n)
	}
	large := start(t, bodies.Echo3, &bodies.Triple{A: 1})
	if n := testing.AllocsPerRun(100, func() { large.Resume(bodies.Triple{A: 1}) }); n != 0 {
		t.Errorf("Resume with large values: %v allocations", n)
	}
	a := &bodies.CounterArgs{}
	if n := testing.AllocsPerRun(100, func() {
		c, _ := coro.New(bodies.Counter, a)
		c.Resume(none{})
		c.Close()
	}); n > 1 {
		t.Errorf("New, Resume, Close: %v allocations", n)
	}
}

func TestErrorsReadWell(t *testing.T) {
	for _, err := range []error{
		&coro.StackLimitError{Limit: 4096}, coro.TrapCode(3), &coro.Trap{Cause: coro.TrapCode(3), Frames: make([]coro.Frame, 6)},
		&guard.SizeError{Size: 1, Limit: 2, What: "x"}, &stackcopy.StackError{PC: 1, What: "y"},
	} {
		if s := err.Error(); strings.Contains(s, "%!") || len(s) < 10 {
			t.Errorf("%T: %q", err, s)
		}
	}
}

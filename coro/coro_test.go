package coro_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
	"github.com/morestack/morestack/tests/bodies"
	"github.com/morestack/morestack/tests/twins"
)

type none = struct{}

// start is New for tests in which it cannot fail.
func start[A, Out, In any](t testing.TB, body *coro.Body[A, Out, In], arg *A, opts ...coro.Option) coro.Coroutine[Out, In] {
	t.Helper()
	c, err := coro.New(body, arg, opts...)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// finish resumes c until it ends and checks that it did so without an error.
func finish[Out, In any](t testing.TB, c coro.Coroutine[Out, In]) {
	t.Helper()
	var in In
	for ok := true; ok; {
		_, ok = c.Resume(in)
	}
	if err := c.Err(); err != nil {
		t.Fatalf("Err after the end: %v", err)
	}
}

// stressed tells whether every prologue moves the stack, which makes deep
// recursion quadratic.
var stressed = strings.Contains(os.Getenv("MORESTACK"), "stress=move")

// poisoned tells whether each stack has pages of its own, which take time.
var poisoned = strings.Contains(os.Getenv("MORESTACK"), "poison=1")

// depth is n, or less where n would take too long.
func depth(n int) int {
	if stressed {
		return min(n, 300)
	}
	return n
}

func panicValue(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

// TestMain makes words that look like unmapped stack pointers a failure: bodies
// written by hand have none.
func TestMain(m *testing.M) {
	status := m.Run()
	if n := coro.ReadStats().Suspects; n > 0 {
		fmt.Fprintf(os.Stderr, "FAIL: the audit reported %d words\n", n)
		status = max(status, 1)
	}
	os.Exit(status)
}

func TestResults(t *testing.T) {
	for _, first := range []int{512, 2048, 1 << 16, 1 << 20} {
		for _, strategy := range []coro.Strategy{coro.Contiguous, coro.Copying} {
			opts := []coro.Option{coro.FirstSize(first), coro.Growth(strategy)}
			t.Run(fmt.Sprintf("%d/%v", first, strategy), func(t *testing.T) {
				for _, body := range []struct {
					name  string
					body  *coro.Body[bodies.CalculateArgs, int, none]
					depth int
					want  func(int) int
				}{
					{"calculate", bodies.Calculate, depth(100000), bodies.GoCalculate},
					{"indirect", bodies.Indirect, depth(100000), bodies.GoIndirect},
					{"wide", bodies.Wide, depth(3000), bodies.GoWide},
					{"leaves", bodies.Leaves, depth(10000), bodies.GoLeaves},
					{"huge", bodies.Huge, 0, func(int) int { return bodies.GoHuge() }},
				} {
					for _, d := range []int{0, 1, 2, 7, 33, body.depth} {
						a := &bodies.CalculateArgs{Depth: d}
						c := start(t, body.body, a, opts...)
						finish(t, c)
						if want := body.want(d); a.Result != want {
							t.Errorf("%s(%d) = %d, want %d", body.name, d, a.Result, want)
						}
						c.Close()
					}
				}
				a := &bodies.AckermannArgs{M: 2, N: depth(300) / 10}
				finish(t, start(t, bodies.Ackermann, a, opts...))
				if want := bodies.GoAckermann(a.M, a.N); a.Result != want {
					t.Errorf("ackermann(%d, %d) = %d, want %d", a.M, a.N, a.Result, want)
				}
			})
		}
	}
}

func TestYieldSequence(t *testing.T) {
	c := start(t, bodies.Counter, &bodies.CounterArgs{N: 1000})
	n := 0
	for v := range c.All() {
		if n++; v != n {
			t.Fatalf("value %d is %d", n, v)
		}
	}
	if n != 1000 {
		t.Errorf("%d values, want 1000", n)
	}
}

// A body written with Avo.
func TestTriangle(t *testing.T) {
	var got []int
	for v := range start(t, bodies.Triangle, &bodies.CounterArgs{N: 6}).All() {
		got = append(got, v)
	}
	if want := "[1 3 6 10 15 21]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// Values of two words travel in registers.
func TestYieldString(t *testing.T) {
	c := start(t, bodies.Echo, &bodies.EchoArgs{First: "first"})
	if got, ok := c.Resume("dropped: the first Resume answers no yield"); !ok || got != "first" {
		t.Fatalf("got %q, %v, want %q", got, ok, "first")
	}
	for _, sent := range []string{"second", "third!", "x"} {
		if got, ok := c.Resume(sent); !ok || got != sent {
			t.Fatalf("got %q, %v, want %q", got, ok, sent)
		}
	}
	if s, ok := c.Resume(""); ok {
		t.Fatalf("got %q after the body returned", s)
	}
}

// Larger values travel through the coroutine's stack, which may move between
// the yield and its answer.
func TestYieldLargeValue(t *testing.T) {
	c := start(t, bodies.Echo3, &bodies.Triple{A: 1, B: 2, C: 3})
	want := bodies.Triple{A: 1, B: 2, C: 3}
	for i := range 100 {
		got, ok := c.Resume(want)
		if !ok || got != want {
			t.Fatalf("round %d: got %v, %v, want %v", i, got, ok, want)
		}
		c.Shrink()
		want = bodies.Triple{A: i + 2, B: -i, C: i * i}
		got, ok = c.Resume(want)
		if !ok || got != want {
			t.Fatalf("round %d: got %v, %v, want %v", i, got, ok, want)
		}
	}
	if v, ok := c.Resume(bodies.Triple{}); ok {
		t.Fatalf("got %v after the body returned", v)
	}
}

// dive checks one round of bodies.Dive against Go.
func TestMovedWhileSuspended(t *testing.T) {
	d := depth(10000)
	if d > 10000 {
		d = 10000
	}
	const rounds = 5
	want := 0
	c := start(t, bodies.Dive, &bodies.DiveArgs{Depth: d, Rounds: rounds})
	for range rounds {
		bottom, ok := c.Resume(none{})
		if local := want + d*(d+1)/2; !ok || bottom != local {
			t.Fatalf("at the bottom: %d, %v, want %d", bottom, ok, local)
		}
		if !twins.Run {
			if n := len(c.Frames()); n != d+2 {
				t.Fatalf("%d frames at depth %d, want %d", n, d, d+2)
			}
		}
		if c.Shrink() && c.Stats().Used*4 > c.Stats().Size*2+guard.Slack*8 {
			t.Errorf("shrunk although more than a quarter was in use: %+v", c.Stats())
		}
		want = diveGo(d, want)
		top, ok := c.Resume(none{})
		if !ok || top != want {
			t.Fatalf("at the top: %d, %v, want %d", top, ok, want)
		}
		before := c.Stats().Size
		for c.Shrink() {
		}
		if !twins.Run && d > 1000 && c.Stats().Size >= before {
			t.Errorf("not shrunk at the top: %+v", c.Stats())
		}
	}
	finish(t, c)
}

// diveGo is what one round adds to value.
func diveGo(depth, value int) int {
	var descend func(depth int, prev *int)
	descend = func(depth int, prev *int) {
		local := *prev + depth
		if depth > 0 {
			descend(depth-1, &local)
		}
		*prev += local
	}
	descend(depth, &value)
	return value
}

func TestFrames(t *testing.T) {
	if twins.Run {
		t.Log("builds without native code show no frames")
		return
	}
	c := start(t, bodies.Dive, &bodies.DiveArgs{Depth: 3, Rounds: 1})
	if f := c.Frames(); len(f) != 0 {
		t.Errorf("frames before the first Resume: %v", f)
	}
	c.Resume(none{})
	var names []string
	for i, f := range c.Frames() {
		names = append(names, f.Func)
		kind := stackcopy.Call
		if i == 0 {
			kind = stackcopy.Yield
		}
		if f.Kind != kind || f.Line == 0 || !strings.Contains(f.File, "bodies_"+runtime.GOARCH) || len(f.Pointers) != 1 || f.Size < 40 {
			t.Errorf("frame %d: %+v", i, f)
		}
	}
	if got, want := strings.Join(names, " "), "diveFrame diveFrame diveFrame diveFrame dive"; got != want {
		t.Errorf("frames %q, want %q", got, want)
	}
}

func TestOverflow(t *testing.T) {
	if twins.Run {
		t.Log("builds without native code have the limit of goroutines, which is fatal")
		return
	}
	for _, limit := range []int{512, 2048, 3000, 65536, 70000, 1 << 20, 10_000_001} {
		for _, strategy := range []coro.Strategy{coro.Contiguous, coro.Copying} {
			if stressed && limit > 70000 {
				continue
			}
			// Overflow, recover, reuse, overflow again.
			for range 2 {
				c := start(t, bodies.Endless, nil, coro.FirstSize(512), coro.Limit(limit), coro.Growth(strategy))
				if _, ok := c.Resume(none{}); ok {
					t.Fatal("endless recursion yielded")
				}
				err := c.Err()
				var trap *coro.Trap
				var limited *coro.StackLimitError
				if !errors.Is(err, coro.ErrStackLimit) || !errors.As(err, &trap) || !errors.As(err, &limited) || limited.Limit != limit {
					t.Fatalf("limit %d: %v", limit, err)
				}
				if n := len(trap.Frames); n == 0 || n > 16 || trap.Frames[0].Func != "endlessFrame" && limit > 512 {
					t.Errorf("limit %d: frames %v", limit, trap.Frames)
				}
				var rt runtime.Error
				if !errors.As(err, &rt) {
					t.Errorf("%T is no runtime.Error", err)
				}
				if !strings.Contains(err.Error(), fmt.Sprint(limit)) || !strings.Contains(err.Error(), "endless") {
					t.Errorf("message %q does not name the limit and the frames", err)
				}
				if err := c.Close(); !errors.Is(err, coro.ErrStackLimit) || c.Err() != err {
					t.Errorf("Close: %v, Err: %v", err, c.Err())
				}
				a := &bodies.CalculateArgs{Depth: 2}
				finish(t, start(t, bodies.Calculate, a))
				if a.Result != bodies.GoCalculate(2) {
					t.Error("wrong result after an overflow")
				}
			}
		}
	}
}

// The limit can be used up to its last page.
func TestLimitIsReached(t *testing.T) {
	if twins.Run || stressed {
		t.Log("needs native code and room for 10 MB")
		return
	}
	const limit = 10_000_000
	frame := 64
	c := start(t, bodies.Calculate, &bodies.CalculateArgs{Depth: (limit - 8192) / frame}, coro.Limit(limit))
	finish(t, c)
}

func TestTrap(t *testing.T) {
	c := start(t, bodies.Fail, nil)
	if _, ok := c.Resume(none{}); ok {
		t.Fatal("yielded")
	}
	var code coro.TrapCode
	if err := c.Err(); !errors.As(err, &code) || code != 7 {
		t.Fatalf("Err = %v, want trap 7", err)
	}
	var trap *coro.Trap
	if errors.As(c.Err(), &trap); !twins.Run && (len(trap.Frames) != 1 || trap.Frames[0].Kind != stackcopy.Trap) {
		t.Errorf("frames %v", trap.Frames)
	}
}

func TestPoll(t *testing.T) {
	// With 512 bytes the loop runs in the last frame that fits.
	for _, first := range []int{512, 2048} {
		a := &bodies.CalculateArgs{Depth: 1000}
		finish(t, start(t, bodies.Spin, a, coro.FirstSize(first)))
		if a.Result != 1000 {
			t.Errorf("first size %d: %d turns, want 1000", first, a.Result)
		}
	}
}

func TestCallGo(t *testing.T) {
	for _, first := range []int{512, 2048} {
		calls := 0
		a := &bodies.CallerArgs{N: 100}
		a.Add = func(n int, sum *int) {
			calls++
			deepGo(depth(1000)) // moves the goroutine's stack, where registers are saved
			*sum += n
		}
		done := make(chan error)
		go func() { // on a stack that is still small
			c, err := coro.New(bodies.Caller, a, coro.FirstSize(first))
			if err == nil {
				if v, ok := c.Resume(none{}); !ok || v != 5050 {
					err = fmt.Errorf("yielded %d, %v, want 5050", v, ok)
				}
				c.Resume(none{})
				c.Close()
			}
			done <- err
		}()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if calls != 100 || a.Result != 5050 {
			t.Errorf("%d calls, result %d", calls, a.Result)
		}
	}
}

//go:noinline
func deepGo(n int) int {
	if n == 0 {
		runtime.Gosched()
		return 0
	}
	return deepGo(n-1) + 1
}

// A coroutine called from a Go function that another one calls.
func TestNested(t *testing.T) {
	outer := &bodies.CallerArgs{N: 10}
	outer.Add = func(n int, sum *int) {
		inner := &bodies.CallerArgs{N: n, Add: func(n int, sum *int) { *sum += n }}
		finish(t, start(t, bodies.Caller, inner))
		*sum += inner.Result
	}
	finish(t, start(t, bodies.Caller, outer))
	if want := 220; outer.Result != want {
		t.Errorf("result %d, want %d", outer.Result, want)
	}
}

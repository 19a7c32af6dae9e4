package coro_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/again"
	"github.com/morestack/morestack/tests/bodies"
	"github.com/morestack/morestack/tests/twins"
)

// Start turns New's error into that of an ended coroutine, in every build.
func TestStartEnded(t *testing.T) {
	c := coro.Start[int, int, int](nil, nil)
	if v, ok := c.Resume(1); ok || v != 0 || c.Err() != coro.ErrNoBody || c.Close() != coro.ErrNoBody {
		t.Errorf("a coroutine without a body: %d, %v, %v", v, ok, c.Err())
	}
	var empty coro.Body[int, int, int]
	if c := coro.Start(&empty, nil); c.Err() != coro.ErrNoBody {
		t.Errorf("a zero body: %v", c.Err())
	}
}

// Where bodies run as Go functions, their run-time errors are traps too.
func TestTwinTraps(t *testing.T) {
	if !twins.Run {
		t.Log("NOT RUN: this build has native code")
		return
	}
	run := func(f func()) (panicked any, err error) {
		body := coro.Compiled(&coro.Code{}, "f", func(*coro.Yielder[int, none], *int) { f() })
		c := coro.Start(body, nil)
		panicked = panicValue(func() { c.Resume(none{}) })
		return panicked, c.Err()
	}
	var m map[int]int
	v, err := run(func() { m[1] = 1 })
	var trap *coro.Trap
	var cause runtime.Error
	if !errors.As(err, &trap) || !errors.As(trap.Cause, &cause) || v != nil {
		t.Errorf("a run-time error: %v, panic %v", err, v)
	}
	if v, err := run(func() { panic("other") }); err != coro.ErrUnwound || v != "other" {
		t.Errorf("panic: %v, panic %v", err, v)
	}
	if v, err := run(func() { panic(trap) }); err != coro.ErrUnwound || v != any(trap) {
		t.Errorf("another coroutine's trap: %v, panic %v", err, v)
	}
}

// MORESTACK and the race detector choose between a body's machine code and its twin, if it
// has both.
func TestNativeOrTwin(t *testing.T) {
	if os.Getenv("NATIVE_OR_TWIN") != "" {
		compiled := coro.Compiled(&coro.Code{Package: "example.com/nothing"}, "f", func(*coro.Yielder[int, none], *int) {})
		alone := coro.Compiled[int, int, none](&coro.Code{Package: "example.com/alone"}, "f", nil)
		c := start(t, bodies.Counter, &bodies.CounterArgs{N: 3})
		fmt.Println("native", c.Stats().Native, bodies.Counter.Native() == nil, !errors.Is(compiled.Native(), coro.ErrTwin), !errors.Is(alone.Native(), coro.ErrTwin))
		finish(t, c)
		return
	}
	for setting, native := range map[string]bool{"strict=1": !coro.RaceEnabled, "strict=1,native=1": true, "native=0,strict=1": false} {
		command := again.Command(t, "", "-test.run=^TestNativeOrTwin$")
		command.Env = append(os.Environ(), "NATIVE_OR_TWIN=1", "MORESTACK="+setting)
		native = native && morestack.Native
		out, err := command.CombinedOutput()
		if want := fmt.Sprintln("native", native, native, native, true); err != nil || !strings.Contains(string(out), want) {
			t.Errorf("MORESTACK=%s: %v\n%swant %s", setting, err, out, want)
		}
	}
}

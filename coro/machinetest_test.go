//go:build linux && (amd64 || arm64) && !purego

package coro_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/bodies"
	"github.com/morestack/morestack/tests/machine"
)

// A register that loses its value on the way to a Go function, or back, is noticed.
func TestMachine(t *testing.T) {
	if err := coro.TryMachine(-1, false); err != nil {
		t.Fatal(err)
	}
	for lost := range coro.Registers {
		for _, back := range []bool{false, true} {
			if err := coro.TryMachine(lost, back); err != coro.ErrMachine {
				t.Errorf("register %d, of a result: %t: %v", lost, back, err)
			}
		}
	}
}

// If native code does not get along with Go, all bodies run as their twins, which standard
// error is told once.
func TestMachineFallback(t *testing.T) {
	defer coro.BreakMachine()()
	twin := func(y *coro.Yielder[int, none], _ *machine.KeepArgs) { y.Yield(1) }
	compiled := coro.Compiled(altered("first", func(*coro.Code, *coro.CodeFunc) {}), "keep", twin)
	other := coro.Compiled(altered("second", func(*coro.Code, *coro.CodeFunc) {}), "keep", twin)
	hand := coro.MustBody(bodies.Natives[0], twin)

	restore := coro.SetStrict(true)
	if _, err := coro.New(compiled, nil); err != coro.ErrMachine {
		t.Errorf("strict: %v", err)
	}
	if v := panicValue(func() { coro.Start(hand, nil) }); v != any(coro.ErrMachine) {
		t.Errorf("strict: Start panics with %v", v)
	}
	restore()

	defer coro.SetStrict(false)()
	text := said(t, func() {
		for _, body := range []*coro.Body[machine.KeepArgs, int, none]{compiled, other, hand} {
			if got := fmt.Sprint(values(coro.Start(body, nil))); got != "[1]" || !errors.Is(body.Native(), coro.ErrMachine) {
				t.Errorf("yields %s, %v", got, body.Native())
			}
		}
	})
	if strings.Count(text, "\n") != 1 || !strings.HasPrefix(text, "morestack: bodies run as Go functions, on iter.Pull: "+coro.ErrMachine.Error()) {
		t.Errorf("says %q", text)
	}
}

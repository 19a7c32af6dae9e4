package constructs

import (
	"errors"
	"testing"

	"github.com/morestack/morestack/coro"
)

// A run-time error of a Go function passes out of Resume; where bodies are Go
// functions too, it cannot be told from the body's own.
func TestRuntimeErrorInCallee(t *testing.T) {
	const want = "runtime error: index out of range [0] with length 0"
	c := newErrorInCallee(nil)
	c.Resume(struct{}{})
	defer func() {
		v, panicked := recover().(error)
		var trap *coro.Trap
		switch {
		case native && (!panicked || v.Error() != want || !errors.Is(c.Err(), coro.ErrUnwound)):
			t.Errorf("panic %v, error %v", v, c.Err())
		case !native && (!errors.As(c.Err(), &trap) || trap.Cause.Error() != want):
			t.Errorf("panic %v, error %v", v, c.Err())
		}
	}()
	if v, ok := c.Resume(struct{}{}); ok {
		t.Errorf("yields %d", v)
	}
}

var panics = []cell{
	{"panic", func(t *transcript) {
		for _, v := range []any{"text", 7, errors.New("error"), []int{1}} {
			c := newPanicWith(v)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"kinds", func(t *transcript) {
		for i := range 6 {
			run(t, newPanicKinds(), i)
		}
	}},
	{"deep", func(t *transcript) { run(t, newPanicDeep(50)) }},
	{"in a Go function", func(t *transcript) {
		c := newPanicInCallee(3)
		run(t, c)
		t.results(c.Results())
	}},
	{"no error in a Go function", func(t *transcript) {
		c := newErrorInCallee([]int{5})
		run(t, c)
		t.results(c.Results())
	}},
	{"recovered in a Go function", func(t *transcript) {
		c := newRecovering()
		run(t, c, 1, 2, 0, 3, 0)
		t.results(c.Results())
	}},
}

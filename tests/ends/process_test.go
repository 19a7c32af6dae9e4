package ends

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/again"
	"github.com/morestack/morestack/tests/twins"
)

// programs are what this test binary does instead of testing when the variable
// ENDS_PROGRAM names one.
var programs = map[string]func(...coro.Option) coro.Coroutine[int, int]{
	"a body":         func(opts ...coro.Option) coro.Coroutine[int, int] { return newPlain(0, opts...) },
	"a func literal": func(opts ...coro.Option) coro.Coroutine[int, int] { return newLiteral(0, opts...) },
}

func TestMain(m *testing.M) {
	if program := programs[os.Getenv("ENDS_PROGRAM")]; program != nil {
		debug.SetMaxStack(16 << 20)
		c := program(coro.Limit(16 << 20))
		c.Resume(0)
		c.Resume(0)
		fmt.Println("ended:", errors.Is(c.Err(), coro.ErrStackLimit))
		return
	}
	os.Exit(m.Run())
}

// A recursion without end is the error of one coroutine. Not so in a func literal: that
// is Go code, which runs on the goroutine's stack, and there the Go runtime ends the
// process.
func TestRecursionWithoutEnd(t *testing.T) {
	for name, c := range map[string]struct {
		code int
		want []string
	}{
		"a body":         {0, []string{"ended: true"}},
		"a func literal": {2, []string{"goroutine stack exceeds 16777216-byte limit", "fatal error: stack overflow"}},
	} {
		if name == "a body" && twins.Run {
			c.code, c.want = 2, []string{"fatal error: stack overflow"}
		}
		cmd := again.Command(t, "")
		cmd.Env = append(os.Environ(), "ENDS_PROGRAM="+name)
		out, err := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != c.code {
			t.Errorf("in %s: exit code %d (%v), want %d\n%.2000s", name, code, err, c.code, out)
		}
		for _, want := range c.want {
			if !strings.Contains(string(out), want) {
				t.Errorf("in %s: %q is missing:\n%.2000s", name, want, out)
			}
		}
	}
}

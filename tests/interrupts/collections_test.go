//go:build linux && (amd64 || arm64) && !purego

package interrupts

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/twins"
)

// TestCollections collects again and again while a body runs that never ends, with
// a processor for it and without. The collector stops the world in every cycle,
// for which the body must give way.
func TestCollections(t *testing.T) {
	if twins.Run || os.Getenv("MORESTACK") == "signals=0" {
		t.Skip("NOT RUN: it would not end")
	}
	endBy(t, 60)
	// With one processor a collection takes turns with the body, of 10 ms each.
	for processors, times := range map[int]int{1: 8, 2: 100} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		for _, c := range []coro.Coroutine[int, int]{newSpin(1 << 62).Coroutine, newDescend(1000), newDescend(100_000)} {
			ready, ended := make(chan bool), make(chan bool)
			go func() {
				defer close(ended)
				close(ready)
				if v, ok := c.Resume(0); ok {
					t.Error("yielded ", v)
				}
			}()
			<-ready
			for range times {
				runtime.GC()
			}
			c.Interrupt(errTest)
			<-ended
			checkInterrupted(t, c.Err(), "spin", "down", "descend")
			var interrupt *coro.InterruptError
			if errors.As(c.Err(), &interrupt) && len(interrupt.Frames) == 0 {
				t.Error("it did not run meanwhile")
			}
		}
	}
}

// endBy ends the test binary after so many seconds, with the stacks of all
// goroutines. Another process does: while the world stops no timer of this one
// goes off.
func endBy(t *testing.T, seconds int) {
	watchdog := exec.Command("sh", "-c", `sleep "$0" && kill -QUIT "$1"`, strconv.Itoa(seconds), strconv.Itoa(os.Getpid()))
	if err := watchdog.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		watchdog.Process.Kill()
		watchdog.Wait()
	})
}

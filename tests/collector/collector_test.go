//go:build linux && (amd64 || arm64) && !purego

package collector

import (
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/morestack/morestack/coro"
)

type none = struct{}

var stressed = strings.Contains(os.Getenv("MORESTACK"), "stress=move")

// collect runs the collector until what can be freed is, and returns how many
// objects were freed since the last call.
func collect() int64 {
	const cycles = 3 // cleanups run some time after a cycle
	for range cycles {
		runtime.GC()
		time.Sleep(2 * time.Millisecond)
	}
	return freed.Swap(0)
}

func TestHeldUntilTheLastUse(t *testing.T) {
	collect()
	c := newHold()
	defer c.Close()
	c.Resume(none{})
	if n := collect(); n != 0 {
		t.Fatalf("%d objects freed that a frame holds", n)
	}
	if v, _ := c.Resume(none{}); v != 7 {
		t.Fatalf("yielded %d", v)
	}
	if n := collect(); n != 1 {
		t.Errorf("%d objects freed after the last use, want 1", n)
	}
}

// Without publication the object is freed: the tests above and below can fail.
// Audits say where it was held.
func TestFalselyPinned(t *testing.T) {
	collect()
	c := newHoldPinned()
	if strings.Contains(os.Getenv("MORESTACK"), "audit=1") {
		defer func() {
			e, ok := recover().(*coro.PinnedError)
			if !ok || !strings.HasSuffix(e.Frame.Func, "holdPinned") || !strings.Contains(e.Error(), "collector.go:") {
				t.Errorf("the audit says: %v", e)
			}
		}()
		c.Resume(none{})
		t.Error("the audit says nothing")
	}
	defer c.Close()
	c.Resume(none{})
	if n := collect(); n != 1 {
		t.Errorf("%d objects freed, want 1: something else than publication kept it", n)
	}
}

// A pinned body's arguments are held by its coroutine.
func TestPinnedArgument(t *testing.T) {
	collect()
	c := newArgumentPinned(newObject(5))
	c.Resume(none{})
	if n := collect(); n != 0 {
		t.Errorf("%d objects freed that are arguments", n)
	}
	if v, _ := c.Resume(none{}); v != 5 {
		t.Errorf("yielded %d", v)
	}
	c.Close()
	if n := collect(); n != 1 {
		t.Errorf("%d objects freed after Close, want 1", n)
	}
}

// A pinned body is as good as others among the frames of a coroutine: what it calls
// publishes, and what it was given is held by whoever gave it.
func TestPinnedAmongOthers(t *testing.T) {
	collect()
	o := newObject(5)
	c := newMixed(o)
	sum := 0
	for v := range c.All() {
		sum += v
		collect()
	}
	if sum != 5+3 || c.Err() != nil {
		t.Errorf("sum %d, %v", sum, c.Err())
	}
	runtime.KeepAlive(o)
}

func TestEveryFrameHolds(t *testing.T) {
	const depth = 500
	collect()
	c := newNest(depth)
	c.Resume(none{})
	if n := collect(); n != 0 {
		t.Fatalf("%d objects freed that frames hold", n)
	}
	c.Resume(none{})
	if got := c.Results(); got != depth*(depth+1)/2 {
		t.Errorf("result %d", got)
	}
	if n := collect(); n != depth+1 {
		t.Errorf("%d objects freed at the end, want %d", n, depth+1)
	}
}

func TestClosedHoldsNothing(t *testing.T) {
	collect()
	c := newNest(100)
	c.Resume(none{})
	c.Close()
	if n := collect(); n != 101 {
		t.Errorf("%d objects freed after Close, want 101", n)
	}
}

func TestDroppedHoldsNothing(t *testing.T) {
	collect()
	func() {
		c := newNest(100)
		c.Resume(none{})
	}()
	n := collect() + collect()
	if n != 101 {
		t.Errorf("%d objects freed after the coroutine was dropped, want 101", n)
	}
}

func TestArgument(t *testing.T) {
	collect()
	c := newArgument(newObject(5))
	defer c.Close()
	if n := collect(); n != 0 {
		t.Fatal("freed before the coroutine ran")
	}
	c.Resume(none{})
	if n := collect(); n != 0 {
		t.Fatal("freed while it is an argument in use")
	}
	if v, _ := c.Resume(none{}); v != 5 {
		t.Fatalf("yielded %d", v)
	}
	if n := collect(); n != 1 {
		t.Errorf("%d objects freed after the argument's last use, want 1", n)
	}
}

func TestAnswers(t *testing.T) {
	collect()
	c := newAnswers(50)
	c.Resume(nil)
	sum := 0
	for i := range 50 {
		c.Resume(newObject(i))
		sum += i
		if i%10 == 0 && collect() != 0 {
			t.Fatal("an answer was freed that the body holds")
		}
	}
	if got := c.Results(); got != sum {
		t.Errorf("result %d, want %d", got, sum)
	}
}

func TestArgumentsInFlight(t *testing.T) {
	stop := collections()
	defer stop()
	for range 20 {
		c := newResults(7)
		for range c.All() {
		}
		if c.Err() != nil || c.Results().value != 375 {
			t.Fatalf("%+v %v", c.Results(), c.Err())
		}
	}
}

func TestChangedByDeeperFrames(t *testing.T) {
	depth := 10_000
	if stressed {
		depth = 2000 // all frames are moved for each
	}
	collect()
	c := newChanges(depth)
	c.Resume(none{})
	collect()
	c.Resume(none{})
	want := 0
	for d := range depth {
		want += 2 * d // mine of the frame above, as changed
	}
	if got := c.Results(); c.Err() != nil || got != want+2*depth {
		t.Errorf("result %d, want %d (%v)", got, want+2*depth, c.Err())
	}
}

// collections runs the collector all the time until it is stopped.
func collections() (stop func()) {
	done, ended := make(chan none), make(chan none)
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			default:
				runtime.GC()
			}
		}
	}()
	return func() { close(done); <-ended }
}

func TestChurnWhileCollecting(t *testing.T) {
	stop := collections()
	defer stop()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 5 {
				c := newChurn(200)
				for range c.All() {
				}
				if got := c.Results(); c.Err() != nil || got != 64*63/2+64*200 {
					t.Errorf("result %d, %v", got, c.Err())
				}
			}
		})
	}
	all.Wait()
}

package ends

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"weak"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/twins"
)

var errTest = errors.New("test")

// holder is a coroutine, and knows all objects that its frames have held.
type holder struct {
	coro.Coroutine[*Object, *Object]
	objects []weak.Pointer[Object]
	call    func() // what f does in the place of the object it makes
}

// object makes one that nothing but its user holds.
func (h *holder) object() *Object {
	o := new(Object)
	h.objects = append(h.objects, weak.Make(o))
	return o
}

// hold starts a coroutine that has depth frames with objects and will end somehow.
func hold(depth, how int, opts ...coro.Option) *holder {
	h := new(holder)
	h.Coroutine = newEnd(h.object(), depth, how, func() *Object {
		if h.call != nil {
			h.call()
		}
		return h.object()
	}, append(opts, coro.Limit(64<<10))...)
	return h
}

// until resumes a coroutine with objects until it does not yield, and returns what
// it panics with.
func (h *holder) until() (panicked any) {
	defer func() { panicked = recover() }()
	for {
		if _, ok := h.Resume(h.object()); !ok {
			return nil
		}
	}
}

// pause makes a coroutine that goes on without end pause.
func (h *holder) pause(t *testing.T) {
	h.Resume(nil)
	stop, stopped := make(chan bool), make(chan bool)
	go func() { // once may be too early, and then does nothing
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Microsecond):
				h.Pause()
			}
		}
	}()
	_, ok := h.Resume(h.object())
	close(stop)
	<-stopped
	if ok || h.Err() != coro.ErrPaused {
		t.Fatal(ok, h.Err())
	}
}

// Handles of coroutines that have ended hold nothing of what their frames did,
// however they ended and however deep they were.
func TestNothingIsHeld(t *testing.T) {
	type end struct {
		name   string
		native bool // iter.Pull does not know it
		err    error
		run    func(t *testing.T, depth int) *holder
	}
	by := func(how int) func(*testing.T, int) *holder {
		return func(t *testing.T, depth int) *holder {
			h := hold(depth, how)
			h.until()
			return h
		}
	}
	anyTrap := new(coro.Trap)
	ends := []end{
		{"return", false, nil, by(returns)},
		{"nil dereference", false, anyTrap, by(dereferences)},
		{"index", false, anyTrap, by(indexes)},
		{"division", false, anyTrap, by(divides)},
		{"an operation's panic", false, anyTrap, by(storesToNilMap)},
		{"stack limit", true, coro.ErrStackLimit, by(overflows)},
		{"panic", false, coro.ErrUnwound, by(panics)},
		{"panic in Go", false, coro.ErrUnwound, func(t *testing.T, depth int) *holder {
			h := hold(depth, calls)
			h.Resume(nil)
			h.call = func() { panic(errTest) }
			if v := h.until(); v != errTest {
				t.Error("panic: ", v)
			}
			return h
		}},
		{"Goexit in Go", false, coro.ErrUnwound, func(t *testing.T, depth int) *holder {
			h := hold(depth, calls)
			h.Resume(nil)
			h.call = runtime.Goexit
			var done sync.WaitGroup
			done.Go(func() { h.until() })
			done.Wait()
			return h
		}},
		{"interrupted before it began", false, coro.ErrInterrupted, func(t *testing.T, depth int) *holder {
			h := hold(depth, returns)
			h.Interrupt(errTest)
			h.Resume(h.object())
			return h
		}},
		{"interrupted while suspended", false, coro.ErrInterrupted, func(t *testing.T, depth int) *holder {
			h := hold(depth, returns)
			h.Resume(nil)
			h.Resume(h.object())
			h.Interrupt(errTest)
			h.Resume(h.object())
			return h
		}},
		{"interrupted while it runs", true, coro.ErrInterrupted, func(t *testing.T, depth int) *holder {
			h := hold(depth, calls)
			h.Resume(nil)
			h.call = func() { h.Interrupt(errTest) }
			h.until()
			return h
		}},
		{"interrupted while paused at a poll", true, coro.ErrInterrupted, func(t *testing.T, depth int) *holder {
			h := hold(depth, loops)
			h.pause(t)
			h.Interrupt(errTest)
			h.Resume(nil)
			return h
		}},
		{"interrupted while paused at a prologue", true, coro.ErrInterrupted, func(t *testing.T, depth int) *holder {
			h := hold(depth, recurses)
			h.pause(t)
			h.Interrupt(errTest)
			h.Resume(nil)
			return h
		}},
		{"closed before it began", false, nil, func(t *testing.T, depth int) *holder {
			h := hold(depth, returns)
			h.Close()
			return h
		}},
		{"closed while suspended", false, nil, func(t *testing.T, depth int) *holder {
			h := hold(depth, returns)
			h.Resume(nil)
			h.Resume(h.object())
			h.Close()
			return h
		}},
		{"closed while paused at a poll", true, nil, func(t *testing.T, depth int) *holder {
			h := hold(depth, loops)
			h.pause(t)
			h.Close()
			return h
		}},
		{"closed while paused at a prologue", true, nil, func(t *testing.T, depth int) *holder {
			h := hold(depth, recurses)
			h.pause(t)
			h.Close()
			return h
		}},
		{"closed after it had returned", false, nil, func(t *testing.T, depth int) *holder {
			h := by(returns)(t, depth)
			h.Close()
			return h
		}},
	}
	for _, end := range ends {
		if end.native && twins.Run {
			continue
		}
		// In the first frames pointers are in the core, in deeper ones outside.
		for _, depth := range []int{0, 1, 30} {
			t.Run(fmt.Sprint(end.name, " at ", depth), func(t *testing.T) {
				var kept []*holder
				for range 5 {
					h := end.run(t, depth)
					kept = append(kept, h)
					if err := h.Err(); end.err == anyTrap && !errors.As(err, new(*coro.Trap)) || end.err != anyTrap && !errors.Is(err, end.err) {
						t.Fatal("ended with ", err)
					}
				}
				nothingLeft(t, kept)
			})
		}
	}
}

// nothingLeft fails unless the collector frees all objects of coroutines that are
// kept.
func nothingLeft(t *testing.T, kept []*holder) {
	t.Helper()
	left := 0
	for range 5 {
		runtime.GC()
		left = 0
		for _, h := range kept {
			for _, o := range h.objects {
				if o.Value() != nil {
					left++
				}
			}
		}
		if left == 0 {
			break
		}
	}
	if left > 0 {
		t.Errorf("%d objects are held of coroutines that have ended", left)
	}
	runtime.KeepAlive(kept)
}

// The same for coroutines whose frames are so small that what the collector sees of
// them is part of the core.
func TestNothingBriefIsHeld(t *testing.T) {
	const far = 1 << 20 // no index of room
	for name, c := range map[string]struct {
		f   func(c coro.Coroutine[int, int]) int
		run func(c coro.Coroutine[int, int])
		err error
	}{
		"return":                    {nil, func(c coro.Coroutine[int, int]) { c.Resume(0) }, nil},
		"index":                     {nil, func(c coro.Coroutine[int, int]) { c.Resume(far) }, new(coro.Trap)},
		"interrupted":               {nil, func(c coro.Coroutine[int, int]) { c.Interrupt(errTest); c.Resume(0) }, coro.ErrInterrupted},
		"closed":                    {nil, func(c coro.Coroutine[int, int]) { c.Close() }, nil},
		"panic in Go":               {func(coro.Coroutine[int, int]) int { panic(errTest) }, func(c coro.Coroutine[int, int]) { c.Resume(0) }, coro.ErrUnwound},
		"interrupted while it runs": {func(c coro.Coroutine[int, int]) int { c.Interrupt(errTest); return 1 }, func(c coro.Coroutine[int, int]) { c.Resume(0) }, coro.ErrInterrupted},
		"paused and interrupted": {func(c coro.Coroutine[int, int]) int { c.Pause(); return 1 }, func(c coro.Coroutine[int, int]) {
			c.Resume(0)
			c.Interrupt(errTest)
			c.Resume(0)
		}, coro.ErrInterrupted},
		"paused and closed": {func(c coro.Coroutine[int, int]) int { c.Pause(); return 1 }, func(c coro.Coroutine[int, int]) {
			c.Resume(0)
			c.Close()
		}, nil},
	} {
		if twins.Run && (strings.HasPrefix(name, "paused") || strings.HasSuffix(name, "it runs")) {
			continue // iter.Pull can neither
		}
		t.Run(name, func(t *testing.T) {
			var kept []coro.Coroutine[int, int]
			all := new(holder)
			for range 50 {
				var h coro.Coroutine[int, int]
				h = newBrief(all.object(), func() int {
					if c.f == nil {
						return 0
					}
					return c.f(h)
				})
				h.Resume(0)
				func() {
					defer func() { recover() }()
					c.run(h)
					h.Resume(0)
				}()
				if _, trap := c.err.(*coro.Trap); trap && !errors.As(h.Err(), new(*coro.Trap)) || !trap && !errors.Is(h.Err(), c.err) {
					t.Fatal("ended with ", h.Err())
				}
				kept = append(kept, h)
			}
			nothingLeft(t, []*holder{all})
			runtime.KeepAlive(kept)
		})
	}
}

// So it is for values that do not fit into registers.
func TestNothingLargeIsHeld(t *testing.T) {
	var kept []coro.Coroutine[[3]*Object, [3]*Object]
	all := new(holder)
	for i := range 10 {
		c := newLarge(all.object())
		c.Resume([3]*Object{})
		c.Resume([3]*Object{1: all.object()})
		if i%2 == 0 {
			c.Interrupt(errTest)
			c.Resume([3]*Object{all.object()})
		}
		c.Close()
		kept = append(kept, c)
	}
	nothingLeft(t, []*holder{all})
	runtime.KeepAlive(kept)
}

// What an interruption brings is not held by those that had ended before, or never
// were to see it.
func TestNoCauseIsHeld(t *testing.T) {
	var kept []*holder
	var causes []weak.Pointer[cause]
	interrupt := func(h *holder) {
		c := &cause{"a reason"}
		causes = append(causes, weak.Make(c))
		h.Interrupt(c)
		kept = append(kept, h)
	}
	for range 10 {
		for how := range overflows {
			h := hold(1, how)
			h.until()
			interrupt(h)
		}
		h := hold(1, returns)
		h.Resume(nil)
		interrupt(h)
		h.Close()
		// The last thing it does before it ends otherwise.
		h = hold(1, calls)
		h.Resume(nil)
		h.call = func() {
			interrupt(h)
			panic(errTest)
		}
		h.until()
	}
	runtime.GC()
	runtime.GC()
	held := 0
	for _, c := range causes {
		if c.Value() != nil {
			held++
		}
	}
	if held > 0 {
		t.Errorf("%d of %d causes are held", held, len(causes))
	}
	runtime.KeepAlive(kept)
}

type cause struct{ text string }

func (c *cause) Error() string { return c.text }

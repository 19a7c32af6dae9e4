//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"
	"weak"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/stackcopy"
)

// What MORESTACK=audit=1 looks at.

// idleVisit is Control.Visit while the collector does not mark: an audit wants to
// see every call of Go.
var idleVisit = func() uintptr {
	if debug.audit {
		return 1
	}
	return 0
}()

// audit reports words of the stack that look like pointers into it.
func (k *core) audit(m *stackcopy.Maps, stack stackcopy.Stack, state *stackcopy.State) {
	suspects, _ := m.Audit(stack, state)
	totals.suspects.Add(uint64(len(suspects)))
	for _, s := range suspects {
		fmt.Fprintf(os.Stderr, "morestack: audit: %s holds %#x at SP+%d, an address of its stack that its map for PC %#x does not name\n",
			s.Frame.Func.Name, s.Value, s.Address-s.Frame.SP, s.Frame.PC)
	}
}

// auditExit panics unless the collector sees what it must at an exit for this
// reason, or after it.
func (k *core) auditExit(reason morestack.Reason) {
	if reason == morestack.ReasonReturn {
		k.control.PC = morestack.DonePC()
	}
	switch {
	case k.control.Shadow == 0:
	case reason == morestack.ReasonGrow:
		morestack.ReserveStack()
		k.auditGrown()
	default:
		auditCall(k)
	}
	if k.exact {
		k.auditPinned()
	}
}

// auditPinned panics if a pinned function holds what nothing else leads to. A
// collection finds that out, which takes so long that it is done at the 1st, 2nd,
// 4th, ... exit in each place only.
func (k *core) auditPinned() {
	e := k.need()
	if e.exits == nil {
		e.exits = backoff{}
	}
	if !e.exits.due(k.control.PC) {
		return
	}
	held := k.pinned()
	if len(held) == 0 {
		return
	}
	runtime.GC()
	for _, h := range held {
		if h.object.Value() == nil {
			panic(&PinnedError{describe(h.frame), h.offset})
		}
	}
}

// holding is a slot of a pinned function and the object that it points to.
type holding struct {
	frame  stackcopy.Frame
	offset int
	object weak.Pointer[byte]
}

// pinned returns what the suspended coroutine's pinned functions hold. Not inlined,
// so that no copy of it stays in a frame.
//
//go:noinline
func (k *core) pinned() (held []holding) {
	c, state := &k.control, k.state()
	for f, err := range maps.Load().Frames(stackcopy.Stack{Lo: c.Lo, Hi: c.Hi}, &state) {
		if err != nil || !f.Func.Pinned {
			continue
		}
		for _, offset := range f.Site.Pointers {
			if p := *(**byte)(address(f.SP + uintptr(offset))); onHeap(p) {
				held = append(held, holding{f, offset, weak.Make(p)})
			}
		}
	}
	return held
}

// onHeap reports whether p points into an object of the heap: only such have weak
// pointers and, which can be asked for, cleanups.
func onHeap(p *byte) (yes bool) {
	if p == nil {
		return false
	}
	defer func() {
		if recover() != nil {
			yes = false
		}
	}()
	c := runtime.AddCleanup(p, func(int) {}, 0)
	c.Stop()
	return c != (runtime.Cleanup{})
}

// auditGrown is auditCall while the shadow shows what a prologue has spilled.
// Nosplit: nobody may be looking meanwhile.
//
//go:nosplit
func (k *core) auditGrown() {
	k.showSpilled(false)
	auditCall(k)
	k.showSpilled(true)
}

// unwritten is in the words of a barrier buffer that native code has not written, in
// audits: no pointer, and no address that the collector takes for one.
const unwritten uintptr = 0x0bad_b0ff_e7ed_0bad

// clearBarrier makes all of a buffer unwritten.
func clearBarrier(save *morestack.Registers) {
	for i := range save.Barrier {
		save.Barrier[i] = unwritten
	}
}

// auditBarrier panics unless native code has written all words of the buffer that it
// has reserved, those in [first, next): the collector has been given the others, too.
// It leaves them unwritten. A variable for the reason that auditCall has; and of
// addresses, or what they are the addresses of would be moved to the heap.
var auditBarrier = checkBarrier

//go:nosplit
//go:noinline
func checkBarrier(first, next uintptr) {
	for p := first; p < next; p += unsafe.Sizeof(p) {
		word := (*uintptr)(address(p))
		if *word == unwritten {
			panic(&barrierError{reserved: next - first, written: p - first})
		}
		*word = unwritten
	}
}

// barrierError is a word of a barrier buffer that was reserved and not written.
type barrierError struct{ reserved, written uintptr } // in bytes

func (e *barrierError) Error() string {
	return fmt.Sprintf("morestack: audit: %d bytes of the barrier buffer were reserved, and what is at %d was not written", e.reserved, e.written)
}

// auditCall panics unless the shadow shows what the frames hold. Its callers'
// registers may hold what the collector does not know. A variable, because a build
// for debuggers needs more stack for it and a nosplit caller than the linker allows:
// above such callers there is a call of morestack.ReserveStack.
var auditCall = (*core).checkShadow

//go:nosplit
//go:noinline
func (k *core) checkShadow() {
	c, s := &k.control, &k.extra.suspended
	s.PC, s.SP, s.LR = c.PC, c.SP, c.LR
	if err := maps.Load().CheckShadow(s, c.Lo, c.Hi, k.shadow); err != nil {
		panic(err)
	}
}

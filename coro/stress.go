//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"runtime"
	"sync"
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
)

// stress makes stress=move happen. The guard is poisoned whenever native code
// runs, so every prologue exits. Its stack is moved (under collect=1, by some), and the
// guard is lowered just enough to let this one prologue pass when it tries again: deeper
// ones still exit. When its function returns, a barrier exits in turn, and the guard is
// poisoned for the next call.
func (k *core) stress(fn *stackcopy.Func, move bool) bool {
	if move {
		if err := k.move(k.stack.Size()); err != nil {
			k.trap(err)
			return false
		}
	}
	c, e := &k.control, k.need()
	link := &c.LR
	if !layout.Link {
		link = *(**uintptr)(unsafe.Pointer(&c.SP))
	}
	// A signal to preempt may have poisoned the guard anew before the prologue
	// could pass: then its barrier is there already.
	if *link != morestack.BarrierPC() {
		e.suspended.Displaced = append(e.suspended.Displaced, *link)
		*link = morestack.BarrierPC()
	}
	k.setGuard(c.SP - uintptr(max(0, fn.Frame-guard.Small)) - 1)
	return true
}

// unwind handles a return through a barrier. Nosplit: results are in registers.
//
//go:nosplit
//go:noinline
func (k *core) unwind() {
	e := k.extra
	last := len(e.suspended.Displaced) - 1
	k.control.PC = e.suspended.Displaced[last]
	e.suspended.Displaced = e.suspended.Displaced[:last]
	k.setGuard(guard.Poisoned)
}

// backoff tells the 1st, 2nd, 4th, ... time in a place from the others. What takes long
// is done at these only.
type backoff map[uintptr]int

func (b backoff) due(pc uintptr) bool {
	n := b[pc] + 1
	b[pc] = n
	return n&(n-1) == 0
}

// visited are the polls and prologues where collect=1 has collected, of all coroutines.
var visited = struct {
	mu sync.Mutex
	backoff
}{backoff: backoff{}}

// collect makes collect=1 happen: at a poll or prologue, two collections. The first may
// have begun to mark before the exit and so keep what nothing leads to any more; the second
// frees it. Whatever the body keeps where no map shows it is then gone.
func (k *core) collect() (due bool) {
	visited.mu.Lock()
	due = visited.due(k.control.PC)
	visited.mu.Unlock()
	if due {
		runtime.GC()
		runtime.GC()
	}
	return due
}

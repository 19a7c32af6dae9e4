//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
)

// stress makes stress=move happen. The guard is poisoned whenever native code
// runs, so every prologue exits. Its stack is moved, and the guard is lowered
// just enough to let this one prologue pass when it tries again: deeper ones
// still exit. When its function returns, a barrier exits in turn, and the guard
// is poisoned for the next call.
func (k *core) stress(fn *stackcopy.Func) bool {
	if err := k.move(k.stack.Size()); err != nil {
		k.trap(err)
		return false
	}
	c, e := &k.control, k.extra
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

//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"fmt"
	"os"
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
	e.displaced = append(e.displaced, *link)
	*link = morestack.BarrierPC()
	c.StackGuard = c.SP - uintptr(max(0, fn.Frame-guard.Small)) - 1
	return true
}

// unwind handles a return through a barrier.
func (k *core) unwind() {
	e := k.extra
	last := len(e.displaced) - 1
	k.control.PC = e.displaced[last]
	e.displaced = e.displaced[:last]
	k.control.StackGuard = guard.Poisoned
}

// audit reports words of the stack that look like pointers into it.
func (k *core) audit(m *stackcopy.Maps, stack stackcopy.Stack, state *stackcopy.State) {
	suspects, _ := m.Audit(stack, state)
	totals.suspects.Add(uint64(len(suspects)))
	for _, s := range suspects {
		fmt.Fprintf(os.Stderr, "morestack: audit: %s holds %#x at SP+%d, an address of its stack that its map for PC %#x does not name\n",
			s.Frame.Func.Name, s.Value, s.Address-s.Frame.SP, s.Frame.PC)
	}
}

//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"unsafe"

	"github.com/morestack/morestack"
)

// drain hands the pointers that native code has stored or overwritten while the
// garbage collector marked to that, by way of the write barrier of a store to
// the core. It comes after every exit, before anything can preempt: marking
// cannot end before that.
//
//go:nosplit
//go:noinline
func (k *core) drain(save *morestack.Registers) {
	c := &k.control
	first := uintptr(unsafe.Pointer(&save.Barrier))
	for p := first; p < c.BarrierNext; p += unsafe.Sizeof(p) {
		k.shade = *(*unsafe.Pointer)(address(p))
	}
	k.shade = nil
	next := c.BarrierNext
	c.Marking, c.Visit, c.BarrierNext = 0, idleVisit, first
	if debug.audit {
		auditBarrier(first, next)
	}
}

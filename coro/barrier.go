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
	c.Marking, c.Visit, c.BarrierNext = 0, idleVisit, first
}

// shadeMany hands the pointers in two values to the collector. table holds the
// number of pointers in one of them, then their offsets. It is nosplit, like
// those who call it: the collector must not go on to another phase between
// native code's look at it and what that does next.
//
//go:nosplit
//go:nocheckptr
//go:norace
func shadeMany(table *uintptr, dst, src unsafe.Pointer) {
	for _, offset := range unsafe.Slice(table, *table+1)[1:] {
		*shade = *(*unsafe.Pointer)(unsafe.Add(dst, offset))
		*shade = *(*unsafe.Pointer)(unsafe.Add(src, offset))
	}
	*shade = nil
}

// shade is a word on the heap: stores to it are for their write barrier.
var shade = new(unsafe.Pointer)

// wbMove and wbZero stand in for the runtime's barriers of whole values. Native
// code has seen that the collector marks, and is about to overwrite the pointers
// at dst with those at src, or with nil.
//
//go:nosplit
func wbMove(table *uintptr, dst, src unsafe.Pointer) { shadeMany(table, dst, src) }

//go:nosplit
func wbZero(table *uintptr, dst unsafe.Pointer) { shadeMany(table, dst, dst) }

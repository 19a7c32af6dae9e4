//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"sync/atomic"
	"unsafe"

	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
)

// The garbage collector does not look at coroutine stacks. A compiled body that
// keeps Go pointers has a shadow instead: a slice on the Go heap that mirrors
// the top of its stack word by word. Whenever the body exits, the shadow's words
// equal the pointer slots that are live in its frames, and all others are nil.
// Native code stores them before each call and exit; Go code only makes the
// shadow larger, lets it follow the stack, and clears it.
//
//	stack              shadow
//	Hi -> +------+     +------+ <- Hi + Control.Shadow
//	      | ptr  |     | ptr  |
//	      | int  |     | nil  |
//	SP -> | ptr  |     | ptr  |
//	      |      |     +------+    StackGuard is so high that no frame which
//	Lo -> +------+                 publishes reaches below this
//
// A coroutine starts with the few words that are part of its core, if they are
// enough for its outermost frames: see prepared. Most generators need no more.
const (
	firstShadow = 16  // words, in the core
	fullShadow  = 256 // bytes: the least that frames of any size can share
)

// guard is the stackguard of the coroutine's stack and shadow. If the shadow is
// for the outermost frames alone it is the lowest address of these, which is SP
// there: then their polls pass, and prologues of what they call do not.
func (k *core) guard() uintptr {
	g := guard.Guard(k.stack.Lo)
	switch {
	case k.control.Shadow == 0:
		return g
	case k.shadowSize() < fullShadow:
		return max(g, k.control.Hi-uintptr(k.outer))
	}
	return max(g, k.control.Hi-uintptr(k.shadowSize())+guard.RedZone)
}

// setGuard sets what native code compares SP with. Another goroutine may poison it
// at any time; enlarge is careful about that.
//
//go:nosplit
func (k *core) setGuard(g uintptr) {
	if raceEnabled {
		atomic.StoreUintptr(&k.control.StackGuard, g)
		return
	}
	k.control.StackGuard = g
}

func (k *core) shadowSize() int { return len(k.shadow) * int(unsafe.Sizeof(k.shade)) }

// mirror gives a coroutine that has not run a shadow. Its outermost frames will have
// outer bytes.
func (k *core) mirror(outer int) {
	k.outer = int32(k.control.Hi-k.control.SP) + int32(outer)
	if k.shadowSize() < min(int(k.outer), fullShadow) {
		k.shadow = make([]unsafe.Pointer, fullShadow/unsafe.Sizeof(k.shade))
	}
	k.alignShadow()
	k.setGuard(k.guard())
	if debug.audit {
		k.need()
	}
}

// alignShadow tells native code where the shadow is.
func (k *core) alignShadow() {
	k.control.Shadow = uintptr(unsafe.Pointer(unsafe.SliceData(k.shadow))) + uintptr(k.shadowSize()) - k.control.Hi
}

// shadowed is the part of the shadow that may hold pointers.
func (k *core) shadowed() []unsafe.Pointer {
	used := int(k.control.Hi-k.control.SP) / int(unsafe.Sizeof(k.shade))
	return k.shadow[max(0, len(k.shadow)-used):]
}

// enlargeShadow makes room for a frame. The stack has it already.
func (k *core) enlargeShadow(frame int) {
	size := k.shadowSize()
	// A prologue compares for above, hence one word more.
	needed := int(k.control.Hi-k.control.SP) + frame + guard.RedZone + int(unsafe.Sizeof(k.shade))
	if k.control.Shadow == 0 || needed <= size {
		return
	}
	for size = max(size, fullShadow); size < needed; {
		size *= 2
	}
	k.resizeShadow(min(size, k.stack.Size()))
}

func (k *core) resizeShadow(size int) {
	fresh := make([]unsafe.Pointer, size/int(unsafe.Sizeof(k.shade)))
	n := min(len(fresh), len(k.shadow))
	copy(fresh[len(fresh)-n:], k.shadow[len(k.shadow)-n:])
	clear(k.shadow) // it may be part of the core
	k.shadow = fresh
	k.alignShadow()
}

// moveShadow makes the shadow that of the stack at fresh, and with it the
// pointers into the old one.
func (k *core) moveShadow(old, fresh stackcopy.Stack) {
	if k.control.Shadow == 0 {
		return
	}
	delta := fresh.Hi - old.Hi
	for i, p := range k.shadowed() {
		if old.Contains(uintptr(p)) {
			k.shadowed()[i] = address(uintptr(p) + delta)
		}
	}
	k.alignShadow()
}

// shrinkShadow follows the stack, of which under a half is in use.
func (k *core) shrinkShadow() {
	if k.control.Shadow != 0 && k.shadowSize() > k.stack.Size() {
		k.resizeShadow(k.stack.Size())
		k.setGuard(k.guard())
	}
}

// clearShadow forgets the pointers of a suspended coroutine that ends.
func (k *core) clearShadow() {
	clear(k.shadowed())
	k.trimShadow()
}

// trimShadow leaves the next owner a shadow without pointers, if it is small.
func (k *core) trimShadow() {
	if k.shadowSize() > DefaultFirstSize {
		k.shadow = nil
	}
}

// dropShadow forgets the pointers of a coroutine whose core is not used again.
func (k *core) dropShadow() {
	if len(k.shadow) == firstShadow { // in the core, which handles keep
		clear(k.shadow)
	}
	k.shadow = nil
}

// showSpilled publishes the pointers among the arguments that the prologue in
// which the coroutine is suspended has spilled, or takes them back: a function
// finds the shadow of its frame without any.
//
// In three pieces that are not inlined, because a build for debuggers would not
// have the stack that nosplit functions may use.
//
//go:nosplit
func (k *core) showSpilled(show bool) {
	if k.control.Shadow != 0 {
		slots := spilled(k.control.PC)
		for i := 0; i < len(slots); i++ {
			k.showSlot(slots[i], show)
		}
	}
}

// spilled is where the prologue at pc has pointers.
//
//go:nosplit
//go:noinline
func spilled(pc uintptr) []int {
	if _, site := maps.Load().Find(pc); site != nil {
		return site.Pointers
	}
	return nil
}

//go:nosplit
//go:noinline
func (k *core) showSlot(offset int, show bool) {
	var value unsafe.Pointer
	slot := k.control.SP + uintptr(offset)
	if show {
		value = *(*unsafe.Pointer)(address(slot))
	}
	*(*unsafe.Pointer)(address(slot + k.control.Shadow)) = value
}

//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"sync/atomic"
	"unsafe"

	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
)

func init() { arena.Poison = debug.poison }

// grow is morestack: a prologue found too little stack for its frame. It makes
// the stack large enough and lets the prologue try again, or ends the
// coroutine and reports false.
func (k *core) grow() bool {
	fn, site := maps.Load().Find(k.control.PC)
	if fn == nil || site.Kind != stackcopy.Prologue {
		k.trap(&stackcopy.StackError{PC: k.control.PC, SP: k.control.SP, What: "no map for this prologue"})
		return false
	}
	if !k.enlarge(fn.Frame) {
		return false
	}
	due := debug.collect && k.collect()
	if debug.exits {
		return k.stress(fn, due || debug.move)
	}
	return true
}

// poll answers a loop that found its guard poisoned, or that runs in the last
// frame that fits and would find so at every turn: a larger stack ends that.
func (k *core) poll() bool {
	if debug.collect && k.collect() {
		if err := k.move(k.stack.Size()); err != nil {
			k.trap(err)
			return false
		}
	}
	if debug.exits {
		k.setGuard(guard.Poisoned)
		return true
	}
	return k.enlarge(1) // SP itself must be above the guard
}

// enlarge makes room for frame bytes below SP, and below those for what Slack
// promises, on the stack and in its shadow.
func (k *core) enlarge(frame int) bool {
	if !k.enlargeStack(frame) {
		return false
	}
	k.enlargeShadow(frame)
	atomic.StoreUintptr(&k.control.StackGuard, k.guard()) // see interruption
	return true
}

func (k *core) enlargeStack(frame int) bool {
	size := k.stack.Size()
	needed := int(k.control.Hi-k.control.SP) + frame + guard.Slack
	if needed <= size {
		return true
	}
	want := 2 * size
	for want < needed {
		want *= 2
	}
	if want > k.limit {
		want = guard.RoundDown(k.limit)
	}
	if want < needed || want <= size {
		k.trap(&StackLimitError{k.limit})
		return false
	}
	if err := k.resize(want); err != nil {
		k.trap(err)
		return false
	}
	k.extra.grows++
	k.extra.peak = max(k.extra.peak, k.stack.Size())
	totals.grows.Add(1)
	debug.logf("stack of %d bytes grew to %d for a frame of %d", size, k.stack.Size(), frame)
	shrinker.list(k)
	return true
}

// resize gives the suspended coroutine a stack of the given size: in place if
// its stack can do that, otherwise by moving to another. On error nothing has
// changed.
func (k *core) resize(size int) error {
	k.need()
	if k.strategy == Contiguous && k.stack.Tall() && size >= guard.TallSize && size <= k.stack.Capacity() {
		if err := arena.Resize(k.stack, size); err != nil {
			return err
		}
		k.control.Lo = k.stack.Lo
		k.setGuard(k.guard())
		return nil
	}
	return k.move(size)
}

// move copies the suspended coroutine to another stack of the given size.
func (k *core) move(size int) error {
	e := k.need()
	limit := k.limit
	if k.strategy == Copying {
		limit = size
	}
	fresh, err := arena.New(size, limit)
	if err != nil {
		return err
	}
	old := stackcopy.Stack{Lo: k.control.Lo, Hi: k.control.Hi}
	dst := stackcopy.Stack{Lo: fresh.Lo, Hi: fresh.Hi}
	state := k.state()
	m := maps.Load()
	if debug.audit && !k.exact { // the compiler leaves such words where they are dead
		k.audit(m, old, &state)
	}
	// Some architectures keep a word of the innermost frame below SP.
	used := min(old.Hi-state.SP+16, old.Hi-old.Lo)
	copy(memory(dst.Hi-used, used), memory(old.Hi-used, used))
	frames, err := m.Relocate(old, dst, &state)
	if err != nil {
		arena.Free(fresh)
		return err
	}
	c := &k.control
	if old.Contains(c.Answer) {
		c.Answer += dst.Hi - old.Hi
	}
	c.SP, c.FP, c.Context, c.Lo, c.Hi = state.SP, state.FP, state.Context, dst.Lo, dst.Hi
	// The record stays: the cleanup of the core refers to it.
	*k.stack, *fresh = *fresh, *k.stack
	arena.Free(fresh)
	k.moveShadow(old, dst)
	k.setGuard(k.guard())
	e.moves++
	e.copied += int(used)
	e.frames += frames
	totals.moves.Add(1)
	totals.copied.Add(uint64(used))
	return nil
}

// memory is the n bytes at p, which the garbage collector does not own.
func memory(p, n uintptr) []byte {
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&p)), n)
}

// shrink halves the stack of a suspended coroutine if under a quarter is used.
func (k *core) shrink() bool {
	size := k.stack.Size()
	used := int(k.control.Hi-k.control.SP) + guard.Slack
	if size/2 < k.first || used >= size/4 {
		return false
	}
	half := guard.MinSize
	for half*2 <= size/2 {
		half *= 2 // a limit may have left a size that is no power of two
	}
	if k.resize(half) != nil {
		return false
	}
	k.shrinkShadow()
	k.extra.shrinks++
	totals.shrinks.Add(1)
	debug.logf("stack of %d bytes shrank to %d, of which %d are in use", size, k.stack.Size(), used-guard.Slack)
	return true
}

// totals counts over all coroutines.
var totals struct {
	grows, moves, copied, shrinks, traps, suspects atomic.Uint64
}

// ReadStats returns the figures of all coroutines.
func ReadStats() GlobalStats {
	a := arena.Stats()
	return GlobalStats{
		Stacks: a.Stacks, InUse: int(a.InUse), Cached: int(a.Cached), Reserved: int(a.Reserved),
		Grows: totals.grows.Load(), Moves: totals.moves.Load(), Copied: totals.copied.Load(),
		Shrinks: totals.shrinks.Load(), Traps: totals.traps.Load(), Suspects: totals.suspects.Load(),
	}
}

//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"sync/atomic"
	"unsafe"
	"weak"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
)

// core is a coroutine without its types. After Close it becomes another one.
type core struct {
	control morestack.Control

	// token tells who owns the core, in the upper bits, and its state in the
	// lower ones. A handle has the token of the suspended state, so that one
	// comparison finds both right.
	token uint64

	// attention has bits for what Resume must do first.
	attention atomic.Uint32

	strategy Strategy
	paused   paused
	exact    bool  // see prepared
	outer    int32 // bytes that the first shadow must have: see guard

	first  int
	limit  int
	arg    unsafe.Pointer   // for the collector: native code has a copy
	stack  *guard.Stack     // not part of core: it has a finalizer
	extra  *extra           // what only some coroutines need
	shadow []unsafe.Pointer // what the collector sees of the stack; see shadow.go
	shade  unsafe.Pointer   // stores to it are for their write barrier

	interruption atomic.Pointer[interruption]
}

// rooted is a core with the shadow that it starts with: in one object, for that is
// what the collector pays for, and for each word that may be a pointer.
type rooted struct {
	core
	words [firstShadow]unsafe.Pointer
}

// extra is what a coroutine has once it has grown, failed or been moved.
type extra struct {
	err                                   error
	grows, moves, copied, frames, shrinks int // see Stats
	peak                                  int // largest size of the stack
	weak                                  weak.Pointer[core]
	listed                                bool      // with the shrinker
	watching                              *watching // nil unless something interrupts it
	twin                                  any       // *pull, if that runs it: see handle

	exits backoff // of auditPinned

	suspended stackcopy.State // Displaced; and for checkShadow, which has little stack, the rest
}

// States of a core: the lower bits of its token.
const (
	suspended = 0
	running   = 1
	finished  = 2 // the body returned
	failed    = 3 // it ended with extra.err
	stateMask = 3
	nextOwner = 4
)

// Bits of attention.
const (
	claimed     = 1 << iota // the shrinker wants to look at the stack
	saving                  // for good: exits need a place to save registers
	careful                 // for good: values that it yields or receives hold Go pointers
	interrupted             // see interruption
	sliced                  // for good: Resume starts a timer
)

// acquire makes a suspended coroutine running. It reports false for one that
// has ended, and panics for one that is running.
//
//go:nosplit
func (k *core) acquire(token uint64) bool {
	if k == nil || !k.change(token, token|running) {
		k.refuse(token)
		return false
	}
	return true
}

// release makes a running coroutine suspended.
//
//go:nosplit
func (k *core) release(token uint64) { k.change(token|running, token) }

// change replaces one token by another if it is the core's, by which others see what
// was done to the core before. Outside race builds it is not an exchange, which
// would double the cost of a switch: a second goroutine's mistake may go unnoticed.
//
//go:nosplit
func (k *core) change(from, to uint64) bool {
	if raceEnabled {
		return atomic.CompareAndSwapUint64(&k.token, from, to)
	}
	if k.token != from {
		return false
	}
	storeRelease(&k.token, to)
	return true
}

// is reports whether the core has the token. If so, all is seen that was done
// before it was stored.
func (k *core) is(token uint64) bool { return atomic.LoadUint64(&k.token) == token }

//go:noinline
func (k *core) refuse(token uint64) {
	if k != nil && k.is(token|running) {
		panic(ErrRunning)
	}
}

// arena holds the stacks of all coroutines of the process.
var (
	arena     = guard.NewArena(nil)
	freeStack = arena.Free // as a value: one for all finalizers
)

// newCore returns a suspended core that will run body.
func newCore(body *prepared, arg unsafe.Pointer, opts []Option) (*core, error) {
	c := defaults
	if len(opts) > 0 {
		var err error
		if c, err = configure(opts); err != nil {
			return nil, err
		}
	}
	k := takeCore(body.roots)
	if k.stack.Size() != c.first {
		arena.Free(k.stack)
		if err := arena.Init(k.stack, c.first, c.limit); err != nil {
			giveCore(k)
			return nil, err
		}
	}
	k.arg, k.first, k.limit, k.strategy, k.paused = arg, c.first, c.limit, c.strategy, notPaused
	k.control.Init(k.stack.Lo, k.stack.Hi, body.entry, uintptr(arg))
	k.exact = body.exact
	k.control.Shadow = 0
	k.setGuard(guard.Guard(k.stack.Lo))
	if body.roots {
		k.mirror(body.outer)
	}
	if k.attention.Load() != body.attention {
		k.attention.Store(body.attention)
	}
	if c.context != nil || c.slice > 0 {
		k.watch(&c)
	}
	k.change(k.token, k.token&^stateMask)
	return k, nil
}

// settle takes a core back from the shrinker, which gets what it wanted: this
// is the coroutine's turn of this cycle.
func (k *core) settle() {
	if k.attention.Load()&claimed != 0 {
		shrinker.settle(k)
	}
}

// discard releases what a core owns and leaves it to the next owner.
func (k *core) discard() {
	k.arg = nil
	if k.extra != nil {
		k.extra.forget()
	}
	// Running until New is done with it, so that nobody else touches it.
	k.change(k.token, k.token&^stateMask+nextOwner|running)
	k.forgetInterruption()
	giveCore(k)
}

// forget makes an extra that of a new coroutine.
func (e *extra) forget() {
	e.stopWatching()
	*e = extra{suspended: stackcopy.State{Displaced: e.suspended.Displaced[:0]}, weak: e.weak, listed: e.listed}
}

// need returns k.extra, which it makes if there is none.
func (k *core) need() *extra {
	if k.extra == nil {
		k.extra = new(extra)
	}
	return k.extra
}

// finish ends a running coroutine whose body has returned. Its stack goes too
// unless it is of the size that New is likely to want next.
func (k *core) finish() {
	k.arg = nil
	if k.extra != nil {
		k.extra.stopWatching()
	}
	k.trimShadow()
	k.trimStack()
	k.change(k.token, k.token&^stateMask|finished)
	k.forgetInterruption()
}

// fail ends a running coroutine with an error. Its core is not used again: the
// error stays with it, for as long as there are handles, but nothing of what its
// frames held.
func (k *core) fail(err error) {
	k.arg = nil
	k.need().err = err
	k.extra.stopWatching()
	k.dropShadow()
	arena.Free(k.stack)
	k.change(k.token, k.token&^stateMask|failed)
	k.forgetInterruption()
}

// trimStack frees the stack of a core without frames, unless it is of the size
// that the next owner is likely to want.
func (k *core) trimStack() {
	if k.stack.Size() != DefaultFirstSize || debug.noReuse {
		arena.Free(k.stack)
	}
}

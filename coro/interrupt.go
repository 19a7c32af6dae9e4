//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"
	"weak"

	"github.com/morestack/morestack/guard"
)

// interruption asks for the coroutine with this token to end, or to pause.
//
// Whoever asks stores it, sets the attention bit and poisons the guard, in this
// order. A coroutine that is not running finds the bit in its next Resume. One
// that runs finds the guard poisoned, sets it right, and looks for the bit then:
// if it looks too early, the guard is poisoned after it has been set right. Both
// sides use atomics, which Go orders, for the bit and the guard.
type interruption struct {
	token uint64
	pause bool
	cause error
}

// paused says where a coroutine is suspended that has not yielded.
type paused uint8

const (
	notPaused paused = iota
	pausedAtPoll
	pausedAtPrologue // the shadow shows what it has spilled
)

// interrupt may be called by any goroutine. An end is not replaced by a pause,
// nor what is meant for a coroutine by what was meant for one that had the core
// before.
func (k *core) interrupt(token uint64, in *interruption) {
	if !k.lives(token) {
		return
	}
	for {
		old := k.interruption.Load()
		if old != nil && (old.token > token || old.token == token && !old.pause) {
			break
		}
		if k.interruption.CompareAndSwap(old, in) {
			break
		}
	}
	k.attention.Or(interrupted)
	atomic.StoreUintptr(&k.control.StackGuard, guard.Poisoned)
	if !k.lives(token) { // it has ended meanwhile, and its core would keep the cause
		k.interruption.CompareAndSwap(in, nil)
	}
}

// lives reports whether the coroutine with this token has the core, and has not
// ended.
func (k *core) lives(token uint64) bool {
	now := atomic.LoadUint64(&k.token)
	return now&^stateMask == token && now&stateMask < finished
}

// forgetInterruption drops what was asked of a coroutine that has ended before it
// could heed it.
func (k *core) forgetInterruption() {
	if k.attention.Load()&interrupted != 0 {
		k.interruption.Store(nil)
	}
}

// takeInterruption returns what is asked of the running coroutine, once.
func (k *core) takeInterruption() *interruption {
	if k.attention.Load()&interrupted == 0 {
		return nil
	}
	k.attention.And(^uint32(interrupted))
	in := k.interruption.Swap(nil)
	if in == nil || in.token != k.token&^stateMask {
		return nil
	}
	return in
}

// begin is what a Resume does about an interruption. It reports whether the
// coroutine goes on: to pause it has to run first.
func (k *core) begin() bool {
	if in := k.takeInterruption(); in != nil && !in.pause {
		k.endInterrupted(in)
		return false
	}
	return true
}

// heed is what a running coroutine does about one, at a poll or a prologue.
func (k *core) heed(at paused) entering {
	in := k.takeInterruption()
	switch {
	case in == nil:
		return enterPlain
	case !in.pause:
		k.endInterrupted(in)
	default:
		k.paused = at
		k.attention.Or(saving) // it is entered by exchangeSaving from now on
	}
	return enterNot
}

func (k *core) endInterrupted(in *interruption) {
	frames, _ := k.frames(16)
	k.fail(&InterruptError{Cause: in.cause, Frames: frames})
}

// Interrupt ends the coroutine with an *InterruptError that has the cause, which
// may be nil. Any goroutine may call it at any time. A coroutine that runs ends at
// its next prologue or loop back-edge, but never in a Go function that it calls;
// one that is suspended ends when it is resumed. It does nothing to one that has
// ended.
func (c Coroutine[Out, In]) Interrupt(cause error) {
	if p := c.twin(); p != nil {
		p.interrupt(cause)
	} else if c.core != nil {
		c.core.interrupt(c.token, &interruption{token: c.token, cause: cause})
	}
}

// Pause suspends the coroutine if it is running, at its next prologue or loop
// back-edge. The Resume in progress returns the zero Out and false, and Err is
// ErrPaused until another Resume continues the coroutine; that one's in is
// dropped. Any goroutine may call Pause at any time. It does nothing to a
// coroutine that is not running.
func (c Coroutine[Out, In]) Pause() {
	if c.core != nil && atomic.LoadUint64(&c.core.token) == c.token|running {
		c.core.interrupt(c.token, &interruption{token: c.token, pause: true})
	}
}

// watching is what interrupts a coroutine by itself.
type watching struct {
	unwatch func() bool // of its context; nil if it has none
	dropped runtime.Cleanup
	timer   *time.Timer // nil without a time slice
	slice   time.Duration
}

// watch makes a context or a time slice interrupt the coroutine. They do not keep
// it alive.
func (k *core) watch(c *config) {
	e := k.need()
	if e.weak == (weak.Pointer[core]{}) {
		e.weak = weak.Make(k)
	}
	e.watching = new(watching)
	w, token := e.weak, k.token&^stateMask
	if ctx := c.context; ctx != nil {
		end := func() {
			if k := w.Value(); k != nil {
				k.interrupt(token, &interruption{token: token, cause: context.Cause(ctx)})
			}
		}
		// The context forgets a coroutine that is dropped, too.
		e.watching.unwatch = context.AfterFunc(ctx, end)
		e.watching.dropped = runtime.AddCleanup(k, func(stop func() bool) { stop() }, e.watching.unwatch)
		if ctx.Err() != nil {
			end()
		}
	}
	if c.slice > 0 {
		e.watching.slice = c.slice
		e.watching.timer = time.AfterFunc(c.slice, func() {
			if k := w.Value(); k != nil {
				k.interrupt(token, &interruption{token: token, pause: true})
			}
		})
		e.watching.timer.Stop()
		k.attention.Or(sliced)
	}
}

// stopWatching undoes watch.
func (e *extra) stopWatching() {
	w := e.watching
	if w == nil {
		return
	}
	e.watching = nil
	if w.unwatch != nil {
		w.unwatch()
		w.dropped.Stop()
	}
	if w.timer != nil {
		w.timer.Stop()
	}
}

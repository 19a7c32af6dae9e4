package coro

import (
	"context"
	"iter"
	"runtime"
	"sync/atomic"
	"weak"
)

// pull is a coroutine on iter.Pull.
type pull[Out, In any] struct {
	next  func() (Out, bool)
	stop  func()
	in    In    // what the yield in progress returns
	err   error // that ended it
	state pullState
	limit int

	interruption atomic.Pointer[InterruptError]
	unwatch      func() bool // its context, if not nil
}

type pullState uint8

const (
	pullSuspended pullState = iota
	pullRunning
	pullEnded
)

// newTwin returns a coroutine that will run body's twin on arg. The error is
// ErrStrategy or a *guard.SizeError.
func newTwin[A, Out, In any](body *Body[A, Out, In], arg *A, opts []Option) (Coroutine[Out, In], error) {
	config, err := configure(opts)
	if err != nil {
		return Coroutine[Out, In]{}, err
	}
	p := &pull[Out, In]{limit: config.limit}
	p.next, p.stop = iter.Pull(func(yield func(Out) bool) {
		defer p.trap()
		body.twin(&Yielder[Out, In]{func(v Out) In {
			if p.interrupted() || !yield(v) {
				panic(stopped{})
			}
			return p.in
		}}, arg)
	})
	if ctx := config.context; ctx != nil {
		// For as long as the coroutine lives, as elsewhere.
		w := weak.Make(p)
		end := func() {
			if p := w.Value(); p != nil {
				p.interrupt(context.Cause(ctx))
			}
		}
		p.unwatch = context.AfterFunc(ctx, end)
		if ctx.Err() != nil {
			end()
		}
	}
	return handle(p), nil
}

// ended returns a coroutine that has ended with an error.
func ended[Out, In any](err error) Coroutine[Out, In] {
	return handle(&pull[Out, In]{state: pullEnded, err: err})
}

func (p *pull[Out, In]) interrupt(cause error) {
	p.interruption.CompareAndSwap(nil, &InterruptError{Cause: cause})
}

// interrupted reports whether the coroutine has been interrupted, which ends it.
func (p *pull[Out, In]) interrupted() bool {
	if in := p.interruption.Load(); in != nil {
		p.err = in
		return true
	}
	return false
}

// end notes that the coroutine has ended. What led to the body's values is dropped.
func (p *pull[Out, In]) end() {
	p.state = pullEnded
	if p.unwatch != nil {
		p.unwatch()
	}
	var none In
	p.in, p.next, p.stop, p.unwatch = none, nil, nil, nil
	p.interruption.Store(&endedBefore)
}

// endedBefore is in the place of an interruption that came too late.
var endedBefore InterruptError

// stopped unwinds a body that is closed while suspended. A native one's stack
// is dropped as it is: its deferred functions, if it has any, do not run there.
type stopped struct{}

// trap ends a body that raised a TrapCode or made a run-time error as if it were
// native: without a panic in Resume. Other panics go on, and so does a Trap,
// which a body can only have got from another coroutine.
func (p *pull[Out, In]) trap() {
	switch r := recover().(type) {
	case nil:
	case stopped:
	case TrapCode:
		p.err = &Trap{Cause: r}
	case *Trap:
		panic(r)
	case runtime.Error:
		p.err = &Trap{Cause: r}
	default:
		panic(r)
	}
}

// acquire reports whether the coroutine is suspended.
func (p *pull[Out, In]) acquire() bool {
	if p == nil || p.state == pullEnded {
		return false
	}
	if p.state == pullRunning {
		panic(ErrRunning)
	}
	return true
}

func (p *pull[Out, In]) resume(in In) (out Out, ok bool) {
	if !p.acquire() {
		return
	}
	if p.interrupted() {
		p.state = pullRunning
		p.stop()
		p.end()
		return
	}
	p.in = in
	p.state = pullRunning
	returned := false
	defer func() {
		if !returned {
			p.err = ErrUnwound
			p.end()
		}
	}()
	out, ok = p.next()
	returned = true
	p.state = pullSuspended
	if !ok {
		p.end()
	}
	return out, ok
}

func (p *pull[Out, In]) close() error {
	if p.acquire() {
		p.state = pullRunning
		p.stop()
		p.end()
	}
	return p.err
}

func (p *pull[Out, In]) stats() Stats {
	if !p.acquire() {
		return Stats{}
	}
	return Stats{Limit: p.limit}
}

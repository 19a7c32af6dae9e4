//go:build !linux || !(amd64 || arm64) || purego

package coro

import (
	"context"
	"iter"
	"reflect"
	"runtime"
	"sync/atomic"
	"weak"
)

// Coroutine is a handle to a coroutine that yields values of type Out and
// receives values of type In. In this build it runs the body's Go twin on
// iter.Pull, whose rule it keeps: a goroutine that is locked to its thread can
// resume only what it has made itself. The zero Coroutine stands for one that
// has ended.
type Coroutine[Out, In any] struct{ pull *pull[Out, In] }

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

// native and codeState are empty, for this build runs no machine code.
type (
	native    struct{}
	codeState struct{}
)

func (native) written(Native, reflect.Type, reflect.Type) error { return nil }

func (native) compiled(*Code, string, reflect.Type, reflect.Type) {}

// ended returns a coroutine that has ended with an error.
func ended[Out, In any](err error) Coroutine[Out, In] {
	return Coroutine[Out, In]{&pull[Out, In]{state: pullEnded, err: err}}
}

// New returns a coroutine that will run body's twin on arg. The error is
// ErrNoBody, ErrStrategy or a *guard.SizeError.
func New[A, Out, In any](body *Body[A, Out, In], arg *A, opts ...Option) (Coroutine[Out, In], error) {
	if body == nil || body.twin == nil {
		return Coroutine[Out, In]{}, ErrNoBody
	}
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
	return Coroutine[Out, In]{p}, nil
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

// Resume runs the coroutine until it yields, and returns the value with true.
// in is what the yield it was suspended in returns; the in of a first Resume is
// dropped. After the end of the coroutine Resume returns the zero Out and false.
// Resuming a coroutine that is running panics with ErrRunning. A panic in the
// body passes through Resume and ends the coroutine, unless it is a
// runtime.Error: this build cannot tell whether the body raised that or a
// function it called, so it takes all of them for the body's own, which end the
// coroutine with a *Trap.
func (c Coroutine[Out, In]) Resume(in In) (out Out, ok bool) {
	p := c.pull
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

// Close ends the coroutine wherever it is suspended and returns Err. Closing one
// that has ended only returns Err; closing one that is running panics with
// ErrRunning.
func (c Coroutine[Out, In]) Close() error {
	if c.pull.acquire() {
		c.pull.state = pullRunning
		c.pull.stop()
		c.pull.end()
	}
	return c.Err()
}

// Interrupt ends the coroutine with an *InterruptError that has the cause, which
// may be nil. Any goroutine may call it at any time. In this build a coroutine
// that runs ends where it would yield next, and one that is suspended when it
// is resumed.
func (c Coroutine[Out, In]) Interrupt(cause error) {
	if c.pull != nil {
		c.pull.interrupt(cause)
	}
}

// Pause does nothing: this build cannot suspend a coroutine between two yields.
func (c Coroutine[Out, In]) Pause() {}

// Err is nil while the coroutine can be resumed and after its body has
// returned or it was closed; otherwise the error that ended it: a *Trap, an
// *InterruptError or ErrUnwound.
func (c Coroutine[Out, In]) Err() error {
	if c.pull == nil {
		return nil
	}
	return c.pull.err
}

// Stats returns the coroutine's figures: here only Limit.
func (c Coroutine[Out, In]) Stats() Stats {
	if !c.pull.acquire() {
		return Stats{}
	}
	return Stats{Limit: c.pull.limit}
}

// Frames returns nothing: this build cannot look into a coroutine. It panics
// with ErrRunning while the coroutine runs.
func (c Coroutine[Out, In]) Frames() []Frame {
	c.pull.acquire()
	return nil
}

// Shrink returns false: goroutine stacks are the runtime's. It panics with
// ErrRunning while the coroutine runs.
func (c Coroutine[Out, In]) Shrink() bool {
	c.pull.acquire()
	return false
}

// ReadStats returns zeroes.
func ReadStats() GlobalStats { return GlobalStats{} }

// Release does nothing.
func Release() {}

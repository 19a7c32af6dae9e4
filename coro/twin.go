//go:build !linux || !(amd64 || arm64) || purego

package coro

import "reflect"

// Coroutine is a handle to a coroutine that yields values of type Out and
// receives values of type In. In this build it runs the body's Go twin on
// iter.Pull, whose rule it keeps: a goroutine that is locked to its thread can
// resume only what it has made itself. The zero Coroutine stands for one that
// has ended.
type Coroutine[Out, In any] struct{ pull *pull[Out, In] }

func handle[Out, In any](p *pull[Out, In]) Coroutine[Out, In] { return Coroutine[Out, In]{p} }

// native and codeState are empty, for this build runs no machine code.
type (
	native    struct{}
	codeState struct{}
)

func (native) written(Native, reflect.Type, reflect.Type) error { return nil }

func (native) compiled(*Code, string, reflect.Type, reflect.Type) {}

func (native) check(twin bool) error {
	if !twin {
		return ErrNoBody
	}
	return ErrTwin
}

// New returns a coroutine that will run body's twin on arg. The error is
// ErrNoBody, ErrStrategy or a *guard.SizeError.
func New[A, Out, In any](body *Body[A, Out, In], arg *A, opts ...Option) (Coroutine[Out, In], error) {
	if body == nil || body.twin == nil {
		return Coroutine[Out, In]{}, ErrNoBody
	}
	return newTwin(body, arg, opts)
}

// Resume runs the coroutine until it yields, and returns the value with true.
// in is what the yield it was suspended in returns; the in of a first Resume is
// dropped. After the end of the coroutine Resume returns the zero Out and false.
// Resuming a coroutine that is running panics with ErrRunning. A panic in the
// body passes through Resume and ends the coroutine, unless it is a
// runtime.Error: this build cannot tell whether the body raised that or a
// function it called, so it takes all of them for the body's own, which end the
// coroutine with a *Trap.
func (c Coroutine[Out, In]) Resume(in In) (out Out, ok bool) { return c.pull.resume(in) }

// Close ends the coroutine wherever it is suspended and returns Err. Closing one
// that has ended only returns Err; closing one that is running panics with
// ErrRunning.
func (c Coroutine[Out, In]) Close() error {
	if c.pull == nil {
		return nil
	}
	return c.pull.close()
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
func (c Coroutine[Out, In]) Stats() Stats { return c.pull.stats() }

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

//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"unsafe"

	"github.com/morestack/morestack"
)

// Coroutine is a handle to a coroutine that yields values of type Out and
// receives values of type In. It is a value: copies stand for the same
// coroutine. The zero Coroutine stands for one that has ended.
//
// A coroutine may be resumed by any goroutine, by one at a time. When the last
// handle is dropped, its stack is released by the garbage collector; Close
// does it at once.
//
// A value rather than a pointer, so that Close can give everything that a
// coroutine consists of to the next one: the token tells handles of different
// owners apart. With a pointer each coroutine would cost an allocation, and a
// cleanup each, which together take longer than all else that New and Close do.
type Coroutine[Out, In any] struct {
	core  *core
	token uint64
}

// New returns a coroutine that will run body, suspended before its first
// instruction. arg, which may be nil if the body does not use it, is where the
// body finds its arguments and leaves its results; it is kept alive as long as
// the coroutine.
//
// The error is ErrNoBody, a *guard.SizeError or a *guard.MemoryError.
func New[A, Out, In any](body *Body[A, Out, In], arg *A, opts ...Option) (Coroutine[Out, In], error) {
	if body == nil || body.native.entry == 0 {
		return Coroutine[Out, In]{}, ErrNoBody
	}
	k, err := newCore(&body.native, unsafe.Pointer(arg), opts)
	if err != nil {
		return Coroutine[Out, In]{}, err
	}
	return Coroutine[Out, In]{k, k.token}, nil
}

// Resume runs the coroutine until it yields, and returns the value with true.
// in is what the yield it was suspended in returns; the in of a first Resume,
// which answers no yield, is dropped. When the body returns instead or ends
// with an error, and from then on, Resume returns the zero Out and false: see
// Err. Resuming a coroutine that is running panics with ErrRunning. A panic in a
// Go function that the body calls passes through Resume and ends the coroutine.
//
// Budget, besides Enter's: one comparison for ownership and state, one load
// for what rarely needs attention, no atomic read-modify-write.
//
// It is nosplit so that it cannot be preempted between an exit and the moment
// the value is out of the Control, where the collector does not look; and not
// inlined, so that it stays so.
//
//go:nosplit
//go:noinline
func (c Coroutine[Out, In]) Resume(in In) (out Out, ok bool) {
	k := c.core
	if !k.acquire(c.token) {
		return
	}
	if k.attention.Load() == 0 || k.attend() {
		var size = unsafe.Sizeof(in)
		if size > maxInline {
			copyIn(k.control.Value[2], unsafe.Pointer(&in), size)
		} else if size > 0 {
			var image [2]uintptr
			*(*In)(unsafe.Pointer(&image)) = in
			k.control.Value[0], k.control.Value[1] = image[0], image[1]
		}
	}
	for {
		if k.registers {
			k.enterWithRegisters()
		} else {
			morestack.Enter(&k.control)
		}
		if k.control.Reason == morestack.ReasonYield {
			break
		}
		if !k.serve() {
			return
		}
	}
	if unsafe.Sizeof(out) > maxInline {
		out = **(**Out)(unsafe.Pointer(&k.control.Value[0]))
	} else {
		out = *(*Out)(unsafe.Pointer(&k.control.Value))
	}
	k.release(c.token)
	return out, true
}

// maxInline is the size up to which a value travels in registers.
const maxInline = 16

// copyIn stores the image of a value at an address of a coroutine's stack. As
// bytes: what was there before is no pointer that a write barrier should see.
// Not inlined: where size is constant, Go 1.26.8 fails to compile the copy.
//
//go:nosplit
//go:noinline
func copyIn(to uintptr, from unsafe.Pointer, size uintptr) {
	copy(unsafe.Slice(*(**byte)(unsafe.Pointer(&to)), size), unsafe.Slice((*byte)(from), size))
}

// Close ends the coroutine wherever it is suspended, releases its stack and
// returns Err. Nothing of the body runs any more. Closing one that has ended
// only returns Err; closing one that is running panics with ErrRunning.
func (c Coroutine[Out, In]) Close() error {
	k := c.core
	if k == nil {
		return nil
	}
	if k.change(c.token|finished, c.token|running) || k.acquire(c.token) {
		k.settle()
		k.discard()
		return nil
	}
	return c.Err()
}

// Err is nil while the coroutine can be resumed and after its body has
// returned or it was closed; otherwise the error that ended it: a *Trap or
// ErrUnwound.
func (c Coroutine[Out, In]) Err() error {
	if k := c.core; k != nil && k.is(c.token|failed) {
		return k.extra.err
	}
	return nil
}

// Stats returns the coroutine's figures. It panics with ErrRunning while the
// coroutine runs.
func (c Coroutine[Out, In]) Stats() Stats {
	k := c.core
	if !k.acquire(c.token) {
		if k != nil && (k.is(c.token|finished) || k.is(c.token|failed)) {
			return k.stats()
		}
		return Stats{}
	}
	defer k.release(c.token)
	k.settle()
	return k.stats()
}

// Frames returns the frames of the suspended coroutine, innermost first; none
// before its first Resume and after its end. It panics with ErrRunning while
// the coroutine runs.
func (c Coroutine[Out, In]) Frames() []Frame {
	k := c.core
	if !k.acquire(c.token) {
		return nil
	}
	defer k.release(c.token)
	k.settle()
	frames, _ := k.frames(-1)
	return frames
}

// Shrink halves the stack of a suspended coroutine if less than a quarter of it
// is in use and it is larger than it was at first, and reports whether it did.
// Once per cycle the garbage collector does the same for all coroutines. It
// panics with ErrRunning while the coroutine runs.
func (c Coroutine[Out, In]) Shrink() bool {
	k := c.core
	if !k.acquire(c.token) {
		return false
	}
	defer k.release(c.token)
	k.settle()
	return k.shrink()
}

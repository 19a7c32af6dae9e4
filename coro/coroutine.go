//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"sync/atomic"
	"unsafe"

	"github.com/morestack/morestack"
)

// Coroutine is a handle to a coroutine that yields values of type Out and
// receives values of type In. It is a value: copies stand for the same
// coroutine. The zero Coroutine stands for one that has ended.
//
// A coroutine may be resumed by any goroutine, by one at a time. When the last
// handle is dropped, its stack is released by the garbage collector; Close
// does it at once. That of a twin, see the package documentation, only Close releases.
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
// The error is ErrNoBody, ErrStrategy, a *guard.SizeError, a *guard.MemoryError or,
// under MORESTACK=strict=1, a *CodeError or ErrMachine: without that the body's twin runs where its
// machine code does not fit. In race builds it always does: see the package
// documentation.
func New[A, Out, In any](body *Body[A, Out, In], arg *A, opts ...Option) (Coroutine[Out, In], error) {
	if body == nil {
		return Coroutine[Out, In]{}, ErrNoBody
	}
	p := body.native.ready.Load()
	if p == nil {
		var err error
		if p, err = body.native.link(body.twin != nil); err != nil {
			return fallback(body, arg, opts, err)
		}
	}
	k, err := newCore(p, unsafe.Pointer(arg), opts)
	if err != nil {
		return Coroutine[Out, In]{}, err
	}
	return Coroutine[Out, In]{k, k.token}, nil
}

// Resume runs the coroutine until it yields, and returns the value with true.
// in is what the yield it was suspended in returns; the in of a first Resume,
// which answers no yield, is dropped. When the body returns instead or ends
// with an error, and from then on, Resume returns the zero Out and false: see
// Err. So it does when the coroutine pauses, but the next Resume continues
// that. Resuming a coroutine that is running panics with ErrRunning. A panic in a
// Go function that the body calls passes through Resume and ends the coroutine.
//
// Budget, besides Enter's: one comparison for ownership and state, one load
// for what rarely needs attention, no atomic read-modify-write.
func (c Coroutine[Out, In]) Resume(in In) (out Out, ok bool) {
	k := c.core
	if unsafe.Sizeof(in) > maxInline || unsafe.Sizeof(out) > maxInline || raceEnabled || k == nil || k.token != c.token {
		return resume[Out](k, c.token, in)
	}
	k.token = c.token | running
	// WARNING: not before the coroutine is running. See shrinker.
	if k.attention.Load() != 0 {
		k.token = c.token // says nothing new: any store will do
		return resume[Out](k, c.token, in)
	}
	words := [2]uintptr{}
	*(*In)(unsafe.Pointer(&words)) = in
	reason, word0, word1 := morestack.Enter(&k.control, words[0], words[1])
	if reason == morestack.ReasonYield {
		// WARNING: as in storeRelease, which would leave a NOP here.
		if storesInOrder {
			k.token = c.token
		} else {
			atomic.StoreUint64(&k.token, c.token)
		}
		words = [2]uintptr{word0, word1}
		return *(*Out)(unsafe.Pointer(&words)), true
	}
	return proceed[Out](k, c.token, in, reason, word0, word1)
}

// resume is Resume for all states and values. Apart from it, so that there
// values whose address is not taken stay in registers.
//
//go:noinline
func resume[Out, In any](k *core, token uint64, in In) (out Out, ok bool) {
	escape(in)
	t := transfer{unsafe.Pointer(&in), unsafe.Pointer(&out), unsafe.Sizeof(in), unsafe.Sizeof(out), [2]uintptr{}}
	if ok = k.resume(token, &t); !ok {
		if p := (Coroutine[Out, In]{k, token}).twin(); p != nil {
			return p.resume(in)
		}
	}
	return
}

// escape tells the compiler that what v leads to is kept, so it has to be on the heap:
// the coroutine does not know when the goroutine's stack moves. That v goes to native
// code as words, or as the image at an address, the compiler does not count. Resume
// itself stores v where anything may be, which counts, but in some builds, and for large
// values, that is dead code.
func escape[T any](v T) {
	if escapes {
		escaped = v
	}
}

var (
	escapes bool // never, which the compiler does not know
	//lint:ignore U1000 that it is stored to is all that matters
	escaped any
)

// proceed is the rest of Resume after an exit that is not a yield.
//
//go:noinline
func proceed[Out, In any](k *core, token uint64, in In, reason morestack.Reason, word0, word1 uintptr) (out Out, ok bool) {
	t := transfer{unsafe.Pointer(&in), unsafe.Pointer(&out), unsafe.Sizeof(in), unsafe.Sizeof(out), [2]uintptr{}}
	ok = k.proceed(token, &t, reason, word0, word1)
	return
}

// Close ends the coroutine wherever it is suspended, releases its stack and
// returns Err. Nothing of the body runs any more. Closing one that has ended
// only returns Err; closing one that is running panics with ErrRunning.
func (c Coroutine[Out, In]) Close() error {
	k := c.core
	if k == nil {
		return nil
	}
	if k.change(c.token|finished, c.token|running) {
		k.discard()
		return nil
	}
	if k.acquire(c.token) {
		k.settle()
		if k.control.Shadow != 0 {
			k.clearShadow()
		}
		k.trimStack()
		k.discard()
		return nil
	}
	if p := c.twin(); p != nil {
		return p.close()
	}
	return c.Err()
}

// Err is nil while the coroutine can be resumed and after its body has
// returned or it was closed; otherwise the error that ended it: a *Trap, an
// *InterruptError or ErrUnwound. Of a coroutine that has paused it is ErrPaused.
func (c Coroutine[Out, In]) Err() error {
	k := c.core
	switch {
	case k != nil && k.is(c.token|failed):
		if p := c.twin(); p != nil {
			return p.err
		}
		return k.extra.err
	case k != nil && k.is(c.token) && k.paused != notPaused:
		return ErrPaused
	}
	return nil
}

// Stats returns the coroutine's figures. It panics with ErrRunning while the
// coroutine runs.
func (c Coroutine[Out, In]) Stats() Stats {
	k := c.core
	if !k.acquire(c.token) {
		if p := c.twin(); p != nil {
			return p.stats()
		}
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
		c.twin().acquire()
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
		c.twin().acquire()
		return false
	}
	defer k.release(c.token)
	k.settle()
	return k.shrink()
}

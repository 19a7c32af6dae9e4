package coro

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/morestack/morestack/stackcopy"
)

// Errors that can be tested for with errors.Is.
var (
	// ErrStackLimit is why a coroutine ended whose stack would have had to
	// grow beyond its limit.
	ErrStackLimit = errors.New("coro: stack limit exceeded")

	// ErrRunning is what a method panics with when the coroutine is running:
	// called from the coroutine itself, or at the same time by another
	// goroutine. The latter is certain to be noticed only in race builds.
	ErrRunning = errors.New("coro: coroutine is running: it was resumed or closed from inside, or by two goroutines at once")

	// ErrNoBody is returned by New when there is no body to run.
	ErrNoBody = errors.New("coro: nil body: make one with coro.NewBody or corogen")

	// ErrTwin is why no body runs as machine code: the build is for another platform,
	// has the tag purego, or has the race detector without MORESTACK=native=1; or
	// MORESTACK=native=0.
	ErrTwin = errors.New("coro: in this build, or by MORESTACK, bodies run as Go functions, on iter.Pull")

	// ErrMachine is why no body runs as machine code in a program whose toolchain has
	// another calling convention than what this version of the library knows.
	ErrMachine = errors.New("coro: native code cannot call Go functions as this toolchain calls them; update github.com/morestack/morestack")

	// ErrStrategy is returned by New for a Strategy that does not exist.
	ErrStrategy = errors.New("coro: unknown growth strategy")

	// ErrInterrupted is why a coroutine ended that was interrupted, by Interrupt
	// or its Context: see InterruptError.
	ErrInterrupted = errors.New("coro: interrupted")

	// ErrPaused is the Err of a coroutine that Pause or its TimeSlice has
	// suspended between two yields. It has not ended: Resume continues it.
	ErrPaused = errors.New("coro: paused: resume it to continue")

	// ErrUnwound is why a coroutine ended when a Go function that its body
	// called panicked or called runtime.Goexit, or when it panicked itself
	// with panic. Resume did not return then: the panic went on to its caller.
	ErrUnwound = errors.New("coro: a Go function called by the body panicked or called runtime.Goexit")
)

// StackLimitError is ErrStackLimit with the limit, in bytes.
type StackLimitError struct{ Limit int }

func (e *StackLimitError) Error() string {
	return fmt.Sprintf("coro: stack limit of %d bytes exceeded", e.Limit)
}

// Is makes errors.Is(err, ErrStackLimit) true.
func (e *StackLimitError) Is(target error) bool { return target == ErrStackLimit }

// InterruptError is ErrInterrupted with its cause.
type InterruptError struct {
	// Cause is what Interrupt was given, or the cause of the end of the Context.
	Cause error

	// Frames are the innermost frames that the coroutine had, the deepest first,
	// at most 16.
	Frames []Frame
}

func (e *InterruptError) Error() string {
	text := ErrInterrupted.Error()
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text + calledBy(e.Frames)
}

// Is makes errors.Is(err, ErrInterrupted) true.
func (e *InterruptError) Is(target error) bool { return target == ErrInterrupted }

func (e *InterruptError) Unwrap() error { return e.Cause }

// TrapCode is the cause of a Trap that a body in assembly raised itself.
type TrapCode uint

func (c TrapCode) Error() string { return fmt.Sprintf("coro: body raised trap %d", uint(c)) }

// Trap is the run-time error that ended a coroutine.
type Trap struct {
	// Cause is a *StackLimitError, a *guard.MemoryError, a
	// *stackcopy.StackError, a TrapCode, or a run-time error of a compiled body:
	// a runtime.Error with the text that the Go runtime has for it. Such are
	// failed bounds checks and type assertions, divisions by zero, nil
	// dereferences and other faults, and what else an operation of the
	// language panics with.
	Cause error

	// Frames are the innermost frames of the coroutine when it ended, the
	// deepest first, at most 16. The first says where it happened.
	Frames []Frame
}

// RuntimeError makes a Trap a runtime.Error.
func (t *Trap) RuntimeError() {}

func (t *Trap) Unwrap() error { return t.Cause }

func (t *Trap) Error() string { return t.Cause.Error() + calledBy(t.Frames) }

// calledBy names the first frames.
func calledBy(frames []Frame) string {
	var b strings.Builder
	for i, f := range frames {
		switch {
		case i == 0:
			b.WriteString(" in ")
		case i > 3:
			b.WriteString(", ...")
			return b.String()
		default:
			b.WriteString(", called by ")
		}
		b.WriteString(f.String())
	}
	return b.String()
}

var _ runtime.Error = (*Trap)(nil)

// PinnedError is what MORESTACK=audit=1 panics with when a function that is marked
// //coro:body pinned holds a pointer to an object that nothing else leads to: it
// would be freed while in use.
type PinnedError struct {
	Frame  Frame // of the function
	Offset int   // of the slot with the pointer, in bytes from the frame's lowest address
}

func (e *PinnedError) Error() string {
	return fmt.Sprintf("coro: audit: %v is marked //coro:body pinned, but holds a pointer, at %d in its frame, to what nothing else leads to: remove pinned", e.Frame, e.Offset)
}

// Frame is one frame of a coroutine's stack.
type Frame struct {
	Func     string // name of the function
	File     string // source file and line of the call or yield
	Line     int
	PC       uintptr
	Kind     stackcopy.Kind // what it is doing
	Size     int            // bytes, return address included
	Pointers []int          // slots that hold pointers, as byte offsets from the frame's lowest address
}

func (f Frame) String() string {
	return fmt.Sprintf("%s (%s:%d)", f.Func, f.File, f.Line)
}

// Traceback formats frames as the Go runtime prints those of a goroutine: of
// what Frames returns, or a Trap or an InterruptError has.
func Traceback(frames []Frame) string {
	var b strings.Builder
	for _, f := range frames {
		fmt.Fprintf(&b, "%s(...)\n\t%s:%d", f.Func, f.File, f.Line)
		if fn := runtime.FuncForPC(f.PC - 1); fn != nil {
			fmt.Fprintf(&b, " +%#x", f.PC-fn.Entry())
		}
		b.WriteByte('\n')
	}
	return b.String()
}

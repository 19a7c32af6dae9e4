//go:build linux && (amd64 || arm64) && !purego

package morestack

import "unsafe"

// Native reports whether this build can run bodies as machine code on stacks of
// their own. Where it is false, package coro runs their Go twins on iter.Pull.
const Native = true

// entryPoints are addresses of assembly, filled in by it.
type entryPoints struct {
	enter, enterCall, enterRegisters, start, fault, done, barrier uintptr
}

var (
	points = func() *entryPoints {
		p := new(entryPoints)
		findEntryPoints(p)
		return p
	}()
	enterFunc          = entry[func(*Control, uintptr, uintptr) (Reason, uintptr, uintptr)](&points.enter)
	enterCallFunc      = entry[func(*Control) (Reason, uintptr, uintptr)](&points.enterCall)
	enterRegistersFunc = entry[func(*Control) (Reason, uintptr, uintptr)](&points.enterRegisters)
)

// entry makes a function value of a code address: such a value is a pointer to
// a word that holds one.
func entry[F any](pc *uintptr) F {
	return *(*F)(unsafe.Pointer(&pc))
}

// Enter resumes the coroutine at c.PC with in0 and in1 in the first two integer
// registers, and returns when it exits: with the reason and two words that come
// with a yield, a return or a trap.
//
// Budget: 11 instructions in, 11 out for a yield, no taken branch that is not
// predicted.
//
// Native code that may call Go needs more of the goroutine's stack than this makes
// sure of: see ReserveStack.
//
// Where the words may be Go pointers the caller is nosplit, so that it is not
// preempted between an exit and the moment it has given them types: until then
// the garbage collector does not know them.
//
//go:nosplit
func Enter(c *Control, in0, in1 uintptr) (r Reason, out0, out1 uintptr) {
	return enterFunc(c, in0, in1)
}

// EnterCall does what a ReasonCall exit asks for: it calls the closure c.Context
// on the goroutine's stack with the registers in c.Regs, then resumes the
// coroutine with the result registers as the function left them. A panic or
// runtime.Goexit in the function passes through EnterCall.
//
//go:nosplit
func EnterCall(c *Control) (r Reason, out0, out1 uintptr) { return enterCallFunc(c) }

// EnterRegisters is Enter with every register of c.Regs loaded.
//
//go:nosplit
func EnterRegisters(c *Control) (r Reason, out0, out1 uintptr) { return enterRegistersFunc(c) }

// Started reports whether the coroutine of c has run.
func (c *Control) Started() bool { return c.PC != points.start }

// DonePC is the return address of a coroutine's outermost frame.
func DonePC() uintptr { return points.done }

// BarrierPC is the address that stands in for a frame's return address while
// a return barrier is set; returning to it is a ReasonUnwind exit.
func BarrierPC() uintptr { return points.barrier }

// FaultPC is where a signal handler makes a coroutine continue that faulted, with
// the PC of the fault in R12 (amd64) or R30 (arm64) and every other register as it
// was: a ReasonFault exit. On arm64 the caller of a function without a frame is
// known if R27 holds what R30 held.
func FaultPC() uintptr { return points.fault }

// words is the n words of memory at p, which the garbage collector does not own.
func words(p uintptr, n int) []uintptr {
	return unsafe.Slice(*(**uintptr)(unsafe.Pointer(&p)), n)
}

//go:build linux && (amd64 || arm64) && !purego

//lint:file-ignore U1000 the assembly uses what Go code does not.

package faults

import "unsafe"

// Control is what the handlers need of a Control, and what the tests look at.
type Control struct {
	lo, hi     uintptr
	stackGuard uintptr // at offset 16, as in the real one

	sp, fp, pc uintptr // that enter sets
	operand    uintptr // it arrives in AX, R0

	goSP, goFP, goLink uintptr

	turns   uintptr // counted by spin
	reason  uintptr
	address uintptr
	signal  uintptr
	flags   uintptr // amd64: RFLAGS after a fault
	regs    [32]uintptr
	spAfter uintptr
}

// Reasons to leave native code.
const (
	reasonFault = 1 + iota
	reasonPoll
	reasonReturn
)

const (
	addressOffset = unsafe.Offsetof(Control{}.address)
	signalOffset  = unsafe.Offsetof(Control{}.signal)
)

// addresses are those of the functions below, none of which Go code calls.
type addresses struct {
	fault, load, store, divide, jump, recurse, spin, foreign uintptr
}

//go:noescape
func findAddresses(a *addresses)

// enter runs native code until it leaves, with *Control in the reserved register.
//
//go:noescape
func enter(c *Control)

// foreignNext is the handler that foreign passes signals on to; it counts them
// in foreignCalls.
var foreignNext, foreignCalls uintptr

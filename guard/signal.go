//go:build linux && (amd64 || arm64) && !purego

//lint:file-ignore U1000 the assembly uses what Go code does not.

package guard

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// FaultExit says where a fault on a coroutine's stack continues and where it is
// noted: in the Control whose address the reserved register (R14 on amd64, R18
// on arm64) holds.
type FaultExit struct {
	// PC is where the thread continues, with every register as the fault left
	// it except R12 (amd64) or R30 (arm64), which holds the PC of the fault,
	// arm64's R27, which holds what R30 did, and amd64's direction flag, which
	// is clear. SP may be at memory that is not accessible.
	PC uintptr

	// AddressOffset is that of the word in the Control that receives the
	// address whose access failed; see FaultCode for when it means something.
	AddressOffset uintptr

	// SignalOffset is that of the word that receives what FaultSignal splits.
	SignalOffset uintptr
}

// FaultCode says why the kernel sent a signal: si_code in siginfo_t.
type FaultCode int32

// What the kernel says of a SIGSEGV.
const (
	FaultUnmapped    FaultCode = 1    // SEGV_MAPERR: nothing is mapped at the address
	FaultProtected   FaultCode = 2    // SEGV_ACCERR: what is there does not permit the access
	FaultWithoutAddr FaultCode = 0x80 // SI_KERNEL: amd64 does not tell the address, which is given as 0, if it was not canonical
)

// FaultSignal splits the word at FaultExit.SignalOffset.
func FaultSignal(word uintptr) (unix.Signal, FaultCode) {
	return unix.Signal(uint32(word)), FaultCode(word >> 32)
}

// HandleFaults takes over SIGSEGV, SIGBUS and SIGFPE from the Go runtime, once
// and for the rest of the process; later calls return what the first did, and
// their exit is not used. It may be called at any time, from any goroutine.
//
// A signal that the kernel sent because of what the thread did with its SP in
// a stack region of an Arena makes the thread continue at exit.PC. There the
// reserved register must hold the Control: native code that changes it cannot
// be saved. Every other signal goes to the handler that was there before, with
// nothing changed: that of the Go runtime turns nil dereferences of Go code
// into panics and delivers what another process sent to os/signal.
//
// The runtime installs its handlers for these three when the program starts and
// never again: signal.Notify, Ignore and Reset do not. A library that installs
// its own handlers afterwards keeps ours working if it passes on what it does not
// want, as os/signal asks of it, and otherwise makes faults on coroutine stacks
// its own. One that has installed them before is passed what is not ours.
//
// The error wraps a *SignalError for each signal that could not be taken over;
// the others are.
func HandleFaults(exit FaultExit) error {
	faultOnce.Do(func() {
		faultExit = exit
		faults, _, _ := handlers()
		faultErr = errors.Join(
			takeOver(unix.SIGSEGV, faults),
			takeOver(unix.SIGBUS, faults),
			takeOver(unix.SIGFPE, faults),
		)
	})
	return faultErr
}

// HandlePreemption takes over SIGURG, which the Go runtime sends to a thread
// that it wants to stop, once and for the rest of the process. If SP is in a
// stack region of an Arena, the StackGuard of the Control in the reserved
// register becomes Poisoned, so that the next prologue or poll leaves native
// code. Then, and in all other cases, the handler that was there before runs.
//
// A guard can be found poisoned at any time, also for a SIGURG that another
// process sent, and the owner of the Control sets it right again.
//
// signal.Notify, Stop and Reset of SIGURG change nothing, since the runtime's
// handler stays installed in any case. signal.Ignore removes every handler,
// ours with the runtime's, and a later Notify installs the runtime's alone:
// native code is then no longer preempted. After Ignore HandlePreemption
// returns an error.
//
// The error is a *SignalError.
func HandlePreemption() error {
	preemptOnce.Do(func() {
		_, preempt, _ := handlers()
		preemptErr = takeOver(unix.SIGURG, preempt)
	})
	return preemptErr
}

// ProfileExit says how HandleProfiling finds what it needs: offsets are those of words
// in the Control whose address the reserved register holds.
type ProfileExit struct {
	Base uintptr // bytes at the upper end of a coroutine's stack that belong to no frame, its return address included
	Done uintptr // the return address of a coroutine's outermost frame

	HiOffset   uintptr // one past the highest address of the stack
	SPOffset   uintptr // SP and frame pointer of the goroutine that resumed the coroutine
	FPOffset   uintptr
	LinkOffset uintptr // arm64: the return address that goes with them
}

// HandleProfiling takes over SIGPROF, which the Go runtime takes samples at, once and
// for the rest of the process. The runtime's traceback ends with a coroutine's
// outermost frame. If SP is in a stack region of an Arena, the handler copies the
// native frames and, above them, those of the goroutine to one piece of memory. The
// handler that was there before finds SP there; so the callers of the coroutine are
// in its sample. Where native frames have more than 4 KB, that would be more than a
// sample holds, and nothing is changed.
//
// The error is a *SignalError.
func HandleProfiling(exit ProfileExit) error {
	profileOnce.Do(func() {
		profileExit = exit
		_, _, profile := handlers()
		profileErr = takeOver(unix.SIGPROF, profile)
	})
	return profileErr
}

// jointStack is memory for one sample. The frames of a goroutine are those nearest
// to the coroutine.
type jointStack struct {
	taken uint32
	words [(nativeBytes + goBytes + 8) / 8]uintptr
}

const (
	nativeBytes = 4 << 10 // a sample has 64 frames
	goBytes     = 4 << 10

	jointStackCount = 16 // as many threads can be at it at once
)

var jointStacks [jointStackCount]jointStack

// SignalError reports a signal whose handler could not be replaced.
type SignalError struct {
	Signal unix.Signal
	Err    error
}

func (e *SignalError) Error() string {
	return fmt.Sprintf("guard: cannot handle signal %d (%v): %v", int(e.Signal), e.Signal, e.Err)
}

func (e *SignalError) Unwrap() error { return e.Err }

var (
	faultOnce, preemptOnce, profileOnce sync.Once
	faultErr, preemptErr, profileErr    error
)

// What the handlers read. It does not change once they are installed.
var (
	faultExit   FaultExit
	profileExit ProfileExit
	nextInRow   [maxSignal + 1]uintptr // the handler before ours, by signal
)

const maxSignal = unix.SIGPROF

// preemptGuardOffset is that of Control.StackGuard.
const preemptGuardOffset = 16

// siginfo is the kernel's siginfo_t for signals with an address.
type siginfo struct {
	signo, errno, code int32
	addr               uintptr
}

// sigaction is the kernel's struct sigaction.
type sigaction struct {
	handler, flags, restorer uintptr
	mask                     uint64
}

// From asm-generic/signal-defs.h, the same on both architectures.
const (
	saSiginfo   = 0x4
	saOnstack   = 0x08000000
	saResethand = 0x80000000

	sigIgn = 1 // SIG_DFL is 0
)

// handlers returns the addresses of the handlers in the assembly.
func handlers() (faults, preempt, profile uintptr)

// takeOver installs a handler with the flags, the mask and the restorer of the
// one that was there, which it may jump to.
func takeOver(sig unix.Signal, handler uintptr) error {
	var act sigaction
	if errno := rtSigaction(sig, nil, &act); errno != 0 {
		return &SignalError{sig, errno}
	}
	if act.handler <= sigIgn {
		return &SignalError{sig, errors.New("it is ignored, or left to the kernel")}
	}
	if act.flags&saResethand != 0 {
		return &SignalError{sig, errors.New("its handler wants to run only once")}
	}
	nextInRow[sig] = act.handler
	act.handler = handler
	act.flags |= saSiginfo | saOnstack
	if errno := rtSigaction(sig, &act, nil); errno != 0 {
		return &SignalError{sig, errno}
	}
	return nil
}

func rtSigaction(sig unix.Signal, act, old *sigaction) unix.Errno {
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig),
		uintptr(unsafe.Pointer(act)), uintptr(unsafe.Pointer(old)), unsafe.Sizeof(act.mask), 0, 0)
	return errno
}

//go:build linux && !purego

package injection

// findTrapHandler returns the address of a signal handler for SIGTRAP: that of the
// instruction at breakpoint it hands to faultHandler as a fault of this instruction, any
// other to nextHandler.
func findTrapHandler() uintptr

var breakpoint, faultHandler, nextHandler uintptr

// ucontext is the kernel's struct ucontext up to what is needed of it, as in package guard.
type ucontext struct {
	_  [440]byte
	pc uintptr
}

// siginfo is the kernel's siginfo_t for signals with an address.
type siginfo struct {
	signo, errno, code int32
	addr               uintptr
}

// injectedAddress is what a fault is said to have accessed.
const injectedAddress = 0x0bad_0000_0bad_0000

const (
	sigsegv    = 11
	segvMaperr = 1
)

// flush makes the instruction at an address that has been written the one that is
// executed.
func flush(address uintptr)

package morestack

// Control is the part of a coroutine that native code sees: its stack bounds
// and stackguard, where it will resume, and what Enter must put back when it
// exits. While native code runs, R14 (amd64) or R18 (arm64) holds its address.
//
// A Control must not move and must not be entered twice at once. All words are
// uintptr: the garbage collector takes no notice of them, so whatever they
// point to must be kept alive by other means.
type Control struct {
	Lo uintptr // lowest address of the stack
	Hi uintptr // one past its highest address

	// StackGuard is what prologues compare SP with; see package guard. It has
	// the offset of stackguard0 in the runtime's g, so that prologues which
	// the Go compiler emits for g work on a Control unchanged.
	StackGuard uintptr

	SP uintptr // of the suspended coroutine
	PC uintptr // where it resumes
	FP uintptr // its frame pointer (BP, R29)
	LR uintptr // arm64 only: the link register it resumes with

	// The goroutine that entered. Valid while native code runs, and never used
	// for a second entry.
	GoSP   uintptr
	GoFP   uintptr
	GoLink uintptr // amd64: R14, which holds g; arm64: R30, Enter's return address

	Answer uintptr // of a yield: where on the stack an answer of more than two words is stored

	Context uintptr // closure context: of the Go function to call, or of a growing function
	Regs    uintptr // address of the Registers that exits save to; 0 if there are none

	// Shadow is the distance from a word of the stack to the one that mirrors
	// it where the garbage collector looks; 0 for bodies that have no roots.
	Shadow uintptr

	// While the garbage collector marks, Marking is not 0, and pointers that
	// are stored or overwritten go to a buffer in Registers. Go empties it, and
	// makes Marking 0, after every exit; entries look at the collector's flag.
	Marking     uintptr
	BarrierNext uintptr // where in the buffer the next pointer goes
	BarrierEnd  uintptr

	Visit uintptr // not 0: goCall and goOp exit, as they do while the collector marks
	Op    uintptr // 1 since goOp: a panic of the Go function is a trap of the body
}

// Reason says why native code returned to Go.
type Reason uintptr

const (
	_             Reason = iota
	ReasonYield          // a value is handed out; enter again with the answer
	ReasonGrow           // a prologue found too little stack; give it more, enter again
	ReasonCall           // a Go function is to be called: EnterCall
	ReasonPoll           // a loop found its guard poisoned; enter again when ready
	ReasonTrap           // the body cannot go on; the first word is the trap's code
	ReasonReturn         // the body has returned; its stack is empty
	ReasonUnwind         // a frame returned through a barrier: EnterRegisters at its real caller
	ReasonFail           // a run-time check failed: Control.Context is its code, the words its operands
	ReasonFault          // a signal handler stopped it at Control.PC
	ReasonMarking        // it did not run: the collector marks, and Control.Regs is 0
	ReasonBarrier        // the barrier buffer is full: empty it, EnterRegisters
)

func (r Reason) String() string {
	names := [...]string{"none", "yield", "grow", "call", "poll", "trap", "return", "unwind", "fail", "fault", "marking", "barrier"}
	if int(r) < len(names) {
		return names[r]
	}
	return "unknown"
}

// Registers holds the registers of a coroutine across an exit that must preserve
// them, and what it hands to the garbage collector while that marks. Both are
// needed only while native code runs or such an exit is handled, so it belongs
// in the frame of the Go loop and not in a Control.
//
// Ints starts with the argument and result registers of Go's ABIInternal, in
// order: AX BX CX DI SI R8 R9 R10 R11 on amd64, then DX R12 R13 R15; on arm64
// R0..R15, then R19..R26. Floats are X0..X14 and F0..F15.
type Registers struct {
	Ints    [24]uint64
	Floats  [16]uint64
	Barrier [32]uintptr
}

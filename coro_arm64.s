//go:build linux && !purego

#include "go_asm.h"
#include "textflag.h"
#include "funcdata.h"

// The switch between a goroutine and the coroutine it resumes. coro_amd64.s
// explains it; the comments here say where arm64 differs.
//
// While native code runs, R18 holds *Control: the compiler never allocates it
// on linux. R28 stays g. A coroutine passes where to resume in R30, which any
// call would have overwritten anyway, and gets R30 back from Control.LR, which
// matters to a growing function alone: its return address is nowhere else yet.
// R16 and R17 belong to linkers and are free between instructions of ours.
//
// A stack that has not run (Control.Init)
//
//	Hi ->  +------------------------+
//	       | 0                      |  zeroes end walks by frame pointer
//	       | 0                      |
//	       | 0                      |
//	       | 0                      |
//	       | spill slot             |  for the argument of the first function
//	SP ->  | 0                      |  DonePC is in Control.LR
//	       +------------------------+
//	       | not used yet           |
//	Lo ->  +------------------------+
//
// A suspended stack
//
//	       | ...                    |
//	       | locals                 |
//	SP ->  | return address         |  of the function that exited
//	       +------------------------+
//	FP ->  | caller's R29           |  FP is SP-8
//	       | not used               |
//	       | ...                    |
//	       +------------------------+  StackGuard
//	       | small frames           |
//	       | red zone of leaves     |
//	Lo ->  +------------------------+

#define CONTROL R18_PLATFORM

// arrive makes CONTROL the Control in R0.
#define ARRIVE \
	MOVD R0, CONTROL \
	MOVD R30, Control_GoLink(CONTROL)

#define LEAVE_GOROUTINE \
	MOVD RSP, R16 \
	MOVD R16, Control_GoSP(CONTROL) \
	MOVD R29, Control_GoFP(CONTROL) \
	MOVD Control_PC(CONTROL), R17 \
	MOVD Control_FP(CONTROL), R29 \
	MOVD Control_LR(CONTROL), R30 \
	MOVD Control_SP(CONTROL), R16 \
	MOVD R16, RSP \
	JMP  (R17)

#define EXIT(reason) \
	MOVD $reason, R0 \
	MOVD R30, Control_PC(CONTROL) \
	MOVD R29, Control_FP(CONTROL) \
	MOVD RSP, R16 \
	MOVD R16, Control_SP(CONTROL) \
	MOVD Control_GoFP(CONTROL), R29 \
	MOVD Control_GoSP(CONTROL), R16 \
	MOVD R16, RSP \
	MOVD Control_GoLink(CONTROL), R30 \
	RET

#define INTS(i) (Registers_Ints+8*i)(R17)
#define FLOATS(i) (Registers_Floats+8*i)(R17)

#define SAVE_REGISTERS \
	MOVD  Control_Regs(CONTROL), R17 \
	MOVD  R0, INTS(0) \
	MOVD  R1, INTS(1) \
	MOVD  R2, INTS(2) \
	MOVD  R3, INTS(3) \
	MOVD  R4, INTS(4) \
	MOVD  R5, INTS(5) \
	MOVD  R6, INTS(6) \
	MOVD  R7, INTS(7) \
	MOVD  R8, INTS(8) \
	MOVD  R9, INTS(9) \
	MOVD  R10, INTS(10) \
	MOVD  R11, INTS(11) \
	MOVD  R12, INTS(12) \
	MOVD  R13, INTS(13) \
	MOVD  R14, INTS(14) \
	MOVD  R15, INTS(15) \
	FMOVD F0, FLOATS(0) \
	FMOVD F1, FLOATS(1) \
	FMOVD F2, FLOATS(2) \
	FMOVD F3, FLOATS(3) \
	FMOVD F4, FLOATS(4) \
	FMOVD F5, FLOATS(5) \
	FMOVD F6, FLOATS(6) \
	FMOVD F7, FLOATS(7) \
	FMOVD F8, FLOATS(8) \
	FMOVD F9, FLOATS(9) \
	FMOVD F10, FLOATS(10) \
	FMOVD F11, FLOATS(11) \
	FMOVD F12, FLOATS(12) \
	FMOVD F13, FLOATS(13) \
	FMOVD F14, FLOATS(14) \
	FMOVD F15, FLOATS(15)

#define LOAD_REGISTERS \
	MOVD  Control_Regs(CONTROL), R17 \
	FMOVD FLOATS(0), F0 \
	FMOVD FLOATS(1), F1 \
	FMOVD FLOATS(2), F2 \
	FMOVD FLOATS(3), F3 \
	FMOVD FLOATS(4), F4 \
	FMOVD FLOATS(5), F5 \
	FMOVD FLOATS(6), F6 \
	FMOVD FLOATS(7), F7 \
	FMOVD FLOATS(8), F8 \
	FMOVD FLOATS(9), F9 \
	FMOVD FLOATS(10), F10 \
	FMOVD FLOATS(11), F11 \
	FMOVD FLOATS(12), F12 \
	FMOVD FLOATS(13), F13 \
	FMOVD FLOATS(14), F14 \
	FMOVD FLOATS(15), F15 \
	MOVD  INTS(0), R0 \
	MOVD  INTS(1), R1 \
	MOVD  INTS(2), R2 \
	MOVD  INTS(3), R3 \
	MOVD  INTS(4), R4 \
	MOVD  INTS(5), R5 \
	MOVD  INTS(6), R6 \
	MOVD  INTS(7), R7 \
	MOVD  INTS(8), R8 \
	MOVD  INTS(9), R9 \
	MOVD  INTS(10), R10 \
	MOVD  INTS(11), R11 \
	MOVD  INTS(12), R12 \
	MOVD  INTS(13), R13 \
	MOVD  INTS(14), R14 \
	MOVD  INTS(15), R15

// func enter()
TEXT ·enter(SB), NOSPLIT|NOFRAME, $0
	// In:  R0 = *Control, R1, R2 = two words for the coroutine.
	// Out: to Control.PC with the words in R0, R1 and R26 = Context. The
	//      goroutine's return address is in Control.GoLink.
	//      To the caller, at the next exit, with R0 = reason, R1, R2 = two
	//      words of a yield, return or trap.
	ARRIVE
	MOVD R1, R0
	MOVD R2, R1
	MOVD Control_Context(CONTROL), R26
	LEAVE_GOROUTINE

// func enterCall()
TEXT ·enterCall(SB), NOSPLIT|NOFRAME, $0
	// In: R0 = *Control after a call exit.
	ARRIVE
	LOAD_REGISTERS
	MOVD Control_Context(CONTROL), R26
	JMP  ·callGo(SB)

// func enterRegisters()
TEXT ·enterRegisters(SB), NOSPLIT|NOFRAME, $0
	// In: R0 = *Control after an unwind exit.
	ARRIVE
	LOAD_REGISTERS
	LEAVE_GOROUTINE

// func callGo()
TEXT ·callGo(SB), NOSPLIT, $280
	// The frame keeps *Control and the distance to the Registers above a spill
	// area for 16 integer and 16 floating-point arguments, which starts at 8(RSP).
	// In: R26 = closure, R18 = *Control, R30 = enterCall's return address.
	NO_LOCAL_POINTERS
	MOVD CONTROL, 272(RSP)
	MOVD RSP, R16
	MOVD Control_Regs(CONTROL), R17
	SUB  R16, R17
	MOVD R17, 280(RSP)
	MOVD (R26), R16
	CALL (R16)
	MOVD 272(RSP), CONTROL
	MOVD RSP, R16
	MOVD 280(RSP), R17
	ADD  R16, R17
	MOVD R17, Control_Regs(CONTROL)
	RET  ·resume(SB)

// func resume()
TEXT ·resume(SB), NOSPLIT|NOFRAME, $0
	// In: R18 = *Control, R30 = enterCall's return address: callGo's frame held it.
	MOVD R30, Control_GoLink(CONTROL)
	LEAVE_GOROUTINE

// func start()
TEXT ·start(SB), NOSPLIT|NOFRAME, $0
	// In: R26 = argument, R29 = the function to start in.
	MOVD R29, R17
	MOVD ZR, R29
	MOVD R26, R0
	JMP  (R17)

// func yield()
TEXT ·yield(SB), NOSPLIT|NOFRAME, $0
	// In: R0, R1 = the value, R2 = where to store a large answer, R30 = where to resume.
	MOVD R2, Control_Answer(CONTROL)
	MOVD R1, R2
	MOVD R0, R1
	EXIT(const_ReasonYield)

// func goCall()
TEXT ·goCall(SB), NOSPLIT|NOFRAME, $0
	// In: R26 = closure, arguments as ABIInternal has them, R30 = where to resume.
	MOVD R26, Control_Context(CONTROL)
	SAVE_REGISTERS
	EXIT(const_ReasonCall)

// func morestack()
TEXT ·morestack(SB), NOSPLIT|NOFRAME, $0
	// In: R3 = return address of the growing function, R26 = closure context.
	MOVD R3, Control_LR(CONTROL)
	MOVD R26, Control_Context(CONTROL)
	EXIT(const_ReasonGrow)

// func poll()
TEXT ·poll(SB), NOSPLIT|NOFRAME, $0
	EXIT(const_ReasonPoll)

// func trap()
TEXT ·trap(SB), NOSPLIT|NOFRAME, $0
	// In: R0 = code.
	MOVD R0, R1
	EXIT(const_ReasonTrap)

// func done()
TEXT ·done(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	// In: R0, R1 = results.
	NOOP
	MOVD R1, R2
	MOVD R0, R1
	EXIT(const_ReasonReturn)

// func barrier()
TEXT ·barrier(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	// In: results as ABIInternal has them.
	NOOP
	SAVE_REGISTERS
	EXIT(const_ReasonUnwind)

// func findEntryPoints(p *entryPoints)
TEXT ·findEntryPoints(SB), NOSPLIT, $0-8
	MOVD p+0(FP), R0
	MOVD $·enter(SB), R1
	MOVD R1, entryPoints_enter(R0)
	MOVD $·enterCall(SB), R1
	MOVD R1, entryPoints_enterCall(R0)
	MOVD $·enterRegisters(SB), R1
	MOVD R1, entryPoints_enterRegisters(R0)
	MOVD $·start(SB), R1
	MOVD R1, entryPoints_start(R0)
	MOVD $·done(SB), R1
	ADD  $4, R1
	MOVD R1, entryPoints_done(R0)
	MOVD $·barrier(SB), R1
	ADD  $4, R1
	MOVD R1, entryPoints_barrier(R0)
	RET

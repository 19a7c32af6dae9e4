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

// COLLECTING goes to label if the garbage collector marks.
#define COLLECTING(label) \
	MOVWU runtime·writeBarrier(SB), R16 \
	CBNZ  R16, label

// MARK tells native code that the garbage collector marks.
#define MARK \
	MOVD $1, R16 \
	MOVD R16, Control_Marking(CONTROL) \
	MOVD R16, Control_Visit(CONTROL) \
	MOVD Control_Regs(CONTROL), R17 \
	ADD  $Registers_Barrier, R17, R16 \
	MOVD R16, Control_BarrierNext(CONTROL) \
	ADD  $Registers__size, R17, R16 \
	MOVD R16, Control_BarrierEnd(CONTROL)

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

#define LEAVE_COROUTINE \
	MOVD R30, Control_PC(CONTROL) \
	MOVD R29, Control_FP(CONTROL) \
	MOVD RSP, R16 \
	MOVD R16, Control_SP(CONTROL) \
	MOVD Control_GoFP(CONTROL), R29 \
	MOVD Control_GoSP(CONTROL), R16 \
	MOVD R16, RSP \
	MOVD Control_GoLink(CONTROL), R30

#define EXIT(reason) \
	MOVD $reason, R0 \
	LEAVE_COROUTINE \
	RET

// CALL_GO is goCall and goOp.
#define CALL_GO(op) \
	MOVD op, R16 \
	MOVD R16, Control_Op(CONTROL) \
	MOVD Control_Visit(CONTROL), R16 \
	CBNZ R16, visit \
	LEAVE_COROUTINE \
	JMP  ·callGo(SB) \
visit: \
	MOVD R26, Control_Context(CONTROL) \
	SAVE_REGISTERS \
	EXIT(const_ReasonCall)

// OVERFLOW exits with every register saved, to start routine again with an empty
// buffer.
#define OVERFLOW(routine) \
	MOVD R30, Control_LR(CONTROL) \
	SAVE_REGISTERS \
	MOVD R19, INTS(16) \
	MOVD R20, INTS(17) \
	MOVD R21, INTS(18) \
	MOVD R22, INTS(19) \
	MOVD R23, INTS(20) \
	MOVD R24, INTS(21) \
	MOVD R25, INTS(22) \
	MOVD R26, INTS(23) \
	MOVD $routine, R30 \
	EXIT(const_ReasonBarrier)

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
	COLLECTING(marking)
go:
	LEAVE_GOROUTINE
marking:
	MOVD Control_Regs(CONTROL), R16
	CBZ  R16, unprepared
	MARK
	JMP  go
unprepared:
	MOVD $const_ReasonMarking, R0
	RET

// func enterCall()
TEXT ·enterCall(SB), NOSPLIT|NOFRAME, $0
	// In: R0 = *Control after a call exit.
	ARRIVE
	LOAD_REGISTERS
	MOVD Control_Context(CONTROL), R26
	JMP  ·callGo(SB)

// func enterRegisters()
TEXT ·enterRegisters(SB), NOSPLIT|NOFRAME, $0
	// In: R0 = *Control after an exit that saved registers.
	ARRIVE
	COLLECTING(marking)
go:
	LOAD_REGISTERS
	MOVD INTS(16), R19
	MOVD INTS(17), R20
	MOVD INTS(18), R21
	MOVD INTS(19), R22
	MOVD INTS(20), R23
	MOVD INTS(21), R24
	MOVD INTS(22), R25
	MOVD INTS(23), R26
	LEAVE_GOROUTINE
marking:
	MARK
	JMP go

// func callGo()
TEXT ·callGo(SB), NOSPLIT, $280
	// The frame keeps *Control and the distance to the Registers above a spill
	// area for 16 integer and 16 floating-point arguments, which starts at 8(RSP).
	// In: R26 = closure, R18 = *Control, R30 = the return address of whoever entered.
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
	// In: R18 = *Control, R30 = the return address of whoever entered: callGo's frame held it.
	MOVD R30, Control_GoLink(CONTROL)
	COLLECTING(marking)
go:
	LEAVE_GOROUTINE
marking:
	MARK
	JMP go

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
	CALL_GO(ZR)

// func goOp()
TEXT ·goOp(SB), NOSPLIT|NOFRAME, $0
	// In: as goCall.
	CALL_GO($1)

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

// func fail()
TEXT ·fail(SB), NOSPLIT|NOFRAME, $0
	// In: R0, R1 = operands, R2 = code.
	MOVD R2, Control_Context(CONTROL)
	MOVD R1, R2
	MOVD R0, R1
	EXIT(const_ReasonFail)

// func fault()
TEXT ·fault(SB), NOSPLIT|NOFRAME, $0
	// In: R30 = PC of the fault, R27 = what R30 held, if a function without a frame
	// has left it there.
	MOVD R27, Control_LR(CONTROL)
	EXIT(const_ReasonFault)

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

// func publish()
TEXT ·publish(SB), NOSPLIT|NOFRAME, $0
	// In: R19 = address of a word of the shadow, R20 = its new value. BarrierNext
	// moves when both are in the buffer.
	// R16, R17, R19..R22, R27 and R30 are lost, every other register is preserved.
	MOVD Control_BarrierNext(CONTROL), R16
	MOVD Control_BarrierEnd(CONTROL), R17
	ADD  $16, R16
	CMP  R17, R16
	BHI  full
	MOVD (R19), R17
	MOVD R17, -16(R16)
	MOVD R20, -8(R16)
	MOVD R16, Control_BarrierNext(CONTROL)
	MOVD R20, (R19)
	RET
full:
	OVERFLOW(·publish(SB))

// func writeBarrier()
TEXT ·writeBarrier(SB), NOSPLIT|NOFRAME, $0
	// In: R25 = 8*N. Out: R25 = address of N words of the buffer. R16, R17, R27
	// and R30 are lost, every other register is preserved.
	MOVD Control_BarrierNext(CONTROL), R16
	MOVD Control_BarrierEnd(CONTROL), R17
	ADD  R25, R16, R27
	CMP  R17, R27
	BHI  full
	MOVD R27, Control_BarrierNext(CONTROL)
	MOVD R16, R25
	RET
full:
	OVERFLOW(·writeBarrier(SB))

// func memequal()
TEXT ·memequal(SB), NOSPLIT|NOFRAME, $0
	// In: R0, R1 = addresses, R2 = size. Out: R0 = 1 if the bytes are equal, else 0.
	MOVD R30, R27                  // for fault, which finds no other trace of it
	CMP  R0, R1
	BEQ  equal
	CMP  $8, R2
	BLO  bytes
	SUB  $8, R2
	ADD  R0, R2, R3                // the last 8 bytes, which may overlap others
	ADD  R1, R2, R4
loop:
	CMP  R3, R0
	BHS  last
	MOVD.P 8(R0), R5
	MOVD.P 8(R1), R6
	CMP  R5, R6
	BNE  different
	JMP  loop
last:
	MOVD (R3), R5
	MOVD (R4), R6
	CMP  R5, R6
	CSET EQ, R0
	RET
bytes:
	CBZ  R2, equal
	MOVBU.P 1(R0), R5
	MOVBU.P 1(R1), R6
	SUB  $1, R2
	CMP  R5, R6
	BEQ  bytes
different:
	MOVD ZR, R0
	RET
equal:
	MOVD $1, R0
	RET

// func cmpstring()
TEXT ·cmpstring(SB), NOSPLIT|NOFRAME, $0
	// In: R0, R1 = address and size of one string, R2, R3 = of the other. Out: R0 = -1, 0 or 1.
	MOVD R30, R27
	CMP  R1, R3
	CSEL LT, R3, R1, R4            // the size they have in common
	CMP  R0, R2
	BEQ  sizes
loop:
	CMP  $8, R4
	BLO  bytes
	MOVD.P 8(R0), R5
	MOVD.P 8(R2), R6
	SUB  $8, R4
	CMP  R5, R6
	BEQ  loop
	REV  R5, R5                    // the first byte decides
	REV  R6, R6
	JMP  differ
bytes:
	CBZ  R4, sizes
	MOVBU.P 1(R0), R5
	MOVBU.P 1(R2), R6
	SUB  $1, R4
	CMP  R5, R6
	BEQ  bytes
differ:
	CMP  R6, R5
	CSET HI, R0
	CSINV HS, R0, ZR, R0
	RET
sizes:
	CMP  R3, R1
	CSET GT, R0
	CSINV GE, R0, ZR, R0
	RET

// func memmove()
TEXT ·memmove(SB), NOSPLIT|NOFRAME, $0
	// In: R0 = destination, R1 = source, R2 = size. They may overlap.
	MOVD R30, R27
	CMP  $16, R2
	BHI  above16
	ADD  R1, R2, R3                // ends
	ADD  R0, R2, R4
	CMP  $8, R2
	BHS  from8
	CMP  $4, R2
	BHS  from4
	CBZ  R2, none
	MOVBU (R1), R5
	LSR  $1, R2, R8
	MOVBU (R1)(R8), R6
	MOVBU -1(R3), R7
	MOVB R5, (R0)
	MOVB R6, (R0)(R8)
	MOVB R7, -1(R4)
none:
	RET
from4:
	MOVWU (R1), R5
	MOVWU -4(R3), R6
	MOVW R5, (R0)
	MOVW R6, -4(R4)
	RET
from8:
	MOVD (R1), R5
	MOVD -8(R3), R6
	MOVD R5, (R0)
	MOVD R6, -8(R4)
	RET
above16:
	SUB  R1, R0, R5
	CBZ  R5, none
	CMP  R2, R5
	BLO  backward                  // the destination begins inside the source
	SUB  $16, R2
	ADD  R1, R2, R3
	ADD  R0, R2, R4
	LDP  (R3), (R7, R8)            // the last 16 bytes, before they are overwritten
forward:
	LDP.P 16(R1), (R5, R6)
	STP.P (R5, R6), 16(R0)
	CMP  R4, R0
	BLO  forward
	STP  (R7, R8), (R4)
	RET
backward:
	LDP  (R1), (R7, R8)
	ADD  R1, R2, R3
	ADD  R0, R2, R4
	ADD  $16, R0, R9
down:
	LDP.W -16(R3), (R5, R6)
	STP.W (R5, R6), -16(R4)
	CMP  R9, R4
	BHI  down
	STP  (R7, R8), (R0)
	RET

// func memclr()
TEXT ·memclr(SB), NOSPLIT|NOFRAME, $0
	// In: R0 = address, R1 = size.
	MOVD R30, R27
	ADD  R0, R1, R2                // the end
	CMP  $16, R1
	BHS  from16
	CMP  $8, R1
	BHS  from8
	CMP  $4, R1
	BHS  from4
	CBZ  R1, none
	LSR  $1, R1, R3
	MOVB ZR, (R0)
	MOVB ZR, (R0)(R3)
	MOVB ZR, -1(R2)
none:
	RET
from4:
	MOVW ZR, (R0)
	MOVW ZR, -4(R2)
	RET
from8:
	MOVD ZR, (R0)
	MOVD ZR, -8(R2)
	RET
from16:
	SUB  $16, R2
loop:
	STP.P (ZR, ZR), 16(R0)
	CMP  R2, R0
	BLO  loop
	STP  (ZR, ZR), (R2)
	RET

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
	MOVD $·fault(SB), R1
	MOVD R1, entryPoints_fault(R0)
	MOVD $·done(SB), R1
	ADD  $4, R1
	MOVD R1, entryPoints_done(R0)
	MOVD $·barrier(SB), R1
	ADD  $4, R1
	MOVD R1, entryPoints_barrier(R0)
	RET

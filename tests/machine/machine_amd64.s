//go:build linux && !purego

#include "go_asm.h"
#include "textflag.h"
#include "body_amd64.h"

// PUBLISH makes the shadow of a slot that of a register.
#define PUBLISH(slot, value) \
	LEAQ slot(SP), R12 \
	ADDQ const_offsetShadow(R14), R12 \
	MOVQ value, R13 \
	CMPQ const_offsetMarking(R14), $0 \
	JEQ  3(PC) \
	CALL github·com∕morestack∕morestack·publish(SB) \
	JMP  2(PC) \
	MOVQ R13, (R12)

#define FORGET(slot) \
	PUBLISH(slot, $0)

// func KeepAddress() uintptr
BODY(·KeepAddress, ·keep)

// func KeepFrameAddress() uintptr
BODY(·KeepFrameAddress, ·keepFrame)

// func PreserveAddress() uintptr
BODY(·PreserveAddress, ·preserve)

// func CallAddress() uintptr
BODY(·CallAddress, ·call)

// func OperateAddress() uintptr
BODY(·OperateAddress, ·operate)

// func CallBothAddress() uintptr
BODY(·CallBothAddress, ·callBoth)

// func NestedAddress() uintptr
BODY(·NestedAddress, ·nested)

// func MeasureAddress() uintptr
BODY(·MeasureAddress, ·measure)

// func FailAddress() uintptr
BODY(·FailAddress, ·fail)

// func FaultAddress() uintptr
BODY(·FaultAddress, ·fault)

// func MoveAddress() uintptr
BODY(·MoveAddress, ·move)

// func MemequalAddress() uintptr
BODY(·MemequalAddress, github·com∕morestack∕morestack·memequal)

// func CmpstringAddress() uintptr
BODY(·CmpstringAddress, github·com∕morestack∕morestack·cmpstring)

// func MemmoveAddress() uintptr
BODY(·MemmoveAddress, github·com∕morestack∕morestack·memmove)

// func MemclrAddress() uintptr
BODY(·MemclrAddress, github·com∕morestack∕morestack·memclr)

POINTER(keepFramePointer<>, ·keepFrame)
POINTER(nestedPointer<>, ·nested)

// func keep()
//
//	0   spill slots of keepFrame
//	16  *KeepArgs
TEXT ·keep(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVQ AX, 16(SP)
	PUBLISH(16, AX)
	MOVQ 16(AX), BX
	CALL_YIELDING(keepFramePointer<>, 0)
	FORGET(16)
	RETURN_YIELDING(32)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func keepFrame()
//
//	0   spill slots of the next frame
//	16  *KeepArgs
//	24  object
//	32  depth
TEXT ·keepFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVQ AX, 16(SP)
	MOVQ BX, 32(SP)
	PUBLISH(16, AX)
	MOVQ (AX), DX
	CALL_GO(0)
	MOVQ AX, 24(SP)
	PUBLISH(24, AX)
	MOVQ (AX), AX
	YIELD(1)
	MOVQ 32(SP), BX
	TESTQ BX, BX
	JEQ  back
	DECQ BX
	MOVQ 16(SP), AX
	CALL_YIELDING(keepFramePointer<>, 2)
back:
	MOVQ 24(SP), AX
	MOVQ (AX), AX
	MOVQ 16(SP), DX
	ADDQ AX, 8(DX)
	FORGET(16)
	FORGET(24)
	RETURN_YIELDING(48)
grow:
	MOVQ AX, 8(SP)
	MOVQ BX, 16(SP)
	MORESTACK(3)
	MOVQ 8(SP), AX
	MOVQ 16(SP), BX
	JMP  start

// func preserve()
//
//	0   *PreserveArgs
//	8   turns left
TEXT ·preserve(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVQ AX, 0(SP)
again:
	XORL AX, AX
	CMPQ const_offsetMarking(R14), $0
	JEQ  report
	MOVQ $100, 8(SP)
turn:
	MOVQ $200, AX
	MOVQ AX, X0
	MOVQ $201, AX
	MOVQ AX, X1
	MOVQ $202, AX
	MOVQ AX, X2
	MOVQ $203, AX
	MOVQ AX, X3
	MOVQ $204, AX
	MOVQ AX, X4
	MOVQ $205, AX
	MOVQ AX, X5
	MOVQ $206, AX
	MOVQ AX, X6
	MOVQ $207, AX
	MOVQ AX, X7
	MOVQ $208, AX
	MOVQ AX, X8
	MOVQ $209, AX
	MOVQ AX, X9
	MOVQ $210, AX
	MOVQ AX, X10
	MOVQ $211, AX
	MOVQ AX, X11
	MOVQ $212, AX
	MOVQ AX, X12
	MOVQ $213, AX
	MOVQ AX, X13
	MOVQ $214, AX
	MOVQ AX, X14
	MOVQ $101, AX
	MOVQ $102, BX
	MOVQ $103, CX
	MOVQ $104, DI
	MOVQ $105, SI
	MOVQ $106, R8
	MOVQ $107, R9
	MOVQ $108, R10
	MOVQ $109, R11
	MOVQ $110, DX
	LEAQ 16(SP), R12
	ADDQ const_offsetShadow(R14), R12
	XORL R13, R13
	CALL github·com∕morestack∕morestack·publish(SB)
	CMPQ AX, $101
	JNE  bad
	CMPQ BX, $102
	JNE  bad
	CMPQ CX, $103
	JNE  bad
	CMPQ DI, $104
	JNE  bad
	CMPQ SI, $105
	JNE  bad
	CMPQ R8, $106
	JNE  bad
	CMPQ R9, $107
	JNE  bad
	CMPQ R10, $108
	JNE  bad
	CMPQ R11, $109
	JNE  bad
	CMPQ DX, $110
	JNE  bad
	MOVQ X0, AX
	CMPQ AX, $200
	JNE  bad
	MOVQ X1, AX
	CMPQ AX, $201
	JNE  bad
	MOVQ X2, AX
	CMPQ AX, $202
	JNE  bad
	MOVQ X3, AX
	CMPQ AX, $203
	JNE  bad
	MOVQ X4, AX
	CMPQ AX, $204
	JNE  bad
	MOVQ X5, AX
	CMPQ AX, $205
	JNE  bad
	MOVQ X6, AX
	CMPQ AX, $206
	JNE  bad
	MOVQ X7, AX
	CMPQ AX, $207
	JNE  bad
	MOVQ X8, AX
	CMPQ AX, $208
	JNE  bad
	MOVQ X9, AX
	CMPQ AX, $209
	JNE  bad
	MOVQ X10, AX
	CMPQ AX, $210
	JNE  bad
	MOVQ X11, AX
	CMPQ AX, $211
	JNE  bad
	MOVQ X12, AX
	CMPQ AX, $212
	JNE  bad
	MOVQ X13, AX
	CMPQ AX, $213
	JNE  bad
	MOVQ X14, AX
	CMPQ AX, $214
	JNE  bad
	MOVQ $301, AX
	MOVQ $302, BX
	MOVQ $303, CX
	MOVQ $304, DI
	MOVQ $305, SI
	MOVQ $306, R8
	MOVQ $307, R9
	MOVQ $308, R10
	MOVQ $309, DX
	MOVQ $310, R12
	MOVQ $311, R13
	MOVQ $312, R15
	MOVQ $16, R11
	CALL github·com∕morestack∕morestack·writeBarrier(SB)
	MOVQ $0, (R11)
	MOVQ $0, 8(R11)
	CMPQ AX, $301
	JNE  bad
	CMPQ BX, $302
	JNE  bad
	CMPQ CX, $303
	JNE  bad
	CMPQ DI, $304
	JNE  bad
	CMPQ SI, $305
	JNE  bad
	CMPQ R8, $306
	JNE  bad
	CMPQ R9, $307
	JNE  bad
	CMPQ R10, $308
	JNE  bad
	CMPQ DX, $309
	JNE  bad
	CMPQ R12, $310
	JNE  bad
	CMPQ R13, $311
	JNE  bad
	CMPQ R15, $312
	JNE  bad
	DECQ 8(SP)
	JNE  turn
	MOVQ $100, AX
report:
	YIELD(0)
	JMP  again
bad:
	MOVQ 0(SP), DX
	MOVQ $1, (DX)
	RETURN_YIELDING(32)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func call()
TEXT ·call(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(16, grow)
	MOVQ (AX), DX
	BYTE $0x4C; BYTE $0x8D; BYTE $0x25; LONG $5
	JMP  github·com∕morestack∕morestack·goCall(SB)
	SITE(0)
	RETURN_YIELDING(16)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func operate()
TEXT ·operate(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(16, grow)
	MOVQ (AX), DX
	BYTE $0x4C; BYTE $0x8D; BYTE $0x25; LONG $5
	JMP  github·com∕morestack∕morestack·goOp(SB)
	SITE(0)
	RETURN_YIELDING(16)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func callBoth()
//
//	0   *CallBothArgs
TEXT ·callBoth(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(16, grow)
	MOVQ AX, 0(SP)
	PUBLISH(0, AX)
	MOVQ (AX), DX
	CALL_GO(0)
	CALL_BODY(nestedPointer<>, 1)
	MOVQ 0(SP), AX
	MOVQ 8(AX), DX
	CALL_GO(2)
	FORGET(0)
	RETURN_YIELDING(16)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(3)
	MOVQ 8(SP), AX
	JMP  start

// func nested()
TEXT ·nested(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(16, grow)
	EPILOGUE(16)
grow:
	MORESTACK(0)
	JMP  start

// func measure()
//
// In: R14 = g, which starts with the bounds of the stack.
TEXT ·measure(SB), NOSPLIT|NOFRAME, $0-0
	LEAQ 8(SP), R12
	SUBQ (R14), R12
	MOVQ R12, ·Room(SB)
	MOVQ 8(R14), R12
	SUBQ (R14), R12
	MOVQ R12, ·StackSize(SB)
	RET

// func fail()
TEXT ·fail(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(16, grow)
	MOVQ 16(AX), CX
	MOVQ 8(AX), BX
	MOVQ (AX), AX
	CALL github·com∕morestack∕morestack·fail(SB)
	RETURN_YIELDING(16)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(0)
	MOVQ 8(SP), AX
	JMP  start

// func fault()
TEXT ·fault(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(16, grow)
	MOVQ (AX), AX
	MOVQ (AX), AX
	RETURN_YIELDING(16)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(0)
	MOVQ 8(SP), AX
	JMP  start

// func move()
TEXT ·move(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(16, grow)
	MOVQ (AX), BX
	MOVQ $100, CX
	CALL github·com∕morestack∕morestack·memmove(SB)
	RETURN_YIELDING(16)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(0)
	MOVQ 8(SP), AX
	JMP  start

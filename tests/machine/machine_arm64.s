//go:build linux && !purego

#include "go_asm.h"
#include "textflag.h"
#include "body_arm64.h"

// machine_amd64.s explains it.

#define PUBLISH(slot, value) \
	ADD  $slot, RSP, R19 \
	MOVD const_offsetShadow(R18_PLATFORM), R16 \
	ADD  R16, R19 \
	MOVD value, R20 \
	MOVD const_offsetMarking(R18_PLATFORM), R16 \
	CBZ  R16, 3(PC) \
	CALL github·com∕morestack∕morestack·publish(SB) \
	JMP  2(PC) \
	MOVD R20, (R19)

#define FORGET(slot) \
	PUBLISH(slot, ZR)

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
//	8   spill slots of keepFrame
//	24  *KeepArgs
TEXT ·keep(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD R0, 24(RSP)
	PUBLISH(24, R0)
	MOVD 16(R0), R1
	CALL_YIELDING(keepFramePointer<>, 0)
	FORGET(24)
	RETURN_YIELDING(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func keepFrame()
//
//	8   spill slots of the next frame
//	24  *KeepArgs
//	32  object
//	40  depth
TEXT ·keepFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(64, grow)
	MOVD R0, 24(RSP)
	MOVD R1, 40(RSP)
	PUBLISH(24, R0)
	MOVD (R0), R26
	CALL_GO(0)
	MOVD R0, 32(RSP)
	PUBLISH(32, R0)
	MOVD (R0), R0
	YIELD(1)
	MOVD 40(RSP), R1
	CBZ  R1, back
	SUB  $1, R1
	MOVD 24(RSP), R0
	CALL_YIELDING(keepFramePointer<>, 2)
back:
	MOVD 32(RSP), R0
	MOVD (R0), R0
	MOVD 24(RSP), R2
	MOVD 8(R2), R1
	ADD  R0, R1
	MOVD R1, 8(R2)
	FORGET(24)
	FORGET(32)
	RETURN_YIELDING(64)
grow:
	MOVD R0, 8(RSP)
	MOVD R1, 16(RSP)
	MORESTACK(3)
	MOVD 8(RSP), R0
	MOVD 16(RSP), R1
	JMP  start

// func preserve()
//
//	8   *PreserveArgs
//	16  turns left
TEXT ·preserve(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD R0, 8(RSP)
again:
	MOVD ZR, R0
	MOVD const_offsetMarking(R18_PLATFORM), R16
	CBZ  R16, report
	MOVD $100, R0
	MOVD R0, 16(RSP)
turn:
	MOVD $200, R0
	FMOVD R0, F0
	MOVD $201, R0
	FMOVD R0, F1
	MOVD $202, R0
	FMOVD R0, F2
	MOVD $203, R0
	FMOVD R0, F3
	MOVD $204, R0
	FMOVD R0, F4
	MOVD $205, R0
	FMOVD R0, F5
	MOVD $206, R0
	FMOVD R0, F6
	MOVD $207, R0
	FMOVD R0, F7
	MOVD $208, R0
	FMOVD R0, F8
	MOVD $209, R0
	FMOVD R0, F9
	MOVD $210, R0
	FMOVD R0, F10
	MOVD $211, R0
	FMOVD R0, F11
	MOVD $212, R0
	FMOVD R0, F12
	MOVD $213, R0
	FMOVD R0, F13
	MOVD $214, R0
	FMOVD R0, F14
	MOVD $215, R0
	FMOVD R0, F15
	MOVD $101, R0
	MOVD $102, R1
	MOVD $103, R2
	MOVD $104, R3
	MOVD $105, R4
	MOVD $106, R5
	MOVD $107, R6
	MOVD $108, R7
	MOVD $109, R8
	MOVD $110, R9
	MOVD $111, R10
	MOVD $112, R11
	MOVD $113, R12
	MOVD $114, R13
	MOVD $115, R14
	MOVD $116, R15
	MOVD $117, R23
	MOVD $118, R24
	MOVD $119, R25
	MOVD $120, R26
	ADD  $24, RSP, R19
	MOVD const_offsetShadow(R18_PLATFORM), R16
	ADD  R16, R19
	MOVD ZR, R20
	CALL github·com∕morestack∕morestack·publish(SB)
	CMP  $101, R0
	BNE  bad
	CMP  $102, R1
	BNE  bad
	CMP  $103, R2
	BNE  bad
	CMP  $104, R3
	BNE  bad
	CMP  $105, R4
	BNE  bad
	CMP  $106, R5
	BNE  bad
	CMP  $107, R6
	BNE  bad
	CMP  $108, R7
	BNE  bad
	CMP  $109, R8
	BNE  bad
	CMP  $110, R9
	BNE  bad
	CMP  $111, R10
	BNE  bad
	CMP  $112, R11
	BNE  bad
	CMP  $113, R12
	BNE  bad
	CMP  $114, R13
	BNE  bad
	CMP  $115, R14
	BNE  bad
	CMP  $116, R15
	BNE  bad
	CMP  $117, R23
	BNE  bad
	CMP  $118, R24
	BNE  bad
	CMP  $119, R25
	BNE  bad
	CMP  $120, R26
	BNE  bad
	FMOVD F0, R0
	CMP  $200, R0
	BNE  bad
	FMOVD F1, R0
	CMP  $201, R0
	BNE  bad
	FMOVD F2, R0
	CMP  $202, R0
	BNE  bad
	FMOVD F3, R0
	CMP  $203, R0
	BNE  bad
	FMOVD F4, R0
	CMP  $204, R0
	BNE  bad
	FMOVD F5, R0
	CMP  $205, R0
	BNE  bad
	FMOVD F6, R0
	CMP  $206, R0
	BNE  bad
	FMOVD F7, R0
	CMP  $207, R0
	BNE  bad
	FMOVD F8, R0
	CMP  $208, R0
	BNE  bad
	FMOVD F9, R0
	CMP  $209, R0
	BNE  bad
	FMOVD F10, R0
	CMP  $210, R0
	BNE  bad
	FMOVD F11, R0
	CMP  $211, R0
	BNE  bad
	FMOVD F12, R0
	CMP  $212, R0
	BNE  bad
	FMOVD F13, R0
	CMP  $213, R0
	BNE  bad
	FMOVD F14, R0
	CMP  $214, R0
	BNE  bad
	FMOVD F15, R0
	CMP  $215, R0
	BNE  bad
	MOVD $301, R0
	MOVD $302, R1
	MOVD $303, R2
	MOVD $304, R3
	MOVD $305, R4
	MOVD $306, R5
	MOVD $307, R6
	MOVD $308, R7
	MOVD $309, R8
	MOVD $310, R9
	MOVD $311, R10
	MOVD $312, R11
	MOVD $313, R12
	MOVD $314, R13
	MOVD $315, R14
	MOVD $316, R15
	MOVD $317, R19
	MOVD $318, R20
	MOVD $319, R21
	MOVD $320, R22
	MOVD $321, R23
	MOVD $322, R24
	MOVD $323, R26
	MOVD $16, R25
	CALL github·com∕morestack∕morestack·writeBarrier(SB)
	STP  (ZR, ZR), (R25)
	CMP  $301, R0
	BNE  bad
	CMP  $302, R1
	BNE  bad
	CMP  $303, R2
	BNE  bad
	CMP  $304, R3
	BNE  bad
	CMP  $305, R4
	BNE  bad
	CMP  $306, R5
	BNE  bad
	CMP  $307, R6
	BNE  bad
	CMP  $308, R7
	BNE  bad
	CMP  $309, R8
	BNE  bad
	CMP  $310, R9
	BNE  bad
	CMP  $311, R10
	BNE  bad
	CMP  $312, R11
	BNE  bad
	CMP  $313, R12
	BNE  bad
	CMP  $314, R13
	BNE  bad
	CMP  $315, R14
	BNE  bad
	CMP  $316, R15
	BNE  bad
	CMP  $317, R19
	BNE  bad
	CMP  $318, R20
	BNE  bad
	CMP  $319, R21
	BNE  bad
	CMP  $320, R22
	BNE  bad
	CMP  $321, R23
	BNE  bad
	CMP  $322, R24
	BNE  bad
	CMP  $323, R26
	BNE  bad
	MOVD 16(RSP), R0
	SUB  $1, R0
	MOVD R0, 16(RSP)
	CBNZ R0, turn
	MOVD $100, R0
report:
	YIELD(0)
	JMP  again
bad:
	MOVD 8(RSP), R2
	MOVD $1, R0
	MOVD R0, (R2)
	RETURN_YIELDING(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func call()
TEXT ·call(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVD (R0), R26
	WORD $0x1000005e
	JMP  github·com∕morestack∕morestack·goCall(SB)
	SITE(0)
	RETURN_YIELDING(32)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func operate()
TEXT ·operate(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVD (R0), R26
	WORD $0x1000005e
	JMP  github·com∕morestack∕morestack·goOp(SB)
	SITE(0)
	RETURN_YIELDING(32)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func callBoth()
//
//	8   *CallBothArgs
TEXT ·callBoth(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVD R0, 8(RSP)
	PUBLISH(8, R0)
	MOVD (R0), R26
	CALL_GO(0)
	CALL_BODY(nestedPointer<>, 1)
	MOVD 8(RSP), R0
	MOVD 8(R0), R26
	CALL_GO(2)
	FORGET(8)
	RETURN_YIELDING(32)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(3)
	MOVD 8(RSP), R0
	JMP  start

// func nested()
TEXT ·nested(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	EPILOGUE(32)
grow:
	MORESTACK(0)
	JMP  start

// func measure()
TEXT ·measure(SB), NOSPLIT|NOFRAME, $0-0
	LDP  (g), (R16, R17)           // the bounds of the stack
	SUB  R16, R17
	MOVD R17, ·StackSize(SB)
	MOVD RSP, R17
	SUB  R16, R17
	MOVD R17, ·Room(SB)
	RET

// func fail()
TEXT ·fail(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVD 16(R0), R2
	MOVD 8(R0), R1
	MOVD (R0), R0
	CALL github·com∕morestack∕morestack·fail(SB)
	RETURN_YIELDING(32)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(0)
	MOVD 8(RSP), R0
	JMP  start

// func fault()
TEXT ·fault(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVD (R0), R0
	MOVD (R0), R0
	RETURN_YIELDING(32)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(0)
	MOVD 8(RSP), R0
	JMP  start

// func move()
TEXT ·move(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVD (R0), R1
	MOVD $100, R2
	CALL github·com∕morestack∕morestack·memmove(SB)
	RETURN_YIELDING(32)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(0)
	MOVD 8(RSP), R0
	JMP  start

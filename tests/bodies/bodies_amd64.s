//go:build linux && !purego

#include "textflag.h"
#include "body_amd64.h"

// Bodies written by hand. bodies.go has each of them in Go, and maps.go their
// maps; bodies_arm64.s is the same in the same order.

BODY(·counterAddress, ·counter)
BODY(·ackermannAddress, ·ackermann)
BODY(·ackAddress, ·ack)
BODY(·calculateAddress, ·calculate)
BODY(·calcAddress, ·calc)
BODY(·indirectAddress, ·indirect)
BODY(·indirAddress, ·indir)
BODY(·wideAddress, ·wide)
BODY(·wideFrameAddress, ·wideFrame)
BODY(·hugeAddress, ·huge)
BODY(·leavesAddress, ·leaves)
BODY(·leavesFrameAddress, ·leavesFrame)
BODY(·diveAddress, ·dive)
BODY(·diveFrameAddress, ·diveFrame)
BODY(·endlessAddress, ·endless)
BODY(·endlessFrameAddress, ·endlessFrame)
BODY(·failAddress, ·fail)
BODY(·strayAddress, ·stray)
BODY(·strayFrameAddress, ·strayFrame)
BODY(·callerAddress, ·caller)
BODY(·echoAddress, ·echo)
BODY(·echo3Address, ·echo3)
BODY(·spinAddress, ·spin)

POINTER(ackPointer<>, ·ack)
POINTER(calcPointer<>, ·calc)
POINTER(indirPointer<>, ·indir)
POINTER(wideFramePointer<>, ·wideFrame)
POINTER(leavesFramePointer<>, ·leavesFrame)
POINTER(leafPointer<>, ·leaf)
POINTER(diveFramePointer<>, ·diveFrame)
POINTER(endlessFramePointer<>, ·endlessFrame)
POINTER(strayFramePointer<>, ·strayFrame)

// func counter(a *CounterArgs)
//
//	8   n
//	0   i
TEXT ·counter(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(24, grow)
	MOVQ 0(AX), CX
	MOVQ CX, 8(SP)
	XORL AX, AX
loop:
	CMPQ AX, 8(SP)
	JGE  end
	INCQ AX
	MOVQ AX, 0(SP)
	YIELD(0)
	MOVQ 0(SP), AX
	JMP  loop
end:
	RETURN_YIELDING(24)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func ackermann(a *AckermannArgs)
//
//	16  a
//	0   spill area of ack
TEXT ·ackermann(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVQ AX, 16(SP)
	MOVQ 8(AX), BX
	MOVQ 0(AX), AX
	CALL_BODY(ackPointer<>, 0)
	MOVQ 16(SP), CX
	MOVQ AX, 16(CX)
	RETURN_YIELDING(32)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func ack(m, n int) int
//
//	16  m
//	0   spill area of ack
TEXT ·ack(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
loop:
	TESTQ AX, AX
	JEQ   base
	TESTQ BX, BX
	JNE   both
	DECQ  AX
	MOVQ  $1, BX
	JMP   loop
both:
	MOVQ AX, 16(SP)
	DECQ BX
	CALL_BODY(ackPointer<>, 0)
	MOVQ AX, BX
	MOVQ 16(SP), AX
	DECQ AX
	JMP  loop
base:
	LEAQ 1(BX), AX
	EPILOGUE(32)
grow:
	MOVQ AX, 8(SP)
	MOVQ BX, 16(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	MOVQ 16(SP), BX
	JMP  start

// func calculate(a *CalculateArgs)
//
//	24  a
//	16  value
//	0   spill area of calc
TEXT ·calculate(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(40, grow)
	MOVQ AX, 24(SP)
	MOVQ $0, 16(SP)
	MOVQ 0(AX), AX
	LEAQ 16(SP), BX
	CALL_BODY(calcPointer<>, 0)
	MOVQ 24(SP), AX
	MOVQ 16(SP), CX
	MOVQ CX, 8(AX)
	RETURN_YIELDING(40)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func calc(depth int, prev *int)
//
// Its frame takes 64 bytes of stack, like that of calc for arm64.
//
//	32  not used
//	24  prev
//	16  local
//	0   spill area of calc
TEXT ·calc(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(56, grow)
	MOVQ  BX, 24(SP)
	MOVQ  0(BX), CX
	ADDQ  AX, CX
	MOVQ  CX, 16(SP)
	TESTQ AX, AX
	JEQ   bottom
	DECQ  AX
	LEAQ  16(SP), BX
	CALL_BODY(calcPointer<>, 0)
bottom:
	MOVQ 16(SP), CX
	MOVQ 24(SP), BX
	ADDQ CX, 0(BX)
	EPILOGUE(56)
grow:
	MOVQ AX, 8(SP)
	MOVQ BX, 16(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	MOVQ 16(SP), BX
	MOVQ $0, 16(SP) // else an address of this stack stays behind, and audit=1 reports it
	JMP  start

// func indirect(a *CalculateArgs)
//
//	32  a
//	24  pointer = &value
//	16  value
//	0   spill area of indir
TEXT ·indirect(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVQ AX, 32(SP)
	MOVQ $0, 16(SP)
	LEAQ 16(SP), BX
	MOVQ BX, 24(SP)
	MOVQ 0(AX), AX
	LEAQ 24(SP), BX
	CALL_BODY(indirPointer<>, 0)
	MOVQ 32(SP), AX
	MOVQ 16(SP), CX
	MOVQ CX, 8(AX)
	RETURN_YIELDING(48)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func indir(depth int, prev **int)
//
//	32  prev
//	24  pointer = &local, whose address is passed on
//	16  local
//	0   spill area of indir
TEXT ·indir(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVQ  BX, 32(SP)
	MOVQ  0(BX), CX
	MOVQ  0(CX), CX
	ADDQ  AX, CX
	MOVQ  CX, 16(SP)
	LEAQ  16(SP), CX
	MOVQ  CX, 24(SP)
	TESTQ AX, AX
	JEQ   bottom
	DECQ  AX
	LEAQ  24(SP), BX
	CALL_BODY(indirPointer<>, 0)
bottom:
	MOVQ 24(SP), CX
	MOVQ 0(CX), CX
	MOVQ 32(SP), BX
	MOVQ 0(BX), BX
	ADDQ CX, 0(BX)
	EPILOGUE(48)
grow:
	MOVQ AX, 8(SP)
	MOVQ BX, 16(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	MOVQ 16(SP), BX
	MOVQ $0, 16(SP) // else an address of this stack stays behind, and audit=1 reports it
	JMP  start

// func wide(a *CalculateArgs)
//
//	16  a
//	0   spill area of wideFrame
TEXT ·wide(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVQ AX, 16(SP)
	MOVQ 0(AX), AX
	CALL_BODY(wideFramePointer<>, 0)
	MOVQ 16(SP), CX
	MOVQ AX, 8(CX)
	RETURN_YIELDING(32)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func wideFrame(n int) int
//
//	32    array [250]int, of which the ends are used
//	16    n
//	0     spill area of wideFrame
TEXT ·wideFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE_LARGE(2040, grow)
	MOVQ  AX, 16(SP)
	MOVQ  AX, 32(SP)
	MOVQ  AX, 2024(SP)
	TESTQ AX, AX
	JEQ   bottom
	DECQ  AX
	CALL_BODY(wideFramePointer<>, 0)
bottom:
	ADDQ 32(SP), AX
	ADDQ 2024(SP), AX
	EPILOGUE_LARGE(2040)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func huge(a *CalculateArgs)
//
//	24    array [1250]int
//	16    a
//	0     not used
TEXT ·huge(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE_HUGE(10040, grow)
	MOVQ AX, 16(SP)
	XORL CX, CX
fill:
	MOVQ CX, 24(SP)(CX*8)
	INCQ CX
	CMPQ CX, $1250
	JLT  fill
	MOVQ CX, AX
	YIELD(0)
	XORL AX, AX
	XORL CX, CX
sum:
	ADDQ 24(SP)(CX*8), AX
	INCQ CX
	CMPQ CX, $1250
	JLT  sum
	MOVQ 16(SP), CX
	MOVQ AX, 8(CX)
	RETURN_YIELDING_LARGE(10040)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func leaves(a *CalculateArgs)
//
//	16  a
//	0   spill area of leavesFrame
TEXT ·leaves(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVQ AX, 16(SP)
	MOVQ 0(AX), AX
	CALL_BODY(leavesFramePointer<>, 0)
	MOVQ 16(SP), CX
	MOVQ AX, 8(CX)
	RETURN_YIELDING(32)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func leavesFrame(n int) int
//
//	24  sum
//	16  n
//	0   spill area of leavesFrame
TEXT ·leavesFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(40, grow)
	MOVQ AX, 16(SP)
	CALL_BODY(leafPointer<>, 0)
	MOVQ AX, 24(SP)
	MOVQ 16(SP), AX
	DECQ AX
	JLT  bottom
	CALL_BODY(leavesFramePointer<>, 1)
	ADDQ AX, 24(SP)
bottom:
	MOVQ 24(SP), AX
	EPILOGUE(40)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(2)
	MOVQ 8(SP), AX
	JMP  start

// func leaf(n int) int
//
// A leaf that compares nothing: it has the red zone, of which it uses 120
// bytes with its return address.
TEXT ·leaf(SB), NOSPLIT|NOFRAME, $0-0
	ADJSP $112
	MOVQ  AX, 0(SP)
	MOVQ  AX, 104(SP)
	ADDQ  0(SP), AX
	ADDQ  104(SP), AX
	ADJSP $-112
	RET

// func dive(a *DiveArgs)
//
//	32  rounds left
//	24  a
//	16  value
//	0   spill area of diveFrame
TEXT ·dive(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVQ AX, 24(SP)
	MOVQ 8(AX), CX
	MOVQ CX, 32(SP)
	MOVQ $0, 16(SP)
loop:
	CMPQ 32(SP), $0
	JLE  end
	DECQ 32(SP)
	MOVQ 24(SP), AX
	MOVQ 0(AX), AX
	LEAQ 16(SP), BX
	CALL_YIELDING(diveFramePointer<>, 0)
	MOVQ 16(SP), AX
	YIELD(1)
	JMP  loop
end:
	RETURN_YIELDING(48)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(2)
	MOVQ 8(SP), AX
	JMP  start

// func diveFrame(depth int, prev *int)
//
// Its frame takes 64 bytes of stack, like that of diveFrame for arm64.
//
//	32  not used
//	24  prev
//	16  local
//	0   spill area of diveFrame
TEXT ·diveFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(56, grow)
	MOVQ  BX, 24(SP)
	MOVQ  0(BX), CX
	ADDQ  AX, CX
	MOVQ  CX, 16(SP)
	TESTQ AX, AX
	JEQ   bottom
	DECQ  AX
	LEAQ  16(SP), BX
	CALL_YIELDING(diveFramePointer<>, 0)
	JMP   up
bottom:
	MOVQ CX, AX
	YIELD(1)
up:
	MOVQ 16(SP), CX
	MOVQ 24(SP), BX
	ADDQ CX, 0(BX)
	RETURN_YIELDING(56)
grow:
	MOVQ AX, 8(SP)
	MOVQ BX, 16(SP)
	MORESTACK(2)
	MOVQ 8(SP), AX
	MOVQ 16(SP), BX
	MOVQ $0, 16(SP) // else an address of this stack stays behind, and audit=1 reports it
	JMP  start

// func endless(a *CalculateArgs)
//
//	16  not used
//	0   spill area of endlessFrame
TEXT ·endless(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	XORL AX, AX
	CALL_BODY(endlessFramePointer<>, 0)
	RETURN_YIELDING(32)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func endlessFrame(n int) int
//
//	16  n
//	0   spill area of endlessFrame
TEXT ·endlessFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVQ AX, 16(SP)
	INCQ AX
	CALL_BODY(endlessFramePointer<>, 0)
	ADDQ 16(SP), AX
	EPILOGUE(32)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func fail(a *CalculateArgs)
//
//	0   not used
TEXT ·fail(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(24, grow)
	TRAP(7, 0)
	RETURN_YIELDING(24)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func stray(a *StrayArgs)
//
//	16  a
//	0   spill area of strayFrame
TEXT ·stray(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVQ AX, 16(SP)
	MOVQ AX, BX
	MOVQ 0(AX), AX
	CALL_BODY(strayFramePointer<>, 0)
	MOVQ 16(SP), CX
	MOVQ AX, 24(CX)
	RETURN_YIELDING(32)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func strayFrame(depth int, a *StrayArgs) int
//
//	16  not used
//	0   spill area of strayFrame
TEXT ·strayFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	TESTQ AX, AX
	JEQ   bottom
	DECQ  AX
	CALL_BODY(strayFramePointer<>, 0)
	JMP   up
bottom:
	MOVQ  8(BX), CX
	MOVQ  0(CX), AX // fails: load
	CQO
	IDIVQ 16(BX) // fails: division
up:
	EPILOGUE(32)
grow:
	MOVQ AX, 8(SP)
	MOVQ BX, 16(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	MOVQ 16(SP), BX
	JMP  start

// func caller(a *CallerArgs)
//
//	16  sum
//	8   i
//	0   a
TEXT ·caller(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVQ AX, 0(SP)
	MOVQ $0, 16(SP)
	MOVQ 8(AX), CX
	MOVQ CX, 8(SP)
loop:
	CMPQ 8(SP), $0
	JLE  end
	MOVQ 0(SP), CX
	MOVQ 0(CX), DX
	MOVQ 8(SP), AX
	LEAQ 16(SP), BX
	CALL_GO(0)
	DECQ 8(SP)
	JMP  loop
end:
	MOVQ 16(SP), AX
	YIELD(1)
	MOVQ 0(SP), AX
	MOVQ 16(SP), CX
	MOVQ CX, 16(AX)
	RETURN_YIELDING(32)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(2)
	MOVQ 8(SP), AX
	JMP  start

// func echo(a *EchoArgs)
//
//	0   not used
TEXT ·echo(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(24, grow)
	MOVQ 8(AX), BX
	MOVQ 0(AX), AX
loop:
	YIELD(0)
	TESTQ BX, BX
	JNE   loop
	RETURN_YIELDING(24)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func echo3(a *Triple)
//
//	0   triple
TEXT ·echo3(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVQ 0(AX), CX
	MOVQ CX, 0(SP)
	MOVQ 8(AX), CX
	MOVQ CX, 8(SP)
	MOVQ 16(AX), CX
	MOVQ CX, 16(SP)
loop:
	LEAQ 0(SP), AX
	LEAQ 0(SP), CX
	YIELD(0)
	CMPQ 0(SP), $0
	JNE  loop
	RETURN_YIELDING(32)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func spin(a *CalculateArgs)
//
//	8   a
//	0   i
TEXT ·spin(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(24, grow)
	MOVQ AX, 8(SP)
	MOVQ 0(AX), CX
	MOVQ CX, 0(SP)
loop:
	POLL(0)
	MOVQ 8(SP), AX
	INCQ 8(AX)
	DECQ 0(SP)
	JGT  loop
	RETURN_YIELDING(24)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

//go:build linux && !purego

#include "textflag.h"
#include "body_arm64.h"

// bodies_amd64.s for arm64. The locals of a frame are the same, 8 bytes higher.

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
TEXT ·counter(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVD (R0), R1
	MOVD R1, 16(RSP)
	MOVD $0, R0
loop:
	MOVD 16(RSP), R1
	CMP  R1, R0
	BGE  end
	ADD  $1, R0
	MOVD R0, 8(RSP)
	YIELD(0)
	MOVD 8(RSP), R0
	JMP  loop
end:
	RETURN_YIELDING(32)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func ackermann(a *AckermannArgs)
TEXT ·ackermann(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD R0, 24(RSP)
	MOVD 8(R0), R1
	MOVD (R0), R0
	CALL_BODY(ackPointer<>, 0)
	MOVD 24(RSP), R2
	MOVD R0, 16(R2)
	RETURN_YIELDING(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func ack(m, n int) int
TEXT ·ack(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
loop:
	CBZ  R0, base
	CBNZ R1, both
	SUB  $1, R0
	MOVD $1, R1
	JMP  loop
both:
	MOVD R0, 24(RSP)
	SUB  $1, R1
	CALL_BODY(ackPointer<>, 0)
	MOVD R0, R1
	MOVD 24(RSP), R0
	SUB  $1, R0
	JMP  loop
base:
	ADD  $1, R1, R0
	EPILOGUE(48)
grow:
	MOVD R0, 8(RSP)
	MOVD R1, 16(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	MOVD 16(RSP), R1
	JMP  start

// func calculate(a *CalculateArgs)
TEXT ·calculate(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD R0, 32(RSP)
	MOVD ZR, 24(RSP)
	MOVD (R0), R0
	ADD  $24, RSP, R1
	CALL_BODY(calcPointer<>, 0)
	MOVD 32(RSP), R0
	MOVD 24(RSP), R2
	MOVD R2, 8(R0)
	RETURN_YIELDING(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func calc(depth int, prev *int)
TEXT ·calc(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(64, grow)
	MOVD R1, 32(RSP)
	MOVD (R1), R2
	ADD  R0, R2
	MOVD R2, 24(RSP)
	CBZ  R0, bottom
	SUB  $1, R0
	ADD  $24, RSP, R1
	CALL_BODY(calcPointer<>, 0)
bottom:
	MOVD 24(RSP), R2
	MOVD 32(RSP), R1
	MOVD (R1), R3
	ADD  R2, R3
	MOVD R3, (R1)
	EPILOGUE(64)
grow:
	MOVD R0, 8(RSP)
	MOVD R1, 16(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	MOVD 16(RSP), R1
	MOVD ZR, 16(RSP)
	JMP  start

// func indirect(a *CalculateArgs)
TEXT ·indirect(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(64, grow)
	MOVD R0, 40(RSP)
	MOVD ZR, 24(RSP)
	ADD  $24, RSP, R1
	MOVD R1, 32(RSP)
	MOVD (R0), R0
	ADD  $32, RSP, R1
	CALL_BODY(indirPointer<>, 0)
	MOVD 40(RSP), R0
	MOVD 24(RSP), R2
	MOVD R2, 8(R0)
	RETURN_YIELDING(64)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func indir(depth int, prev **int)
TEXT ·indir(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(64, grow)
	MOVD R1, 40(RSP)
	MOVD (R1), R2
	MOVD (R2), R2
	ADD  R0, R2
	MOVD R2, 24(RSP)
	ADD  $24, RSP, R2
	MOVD R2, 32(RSP)
	CBZ  R0, bottom
	SUB  $1, R0
	ADD  $32, RSP, R1
	CALL_BODY(indirPointer<>, 0)
bottom:
	MOVD 32(RSP), R2
	MOVD (R2), R2
	MOVD 40(RSP), R1
	MOVD (R1), R1
	MOVD (R1), R3
	ADD  R2, R3
	MOVD R3, (R1)
	EPILOGUE(64)
grow:
	MOVD R0, 8(RSP)
	MOVD R1, 16(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	MOVD 16(RSP), R1
	MOVD ZR, 16(RSP)
	JMP  start

// func wide(a *CalculateArgs)
TEXT ·wide(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD R0, 24(RSP)
	MOVD (R0), R0
	CALL_BODY(wideFramePointer<>, 0)
	MOVD 24(RSP), R1
	MOVD R0, 8(R1)
	RETURN_YIELDING(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func wideFrame(n int) int
TEXT ·wideFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE_LARGE(2048, grow)
	MOVD R0, 24(RSP)
	MOVD R0, 40(RSP)
	MOVD R0, 2032(RSP)
	CBZ  R0, bottom
	SUB  $1, R0
	CALL_BODY(wideFramePointer<>, 0)
bottom:
	MOVD 40(RSP), R1
	ADD  R1, R0
	MOVD 2032(RSP), R1
	ADD  R1, R0
	EPILOGUE_LARGE(2048)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func huge(a *CalculateArgs)
TEXT ·huge(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE_HUGE(10048, grow)
	MOVD R0, 24(RSP)
	MOVD $0, R1
	ADD  $32, RSP, R2
fill:
	MOVD R1, (R2)(R1<<3)
	ADD  $1, R1
	CMP  $1250, R1
	BLT  fill
	MOVD R1, R0
	YIELD(0)
	MOVD $0, R0
	MOVD $0, R1
	ADD  $32, RSP, R2
sum:
	MOVD (R2)(R1<<3), R3
	ADD  R3, R0
	ADD  $1, R1
	CMP  $1250, R1
	BLT  sum
	MOVD 24(RSP), R1
	MOVD R0, 8(R1)
	RETURN_YIELDING_LARGE(10048)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func leaves(a *CalculateArgs)
TEXT ·leaves(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD R0, 24(RSP)
	MOVD (R0), R0
	CALL_BODY(leavesFramePointer<>, 0)
	MOVD 24(RSP), R1
	MOVD R0, 8(R1)
	RETURN_YIELDING(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func leavesFrame(n int) int
TEXT ·leavesFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD R0, 24(RSP)
	CALL_BODY(leafPointer<>, 0)
	MOVD R0, 32(RSP)
	MOVD 24(RSP), R0
	SUBS $1, R0, R0
	BLT  bottom
	CALL_BODY(leavesFramePointer<>, 1)
	MOVD 32(RSP), R1
	ADD  R1, R0
	MOVD R0, 32(RSP)
bottom:
	MOVD 32(RSP), R0
	EPILOGUE(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(2)
	MOVD 8(RSP), R0
	JMP  start

// func leaf(n int) int
//
// The highest word of its frame belongs to its caller, which saved R29 there.
TEXT ·leaf(SB), NOSPLIT|NOFRAME, $0-0
	SUB  $112, RSP
	MOVD R0, (RSP)
	MOVD R0, 96(RSP)
	MOVD (RSP), R1
	ADD  R1, R0
	MOVD 96(RSP), R1
	ADD  R1, R0
	ADD  $112, RSP
	RET

// func dive(a *DiveArgs)
TEXT ·dive(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(64, grow)
	MOVD R0, 32(RSP)
	MOVD 8(R0), R1
	MOVD R1, 40(RSP)
	MOVD ZR, 24(RSP)
loop:
	MOVD 40(RSP), R1
	CMP  $0, R1
	BLE  end
	SUB  $1, R1
	MOVD R1, 40(RSP)
	MOVD 32(RSP), R0
	MOVD (R0), R0
	ADD  $24, RSP, R1
	CALL_YIELDING(diveFramePointer<>, 0)
	MOVD 24(RSP), R0
	YIELD(1)
	JMP  loop
end:
	RETURN_YIELDING(64)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(2)
	MOVD 8(RSP), R0
	JMP  start

// func diveFrame(depth int, prev *int)
TEXT ·diveFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(64, grow)
	MOVD R1, 32(RSP)
	MOVD (R1), R2
	ADD  R0, R2
	MOVD R2, 24(RSP)
	CBZ  R0, bottom
	SUB  $1, R0
	ADD  $24, RSP, R1
	CALL_YIELDING(diveFramePointer<>, 0)
	JMP  up
bottom:
	MOVD R2, R0
	YIELD(1)
up:
	MOVD 24(RSP), R2
	MOVD 32(RSP), R1
	MOVD (R1), R3
	ADD  R2, R3
	MOVD R3, (R1)
	RETURN_YIELDING(64)
grow:
	MOVD R0, 8(RSP)
	MOVD R1, 16(RSP)
	MORESTACK(2)
	MOVD 8(RSP), R0
	MOVD 16(RSP), R1
	MOVD ZR, 16(RSP)
	JMP  start

// func endless(a *CalculateArgs)
TEXT ·endless(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD $0, R0
	CALL_BODY(endlessFramePointer<>, 0)
	RETURN_YIELDING(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func endlessFrame(n int) int
TEXT ·endlessFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD R0, 24(RSP)
	ADD  $1, R0
	CALL_BODY(endlessFramePointer<>, 0)
	MOVD 24(RSP), R1
	ADD  R1, R0
	EPILOGUE(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func fail(a *CalculateArgs)
TEXT ·fail(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	TRAP(7, 0)
	RETURN_YIELDING(32)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func stray(a *StrayArgs)
TEXT ·stray(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD R0, 24(RSP)
	MOVD R0, R1
	MOVD (R0), R0
	CALL_BODY(strayFramePointer<>, 0)
	MOVD 24(RSP), R1
	MOVD R0, 24(R1)
	RETURN_YIELDING(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func strayFrame(depth int, a *StrayArgs) int
TEXT ·strayFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	CBZ  R0, bottom
	SUB  $1, R0
	CALL_BODY(strayFramePointer<>, 0)
	JMP  up
bottom:
	MOVD 8(R1), R2
	MOVD (R2), R0 // fails: load
	MOVD 16(R1), R2
	SDIV R2, R0
up:
	EPILOGUE(48)
grow:
	MOVD R0, 8(RSP)
	MOVD R1, 16(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	MOVD 16(RSP), R1
	MOVD ZR, 16(RSP)
	JMP  start

// func caller(a *CallerArgs)
TEXT ·caller(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD R0, 8(RSP)
	MOVD ZR, 24(RSP)
	MOVD 8(R0), R1
	MOVD R1, 16(RSP)
loop:
	MOVD 16(RSP), R0
	CMP  $0, R0
	BLE  end
	MOVD 8(RSP), R1
	MOVD (R1), R26
	ADD  $24, RSP, R1
	CALL_GO(0)
	MOVD 16(RSP), R0
	SUB  $1, R0
	MOVD R0, 16(RSP)
	JMP  loop
end:
	MOVD 24(RSP), R0
	YIELD(1)
	MOVD 8(RSP), R0
	MOVD 24(RSP), R1
	MOVD R1, 16(R0)
	RETURN_YIELDING(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(2)
	MOVD 8(RSP), R0
	JMP  start

// func echo(a *EchoArgs)
TEXT ·echo(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVD 8(R0), R1
	MOVD (R0), R0
loop:
	YIELD(0)
	CBNZ R1, loop
	RETURN_YIELDING(32)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func echo3(a *Triple)
TEXT ·echo3(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD (R0), R1
	MOVD R1, 8(RSP)
	MOVD 8(R0), R1
	MOVD R1, 16(RSP)
	MOVD 16(R0), R1
	MOVD R1, 24(RSP)
loop:
	ADD  $8, RSP, R0
	ADD  $8, RSP, R2
	YIELD(0)
	MOVD 8(RSP), R0
	CBNZ R0, loop
	RETURN_YIELDING(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func spin(a *CalculateArgs)
TEXT ·spin(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVD R0, 16(RSP)
	MOVD (R0), R1
	MOVD R1, 8(RSP)
loop:
	POLL(0)
	MOVD 16(RSP), R0
	MOVD 8(R0), R1
	ADD  $1, R1
	MOVD R1, 8(R0)
	MOVD 8(RSP), R1
	SUBS $1, R1, R1
	MOVD R1, 8(RSP)
	BGT  loop
	RETURN_YIELDING(32)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

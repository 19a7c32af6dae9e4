//go:build linux && !purego

#include "textflag.h"
#include "body_arm64.h"

BODY(·fibAddress, ·fib)
BODY(·fibFrameAddress, ·fibFrame)
BODY(·bareAddress, ·bare)
BODY(·bareFrameAddress, ·bareFrame)

POINTER(fibFramePointer<>, ·fibFrame)
POINTER(bareFramePointer<>, ·bareFrame)

// func fib(a *fibArgs)
TEXT ·fib(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD R0, 24(RSP)
	MOVD (R0), R0
	CALL_BODY(fibFramePointer<>, 0)
	MOVD 24(RSP), R1
	MOVD R0, 8(R1)
	RETURN_YIELDING(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

// func fibFrame(n int) int
TEXT ·fibFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	CMP  $2, R0
	BLT  end
	MOVD R0, 24(RSP)
	SUB  $1, R0
	CALL_BODY(fibFramePointer<>, 0)
	MOVD 24(RSP), R1
	MOVD R0, 24(RSP)
	SUB  $2, R1, R0
	CALL_BODY(fibFramePointer<>, 1)
	MOVD 24(RSP), R1
	ADD  R1, R0
end:
	EPILOGUE(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(2)
	MOVD 8(RSP), R0
	JMP  start

// func bare(a *fibArgs)
TEXT ·bare(SB), NOSPLIT|NOFRAME, $0-0
	SUB  $48, RSP
	MOVD R30, (RSP)
	MOVD R29, -8(RSP)
	SUB  $8, RSP, R29
	MOVD R0, 24(RSP)
	MOVD (R0), R0
	CALL_BODY(bareFramePointer<>, 0)
	MOVD 24(RSP), R1
	MOVD R0, 8(R1)
	RETURN_YIELDING(48)

// func bareFrame(n int) int
TEXT ·bareFrame(SB), NOSPLIT|NOFRAME, $0-0
	SUB  $48, RSP
	MOVD R30, (RSP)
	MOVD R29, -8(RSP)
	SUB  $8, RSP, R29
	CMP  $2, R0
	BLT  end
	MOVD R0, 24(RSP)
	SUB  $1, R0
	CALL_BODY(bareFramePointer<>, 0)
	MOVD 24(RSP), R1
	MOVD R0, 24(RSP)
	SUB  $2, R1, R0
	CALL_BODY(bareFramePointer<>, 1)
	MOVD 24(RSP), R1
	ADD  R1, R0
end:
	EPILOGUE(48)

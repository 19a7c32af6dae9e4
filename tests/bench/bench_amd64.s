//go:build linux && !purego

#include "textflag.h"
#include "body_amd64.h"

BODY(·fibAddress, ·fib)
BODY(·fibFrameAddress, ·fibFrame)
BODY(·bareAddress, ·bare)
BODY(·bareFrameAddress, ·bareFrame)

POINTER(fibFramePointer<>, ·fibFrame)
POINTER(bareFramePointer<>, ·bareFrame)

// func fib(a *fibArgs)
//
//	16  a
//	0   spill area of fibFrame
TEXT ·fib(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVQ AX, 16(SP)
	MOVQ 0(AX), AX
	CALL_BODY(fibFramePointer<>, 0)
	MOVQ 16(SP), CX
	MOVQ AX, 8(CX)
	RETURN_YIELDING(32)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

// func fibFrame(n int) int
//
//	16  n, fib(n-1)
//	0   spill area of fibFrame
TEXT ·fibFrame(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	CMPQ AX, $2
	JLT  end
	MOVQ AX, 16(SP)
	DECQ AX
	CALL_BODY(fibFramePointer<>, 0)
	MOVQ 16(SP), CX
	MOVQ AX, 16(SP)
	LEAQ -2(CX), AX
	CALL_BODY(fibFramePointer<>, 1)
	ADDQ 16(SP), AX
end:
	EPILOGUE(32)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(2)
	MOVQ 8(SP), AX
	JMP  start

// func bare(a *fibArgs)
//
// fib without the comparison with the stackguard: it needs a stack that is
// large enough from the start.
//
//	16  a
//	0   spill area of bareFrame
TEXT ·bare(SB), NOSPLIT|NOFRAME, $0-0
	PUSHQ BP
	MOVQ  SP, BP
	ADJSP $24
	MOVQ  AX, 16(SP)
	MOVQ  0(AX), AX
	CALL_BODY(bareFramePointer<>, 0)
	MOVQ  16(SP), CX
	MOVQ  AX, 8(CX)
	RETURN_YIELDING(32)

// func bareFrame(n int) int
TEXT ·bareFrame(SB), NOSPLIT|NOFRAME, $0-0
	PUSHQ BP
	MOVQ  SP, BP
	ADJSP $24
	CMPQ  AX, $2
	JLT   end
	MOVQ  AX, 16(SP)
	DECQ  AX
	CALL_BODY(bareFramePointer<>, 0)
	MOVQ  16(SP), CX
	MOVQ  AX, 16(SP)
	LEAQ  -2(CX), AX
	CALL_BODY(bareFramePointer<>, 1)
	ADDQ  16(SP), AX
end:
	EPILOGUE(32)

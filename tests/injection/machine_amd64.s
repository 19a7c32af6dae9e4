//go:build linux && !purego

#include "textflag.h"

// func marking() bool
TEXT ·marking(SB), NOSPLIT, $0-1
	CMPL  runtime·writeBarrier(SB), $0
	SETNE ret+0(FP)
	RET

// func stop(what uintptr) (answer uintptr)
TEXT ·stop(SB), NOSPLIT, $0-16
	MOVQ what+0(FP), AX
	INT  $3
	MOVQ AX, answer+8(FP)
	RET

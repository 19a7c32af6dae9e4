//go:build linux && !purego

#include "textflag.h"

// func marking() bool
TEXT ·marking(SB), NOSPLIT, $0-1
	CMPL  runtime·writeBarrier(SB), $0
	SETNE ret+0(FP)
	RET

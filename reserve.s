//go:build linux && (amd64 || arm64) && !purego

#include "go_asm.h"
#include "textflag.h"

// func ReserveStack()
//
// The one function with a stack check, which the assembler adds. Nothing clears
// the frame. The same on both architectures.
TEXT ·ReserveStack(SB), $const_StackReserve-0
	RET

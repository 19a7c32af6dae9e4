//go:build linux && !purego

#include "textflag.h"
#include "body_arm64.h"

BODY(·triangleAddress, ·triangle)

// func triangle(a *CounterArgs)
//
// What avo/ writes for amd64, by hand.
//
//	24  sum
//	16  i
//	8   n
TEXT ·triangle(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(48, grow)
	MOVD (R0), R1
	MOVD R1, 8(RSP)
	MOVD ZR, 16(RSP)
	MOVD ZR, 24(RSP)
loop:
	MOVD 8(RSP), R1
	MOVD 16(RSP), R0
	CMP  R1, R0
	BGE  end
	ADD  $1, R0
	MOVD R0, 16(RSP)
	MOVD 24(RSP), R1
	ADD  R1, R0
	MOVD R0, 24(RSP)
	YIELD(0)
	JMP  loop
end:
	RETURN_YIELDING(48)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

//go:build linux && !purego

#include "go_asm.h"
#include "textflag.h"
#include "body_arm64.h"

// func machineTestAddress() uintptr
BODY(·machineTestAddress, ·machineTest)

// func machineTest()
//
// machinetest_amd64.s explains it.
TEXT ·machineTest(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(32, grow)
	MOVD R0, 8(RSP)
	MOVD g, machineBlock_g(R0)
	MOVD machineBlock_call(R0), R26
	FMOVD (machineBlock_registers+128)(R0), F0
	FMOVD (machineBlock_registers+136)(R0), F1
	FMOVD (machineBlock_registers+144)(R0), F2
	FMOVD (machineBlock_registers+152)(R0), F3
	FMOVD (machineBlock_registers+160)(R0), F4
	FMOVD (machineBlock_registers+168)(R0), F5
	FMOVD (machineBlock_registers+176)(R0), F6
	FMOVD (machineBlock_registers+184)(R0), F7
	FMOVD (machineBlock_registers+192)(R0), F8
	FMOVD (machineBlock_registers+200)(R0), F9
	FMOVD (machineBlock_registers+208)(R0), F10
	FMOVD (machineBlock_registers+216)(R0), F11
	FMOVD (machineBlock_registers+224)(R0), F12
	FMOVD (machineBlock_registers+232)(R0), F13
	FMOVD (machineBlock_registers+240)(R0), F14
	FMOVD (machineBlock_registers+248)(R0), F15
	MOVD (machineBlock_registers+120)(R0), R15
	MOVD (machineBlock_registers+112)(R0), R14
	MOVD (machineBlock_registers+104)(R0), R13
	MOVD (machineBlock_registers+96)(R0), R12
	MOVD (machineBlock_registers+88)(R0), R11
	MOVD (machineBlock_registers+80)(R0), R10
	MOVD (machineBlock_registers+72)(R0), R9
	MOVD (machineBlock_registers+64)(R0), R8
	MOVD (machineBlock_registers+56)(R0), R7
	MOVD (machineBlock_registers+48)(R0), R6
	MOVD (machineBlock_registers+40)(R0), R5
	MOVD (machineBlock_registers+32)(R0), R4
	MOVD (machineBlock_registers+24)(R0), R3
	MOVD (machineBlock_registers+16)(R0), R2
	MOVD (machineBlock_registers+8)(R0), R1
	MOVD (machineBlock_registers+0)(R0), R0
	WORD $0x1000005e
	JMP  github·com∕morestack∕morestack·goCall(SB)
	SITE(0)
	MOVD 8(RSP), R19
	MOVD R0, (machineBlock_registers+0)(R19)
	MOVD R1, (machineBlock_registers+8)(R19)
	MOVD R2, (machineBlock_registers+16)(R19)
	MOVD R3, (machineBlock_registers+24)(R19)
	MOVD R4, (machineBlock_registers+32)(R19)
	MOVD R5, (machineBlock_registers+40)(R19)
	MOVD R6, (machineBlock_registers+48)(R19)
	MOVD R7, (machineBlock_registers+56)(R19)
	MOVD R8, (machineBlock_registers+64)(R19)
	MOVD R9, (machineBlock_registers+72)(R19)
	MOVD R10, (machineBlock_registers+80)(R19)
	MOVD R11, (machineBlock_registers+88)(R19)
	MOVD R12, (machineBlock_registers+96)(R19)
	MOVD R13, (machineBlock_registers+104)(R19)
	MOVD R14, (machineBlock_registers+112)(R19)
	MOVD R15, (machineBlock_registers+120)(R19)
	FMOVD F0, (machineBlock_registers+128)(R19)
	FMOVD F1, (machineBlock_registers+136)(R19)
	FMOVD F2, (machineBlock_registers+144)(R19)
	FMOVD F3, (machineBlock_registers+152)(R19)
	FMOVD F4, (machineBlock_registers+160)(R19)
	FMOVD F5, (machineBlock_registers+168)(R19)
	FMOVD F6, (machineBlock_registers+176)(R19)
	FMOVD F7, (machineBlock_registers+184)(R19)
	FMOVD F8, (machineBlock_registers+192)(R19)
	FMOVD F9, (machineBlock_registers+200)(R19)
	FMOVD F10, (machineBlock_registers+208)(R19)
	FMOVD F11, (machineBlock_registers+216)(R19)
	FMOVD F12, (machineBlock_registers+224)(R19)
	FMOVD F13, (machineBlock_registers+232)(R19)
	FMOVD F14, (machineBlock_registers+240)(R19)
	FMOVD F15, (machineBlock_registers+248)(R19)
	RETURN_YIELDING(32)
grow:
	MOVD R0, 8(RSP)
	MORESTACK(1)
	MOVD 8(RSP), R0
	JMP  start

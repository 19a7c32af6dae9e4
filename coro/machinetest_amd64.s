//go:build linux && !purego

#include "go_asm.h"
#include "textflag.h"
#include "body_amd64.h"

// func machineTestAddress() uintptr
BODY(·machineTestAddress, ·machineTest)

// func machineTest()
//
// Calls the function in its argument, a machineBlock, with every register that Go's
// convention uses for arguments, and stores those that it uses for results.
TEXT ·machineTest(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(16, grow)
	MOVQ AX, (SP)
	MOVQ const_offsetGoLink(R14), BX
	MOVQ BX, machineBlock_g(AX)
	MOVQ machineBlock_call(AX), DX
	MOVSD (machineBlock_registers+72)(AX), X0
	MOVSD (machineBlock_registers+80)(AX), X1
	MOVSD (machineBlock_registers+88)(AX), X2
	MOVSD (machineBlock_registers+96)(AX), X3
	MOVSD (machineBlock_registers+104)(AX), X4
	MOVSD (machineBlock_registers+112)(AX), X5
	MOVSD (machineBlock_registers+120)(AX), X6
	MOVSD (machineBlock_registers+128)(AX), X7
	MOVSD (machineBlock_registers+136)(AX), X8
	MOVSD (machineBlock_registers+144)(AX), X9
	MOVSD (machineBlock_registers+152)(AX), X10
	MOVSD (machineBlock_registers+160)(AX), X11
	MOVSD (machineBlock_registers+168)(AX), X12
	MOVSD (machineBlock_registers+176)(AX), X13
	MOVSD (machineBlock_registers+184)(AX), X14
	MOVQ (machineBlock_registers+64)(AX), R11
	MOVQ (machineBlock_registers+56)(AX), R10
	MOVQ (machineBlock_registers+48)(AX), R9
	MOVQ (machineBlock_registers+40)(AX), R8
	MOVQ (machineBlock_registers+32)(AX), SI
	MOVQ (machineBlock_registers+24)(AX), DI
	MOVQ (machineBlock_registers+16)(AX), CX
	MOVQ (machineBlock_registers+8)(AX), BX
	MOVQ (machineBlock_registers+0)(AX), AX
	BYTE $0x4C; BYTE $0x8D; BYTE $0x25; LONG $5
	JMP  github·com∕morestack∕morestack·goCall(SB)
	SITE(0)
	MOVQ (SP), R13
	MOVQ AX, (machineBlock_registers+0)(R13)
	MOVQ BX, (machineBlock_registers+8)(R13)
	MOVQ CX, (machineBlock_registers+16)(R13)
	MOVQ DI, (machineBlock_registers+24)(R13)
	MOVQ SI, (machineBlock_registers+32)(R13)
	MOVQ R8, (machineBlock_registers+40)(R13)
	MOVQ R9, (machineBlock_registers+48)(R13)
	MOVQ R10, (machineBlock_registers+56)(R13)
	MOVQ R11, (machineBlock_registers+64)(R13)
	MOVSD X0, (machineBlock_registers+72)(R13)
	MOVSD X1, (machineBlock_registers+80)(R13)
	MOVSD X2, (machineBlock_registers+88)(R13)
	MOVSD X3, (machineBlock_registers+96)(R13)
	MOVSD X4, (machineBlock_registers+104)(R13)
	MOVSD X5, (machineBlock_registers+112)(R13)
	MOVSD X6, (machineBlock_registers+120)(R13)
	MOVSD X7, (machineBlock_registers+128)(R13)
	MOVSD X8, (machineBlock_registers+136)(R13)
	MOVSD X9, (machineBlock_registers+144)(R13)
	MOVSD X10, (machineBlock_registers+152)(R13)
	MOVSD X11, (machineBlock_registers+160)(R13)
	MOVSD X12, (machineBlock_registers+168)(R13)
	MOVSD X13, (machineBlock_registers+176)(R13)
	MOVSD X14, (machineBlock_registers+184)(R13)
	RETURN_YIELDING(16)
grow:
	MOVQ AX, 8(SP)
	MORESTACK(1)
	MOVQ 8(SP), AX
	JMP  start

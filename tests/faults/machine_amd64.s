//go:build linux && !purego

#include "go_asm.h"
#include "textflag.h"

// func enter(c *Control)
TEXT ·enter(SB), NOSPLIT|NOFRAME, $0-8
	MOVQ c+0(FP), R14
	MOVQ SP, Control_goSP(R14)
	MOVQ BP, Control_goFP(R14)
	MOVQ Control_operand(R14), AX
	MOVQ Control_pc(R14), R12
	MOVQ Control_fp(R14), BP
	MOVQ Control_sp(R14), SP
	JMP  R12

#define LEAVE(why) \
	MOVQ $why, Control_reason(R14); \
	MOVQ Control_goSP(R14), SP; \
	MOVQ Control_goFP(R14), BP; \
	RET

#define SAVE(register, i) MOVQ register, (Control_regs+8*i)(R14)

// Where faults continue. Register i of the instruction set is in regs[i].
TEXT fault<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	SAVE(AX, 0)
	SAVE(CX, 1)
	SAVE(DX, 2)
	SAVE(BX, 3)
	MOVQ SP, Control_spAfter(R14)
	SAVE(BP, 5)
	SAVE(SI, 6)
	SAVE(DI, 7)
	SAVE(R8, 8)
	SAVE(R9, 9)
	SAVE(R10, 10)
	SAVE(R11, 11)
	SAVE(R12, 12)
	SAVE(R13, 13)
	SAVE(R14, 14)
	SAVE(R15, 15)
	MOVQ Control_goSP(R14), SP
	PUSHFQ
	POPQ Control_flags(R14)
	LEAVE(const_reasonFault)

// Loads from AX with something of its own in every register that enter has not set, and
// the direction flag set.
TEXT load<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	MOVQ $0x0101, CX
	MOVQ $0x0202, DX
	MOVQ $0x0303, BX
	MOVQ $0x0606, SI
	MOVQ $0x0707, DI
	MOVQ $0x0808, R8
	MOVQ $0x0909, R9
	MOVQ $0x0a0a, R10
	MOVQ $0x0b0b, R11
	MOVQ $0x0c0c, R12
	MOVQ $0x0d0d, R13
	MOVQ $0x0f0f, R15
	STD
	JMP  loadAt<>(SB)

TEXT loadAt<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	MOVQ (AX), AX
	CLD
	LEAVE(const_reasonReturn)

TEXT store<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	MOVQ AX, (AX)
	LEAVE(const_reasonReturn)

TEXT divide<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	XORL DX, DX
	MOVL $1, CX
	XCHGQ AX, CX
	DIVQ CX
	LEAVE(const_reasonReturn)

TEXT jump<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	JMP AX

// Calls itself until the stack ends.
TEXT recurse<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	CALL *recursePointer<>(SB)
	RET

DATA recursePointer<>+0(SB)/8, $recurse<>(SB)
GLOBL recursePointer<>(SB), RODATA, $8

// Counts turns until its guard is poisoned.
TEXT spin<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
loop:
	INCQ Control_turns(R14)
	CMPQ SP, Control_stackGuard(R14)
	JHI  loop
	LEAVE(const_reasonPoll)

// func foreign(signal int32, info, context unsafe.Pointer), C ABI
TEXT foreign<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	LOCK
	INCQ ·foreignCalls(SB)
	MOVQ ·foreignNext(SB), AX
	JMP  AX

// func findAddresses(a *addresses)
TEXT ·findAddresses(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	LEAQ fault<>(SB), CX
	MOVQ CX, addresses_fault(AX)
	LEAQ load<>(SB), CX
	MOVQ CX, addresses_load(AX)
	LEAQ store<>(SB), CX
	MOVQ CX, addresses_store(AX)
	LEAQ divide<>(SB), CX
	MOVQ CX, addresses_divide(AX)
	LEAQ jump<>(SB), CX
	MOVQ CX, addresses_jump(AX)
	LEAQ recurse<>(SB), CX
	MOVQ CX, addresses_recurse(AX)
	LEAQ spin<>(SB), CX
	MOVQ CX, addresses_spin(AX)
	LEAQ foreign<>(SB), CX
	MOVQ CX, addresses_foreign(AX)
	RET

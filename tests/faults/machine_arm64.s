//go:build linux && !purego

#include "go_asm.h"
#include "textflag.h"

// machine_amd64.s explains the functions. R16 and R17 are linkers'.

#define CONTROL R18_PLATFORM

// A dead write of SP keeps the profiler from unwinding further.
#define FOREIGN_STACK \
	MOVD RSP, R16; \
	MOVD R16, RSP

// func enter(c *Control)
TEXT ·enter(SB), NOSPLIT|NOFRAME, $0-8
	MOVD c+0(FP), CONTROL
	MOVD RSP, R16
	MOVD R16, Control_goSP(CONTROL)
	MOVD R29, Control_goFP(CONTROL)
	MOVD R30, Control_goLink(CONTROL)
	MOVD Control_operand(CONTROL), R0
	MOVD Control_pc(CONTROL), R17
	MOVD Control_fp(CONTROL), R29
	MOVD Control_sp(CONTROL), R16
	MOVD R16, RSP
	JMP  (R17)

#define LEAVE(why) \
	MOVD $why, R16; \
	MOVD R16, Control_reason(CONTROL); \
	MOVD Control_goSP(CONTROL), R16; \
	MOVD R16, RSP; \
	MOVD Control_goFP(CONTROL), R29; \
	MOVD Control_goLink(CONTROL), R30; \
	RET

#define SAVE(register, i) MOVD register, (Control_regs+8*i)(CONTROL)

// Where faults continue. Register i is in regs[i].
TEXT fault<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	SAVE(R0, 0)
	SAVE(R1, 1)
	SAVE(R2, 2)
	SAVE(R3, 3)
	SAVE(R4, 4)
	SAVE(R5, 5)
	SAVE(R6, 6)
	SAVE(R7, 7)
	SAVE(R8, 8)
	SAVE(R9, 9)
	SAVE(R10, 10)
	SAVE(R11, 11)
	SAVE(R12, 12)
	SAVE(R13, 13)
	SAVE(R14, 14)
	SAVE(R15, 15)
	SAVE(R16, 16)
	SAVE(R17, 17)
	SAVE(R18_PLATFORM, 18)
	SAVE(R19, 19)
	SAVE(R20, 20)
	SAVE(R21, 21)
	SAVE(R22, 22)
	SAVE(R23, 23)
	SAVE(R24, 24)
	SAVE(R25, 25)
	SAVE(R26, 26)
	SAVE(R27, 27)
	SAVE(g, 28)
	SAVE(R29, 29)
	SAVE(R30, 30)
	MOVD RSP, R16
	MOVD R16, Control_spAfter(CONTROL)
	LEAVE(const_reasonFault)

// Loads from R0 with something of its own in every register that enter has not set,
// but R28, which is g.
TEXT load<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	FOREIGN_STACK
	MOVD $0x0101, R1
	MOVD $0x0202, R2
	MOVD $0x0303, R3
	MOVD $0x0404, R4
	MOVD $0x0505, R5
	MOVD $0x0606, R6
	MOVD $0x0707, R7
	MOVD $0x0808, R8
	MOVD $0x0909, R9
	MOVD $0x0a0a, R10
	MOVD $0x0b0b, R11
	MOVD $0x0c0c, R12
	MOVD $0x0d0d, R13
	MOVD $0x0e0e, R14
	MOVD $0x0f0f, R15
	MOVD $0x1010, R16
	MOVD $0x1111, R17
	MOVD $0x1313, R19
	MOVD $0x1414, R20
	MOVD $0x1515, R21
	MOVD $0x1616, R22
	MOVD $0x1717, R23
	MOVD $0x1818, R24
	MOVD $0x1919, R25
	MOVD $0x1a1a, R26
	MOVD $0x1b1b, R27                  // lost: what R30 held comes in its place
	MOVD $0x1e1e, R30
	B    loadAt<>(SB)

TEXT loadAt<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	MOVD (R0), R0
	LEAVE(const_reasonReturn)

TEXT store<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	MOVD R0, (R0)
	FOREIGN_STACK
	LEAVE(const_reasonReturn)

// The hardware does not trap: the quotient is 0.
TEXT divide<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	FOREIGN_STACK
	MOVD $1, R1
	UDIV R0, R1, R0
	SAVE(R0, 0)
	LEAVE(const_reasonReturn)

TEXT jump<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	FOREIGN_STACK
	JMP (R0)

TEXT recurse<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	SUB  $16, RSP
	MOVD R30, (RSP)
	MOVD $recurse<>(SB), R0
	CALL (R0)
	MOVD (RSP), R30
	ADD  $16, RSP
	RET

TEXT spin<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	FOREIGN_STACK
loop:
	MOVD Control_turns(CONTROL), R0
	ADD  $1, R0
	MOVD R0, Control_turns(CONTROL)
	MOVD Control_stackGuard(CONTROL), R0
	MOVD RSP, R1
	CMP  R0, R1
	BHI  loop
	LEAVE(const_reasonPoll)

// func foreign(signal int32, info, context unsafe.Pointer), C ABI
TEXT foreign<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	MOVD  $·foreignCalls(SB), R3
again:
	LDAXR (R3), R4
	ADD   $1, R4
	STLXR R4, (R3), R5
	CBNZ  R5, again
	MOVD  ·foreignNext(SB), R3
	JMP   (R3)

// func findAddresses(a *addresses)
TEXT ·findAddresses(SB), NOSPLIT, $0-8
	MOVD a+0(FP), R0
	MOVD $fault<>(SB), R1
	MOVD R1, addresses_fault(R0)
	MOVD $load<>(SB), R1
	MOVD R1, addresses_load(R0)
	MOVD $store<>(SB), R1
	MOVD R1, addresses_store(R0)
	MOVD $divide<>(SB), R1
	MOVD R1, addresses_divide(R0)
	MOVD $jump<>(SB), R1
	MOVD R1, addresses_jump(R0)
	MOVD $recurse<>(SB), R1
	MOVD R1, addresses_recurse(R0)
	MOVD $spin<>(SB), R1
	MOVD R1, addresses_spin(R0)
	MOVD $foreign<>(SB), R1
	MOVD R1, addresses_foreign(R0)
	RET

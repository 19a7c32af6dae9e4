//go:build linux && !purego

#include "go_asm.h"
#include "textflag.h"

// Signal handlers for native code; signal_amd64.s explains them. Here R0 =
// signal, R1 = *siginfo, R2 = *ucontext, R30 = the restorer, and R28 holds g as
// in the interrupted code, which is how the runtime's handler finds it.

// Branches to other unless SP was in a stack region. Changes R3..R6. The next
// region is loaded through an address that was loaded, so needs no barrier.
#define IN_STACK_REGION(loop, found, other) \
	MOVD ucontext_sp(R2), R3; \
	MOVD ·stackRegions(SB), R4; \
loop: \
	CBZ  R4, other; \
	MOVD stackRegion_lo(R4), R5; \
	MOVD stackRegion_size(R4), R6; \
	SUB  R5, R3, R5; \
	CMP  R6, R5; \
	BLO  found; \
	MOVD stackRegion_next(R4), R4; \
	B    loop; \
found:

// To the handler before ours, as if the kernel had called it.
#define PASS_ON \
	MOVW R0, R3; \
	MOVD $·nextInRow(SB), R4; \
	MOVD (R4)(R3<<3), R16; \
	B    (R16)

// func faultHandler(signal int32, info *siginfo, context *ucontext), C ABI
TEXT faultHandler<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	MOVW siginfo_code(R1), R7
	CMP  $0, R7
	BLE  other                         // sent by a process, and not for what this thread did
	IN_STACK_REGION(loop, found, other)

	// The code above the signal, in one word.
	MOVD  ucontext_r18(R2), R3         // *Control
	MOVWU siginfo_signo(R1), R4
	ORR   R7<<32, R4
	MOVD  ·faultExit+FaultExit_SignalOffset(SB), R5
	MOVD  R4, (R3)(R5)
	MOVD  siginfo_addr(R1), R4
	MOVD  ·faultExit+FaultExit_AddressOffset(SB), R5
	MOVD  R4, (R3)(R5)

	// Where the thread continues when we return. What R30 held may be the only
	// trace of the caller.
	MOVD ucontext_r30(R2), R4
	MOVD R4, ucontext_r27(R2)
	MOVD ucontext_pc(R2), R4
	MOVD R4, ucontext_r30(R2)
	MOVD ·faultExit+FaultExit_PC(SB), R4
	MOVD R4, ucontext_pc(R2)
	RET

other:
	PASS_ON

// func preemptHandler(signal int32, info *siginfo, context *ucontext), C ABI
TEXT preemptHandler<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	IN_STACK_REGION(loop, found, other)
	MOVD ucontext_r18(R2), R3          // *Control
	MOVD $const_Poisoned, R4
	MOVD R4, const_preemptGuardOffset(R3)
other:
	PASS_ON

// func handlers() (faults, preempt uintptr)
TEXT ·handlers(SB), NOSPLIT, $0-16
	MOVD $faultHandler<>(SB), R0
	MOVD R0, faults+0(FP)
	MOVD $preemptHandler<>(SB), R0
	MOVD R0, preempt+8(FP)
	RET

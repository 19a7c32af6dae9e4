//go:build linux && !purego

#include "go_asm.h"
#include "textflag.h"

// Signal handlers for native code.
//
// The kernel calls them as C functions on the signal stack that the Go runtime
// has given each thread: DI = signal, SI = *siginfo, DX = *ucontext, (SP) = the
// restorer that ends the signal. R14 and TLS are whatever the interrupted code
// had. They call nothing, write no stack and keep the registers that a C
// function must keep, so that the handler before them finds all as the kernel
// left it. Other signals may be let through, so they are reentrant.

// Branches to other unless SP was in a stack region. Changes AX, CX, R8.
#define IN_STACK_REGION(loop, found, other) \
	MOVQ ucontext_rsp(DX), AX; \
	MOVQ ·stackRegions(SB), CX; \
loop: \
	TESTQ CX, CX; \
	JEQ   other; \
	MOVQ  AX, R8; \
	SUBQ  stackRegion_lo(CX), R8; \
	CMPQ  R8, stackRegion_size(CX); \
	JCS   found; \
	MOVQ  stackRegion_next(CX), CX; \
	JMP   loop; \
found:

// To the handler before ours, as if the kernel had called it.
#define PASS_ON \
	MOVLQSX DI, AX; \
	LEAQ    ·nextInRow(SB), CX; \
	MOVQ    (CX)(AX*8), AX; \
	JMP     AX

// func faultHandler(signal int32, info *siginfo, context *ucontext), C ABI
TEXT faultHandler<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	MOVL  siginfo_code(SI), R9
	TESTL R9, R9
	JLE   other                        // sent by a process, and not for what this thread did
	IN_STACK_REGION(loop, found, other)

	// The code above the signal, in one word.
	MOVQ ucontext_r14(DX), CX          // *Control
	SHLQ $32, R9
	MOVL siginfo_signo(SI), R8
	ORQ  R8, R9
	MOVQ ·faultExit+FaultExit_SignalOffset(SB), R8
	MOVQ R9, (CX)(R8*1)
	MOVQ siginfo_addr(SI), R9
	MOVQ ·faultExit+FaultExit_AddressOffset(SB), R8
	MOVQ R9, (CX)(R8*1)

	// Where the thread continues when we return.
	MOVQ ucontext_rip(DX), R8
	MOVQ R8, ucontext_r12(DX)
	MOVQ ·faultExit+FaultExit_PC(SB), R8
	MOVQ R8, ucontext_rip(DX)
	ANDQ $~const_flagDirection, ucontext_rflags(DX) // Go expects it to be clear
	RET

other:
	PASS_ON

// func preemptHandler(signal int32, info *siginfo, context *ucontext), C ABI
TEXT preemptHandler<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	IN_STACK_REGION(loop, found, other)
	MOVQ ucontext_r14(DX), CX          // *Control
	MOVQ $const_Poisoned, R8
	MOVQ R8, const_preemptGuardOffset(CX)
other:
	PASS_ON

// func handlers() (faults, preempt uintptr)
TEXT ·handlers(SB), NOSPLIT, $0-16
	LEAQ faultHandler<>(SB), AX
	MOVQ AX, faults+0(FP)
	LEAQ preemptHandler<>(SB), AX
	MOVQ AX, preempt+8(FP)
	RET

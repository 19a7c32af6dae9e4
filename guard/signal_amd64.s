//go:build linux && !purego

#include "go_asm.h"
#include "textflag.h"

// Signal handlers for native code.
//
// The kernel calls them as C functions on the signal stack that the Go runtime
// has given each thread: DI = signal, SI = *siginfo, DX = *ucontext, (SP) = the
// restorer that ends the signal. R14 and TLS are whatever the interrupted code
// had. They keep the registers that a C function must keep, and but for
// profileHandler they call nothing and write no stack, so that the handler before
// them finds all as the kernel left it. Other signals may be let through, so they
// are reentrant.

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

// The frame of profileHandler.
#define CONTEXT 0(SP)
#define STACK   8(SP)
#define TRACE   16(SP)
#define PROFILE_FRAME 40 /* with the return address a multiple of 16 */

// func profileHandler(signal int32, info *siginfo, context *ucontext), C ABI
//
// Makes a joint stack, as profileExit describes, and calls the handler before
// ours with SP there.
TEXT profileHandler<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	IN_STACK_REGION(loop, found, other)
	MOVQ ucontext_r14(DX), R9          // *Control
	MOVQ ·profileExit+ProfileExit_HiOffset(SB), R8
	MOVQ (R9)(R8*1), R10
	SUBQ ·profileExit+ProfileExit_Base(SB), R10
	SUBQ AX, R10                       // bytes of native frames
	CMPQ R10, $const_nativeBytes
	JHI  other

	LEAQ ·jointStacks(SB), R11
	MOVL $const_jointStackCount, CX
claim:
	MOVL  $1, R8
	XCHGL R8, jointStack_taken(R11)
	TESTL R8, R8
	JEQ   claimed
	ADDQ  $jointStack__size, R11
	DECL  CX
	JNE   claim
	JMP   other

claimed:
	ADJSP $PROFILE_FRAME
	MOVQ  DX, CONTEXT
	MOVQ  AX, STACK
	MOVQ  R11, TRACE
	MOVQ  SI, R8                       // R8, R9, R10, R11 and DX stay
	MOVL  DI, DX
	MOVQ  AX, SI
	LEAQ  jointStack_words(R11), DI
	MOVQ  R10, CX
	SHRQ  $3, CX
	REP;  MOVSQ

	// The goroutine's, as far as frame pointers lead within goBytes.
	MOVQ ·profileExit+ProfileExit_SPOffset(SB), AX
	MOVQ (R9)(AX*1), SI
	MOVQ ·profileExit+ProfileExit_FPOffset(SB), AX
	MOVQ (R9)(AX*1), AX
	MOVQ $8, R10                       // at least the return address of Enter
walk:
	LEAQ 8(AX), CX
	SUBQ SI, CX                        // bytes below the return address of AX's frame
	CMPQ CX, $const_goBytes
	JCC  walked
	MOVQ CX, R10
	MOVQ (AX), CX
	CMPQ CX, AX
	JLS  walked
	MOVQ CX, AX
	JMP  walk
walked:
	MOVQ R10, CX
	SHRQ $3, CX
	REP; MOVSQ
	MOVQ $0, (DI)                      // ends the trace

	MOVLQSX DX, DI
	MOVQ    R8, SI
	MOVQ    CONTEXT, DX
	LEAQ    jointStack_words(R11), AX
	MOVQ    AX, ucontext_rsp(DX)
	LEAQ    ·nextInRow(SB), CX
	MOVQ    (CX)(DI*8), AX
	CALL    AX
	MOVQ    CONTEXT, DX
	MOVQ    STACK, AX
	MOVQ    AX, ucontext_rsp(DX)
	MOVQ    TRACE, R11
	MOVL    $0, jointStack_taken(R11)
	ADJSP   $-PROFILE_FRAME
	BYTE    $0xC3                      // RET, of which the assembler wants to know too much

other:
	PASS_ON

// func handlers() (faults, preempt, profile uintptr)
TEXT ·handlers(SB), NOSPLIT, $0-24
	LEAQ profileHandler<>(SB), AX
	MOVQ AX, profile+16(FP)
	LEAQ faultHandler<>(SB), AX
	MOVQ AX, faults+0(FP)
	LEAQ preemptHandler<>(SB), AX
	MOVQ AX, preempt+8(FP)
	RET

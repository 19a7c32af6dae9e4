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

// The frame of profileHandler.
#define RESTORER 0(RSP)
#define CONTEXT  8(RSP)
#define STACK    16(RSP)
#define TRACE    24(RSP)
#define PROFILE_FRAME 32

// Copies R5 bytes, a multiple of 8, from R3 to R4, which move on. Changes R6.
#define COPY(loop, copied) \
loop: \
	CBZ    R5, copied; \
	MOVD.P 8(R3), R6; \
	MOVD.P R6, 8(R4); \
	SUB    $8, R5; \
	B      loop; \
copied:

// func profileHandler(signal int32, info *siginfo, context *ucontext), C ABI
//
// As that of amd64. A return address that leads out of the coroutine is not at
// its base, but the one that is done.
TEXT profileHandler<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	IN_STACK_REGION(loop, found, other)
	MOVD ucontext_r18(R2), R7          // *Control
	MOVD ·profileExit+ProfileExit_HiOffset(SB), R5
	MOVD (R7)(R5), R5
	MOVD ·profileExit+ProfileExit_Base(SB), R6
	SUB  R6, R5
	SUB  R3, R5                        // bytes of native frames
	MOVD $const_nativeBytes, R6
	CMP  R6, R5
	BHI  other

	MOVD $·jointStacks(SB), R8
	MOVD $const_jointStackCount, R9
claim:
	ADD    $jointStack_taken, R8, R10
	LDAXRW (R10), R11
	CBNZ   R11, next
	MOVD   $1, R11
	STLXRW R11, (R10), R12
	CBZ    R12, claimed
	B      claim
next:
	CLREX
	MOVD $jointStack__size, R11
	ADD  R11, R8
	SUB  $1, R9
	CBNZ R9, claim
	B    other

claimed:
	SUB  $PROFILE_FRAME, RSP
	MOVD R30, RESTORER
	MOVD R2, CONTEXT
	MOVD R3, STACK
	MOVD R8, TRACE
	ADD  $jointStack_words, R8, R4
	MOVD R4, R9                        // R7, R8, R9 stay
	COPY(native, copied)

	// Where the outermost frame has its return address, Enter's takes its place.
	MOVD ·profileExit+ProfileExit_Done(SB), R10
	MOVD R4, R11
search:
	CMP    R9, R11
	BEQ    searched
	MOVD.W -8(R11), R12
	CMP    R10, R12
	BNE    search
	MOVD   ·profileExit+ProfileExit_LinkOffset(SB), R12
	MOVD   (R7)(R12), R12
	MOVD   R12, (R11)
searched:

	// The goroutine's, as far as frame pointers lead within goBytes.
	MOVD ·profileExit+ProfileExit_SPOffset(SB), R5
	MOVD (R7)(R5), R3
	MOVD ·profileExit+ProfileExit_FPOffset(SB), R5
	MOVD (R7)(R5), R10
	MOVD $0, R5
walk:
	ADD  $8, R10, R11
	SUB  R3, R11                       // bytes below the return address of R10's frame
	MOVD $const_goBytes, R12
	CMP  R12, R11
	BHS  walked
	MOVD R11, R5
	MOVD (R10), R11
	CMP  R10, R11
	BLS  walked
	MOVD R11, R10
	B    walk
walked:
	COPY(goroutine, whole)
	MOVD ZR, (R4)                      // ends the trace

	MOVD R9, ucontext_sp(R2)
	MOVW R0, R3
	MOVD $·nextInRow(SB), R4
	MOVD (R4)(R3<<3), R16
	CALL (R16)
	MOVD CONTEXT, R2
	MOVD STACK, R3
	MOVD R3, ucontext_sp(R2)
	MOVD TRACE, R8
	ADD  $jointStack_taken, R8, R10
	STLRW ZR, (R10)
	MOVD RESTORER, R30
	ADD  $PROFILE_FRAME, RSP
	RET

other:
	PASS_ON

// func handlers() (faults, preempt, profile uintptr)
TEXT ·handlers(SB), NOSPLIT, $0-24
	MOVD $profileHandler<>(SB), R0
	MOVD R0, profile+16(FP)
	MOVD $faultHandler<>(SB), R0
	MOVD R0, faults+0(FP)
	MOVD $preemptHandler<>(SB), R0
	MOVD R0, preempt+8(FP)
	RET

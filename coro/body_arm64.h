// How to write a coroutine body in assembly for arm64, as macros.
// body_amd64.h explains them; the comments here say where arm64 differs.
//
// Written by: go run github.com/morestack/morestack/gen/bodyheaders
//
// Registers: R18 holds *Control, R28 g. R16, R17 and R27 belong to these macros
// and to the linker; R29 and R30 are what they always are. A body starts with
// the address of its argument block in R0.
//
//	grow:
//		MOVD R0, 8(RSP)          spill slots start above the caller's link register
//		MORESTACK(i)
//		MOVD 8(RSP), R0
//		JMP  start
//
// size is morestack.FrameSize(locals): 16 bytes more than the locals, which are
// at 8(RSP) and up, rounded up to a multiple of 16. The highest word of every
// frame belongs to the caller, which saves its R29 there: in a leaf's frame too.

// Offsets of morestack.Control.
#define Control_StackGuard 16

#define BODY(getter, body) \
	TEXT getter(SB), NOSPLIT, $0-8 \
	MOVD $body(SB), R0 \
	MOVD R0, ret+0(FP) \
	RET

#define POINTER(name, body) \
	DATA name+0(SB)/8, $body(SB) \
	GLOBL name(SB), RODATA, $8

// SITE is MOVZ $i, ZR.
#define SITE(i) \
	WORD $(0xd280001f+(i<<5))

#define PROLOGUE(size, grow) \
	MOVD Control_StackGuard(R18_PLATFORM), R16 \
	MOVD RSP, R17 \
	CMP  R16, R17 \
	BLS  grow \
	SUB  $size, RSP \
	MOVD R30, (RSP) \
	MOVD R29, -8(RSP) \
	SUB  $8, RSP, R29

#define PROLOGUE_LARGE(size, grow) \
	MOVD Control_StackGuard(R18_PLATFORM), R16 \
	MOVD RSP, R17 \
	SUB  $(size-128), R17 \
	CMP  R16, R17 \
	BLS  grow \
	SUB  $128, R17 \
	MOVD R17, RSP \
	MOVD R30, (RSP) \
	MOVD R29, -8(RSP) \
	SUB  $8, RSP, R29

#define PROLOGUE_HUGE(size, grow) \
	MOVD RSP, R17 \
	MOVD $(size-128), R16 \
	SUBS R16, R17, R17 \
	BLO  grow \
	MOVD Control_StackGuard(R18_PLATFORM), R16 \
	CMP  R16, R17 \
	BLS  grow \
	SUB  $128, R17 \
	MOVD R17, RSP \
	MOVD R30, (RSP) \
	MOVD R29, -8(RSP) \
	SUB  $8, RSP, R29

// The instruction after RET is never reached: writing SP from a register, it
// tells the runtime's profiler not to unwind this function by guesswork.
#define EPILOGUE(size) \
	MOVD -8(RSP), R29 \
	MOVD (RSP), R30 \
	ADD  $size, RSP \
	RET \
	MOVD R16, RSP

#define EPILOGUE_LARGE(size) \
	MOVD -8(RSP), R29 \
	MOVD (RSP), R30 \
	MOVD $size, R16 \
	MOVD RSP, R17 \
	ADD  R16, R17 \
	MOVD R17, RSP \
	RET

// R26 is preserved.
#define MORESTACK(i) \
	MOVD R30, R3 \
	CALL github·com∕morestack∕morestack·morestack(SB) \
	SITE(i)

#define CALL_BODY(pointer, i) \
	MOVD pointer(SB), R16 \
	CALL (R16) \
	SITE(i)

// The return address is computed and not left by a call: ADR $8, R30.
#define CALL_YIELDING(pointer, i) \
	MOVD pointer(SB), R16 \
	WORD $0x1000005e \
	JMP  (R16) \
	SITE(i)

#define RETURN_YIELDING(size) \
	MOVD -8(RSP), R29 \
	MOVD (RSP), R16 \
	ADD  $size, RSP \
	JMP  (R16) \
	MOVD R16, RSP

#define RETURN_YIELDING_LARGE(size) \
	MOVD -8(RSP), R29 \
	MOVD (RSP), R16 \
	MOVD $size, R17 \
	MOVD RSP, R27 \
	ADD  R17, R27 \
	MOVD R27, RSP \
	JMP  (R16)

#define YIELD(i) \
	WORD $0x1000005e \
	JMP  github·com∕morestack∕morestack·yield(SB) \
	SITE(i)

// The closure is in R26.
#define CALL_GO(i) \
	WORD $0x1000005e \
	JMP  github·com∕morestack∕morestack·goCall(SB) \
	SITE(i)

#define POLL(i) \
	MOVD Control_StackGuard(R18_PLATFORM), R16 \
	MOVD RSP, R17 \
	CMP  R16, R17 \
	BHI  3(PC) \
	CALL github·com∕morestack∕morestack·poll(SB) \
	SITE(i)

#define TRAP(code, i) \
	MOVD $code, R0 \
	CALL github·com∕morestack∕morestack·trap(SB) \
	SITE(i)

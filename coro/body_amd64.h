// How to write a coroutine body in assembly for amd64, as macros.
//
// Written by: go run github.com/morestack/morestack/gen/bodyheaders
//
// Registers: R14 holds *Control, and R12 and R13 belong to these macros. All
// others are the body's and are lost across every call, yield and exit. A body
// starts with the address of its argument block in AX.
//
//	TEXT ·name(SB), NOSPLIT|NOFRAME, $0-0
//	start:
//		PROLOGUE(size, grow)     compare with the stackguard, build the frame
//		...
//		RETURN_YIELDING(size)    take it down and return; once, at the end
//	grow:
//		MOVQ AX, 8(SP)           spill register arguments above the return address
//		MORESTACK(i)             Sites[i] is the Prologue; it maps the spill slots
//		MOVQ 8(SP), AX
//		JMP  start
//
// size is morestack.FrameSize(locals): 8 bytes more than the locals, which are
// at 0(SP) and up. i is an index into the Sites of the body's stackcopy.Func.
//
// Functions that compare and have no frame yet, or never have one, must stay
// within the red zone: guard.RedZone.

// Offsets of morestack.Control.
#define Control_StackGuard 16

// BODY defines func getter() uintptr, which returns the address of body.
#define BODY(getter, body) \
	TEXT getter(SB), NOSPLIT, $0-8 \
	LEAQ body(SB), AX \
	MOVQ AX, ret+0(FP) \
	RET

// POINTER defines a word that holds the address of body, for CALL_BODY: the
// linker refuses recursion by direct calls among functions without a check of
// its own.
#define POINTER(name, body) \
	DATA name+0(SB)/8, $body(SB) \
	GLOBL name(SB), RODATA, $8

// SITE marks a return address: a NOP that holds i.
#define SITE(i) \
	BYTE $0x0F; BYTE $0x1F; BYTE $0x80; LONG $(0x73690000+i)

// PROLOGUE goes to grow if the stack is too small, and else builds a frame of
// size bytes, at most 128.
#define PROLOGUE(size, grow) \
	CMPQ SP, Control_StackGuard(R14) \
	JLS  grow \
	PUSHQ BP \
	MOVQ SP, BP \
	ADJSP $(size-8)

// PROLOGUE_LARGE is PROLOGUE for frames above 128 and up to 4096 bytes. SP is
// set in a way that the linker, which allows 800 bytes, does not count.
#define PROLOGUE_LARGE(size, grow) \
	LEAQ -(size-128)(SP), R12 \
	CMPQ R12, Control_StackGuard(R14) \
	JLS  grow \
	BYTE $0x55 \
	MOVQ SP, BP \
	LEAQ -(size-8)(SP), SP

// PROLOGUE_HUGE is PROLOGUE for frames above 4096 bytes: the subtraction may
// wrap around.
#define PROLOGUE_HUGE(size, grow) \
	MOVQ SP, R12 \
	SUBQ $(size-128), R12 \
	JCS  grow \
	CMPQ R12, Control_StackGuard(R14) \
	JLS  grow \
	BYTE $0x55 \
	MOVQ SP, BP \
	LEAQ -(size-8)(SP), SP

// EPILOGUE ends a function with a frame that PROLOGUE built.
#define EPILOGUE(size) \
	ADJSP $-(size-8) \
	POPQ BP \
	RET

// EPILOGUE_LARGE ends one that PROLOGUE_LARGE or PROLOGUE_HUGE built.
#define EPILOGUE_LARGE(size) \
	LEAQ (size-8)(SP), SP \
	BYTE $0x5D \
	RET

// MORESTACK asks for a larger stack. DX is preserved.
#define MORESTACK(i) \
	CALL github·com∕morestack∕morestack·morestack(SB) \
	SITE(i)

// CALL_BODY calls the function whose address is in pointer.
#define CALL_BODY(pointer, i) \
	CALL *pointer(SB) \
	SITE(i)

// CALL_YIELDING is CALL_BODY for functions that yield, and RETURN_YIELDING what
// they end with: jumps, so that a RET never meets a CALL it does not belong to
// once a yield has come between them. A function is called in one form only.
// The function a coroutine starts in is jumped to, so it ends this way too.
#define CALL_YIELDING(pointer, i) \
	MOVQ pointer(SB), R13 \
	BYTE $0x4C; BYTE $0x8D; BYTE $0x25; LONG $5 \
	BYTE $0x41; BYTE $0x54 \
	JMP R13 \
	SITE(i)

#define RETURN_YIELDING(size) \
	ADJSP $-(size-8) \
	POPQ BP \
	BYTE $0x41; BYTE $0x5C \
	JMP R12

// RETURN_YIELDING_LARGE ends a function whose frame PROLOGUE_LARGE or
// PROLOGUE_HUGE built.
#define RETURN_YIELDING_LARGE(size) \
	LEAQ (size-8)(SP), SP \
	BYTE $0x5D \
	BYTE $0x41; BYTE $0x5C \
	JMP R12

// YIELD hands out a value of up to 16 bytes in AX and BX, as it would lie in
// memory, or the address of a larger one in AX. If what comes back is larger
// than 16 bytes, CX says where to store it; otherwise it arrives in AX and BX.
#define YIELD(i) \
	BYTE $0x4C; BYTE $0x8D; BYTE $0x25; LONG $5 \
	JMP github·com∕morestack∕morestack·yield(SB) \
	SITE(i)

// CALL_GO calls the Go closure in DX, a value of func type, on the goroutine's
// stack: arguments and results in registers, as ABIInternal assigns them.
#define CALL_GO(i) \
	BYTE $0x4C; BYTE $0x8D; BYTE $0x25; LONG $5 \
	JMP github·com∕morestack∕morestack·goCall(SB) \
	SITE(i)

// POLL lets others interrupt a loop. No register survives it.
#define POLL(i) \
	CMPQ SP, Control_StackGuard(R14) \
	JHI  6(PC) \
	CALL github·com∕morestack∕morestack·poll(SB) \
	SITE(i)

// TRAP ends the coroutine with coro.TrapCode(code).
#define TRAP(code, i) \
	MOVQ $code, AX \
	CALL github·com∕morestack∕morestack·trap(SB) \
	SITE(i)

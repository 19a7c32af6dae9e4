//go:build linux && !purego

#include "textflag.h"
#include "body_amd64.h"

// Functions with one mistake each. Those that have one in their maps are good and
// everything. verify_test.go says what is wrong with each; broken_arm64.s is the
// same in the same order, with what only arm64 can get wrong at the end.

BODY(·yieldAddress, github·com∕morestack∕morestack·yield)
BODY(·goCallAddress, github·com∕morestack∕morestack·goCall)
BODY(·morestackAddress, github·com∕morestack∕morestack·morestack)
BODY(·pollAddress, github·com∕morestack∕morestack·poll)
BODY(·trapAddress, github·com∕morestack∕morestack·trap)
BODY(·leafAddress, github·com∕morestack∕morestack∕tests∕bodies·leaf)
BODY(·tableAddress, table<>)

#define FUNCTION(i, name) \
	DATA table<>+(8*i)(SB)/8, $name(SB)

FUNCTION(0, good<>)
FUNCTION(1, everything<>)
FUNCTION(2, noCheck<>)
FUNCTION(3, lateCheck<>)
FUNCTION(4, onePath<>)
FUNCTION(5, signedCheck<>)
FUNCTION(6, weakCheck<>)
FUNCTION(7, shortCheck<>)
FUNCTION(8, noCarry<>)
FUNCTION(9, greedy<>)
FUNCTION(10, strayGrow<>)
FUNCTION(11, deepLeaf<>)
FUNCTION(12, belowLeaf<>)
FUNCTION(13, belowCheck<>)
FUNCTION(14, callingLeaf<>)
FUNCTION(15, deepens<>)
FUNCTION(16, noMarker<>)
FUNCTION(17, noMap<>)
FUNCTION(18, twoMarkers<>)
FUNCTION(19, strayMarker<>)
FUNCTION(20, noResume<>)
FUNCTION(21, unbalanced<>)
FUNCTION(22, unbalancedJoin<>)
FUNCTION(23, clobberControl<>)
FUNCTION(24, clobberOther<>)
FUNCTION(25, untracked<>)
FUNCTION(26, aligned<>)
FUNCTION(27, jumpTable<>)
FUNCTION(28, undecodable<>)
FUNCTION(29, runsOff<>)
FUNCTION(30, lostFP<>)
FUNCTION(31, noFP<>)
FUNCTION(32, overwrite<>)
DATA table<>+264(SB)/8, $0
GLOBL table<>(SB), RODATA, $272

// What the functions call. It is never run either.
POINTER(calleePointer<>, good<>)

#define CALLEE(i) \
	CALL_BODY(calleePointer<>, i)

// Frame sizes: small, above the red zone, large, huge, and a leaf's.
#define SIZE 24
#define MIDDLE 200
#define LARGE 2040
#define HUGE 10040
#define RED 152

// LOWER and RAISE move SP in a way that the assembler and the linker do not
// count.
#define LOWER(n) \
	LEAQ -(n)(SP), SP

#define RAISE(n) \
	LEAQ (n)(SP), SP

#define BUILD(size) \
	BYTE $0x55 \
	MOVQ SP, BP \
	LOWER(size-8)

#define TAKE_DOWN(size) \
	RAISE(size-8) \
	BYTE $0x5D

#define COMPARE \
	CMPQ SP, Control_StackGuard(R14)

#define COMPARE_BELOW(n) \
	LEAQ -(n)(SP), R12 \
	CMPQ R12, Control_StackGuard(R14)

#define GROW(i) \
grow: \
	MOVQ AX, 8(SP) \
	MORESTACK(i) \
	MOVQ 8(SP), AX \
	JMP  start

// func good()
//
// The pattern that the others deviate from. It spills its argument and calls.
TEXT good<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	EPILOGUE(SIZE)
	GROW(1)

// func everything()
//
// Every way to suspend a function, once.
TEXT everything<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	CALL_YIELDING(calleePointer<>, 1)
	YIELD(2)
	CALL_GO(3)
	POLL(4)
	TESTQ AX, AX
	JEQ  end
	TRAP(1, 5)
end:
	RETURN_YIELDING(SIZE)
	GROW(6)

// func noCheck()
//
// A frame beyond the red zone, no comparison.
TEXT noCheck<>(SB), NOSPLIT|NOFRAME, $0-0
	BUILD(MIDDLE)
	CALLEE(0)
	EPILOGUE_LARGE(MIDDLE)

// func lateCheck()
//
// The frame comes before the comparison, which is at its end.
TEXT lateCheck<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	BUILD(SIZE)
	COMPARE
	JLS  undo
	CALLEE(0)
	EPILOGUE_LARGE(SIZE)
undo:
	TAKE_DOWN(SIZE)
	GROW(1)

// func onePath()
//
// One of two paths goes past the comparison.
TEXT onePath<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	TESTQ AX, AX
	JEQ  build
	COMPARE
	JLS  grow
build:
	BUILD(SIZE)
	CALLEE(0)
	EPILOGUE_LARGE(SIZE)
	GROW(1)

// func signedCheck()
//
// Addresses are not signed.
TEXT signedCheck<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE
	JLT  grow
	BUILD(SIZE)
	CALLEE(0)
	EPILOGUE_LARGE(SIZE)
	GROW(1)

// func weakCheck()
//
// The comparison of a small frame, a large frame.
TEXT weakCheck<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE
	JLS  grow
	BUILD(LARGE)
	CALLEE(0)
	EPILOGUE_LARGE(LARGE)
	GROW(1)

// func shortCheck()
//
// A comparison for a frame that is 16 bytes smaller.
TEXT shortCheck<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE_BELOW(LARGE-144)
	JLS  grow
	BUILD(LARGE)
	CALLEE(0)
	EPILOGUE_LARGE(LARGE)
	GROW(1)

// func noCarry()
//
// The comparison of a large frame, a huge frame: SP-HUGE may wrap around.
TEXT noCarry<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE_BELOW(HUGE-128)
	JLS  grow
	BUILD(HUGE)
	CALLEE(0)
	EPILOGUE_LARGE(HUGE)
	GROW(1)

// func greedy()
//
// A comparison for a frame that is larger than what growth makes room for.
TEXT greedy<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE_BELOW(LARGE-128)
	JLS  grow
	BUILD(SIZE)
	CALLEE(0)
	EPILOGUE_LARGE(SIZE)
	GROW(1)

// func strayGrow()
//
// Another condition leads to morestack too.
TEXT strayGrow<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	TESTQ AX, AX
	JEQ  grow
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	EPILOGUE(SIZE)
	GROW(1)

// func deepLeaf()
//
// A leaf that is 16 bytes too large for the red zone.
TEXT deepLeaf<>(SB), NOSPLIT|NOFRAME, $0-0
	LOWER(RED)
	RAISE(RED)
	RET

// func belowLeaf()
//
// A leaf that leaves SP alone and stores below the red zone.
TEXT belowLeaf<>(SB), NOSPLIT|NOFRAME, $0-0
	MOVQ AX, -(RED+8)(SP)
	RET

// func belowCheck()
//
// A store below SP before the comparison.
TEXT belowCheck<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	MOVQ AX, -24(SP)
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	EPILOGUE(SIZE)
	GROW(1)

// func callingLeaf()
//
// A frame that fits the red zone, but whatever is called needs more.
TEXT callingLeaf<>(SB), NOSPLIT|NOFRAME, $0-0
	BUILD(SIZE)
	CALLEE(0)
	EPILOGUE_LARGE(SIZE)

// func deepens()
//
// While the function was suspended its stack may have shrunk to less than the
// comparison had shown to be there.
TEXT deepens<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE_BELOW(LARGE-128)
	JLS  grow
	BUILD(SIZE)
	CALLEE(0)
	LOWER(LARGE-SIZE)
	RAISE(LARGE-SIZE)
	EPILOGUE_LARGE(SIZE)
	GROW(1)

// func noMarker()
//
// A call without a marker.
TEXT noMarker<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALL *calleePointer<>(SB)
	EPILOGUE(SIZE)
	GROW(0)

// func noMap()
//
// A marker with a number that no map has.
TEXT noMap<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(7)
	EPILOGUE(SIZE)
	GROW(0)

// func twoMarkers()
//
// Two calls that claim the same map.
TEXT twoMarkers<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	CALLEE(0)
	EPILOGUE(SIZE)
	GROW(1)

// func strayMarker()
//
// A marker where nothing was called.
TEXT strayMarker<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	SITE(0)
	EPILOGUE(SIZE)
	GROW(1)

// func noResume()
//
// An exit that is not told where to continue.
TEXT noResume<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	JMP  github·com∕morestack∕morestack·yield(SB)
	GROW(0)

// func unbalanced()
//
// The epilogue takes down less than the prologue built.
TEXT unbalanced<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE
	JLS  grow
	BUILD(SIZE)
	CALLEE(0)
	EPILOGUE_LARGE(SIZE-16)
	GROW(1)

// func unbalancedJoin()
//
// SP differs where two paths meet.
TEXT unbalancedJoin<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	TESTQ AX, AX
	JEQ  join
	RAISE(16)
join:
	EPILOGUE(SIZE)
	GROW(1)

// func clobberControl()
//
// *Control is lost.
TEXT clobberControl<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	XORL R14, R14
	CALLEE(0)
	EPILOGUE(SIZE)
	GROW(1)

// func clobberOther()
//
// A part of *Control is lost.
TEXT clobberOther<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	MOVB $1, R14
	CALLEE(0)
	EPILOGUE(SIZE)
	GROW(1)

// func untracked()
//
// SP is where a register says.
TEXT untracked<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	MOVQ AX, SP
	EPILOGUE(SIZE)
	GROW(1)

// func aligned()
//
// SP is aligned in a way that depends on where the stack is.
TEXT aligned<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	ANDQ $~15, SP
	EPILOGUE(SIZE)
	GROW(1)

// func jumpTable()
//
// A jump to somewhere, perhaps here.
TEXT jumpTable<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	JMP  AX
	GROW(1)

// func undecodable()
//
// PUSH ES, which there is not.
TEXT undecodable<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	BYTE $0x06
	EPILOGUE(SIZE)
	GROW(1)

// func runsOff()
//
// The last instruction is followed by padding.
TEXT runsOff<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE
	JLS  grow
	BUILD(SIZE)
	CALLEE(0)
	JMP  end
	GROW(1)
end:
	TAKE_DOWN(SIZE)

// func lostFP()
//
// The caller gets another frame pointer back.
TEXT lostFP<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE
	JLS  grow
	BUILD(SIZE)
	CALLEE(0)
	LEAQ SIZE(SP), SP
	RET
	GROW(1)

// func noFP()
//
// The frame has no saved frame pointer.
TEXT noFP<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE
	JLS  grow
	LOWER(SIZE)
	CALLEE(0)
	RAISE(SIZE)
	RET
	GROW(1)

// func overwrite()
//
// The word above the frame is the return address.
TEXT overwrite<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	MOVQ AX, SIZE(SP)
	CALLEE(0)
	EPILOGUE(SIZE)
	GROW(1)

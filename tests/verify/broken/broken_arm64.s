//go:build linux && !purego

#include "textflag.h"
#include "body_arm64.h"

// broken_amd64.s for arm64.

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
FUNCTION(33, lostLink<>)
FUNCTION(34, noGrowLink<>)
FUNCTION(35, leafOverSaved<>)
DATA table<>+288(SB)/8, $0
GLOBL table<>(SB), RODATA, $296

// What the functions call. It is never run either.
POINTER(calleePointer<>, good<>)

#define CALLEE(i) \
	CALL_BODY(calleePointer<>, i)

#define SIZE 32
#define MIDDLE 208
#define LARGE 2048
#define HUGE 10048
#define RED 160

#define LOWER(n) \
	SUB $(n), RSP, R17 \
	MOVD R17, RSP

#define RAISE(n) \
	MOVD $(n), R16 \
	ADD  R16, RSP, R17 \
	MOVD R17, RSP

#define BUILD(size) \
	LOWER(size) \
	MOVD R30, (RSP) \
	MOVD R29, -8(RSP) \
	SUB  $8, RSP, R29

#define TAKE_DOWN(size) \
	MOVD -8(RSP), R29 \
	MOVD (RSP), R30 \
	RAISE(size)

#define COMPARE \
	MOVD Control_StackGuard(R18_PLATFORM), R16 \
	CMP  R16, RSP

#define COMPARE_BELOW(n) \
	MOVD Control_StackGuard(R18_PLATFORM), R16 \
	SUB  $(n), RSP, R17 \
	CMP  R16, R17

#define GROW(i) \
grow: \
	MOVD R0, 8(RSP) \
	MORESTACK(i) \
	MOVD 8(RSP), R0 \
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
	CMP  $0, R0
	BEQ  end
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
	BLS  undo
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
	CMP  $0, R0
	BEQ  build
	COMPARE
	BLS  grow
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
	BLT  grow
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
	BLS  grow
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
	BLS  grow
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
	BLS  grow
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
	BLS  grow
	BUILD(SIZE)
	CALLEE(0)
	EPILOGUE_LARGE(SIZE)
	GROW(1)

// func strayGrow()
//
// Another condition leads to morestack too.
TEXT strayGrow<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	CMP  $0, R0
	BEQ  grow
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
	MOVD R0, -(RED+8)(RSP)
	RET

// func belowCheck()
//
// A store below SP before the comparison.
TEXT belowCheck<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	MOVD R0, -24(RSP)
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
	BLS  grow
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
	MOVD calleePointer<>(SB), R16
	CALL (R16)
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
	BLS  grow
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
	CMP  $0, R0
	BEQ  join
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
	MOVD $1, R18_PLATFORM
	CALLEE(0)
	EPILOGUE(SIZE)
	GROW(1)

// func clobberOther()
//
// g is lost.
TEXT clobberOther<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	MOVD R0, g
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
	MOVD R0, RSP
	EPILOGUE(SIZE)
	GROW(1)

// func aligned()
//
// SP is aligned in a way that depends on where the stack is.
TEXT aligned<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	MOVD RSP, R17
	AND  $~31, R17, RSP
	EPILOGUE(SIZE)
	GROW(1)

// func jumpTable()
//
// A jump to somewhere, perhaps here.
TEXT jumpTable<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	JMP  (R0)
	GROW(1)

// func undecodable()
//
// Not an instruction.
TEXT undecodable<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	WORD $0
	EPILOGUE(SIZE)
	GROW(1)

// func runsOff()
//
// The last instruction is followed by padding.
TEXT runsOff<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE
	BLS  grow
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
	BLS  grow
	BUILD(SIZE)
	CALLEE(0)
	MOVD (RSP), R30
	RAISE(SIZE)
	RET
	GROW(1)

// func noFP()
//
// The frame has no saved frame pointer.
TEXT noFP<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE
	BLS  grow
	LOWER(SIZE)
	MOVD R30, (RSP)
	CALLEE(0)
	MOVD (RSP), R30
	RAISE(SIZE)
	RET
	GROW(1)

// func overwrite()
//
// The word at the top of the frame is where the caller saved R29.
TEXT overwrite<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	MOVD R0, (SIZE-8)(RSP)
	CALLEE(0)
	EPILOGUE(SIZE)
	GROW(1)

// func lostLink()
//
// The return address is not saved.
TEXT lostLink<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	COMPARE
	BLS  grow
	LOWER(SIZE)
	MOVD R29, -8(RSP)
	SUB  $8, RSP, R29
	CALLEE(0)
	MOVD -8(RSP), R29
	RAISE(SIZE)
	RET
	GROW(1)

// func noGrowLink()
//
// morestack is not told the return address.
TEXT noGrowLink<>(SB), NOSPLIT|NOFRAME, $0-0
start:
	PROLOGUE(SIZE, grow)
	CALLEE(0)
	EPILOGUE(SIZE)
grow:
	CALL github·com∕morestack∕morestack·morestack(SB)
	SITE(1)
	JMP  start

// func leafOverSaved()
//
// The top word of a leaf's frame is where the caller saved R29.
TEXT leafOverSaved<>(SB), NOSPLIT|NOFRAME, $0-0
	SUB  $32, RSP
	MOVD R0, 24(RSP)
	ADD  $32, RSP
	RET

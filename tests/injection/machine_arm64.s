//go:build linux && !purego

#include "go_asm.h"
#include "textflag.h"

// func marking() bool
TEXT ·marking(SB), NOSPLIT, $0-1
	MOVWU runtime·writeBarrier(SB), R0
	CMPW  $0, R0
	CSET  NE, R0
	MOVB  R0, ret+0(FP)
	RET

// func trapHandler(signal int32, info *siginfo, context *ucontext), C ABI
TEXT trapHandler<>(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	MOVD ucontext_pc(R2), R3
	MOVD ·breakpoint(SB), R4
	CMP  R3, R4
	BNE  other
	MOVD $const_sigsegv, R0
	MOVW R0, siginfo_signo(R1)
	MOVD $const_segvMaperr, R3
	MOVW R3, siginfo_code(R1)
	MOVD $const_injectedAddress, R3
	MOVD R3, siginfo_addr(R1)
	MOVD ·faultHandler(SB), R16
	JMP  (R16)
other:
	MOVD ·nextHandler(SB), R16
	JMP  (R16)

// func findTrapHandler() uintptr
TEXT ·findTrapHandler(SB), NOSPLIT, $0-8
	MOVD $trapHandler<>(SB), R0
	MOVD R0, ret+0(FP)
	RET

// func flush(address uintptr)
TEXT ·flush(SB), NOSPLIT, $0-8
	MOVD address+0(FP), R0
	WORD $0xD50B7B20               // DC CVAU, X0
	WORD $0xD5033B9F               // DSB ISH
	WORD $0xD50B7520               // IC IVAU, X0
	WORD $0xD5033B9F               // DSB ISH
	WORD $0xD5033FDF               // ISB
	RET

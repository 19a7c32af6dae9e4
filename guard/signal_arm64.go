//go:build linux && !purego

//lint:file-ignore U1000 the layout is for the assembly.

package guard

// ucontext is the kernel's struct ucontext (asm/ucontext.h), with its struct
// sigcontext spread out.
type ucontext struct {
	flags, link uintptr
	stack       [3]uintptr
	mask        [128]byte
	_           uintptr // struct sigcontext is aligned to 16 bytes

	faultAddress               uintptr
	r0, r1, r2, r3, r4, r5, r6 uintptr
	r7, r8, r9, r10, r11, r12  uintptr
	r13, r14, r15, r16, r17    uintptr
	r18, r19, r20, r21, r22    uintptr
	r23, r24, r25, r26, r27    uintptr
	r28, r29, r30              uintptr
	sp, pc, pstate             uintptr
}

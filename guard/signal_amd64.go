//go:build linux && !purego

//lint:file-ignore U1000 the layout is for the assembly.

package guard

// ucontext is the kernel's struct ucontext (asm/ucontext.h), with its struct
// sigcontext spread out.
type ucontext struct {
	flags, link uintptr
	stack       [3]uintptr

	r8, r9, r10, r11, r12, r13, r14, r15   uintptr
	rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp uintptr

	rip, rflags uintptr
}

const flagDirection = 1 << 10 // in rflags

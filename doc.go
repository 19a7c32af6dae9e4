// Package morestack is the machine layer of coroutines that run on stacks of
// their own: Control, which native code sees while it runs, and Enter, which
// switches to it and returns when it exits. Programs use package coro; this
// package is for those who write bodies in machine code.
//
// # Entries and exits
//
// Go code never runs on a coroutine's stack, and native code never runs above a
// Go frame. Whatever native code wants from Go, it returns from Enter with a
// Reason; a loop in Go serves it and enters again:
//
//	goroutine's stack            coroutine's stack
//
//	Resume
//	  Enter  -------------------->  body runs
//	         <--------------------  yield:     a value for Resume's caller
//	         <--------------------  morestack: the prologue needs more stack
//	         <--------------------  goCall:    a Go function is to run here
//	         <--------------------  poll:      a loop sees its guard poisoned
//	         <--------------------  trap:      the body cannot go on; also fail, fault
//	         <--------------------  done:      the body has returned
//
// The pictures of the stacks, and what each entry and exit expects in which
// register, are in coro_amd64.s and coro_arm64.s.
//
// # Calling convention
//
// Native code follows Go's ABIInternal, except that the register which holds g
// in Go code on amd64 holds *Control:
//
//	                     amd64                 arm64
//	*Control             R14                   R18 (R28 stays g)
//	stack, frame         SP, BP                RSP, R29, R30
//	arguments, results   AX BX CX DI SI        R0-R15
//	                     R8-R11, X0-X14        F0-F15
//	closure context      DX                    R26
//	always zero          X15                   ZR
//	for macros, linker   R12, R13              R16, R17, R27
//
// No register but these survives a call. Arguments in registers have spill
// slots in the caller's frame, above the return address, where a prologue that
// must grow the stack puts them.
//
// # Writing a body by hand
//
// The headers that gen/bodyheaders writes have macros for the prologue, calls,
// yields and returns; gen/kit has the same for programs that use Avo. A body
// that yields 1, 2, 3 and so on:
//
//	#include "textflag.h"
//	#include "body_amd64.h"
//
//	BODY(·countAddress, ·count)          // func countAddress() uintptr
//
//	// func count()
//	//
//	//	0   i
//	TEXT ·count(SB), NOSPLIT|NOFRAME, $0-0
//	start:
//		PROLOGUE(16, grow)           // 8 bytes of locals and the saved BP
//		MOVQ $0, 0(SP)
//	loop:
//		INCQ 0(SP)
//		MOVQ 0(SP), AX
//		YIELD(0)                     // Sites[0]
//		JMP  loop
//		RETURN_YIELDING(16)
//	grow:
//		MOVQ AX, 8(SP)
//		MORESTACK(1)                 // Sites[1]
//		MOVQ 8(SP), AX
//		JMP  start
//
// and its map, which says what has to be rewritten when the stack moves while
// the function is suspended at each site:
//
//	size := morestack.FrameSize(8)
//	count := stackcopy.Func{Name: "count", Entry: countAddress(), Frame: size, Sites: []stackcopy.Site{
//		{Kind: stackcopy.Yield, Frame: size}, // i is no pointer
//		{Kind: stackcopy.Prologue, Pointers: []int{8}}, // the spilled argument
//	}}
//	var Count = coro.MustBody[args, int, struct{}](coro.Native{Entry: count}, goTwin)
//
// Rules, which gen/verify checks in the machine code:
//
//   - A function compares SP with Control.StackGuard before it builds its frame.
//     Only a leaf whose frame fits guard.RedZone may leave that out.
//   - Every place where it can be suspended has a Site, and every word that may
//     then hold a pointer into the stack is among the Site's Pointers.
//   - Pointers into the stack are stored nowhere else.
//   - A Go pointer that the body keeps must also be reachable from its argument
//     block: the garbage collector does not look at coroutine stacks.
//
// tests/bodies has one body for each thing a stack has to survive.
//
// # Compiled bodies
//
// Those that corogen writes keep Go pointers wherever they like. They mirror the
// live pointer slots of their frames on the Go heap, in the shadow, before every
// call and exit: see Control.Shadow, and coro/shadow.go for the invariant. While
// the garbage collector marks (Control.Marking), stores to the shadow go through
// publish, and those to the heap are announced by writeBarrier. Both fill a buffer
// that Go empties at the next exit. Marking begins and ends only while no native
// code runs.
//
// A Go function that is called returns straight to the body, unless the collector
// marks. Failed checks go to fail. memequal, cmpstring, memmove and memclr stand
// in for the runtime's.
//
// # Values
//
// A yield takes a value's memory image: up to 16 bytes in the first two integer
// registers, a larger one by its address in the first. The answer comes back
// the same way; where it is larger than 16 bytes, the third register says at
// the yield where on the stack it is to be stored.
package morestack

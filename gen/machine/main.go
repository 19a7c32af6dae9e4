// Command machine writes coro_amd64.s, the switch between goroutine and
// coroutine for amd64. Run it with go generate in the root of the module.
//
// coro_arm64.s is written by hand: same order, same names, same pictures.
package main

import (
	_ "embed"
	"fmt"
	"os"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/morestack/morestack/gen/kit"
)

// head is the comment that opens the assembly: concepts and stack pictures.
//
//go:embed head.txt
var head []byte

var (
	ctx = build.NewContext()

	resume = reg.R12 // the address a coroutine resumes at
	save   = reg.R13 // *Registers
	whole  = reg.R15 // *Registers, where R13 must be preserved too

	arguments = []reg.GPPhysical{reg.RAX, reg.RBX, reg.RCX, reg.RDI, reg.RSI, reg.R8, reg.R9, reg.R10, reg.R11}
	ints      = append(arguments[:len(arguments):len(arguments)], reg.RDX, reg.R12, reg.R13, reg.R15)
	flts      = []reg.VecPhysical{reg.X0, reg.X1, reg.X2, reg.X3, reg.X4, reg.X5, reg.X6, reg.X7, reg.X8, reg.X9, reg.X10, reg.X11, reg.X12, reg.X13, reg.X14}
)

func main() {
	ctx.ConstraintExpr("linux,!purego")
	entries()
	exits()
	barriers()
	memory()
	table()
	if err := kit.Write(ctx, "coro_amd64.s", "gen/machine", []string{"go_asm.h", "textflag.h", "funcdata.h"}, head); err != nil {
		fmt.Fprintln(os.Stderr, "machine:", err)
		os.Exit(1)
	}
}

// function opens a TEXT. The lines are its contract.
func function(name string, flags attr.Attribute, contract ...string) {
	ctx.Function(name)
	ctx.Attributes(attr.NOSPLIT | flags)
	ctx.SignatureExpr("func()")
	ctx.Comment(contract...)
}

func entries() {
	function("enter", attr.NOFRAME,
		"In:  AX = *Control, BX, CX = two words for the coroutine, R14 = g; ABIInternal, reached",
		"     through a function value.",
		"Out: to Control.PC with the words in AX, BX and DX = Context, SP and BP the coroutine's;",
		"     to the caller, at the next exit, with AX = reason, BX, CX = two words of a yield,",
		"     return or trap, and every other register but SP, BP, R14 and X15 lost.")
	ctx.Comment("Compared at the very beginning, which makes a round trip two cycles shorter.")
	kit.Raw(ctx, "CMPL", "runtime·writeBarrier(SB)", "$0")
	arrive(reg.RAX)
	ctx.MOVQ(reg.RBX, reg.RAX)
	ctx.MOVQ(reg.RCX, reg.RBX)
	kit.Raw(ctx, "JNE", "marking")
	ctx.Label("go")
	ctx.MOVQ(kit.Field("Context"), reg.RDX)
	leaveGoroutine()
	ctx.Label("marking")
	ctx.CMPQ(kit.Field("Regs"), operand.Imm(0))
	kit.Raw(ctx, "JEQ", "unprepared")
	mark()
	kit.Raw(ctx, "JMP", "go")
	ctx.Label("unprepared")
	kit.Raw(ctx, "MOVQ", "$const_ReasonMarking", "AX")
	ctx.MOVQ(kit.Field("GoLink"), kit.Control)
	ctx.RET()

	function("enterCall", attr.NOFRAME,
		"In:  AX = *Control after a call exit, R14 = g.",
		"Out: as enter, with the result registers of the Go function Control.Context.")
	arrive(reg.RAX)
	ctx.MOVQ(kit.Field("Regs"), save)
	loadRegisters(save, arguments)
	ctx.MOVQ(kit.Field("Context"), reg.RDX)
	kit.Raw(ctx, "JMP", "·callGo(SB)")

	function("enterRegisters", attr.NOFRAME,
		"In:  AX = *Control after an exit that saved registers, R14 = g.",
		"Out: as enter, with every register of Control.Regs.")
	arrive(reg.RAX)
	collecting("marking")
	ctx.Label("go")
	ctx.MOVQ(reg.RSP, kit.Field("GoSP"))
	kit.Raw(ctx, "MOVQ", "BP", "Control_GoFP(R14)")
	kit.Raw(ctx, "MOVQ", "Control_FP(R14)", "BP")
	ctx.MOVQ(kit.Field("SP"), reg.RSP)
	ctx.MOVQ(kit.Field("Regs"), whole)
	loadRegisters(whole, ints)
	kit.Raw(ctx, "JMP", "Control_PC(R14)")
	ctx.Label("marking")
	mark()
	kit.Raw(ctx, "JMP", "go")

	function("callGo", 0,
		"The one frame of ours under which Go code runs. It lies on the goroutine's stack, holds no",
		"pointer the collector must know (the Control is kept by whoever entered), and never writes SP.",
		"",
		"        caller of enter, enterCall or enterRegisters",
		"        return address, saved BP",
		"  208   distance from SP to the Registers in the frame of the loop, which moves with this one",
		"  200   *Control",
		"    0   spill area for 9 integer and 15 floating-point arguments",
		"",
		"In:  DX = closure, arguments in the registers of ABIInternal, R14 = *Control.",
		"Out: resumes the coroutine with the results untouched: a tail jump, because the frame is gone by then.")
	ctx.AllocLocal(216)
	kit.Raw(ctx, "NO_LOCAL_POINTERS")
	ctx.MOVQ(kit.Control, operand.Mem{Base: reg.RSP, Disp: 200})
	ctx.MOVQ(kit.Field("Regs"), resume)
	ctx.SUBQ(reg.RSP, resume)
	ctx.MOVQ(resume, operand.Mem{Base: reg.RSP, Disp: 208})
	ctx.MOVQ(kit.Field("GoLink"), kit.Control)
	ctx.XORPS(reg.X15, reg.X15)
	ctx.MOVQ(operand.Mem{Base: reg.RDX}, resume)
	kit.Raw(ctx, "CALL", "R12")
	ctx.MOVQ(kit.Control, resume)
	ctx.MOVQ(operand.Mem{Base: reg.RSP, Disp: 200}, kit.Control)
	ctx.MOVQ(resume, kit.Field("GoLink"))
	ctx.MOVQ(operand.Mem{Base: reg.RSP, Disp: 208}, resume)
	ctx.ADDQ(reg.RSP, resume)
	ctx.MOVQ(resume, kit.Field("Regs"))
	kit.Raw(ctx, "RET", "·resume(SB)")

	function("resume", attr.NOFRAME,
		"In:  R14 = *Control with GoLink set; every other register but R12 and R13 belongs to the coroutine.",
		"The collector may have begun to mark while Go ran.")
	collecting("marking")
	ctx.Label("go")
	leaveGoroutine()
	ctx.Label("marking")
	mark()
	kit.Raw(ctx, "JMP", "go")
}

// arrive makes R14 the Control that from holds, and keeps g.
func arrive(from reg.Register) {
	ctx.MOVQ(kit.Control, kit.FieldOf("Control", "GoLink", from))
	ctx.MOVQ(from, kit.Control)
}

// collecting goes to label if the garbage collector marks. That begins and ends
// while the world is stopped, so not before the coroutine's next exit.
func collecting(label string) {
	kit.Raw(ctx, "CMPL", "runtime·writeBarrier(SB)", "$0")
	kit.Raw(ctx, "JNE", label)
}

// mark tells native code that the garbage collector marks. Its buffer is empty:
// Go has seen to that since the last exit.
func mark() {
	kit.Raw(ctx, "MOVQ", "$1", "Control_Marking(R14)")
	kit.Raw(ctx, "MOVQ", "$1", "Control_Visit(R14)")
	ctx.MOVQ(kit.Field("Regs"), save)
	kit.Raw(ctx, "LEAQ", "Registers_Barrier(R13)", "R12")
	ctx.MOVQ(resume, kit.Field("BarrierNext"))
	kit.Raw(ctx, "LEAQ", "Registers__size(R13)", "R12")
	ctx.MOVQ(resume, kit.Field("BarrierEnd"))
}

// leaveGoroutine saves SP and BP of the goroutine, takes those of the
// coroutine and goes where it resumes. A jump, like the exits': the only
// CALL and RET of a round trip are the goroutine's, so returns stay predicted.
func leaveGoroutine() {
	ctx.MOVQ(reg.RSP, kit.Field("GoSP"))
	kit.Raw(ctx, "MOVQ", "BP", "Control_GoFP(R14)")
	ctx.MOVQ(kit.Field("PC"), resume)
	kit.Raw(ctx, "MOVQ", "Control_FP(R14)", "BP")
	ctx.MOVQ(kit.Field("SP"), reg.RSP)
	kit.Raw(ctx, "JMP", "R12")
}

func exits() {
	function("start", attr.NOFRAME,
		"Where a coroutine resumes at first. In: DX = argument, BP = the function to start in.",
		"Out: to that function with AX = argument. It is jumped to, so it returns by a jump.")
	kit.Raw(ctx, "MOVQ", "BP", "R12")
	kit.Raw(ctx, "XORL", "BP", "BP")
	ctx.MOVQ(reg.RDX, reg.RAX)
	kit.Raw(ctx, "JMP", "R12")

	function("yield", attr.NOFRAME,
		"Jumped to. In: AX, BX = the value, CX = where to store a large answer, R12 = where to",
		"resume. Every register is lost but SP and BP; the answer arrives in AX, BX.")
	ctx.MOVQ(reg.RCX, kit.Field("Answer"))
	ctx.MOVQ(reg.RBX, reg.RCX)
	ctx.MOVQ(reg.RAX, reg.RBX)
	exit("Yield")

	function("goCall", attr.NOFRAME,
		"Jumped to. In: DX = closure, arguments as ABIInternal has them, R12 = where to resume.",
		"Results arrive as ABIInternal has them. A panic of the Go function goes on to whoever entered.",
		"",
		"Exits only if it is told to. Otherwise it puts back what an exit would, and goes to callGo as",
		"enterCall would: under the frame that entered, with no register saved or loaded.")
	callGo("$0")

	function("goOp", attr.NOFRAME,
		"goCall for a function that is an operation of the language: a run-time panic is the body's own.")
	callGo("$1")

	function("morestack", attr.NOFRAME,
		"Called from a prologue, before it has built a frame, its register arguments spilled.",
		"In: DX = closure context. It arrives again in DX; other registers are lost.")
	ctx.MOVQ(reg.RDX, kit.Field("Context"))
	called()
	exit("Grow")

	function("poll", attr.NOFRAME,
		"Called from a loop whose comparison with StackGuard failed. Every register is lost.")
	called()
	exit("Poll")

	function("trap", attr.NOFRAME,
		"Called where a body cannot go on. In: AX = code. Does not return.")
	ctx.MOVQ(reg.RAX, reg.RBX)
	called()
	exit("Trap")

	function("fail", attr.NOFRAME,
		"Called where a run-time check failed. In: AX, BX = its operands, CX = code. Does not return.")
	ctx.MOVQ(reg.RCX, kit.Field("Context"))
	ctx.MOVQ(reg.RBX, reg.RCX)
	ctx.MOVQ(reg.RAX, reg.RBX)
	called()
	exit("Fail")

	function("fault", attr.NOFRAME,
		"Where a signal handler makes a coroutine continue. In: R12 = PC of the fault, every other",
		"register as it was. Does not return.")
	ctx.XORPS(reg.X15, reg.X15)
	exit("Fault")

	function("done", attr.NOFRAME|attr.TOPFRAME,
		"What the outermost function of a coroutine returns to: the second instruction, since",
		"unwinders look one byte before a return address. In: AX, BX = results.")
	kit.Raw(ctx, "BYTE", "$0x90")
	ctx.MOVQ(reg.RBX, reg.RCX)
	ctx.MOVQ(reg.RAX, reg.RBX)
	exit("Return")

	function("barrier", attr.NOFRAME|attr.TOPFRAME,
		"What a function returns to when its return address was replaced by a barrier. As done.",
		"In: results as ABIInternal has them.")
	kit.Raw(ctx, "BYTE", "$0x90")
	ctx.MOVQ(kit.Field("Regs"), save)
	saveRegisters(save, arguments)
	exit("Unwind")
}

// callGo is goCall and goOp.
func callGo(op string) {
	kit.Raw(ctx, "MOVQ", op, "Control_Op(R14)")
	ctx.CMPQ(kit.Field("Visit"), operand.Imm(0))
	kit.Raw(ctx, "JNE", "visit")
	leaveCoroutine()
	kit.Raw(ctx, "JMP", "·callGo(SB)")
	ctx.Label("visit")
	ctx.MOVQ(reg.RDX, kit.Field("Context"))
	ctx.MOVQ(kit.Field("Regs"), save)
	saveRegisters(save, arguments)
	exit("Call")
}

// called takes the return address of a called exit as where to resume. The RET
// it leaves without a partner costs a misprediction, which only exits that do
// real work can afford.
func called() {
	ctx.MOVQ(operand.Mem{Base: reg.RSP}, resume)
	ctx.ADDQ(operand.Imm(8), reg.RSP)
}

// exit leaves the coroutine and returns to Enter's caller.
func exit(reason string) {
	kit.Raw(ctx, "MOVQ", "$const_Reason"+reason, "AX")
	leaveCoroutine()
	ctx.MOVQ(kit.Field("GoLink"), kit.Control)
	ctx.RET()
}

// leaveCoroutine saves where the coroutine resumes and its SP and BP, and takes
// those of the goroutine.
func leaveCoroutine() {
	ctx.MOVQ(resume, kit.Field("PC"))
	kit.Raw(ctx, "MOVQ", "BP", "Control_FP(R14)")
	ctx.MOVQ(reg.RSP, kit.Field("SP"))
	kit.Raw(ctx, "MOVQ", "Control_GoFP(R14)", "BP")
	ctx.MOVQ(kit.Field("GoSP"), reg.RSP)
}

func table() {
	function("findEntryPoints", 0, "Fills p, an entryPoints, with the addresses Go needs.")
	ctx.SignatureExpr("func(p *[0]uintptr)")
	kit.Raw(ctx, "MOVQ", "p+0(FP)", "AX")
	for _, e := range []string{"enter", "enterCall", "enterRegisters", "start", "fault"} {
		kit.Raw(ctx, "LEAQ", "·"+e+"(SB)", "CX")
		kit.Raw(ctx, "MOVQ", "CX", "entryPoints_"+e+"(AX)")
	}
	for _, e := range []string{"done", "barrier"} {
		kit.Raw(ctx, "LEAQ", "·"+e+"(SB)", "CX")
		kit.Raw(ctx, "INCQ", "CX")
		kit.Raw(ctx, "MOVQ", "CX", "entryPoints_"+e+"(AX)")
	}
	ctx.RET()
}

// saveRegisters stores list and the floating-point registers in the Registers at base.
func saveRegisters(base reg.Register, list []reg.GPPhysical) {
	for i, r := range list {
		if r != base {
			ctx.MOVQ(r, slot(base, "Ints", i))
		}
	}
	for i, r := range flts {
		ctx.MOVSD(r, slot(base, "Floats", i))
	}
}

// loadRegisters loads them, base last.
func loadRegisters(base reg.Register, list []reg.GPPhysical) {
	for i, r := range flts {
		ctx.MOVSD(slot(base, "Floats", i), r)
	}
	for i, r := range list {
		ctx.MOVQ(slot(base, "Ints", i), r)
	}
}

func slot(base reg.Register, kind string, i int) operand.Mem {
	return kit.FieldOf("Registers", kind, base).Offset(8 * i)
}

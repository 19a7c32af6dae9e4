package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/morestack/morestack/gen/kit"
)

// barriers writes what native code calls while the garbage collector marks, in
// place of plain stores to the shadow and of the runtime's write barrier.
func barriers() {
	function("publish", attr.NOFRAME,
		"Called. In: R12 = address of a word of the shadow, R13 = its new value. Old and new value go",
		"to the buffer, and BarrierNext moves when they are there. R12, R13 and R15 are lost, every",
		"other register is preserved.")
	ctx.MOVQ(kit.Field("BarrierNext"), reg.R15)
	ctx.ADDQ(operand.Imm(16), reg.R15)
	ctx.CMPQ(reg.R15, kit.Field("BarrierEnd"))
	kit.Raw(ctx, "JHI", "full")
	ctx.MOVQ(reg.R13, operand.Mem{Base: reg.R15, Disp: -8})
	ctx.MOVQ(operand.Mem{Base: reg.R12}, reg.R13)
	ctx.MOVQ(reg.R13, operand.Mem{Base: reg.R15, Disp: -16})
	ctx.MOVQ(reg.R15, kit.Field("BarrierNext"))
	ctx.MOVQ(operand.Mem{Base: reg.R15, Disp: -8}, reg.R13)
	ctx.MOVQ(reg.R13, operand.Mem{Base: reg.R12})
	ctx.RET()
	ctx.Label("full")
	overflow("publish")

	function("writeBarrier", attr.NOFRAME,
		"Called. In: R11 = 8*N. Out: R11 = address of N words of the buffer, which the caller fills",
		"before it touches anything else that could fault. Every other register is preserved.")
	ctx.ADDQ(kit.Field("BarrierNext"), reg.R11)
	ctx.CMPQ(reg.R11, kit.Field("BarrierEnd"))
	kit.Raw(ctx, "JHI", "full")
	ctx.XCHGQ(reg.R11, kit.Field("BarrierNext"))
	ctx.RET()
	ctx.Label("full")
	ctx.SUBQ(kit.Field("BarrierNext"), reg.R11)
	overflow("writeBarrier")
}

// overflow exits with every register saved, to start name again with an empty
// buffer. No register is free before R15 is saved, so it goes by way of the
// Control.
func overflow(name string) {
	ctx.MOVQ(whole, kit.Field("Context"))
	ctx.MOVQ(kit.Field("Regs"), whole)
	saveRegisters(whole, ints)
	ctx.MOVQ(kit.Field("Context"), reg.R13)
	ctx.MOVQ(reg.R13, slot(whole, "Ints", len(ints)-1))
	kit.Raw(ctx, "LEAQ", "·"+name+"(SB)", "R12")
	exit("Barrier")
}

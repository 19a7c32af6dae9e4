// Command avo writes triangle_amd64.s: a body written with Avo and the kit. Run
// it with go generate in the package bodies.
package main

import (
	"fmt"
	"os"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/morestack/morestack/gen/kit"
)

func main() {
	ctx := build.NewContext()
	ctx.ConstraintExpr("linux,!purego")
	kit.Address(ctx, "triangleAddress", "triangle")
	triangle(ctx)
	if err := kit.Write(ctx, "triangle_amd64.s", "tests/bodies/avo", kit.Includes, nil); err != nil {
		fmt.Fprintln(os.Stderr, "avo:", err)
		os.Exit(1)
	}
}

// triangle yields 1, 1+2, 1+2+3 and so on, N of them. Its argument block is a
// CounterArgs, whose one field is N.
func triangle(ctx *build.Context) {
	b := kit.NewBody(ctx, "triangle", 32)
	n, i, sum := b.Local(0), b.Local(1), b.Local(2)
	ctx.MOVQ(operand.Mem{Base: reg.RAX}, reg.RCX)
	ctx.MOVQ(reg.RCX, n)
	ctx.XORL(reg.EAX, reg.EAX)
	ctx.MOVQ(reg.RAX, i)
	ctx.MOVQ(reg.RAX, sum)

	ctx.Label("loop")
	ctx.MOVQ(i, reg.RAX)
	ctx.CMPQ(reg.RAX, n)
	ctx.JGE(operand.LabelRef("end"))
	ctx.INCQ(reg.RAX)
	ctx.MOVQ(reg.RAX, i)
	ctx.ADDQ(sum, reg.RAX)
	ctx.MOVQ(reg.RAX, sum)
	b.Yield()
	ctx.JMP(operand.LabelRef("loop"))

	ctx.Label("end")
	b.ReturnYielding()
	b.Grow(reg.RAX)
}

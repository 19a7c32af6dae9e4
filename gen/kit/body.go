package kit

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Body writes one native function: the prologue, the places where it can be
// suspended, its returns, and what it does when its stack is too small. What is
// between is the program's own. The file needs body_amd64.h, which
// gen/bodyheaders writes, and textflag.h among its includes.
//
// The places are numbered in the order they are added; that is the order of the
// Sites in the function's map. Grow, which comes last, adds the Prologue.
type Body struct {
	ctx   *build.Context
	size  int
	sites int
}

// Includes are the files that a program's Write names for bodies.
var Includes = []string{"textflag.h", "body_amd64.h"}

// NewBody opens the function name, with the given bytes of locals, a multiple
// of 8, and its prologue, chosen by the size of the frame. Its first argument is
// in AX: for the function a coroutine starts in, the address of its argument
// block.
func NewBody(ctx *build.Context, name string, locals int) *Body {
	b := &Body{ctx: ctx, size: locals + 8}
	ctx.Function(name)
	ctx.Attributes(attr.NOSPLIT | attr.NOFRAME)
	ctx.SignatureExpr("func()")
	ctx.Label("start")
	b.macro("PROLOGUE%s(%d, grow)", b.form(), b.size)
	return b
}

// form is the suffix of the macros for the frame's size.
func (b *Body) form() string {
	switch {
	case b.size <= 128:
		return ""
	case b.size <= 4096:
		return "_LARGE"
	}
	return "_HUGE"
}

func (b *Body) macro(format string, args ...any) { Raw(b.ctx, fmt.Sprintf(format, args...)) }

// site adds a place where the function can be suspended.
func (b *Body) site(format string, args ...any) int {
	b.macro(format, append(args, b.sites)...)
	b.sites++
	return b.sites - 1
}

// Local is the i-th word of the frame's locals. The lowest ones double as the
// spill area of the functions it calls.
func (b *Body) Local(i int) operand.Mem { return operand.Mem{Base: reg.RSP, Disp: 8 * i} }

// Yield hands out AX and BX. The answer comes in AX and BX.
func (b *Body) Yield() (site int) { return b.site("YIELD(%d)") }

// Call calls the function whose address is in the symbol pointer, as in
// "·ackPointer". Avo cannot define it: a line POINTER(·ackPointer, ·ack) in
// another assembly file of the package does.
func (b *Body) Call(pointer string) (site int) { return b.site("CALL_BODY(%s, %d)", pointer) }

// CallYielding calls one that ends with ReturnYielding.
func (b *Body) CallYielding(pointer string) (site int) {
	return b.site("CALL_YIELDING(%s, %d)", pointer)
}

// CallGo calls the Go closure in DX.
func (b *Body) CallGo() (site int) { return b.site("CALL_GO(%d)") }

// Poll lets others interrupt a loop. No register survives it.
func (b *Body) Poll() (site int) { return b.site("POLL(%d)") }

// Trap ends the coroutine with coro.TrapCode(code).
func (b *Body) Trap(code int) (site int) { return b.site("TRAP(%d, %d)", code) }

// Return ends a function that is called by Call. A function has one return.
func (b *Body) Return() {
	if b.form() == "" {
		b.macro("EPILOGUE(%d)", b.size)
	} else {
		b.macro("EPILOGUE_LARGE(%d)", b.size)
	}
}

// ReturnYielding ends a function that is called by CallYielding, and the one
// that a coroutine starts in.
func (b *Body) ReturnYielding() {
	if b.form() == "" {
		b.macro("RETURN_YIELDING(%d)", b.size)
	} else {
		b.macro("RETURN_YIELDING_LARGE(%d)", b.size)
	}
}

// Grow ends the function with what it does when its stack is too small: it
// spills the registers that hold its arguments, asks for more, and starts again.
// The i-th of them is spilled at 8+8*i from the SP of the Prologue site.
func (b *Body) Grow(arguments ...reg.GPPhysical) (site int) {
	slot := func(i int) operand.Mem { return operand.Mem{Base: reg.RSP, Disp: 8 + 8*i} }
	b.ctx.Label("grow")
	for i, r := range arguments {
		b.ctx.MOVQ(r, slot(i))
	}
	site = b.site("MORESTACK(%d)")
	for i, r := range arguments {
		b.ctx.MOVQ(slot(i), r)
	}
	Raw(b.ctx, "JMP", "start")
	return site
}

// Address adds func getter() uintptr, which returns the address of body.
func Address(ctx *build.Context, getter, body string) {
	ctx.Function(getter)
	ctx.Attributes(attr.NOSPLIT)
	ctx.SignatureExpr("func() uintptr")
	Raw(ctx, "LEAQ", "·"+body+"(SB)", "AX")
	Raw(ctx, "MOVQ", "AX", "ret+0(FP)")
	ctx.RET()
}

//go:build linux && !purego

package morestack

// The shape of a standard frame, in bytes: LocalOffset is where its locals
// start above SP (below them is the link register), frameFixed what it holds
// besides them (the link register and its caller's saved R29).
const (
	LocalOffset = 8
	frameFixed  = 16
	frameAlign  = 16
	// BaseSize is what lies above the outermost frame, in bytes: one spill slot
	// for its argument, and zeroes that end any walk by frame pointer.
	BaseSize = 48
)

// Init makes c start in the function at pc, with arg in the first integer
// register, on a stack of [lo, hi), on which nothing lies yet. hi is a multiple
// of 16. The caller sets c.StackGuard.
func (c *Control) Init(lo, hi, pc, arg uintptr) {
	c.Lo, c.Hi, c.Answer = lo, hi, 0
	c.SP, c.PC, c.FP, c.Context, c.LR = hi-BaseSize, points.start, pc, arg, DonePC()
	clear(words(c.SP, BaseSize/8))
}

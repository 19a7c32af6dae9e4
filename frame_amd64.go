//go:build linux && !purego

package morestack

// The shape of a standard frame, in bytes: LocalOffset is where its locals
// start above SP, frameFixed what it holds besides them (the saved BP; the
// return address lies above).
const (
	LocalOffset = 0
	frameFixed  = 8
	frameAlign  = 8
	// BaseSize is what lies above the outermost frame, in bytes: its return
	// address, one spill slot for its argument, and zeroes that end any walk
	// by frame pointer.
	BaseSize = 40
)

// Init makes c start in the function at pc, with arg in the first integer
// register, on a stack of [lo, hi), on which nothing lies yet. hi is a multiple
// of 16. The caller sets c.StackGuard.
func (c *Control) Init(lo, hi, pc, arg uintptr) {
	c.Lo, c.Hi, c.Answer = lo, hi, 0
	c.SP, c.PC, c.FP, c.Context = hi-BaseSize, points.start, pc, arg
	base := words(c.SP, BaseSize/8)
	clear(base)
	base[0] = DonePC()
}

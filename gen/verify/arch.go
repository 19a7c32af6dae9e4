package verify

import (
	"runtime"
	"unsafe"

	"github.com/morestack/morestack/stackcopy"
)

// Arch is a machine language: AMD64 or ARM64.
type Arch interface {
	// Layout says where frames keep what every frame has.
	Layout() stackcopy.Layout

	// unit is what the offsets of instructions are multiples of.
	unit() int

	registers() *registers

	// enter is what is known at a function's entry.
	enter() state

	// step decodes the instruction at pc, makes s what is known after it and
	// goes on wherever it leads.
	step(c *checker, pc int, s *state)
}

// The supported architectures, and the one of this build: nil on others.
var (
	AMD64 Arch = amd64{}
	ARM64 Arch = arm64{}
	Host       = map[string]Arch{"amd64": AMD64, "arm64": ARM64}[runtime.GOARCH]
)

// registers are the numbers of those that have a part to play; -1 is none.
type registers struct {
	sp, fp, link, control, g int
	resume                   int // where exits that are jumped to find the address to continue at
	growLink                 int // where morestack finds the return address
	names                    [32]string
}

func (r *registers) name(i int) string { return r.names[i] }

// Code is the machine code of the function of the running program that starts
// at entry, with what pads it, or nil if there is none.
func Code(entry uintptr) []byte {
	starts := func(pc uintptr) bool {
		fn := runtime.FuncForPC(pc)
		return fn != nil && fn.Entry() == entry
	}
	if !starts(entry) {
		return nil
	}
	const align = 16 // of functions, at least
	end := entry + align
	for starts(end) {
		end += align
	}
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&entry)), end-entry)
}

package stackcopy

import (
	"fmt"
	"math/bits"
	"slices"
	"unsafe"
)

// Kind says what a function is doing while it is suspended at a Site.
type Kind uint8

const (
	Call     Kind = iota // it has called another native function
	Yield                // it has handed out a value
	CallGo               // it has called a Go function
	Poll                 // its loop has found the guard poisoned
	Trap                 // it cannot go on
	Prologue             // it has found too little stack and has no frame yet
)

func (k Kind) String() string {
	names := [...]string{"call", "yield", "go call", "poll", "trap", "prologue"}
	if int(k) < len(names) {
		return names[k]
	}
	return "unknown"
}

// Site is the map of one place where a function can be suspended.
type Site struct {
	Kind Kind

	// Offset of the return address (of the resume address, for a Yield) from
	// the function's Entry, in bytes.
	Offset int

	// Frame is S in the package documentation: bytes, a multiple of 8 on
	// amd64 and of 16 on arm64, 0 for a Prologue.
	Frame int

	// Pointers lists the slots that hold a pointer here, as byte offsets from
	// SP. Those at Frame+8 and above are spill slots in the caller's frame.
	// A slot may hold any value; only pointers into the stack are changed.
	Pointers []int
}

// Object is a variable of a frame whose address is taken. Its pointers are
// rewritten at every site of its function, whether or not it is in use there.
type Object struct {
	Offset   int   // of its first byte from the end of the frame, SP+S: negative
	Size     int   // in bytes
	Pointers []int // byte offsets of pointer slots from its first byte
}

// Func is the map of one native function.
type Func struct {
	Name    string
	Entry   uintptr // address of its first instruction
	Frame   int     // its largest frame, in bytes; growth makes room for it at once
	Pinned  bool    // what its pointers lead to is kept alive by others: no shadow has them
	Sites   []Site
	Objects []Object
}

// Layout says where an architecture keeps what every frame has.
type Layout struct {
	// Link is true where a call leaves the return address in a register which
	// the callee saves at its SP (arm64), false where it is pushed (amd64).
	Link bool
}

// The layouts of the supported architectures.
var (
	AMD64 = Layout{Link: false}
	ARM64 = Layout{Link: true}
)

// word is the size of a stack slot.
const word = 8

// site is a Site made ready for walking. Offsets are from SP.
type site struct {
	pc     uintptr
	frame  uintptr
	end    uintptr   // one past the highest byte that slots reach
	slots  []uintptr // pointer slots and those of objects, ascending
	live   []uintptr // pointer slots alone, ascending
	fixups []uintptr // slots and the saved frame pointer: what a move rewrites
	ret    uintptr   // of the return address, where frame > 0
	step   uintptr   // of the caller's SP
	fn     *Func
	public *Site
}

// Maps finds the Site of a PC. It is immutable; With makes a larger one.
type Maps struct {
	layout  Layout
	done    uintptr
	barrier uintptr
	funcs   []Func
	table   []*site // open addressing, by hash of pc
	shift   uint
}

// NewMaps returns an empty set of maps for stacks whose outermost function
// returns to done, and on which barrier stands in for return addresses that
// State.Displaced lists.
func NewMaps(layout Layout, done, barrier uintptr) *Maps {
	return &Maps{layout: layout, done: done, barrier: barrier, table: make([]*site, 2), shift: 63}
}

// With returns the maps of m and those of funcs. It refuses a map that could
// not be right, and a second one for the same PC, with a *MapError.
func (m *Maps) With(funcs ...Func) (*Maps, error) {
	all := make([]Func, 0, len(m.funcs)+len(funcs))
	all = append(append(all, m.funcs...), funcs...)
	n := &Maps{layout: m.layout, done: m.done, barrier: m.barrier, funcs: all}
	var sites []*site
	for i := range all {
		f := &all[i]
		for j := range f.Sites {
			s, err := m.layout.prepare(f, &f.Sites[j])
			if err != nil {
				return nil, err
			}
			if s.pc == m.done || s.pc == m.barrier {
				return nil, &MapError{f.Name, fmt.Sprintf("a map for PC %#x, where stacks end or barriers return to", s.pc)}
			}
			sites = append(sites, s)
		}
	}
	// At most half full, so that a miss ends soon.
	bitsNeeded := bits.Len(uint(2*len(sites) + 1))
	n.table = make([]*site, 1<<bitsNeeded)
	n.shift = uint(64 - bitsNeeded)
	for _, s := range sites {
		i := int(uint64(s.pc) * spread >> n.shift)
		for ; n.table[i] != nil; i = (i + 1) & (len(n.table) - 1) {
			if n.table[i].pc == s.pc {
				return nil, &MapError{s.fn.Name, fmt.Sprintf("two maps for PC %#x", s.pc)}
			}
		}
		n.table[i] = s
	}
	return n, nil
}

// Funcs returns the functions that have maps, in no particular order. The
// caller must not change them.
func (m *Maps) Funcs() []Func { return m.funcs }

func (l Layout) prepare(f *Func, s *Site) (*site, error) {
	bad := func(format string, args ...any) (*site, error) {
		return nil, &MapError{f.Name, fmt.Sprintf("site at +%#x: ", s.Offset) + fmt.Sprintf(format, args...)}
	}
	align := word
	if l.Link {
		align = 2 * word
	}
	switch {
	case s.Offset <= 0:
		return bad("offset must be positive: maps belong to return addresses")
	case s.Kind > Prologue:
		return bad("unknown kind %d", s.Kind)
	case s.Kind == Prologue && s.Frame != 0:
		return bad("a prologue has no frame yet, so Frame must be 0, not %d", s.Frame)
	case s.Kind != Prologue && s.Frame <= 0:
		return bad("a function that is suspended needs a frame, so Frame must be positive")
	case s.Frame > f.Frame:
		return bad("frame of %d bytes in a function whose largest is %d", s.Frame, f.Frame)
	case s.Frame%align != 0:
		return bad("frame of %d bytes is not a multiple of %d", s.Frame, align)
	}
	r := &site{pc: f.Entry + uintptr(s.Offset), frame: uintptr(s.Frame), fn: f, public: s}
	add := func(offset int) error {
		lowest := 0
		if l.Link && s.Frame > 0 {
			lowest = word
		}
		fixed := offset == s.Frame // the return address, or on arm64 the caller's
		if offset >= s.Frame-word && offset < s.Frame && s.Frame > 0 {
			fixed = true // the saved frame pointer
		}
		if offset < lowest || offset%word != 0 || fixed || offset > maxSpill+s.Frame {
			_, err := bad("no pointer slot can be at SP%+d of a frame of %d bytes", offset, s.Frame)
			return err
		}
		r.slots = append(r.slots, uintptr(offset))
		r.end = max(r.end, uintptr(offset)+word)
		return nil
	}
	for _, p := range s.Pointers {
		if err := add(p); err != nil {
			return nil, err
		}
	}
	r.live = slices.Clone(r.slots)
	slices.Sort(r.live)
	if s.Kind != Prologue {
		for _, o := range f.Objects {
			if o.Offset >= 0 || o.Offset < -s.Frame || o.Size <= 0 || o.Offset+o.Size > 0 {
				return bad("object of %d bytes at %d is not inside a frame of %d bytes", o.Size, o.Offset, s.Frame)
			}
			for _, p := range o.Pointers {
				if p < 0 || p+word > o.Size {
					return bad("pointer at %d of an object of %d bytes", p, o.Size)
				}
				if err := add(s.Frame + o.Offset + p); err != nil {
					return nil, err
				}
			}
		}
	}
	slices.Sort(r.slots)
	r.slots = slices.Compact(r.slots)
	r.fixups, r.ret, r.step = r.slots, 0, r.frame
	if !l.Link {
		r.ret, r.step = r.frame, r.frame+word
	}
	if r.frame > 0 {
		r.fixups = append(slices.Clip(r.slots), l.savedFP(0, r))
	}
	return r, nil
}

// maxSpill bounds how far into its caller's frame a site may reach: arguments
// and results of a call, 64 KiB of them at most.
const maxSpill = 64 << 10

// spread turns a PC into a hash, of which the upper bits are to be used.
const spread = 0x9e3779b97f4a7c15

// find returns the site whose PC is pc, or nil.
//
//go:nosplit
func (m *Maps) find(pc uintptr) *site {
	for i := int(uint64(pc) * spread >> m.shift); ; i = (i + 1) & (len(m.table) - 1) {
		// No bounds to check: where find is called from has little stack.
		s := *(**site)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(m.table)), i*word))
		if s == nil || s.pc == pc {
			return s
		}
	}
}

// Find returns the function and site whose PC is pc, or nil for both. It is
// nosplit, for callers that may not be preempted.
//
//go:nosplit
func (m *Maps) Find(pc uintptr) (*Func, *Site) {
	if s := m.find(pc); s != nil {
		return s.fn, s.public
	}
	return nil, nil
}

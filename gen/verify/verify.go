// Package verify proves that the machine code of a native function and its map
// belong together, by disassembling it. What it checks is what nothing at run
// time could report any more: a body that is wrong here overwrites memory that
// is not its stack, or is moved with pointers into where it was.
//
// Func follows every path through the code from its entry and knows on each
// how far SP is from where it was, which registers and saved words still hold
// what the caller left in them, and down to where a comparison with the
// stackguard has shown the stack to reach. It proves that
//
//   - such a comparison, as strict as the frame is large and tested for
//     wrap-around where it must be, precedes the frame on every path, unless the
//     function is a leaf: one that calls nothing and fits the red zone;
//   - a failed comparison leads to morestack without a frame, and what it asks
//     for is what growth provides: no more than Func.Frame;
//   - every call and every exit continues at a place that has a map of the same
//     kind and frame size, and every map has such a place;
//   - the frame keeps its caller's frame pointer, and on arm64 its return
//     address, where package stackcopy looks for them, and returns with them and
//     with SP as they were;
//   - the registers of *Control, and on arm64 of g, are never written.
//
// Code that it cannot decode or follow is refused: AVX instructions, jump
// tables, SP computed at run time. Stores through a pointer or with an index are
// taken to stay inside the variable they are meant for.
//
// Both architectures can be checked on any machine. To check the functions of
// the running program, take their bytes from Code:
//
//	for _, f := range functions {
//		if err := verify.Func(verify.Host, f, verify.Code(f.Entry), nil); err != nil {
//			t.Error(err)
//		}
//	}
package verify

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
)

// Reason is what kind of mistake a Finding is. It can be given to errors.Is.
type Reason uint8

const (
	Undecodable  Reason = iota // no known instruction, or past the end of the function
	Untracked                  // SP or a jump takes a value that cannot be followed
	Clobbered                  // a reserved register is written
	Unchecked                  // a frame or a call without a comparison before it
	TooWeak                    // the comparison before the frame covers less than the frame
	TooStrict                  // the comparison asks for more than growth provides, so for ever
	WrapAround                 // the subtraction before the comparison may wrap around
	StrayGrow                  // morestack is called though no comparison has failed
	RedZone                    // a leaf needs more stack than the red zone has
	LeafCall                   // a function that compares nothing calls another
	NoSite                     // a call or exit continues where there is no map
	NoCall                     // a map, or a marker, belongs to no call or exit
	BadMap                     // the map contradicts itself, or has two markers
	WrongKind                  // the map is for another kind of call or exit
	WrongFrame                 // the frame has another size than the map says
	FramePointer               // the caller's frame pointer is not where frames keep it
	Overwritten                // a store hits a word that belongs to the caller's frame
	Unbalanced                 // SP differs where paths join, or at the return from the entry
	NotRestored                // a return with another frame pointer or return address
)

var reasons = [...]string{
	"undecodable", "untracked", "clobbered", "unchecked", "too weak", "too strict", "wrap-around", "stray grow", "red zone", "leaf call",
	"no site", "no call", "bad map", "wrong kind", "wrong frame", "frame pointer", "overwritten", "unbalanced", "not restored",
}

func (r Reason) Error() string {
	if int(r) < len(reasons) {
		return reasons[r]
	}
	return "unknown"
}

// Finding is one mistake in a function or its map.
type Finding struct {
	Func   string
	Offset int // of the instruction from the function's entry, in bytes
	Reason Reason
	What   string
}

func (f *Finding) Error() string {
	return fmt.Sprintf("verify: %s+%#x: %v: %s", f.Func, f.Offset, f.Reason, f.What)
}

// Unwrap makes errors.Is(err, f.Reason) true.
func (f *Finding) Unwrap() error { return f.Reason }

// Exits tells what exits there are: from the address of each, what it suspends
// a function for.
type Exits map[uintptr]stackcopy.Kind

// Func checks f, whose machine code is code, and what follows it up to the next
// function. It returns nil or all mistakes it found, in the order of their
// offsets, as the errors.Join of *Findings. Sites with Offset 0 are located by
// their markers first.
//
// Without exits, which kind of exit a map is for is checked only as far as the
// ways to leave the function differ. f.Entry matters only if exits are given.
func Func(arch Arch, f stackcopy.Func, code []byte, exits Exits) error {
	c := &checker{
		arch: arch, code: code, exits: exits, name: f.Name, entry: f.Entry,
		states: map[int]*state{}, sites: map[int]int{}, seen: map[place]bool{},
	}
	c.fn = c.locate(f)
	c.reached = make([]bool, len(f.Sites))
	c.maps()
	start := arch.enter()
	c.flow(0, 0, &start)
	for len(c.work) > 0 {
		pc := c.work[len(c.work)-1]
		c.work = c.work[:len(c.work)-1]
		s := c.states[pc].clone()
		c.arch.step(c, pc, &s)
	}
	c.conclude()
	return c.err()
}

// Locate returns f with the offsets of its sites found by their markers in
// code, if any has Offset 0. The error is that of Func.
func Locate(arch Arch, f stackcopy.Func, code []byte) (stackcopy.Func, error) {
	c := &checker{arch: arch, code: code, name: f.Name, seen: map[place]bool{}}
	f = c.locate(f)
	return f, c.err()
}

func (c *checker) err() error {
	slices.SortStableFunc(c.findings, func(a, b *Finding) int { return cmp.Compare(a.Offset, b.Offset) })
	errs := make([]error, len(c.findings))
	for i, f := range c.findings {
		errs[i] = f
	}
	return errors.Join(errs...)
}

func (c *checker) locate(f stackcopy.Func) stackcopy.Func {
	if !slices.ContainsFunc(f.Sites, func(s stackcopy.Site) bool { return s.Offset == 0 }) {
		return f
	}
	f.Sites = slices.Clone(f.Sites)
	for i := range f.Sites {
		f.Sites[i].Offset = 0
	}
	for offset := 0; offset < len(c.code); offset += c.arch.unit() {
		i, ok := c.arch.Layout().Marker(c.code[offset:])
		switch {
		case !ok:
		case i >= len(f.Sites):
			c.report(NoSite, offset, "SITE(%d), but the map has only %d sites", i, len(f.Sites))
		case f.Sites[i].Offset != 0:
			c.report(BadMap, offset, "SITE(%d) again, after that at +%#x", i, f.Sites[i].Offset)
		default:
			f.Sites[i].Offset = offset
		}
	}
	for i, s := range f.Sites {
		if s.Offset == 0 {
			c.report(NoCall, 0, "the map has a site %d (%v), but the code no SITE(%d)", i, s.Kind, i)
		}
	}
	return f
}

// maps checks the map by itself, one site at a time because stackcopy stops at
// the first mistake, and indexes the sites by their offsets.
func (c *checker) maps() {
	none := stackcopy.NewMaps(c.arch.Layout(), 0, 0)
	for i, s := range c.fn.Sites {
		if s.Offset == 0 {
			continue // reported
		}
		if other, ok := c.sites[s.Offset]; ok {
			c.report(BadMap, s.Offset, "sites %d and %d are at the same place", other, i)
			continue
		}
		c.sites[s.Offset] = i
		one := c.fn
		one.Sites = []stackcopy.Site{s}
		if _, err := none.With(one); err != nil {
			what := err.Error()
			if e := (*stackcopy.MapError)(nil); errors.As(err, &e) {
				what = e.What
			}
			c.report(BadMap, s.Offset, "%s", what)
		}
	}
}

// conclude reports what only the whole function shows: whether it is a leaf,
// which maps were never reached, and how large its largest frame is.
func (c *checker) conclude() {
	extent := c.extent
	if !c.arch.Layout().Link {
		extent += word // the return address
	}
	fits := extent <= guard.RedZone
	for _, p := range c.unchecked {
		switch {
		case c.compared, len(c.calls) > 0 && !fits:
			c.report(Unchecked, p.offset, "%d bytes below the SP of the entry are used without a comparison with the stackguard before", p.bytes)
		case len(c.calls) == 0 && !fits:
			c.report(RedZone, p.offset, "a leaf that compares nothing uses %d bytes of stack with what is saved for its caller; the red zone has %d", extent, guard.RedZone)
		}
	}
	for _, p := range c.calls {
		switch {
		case p.checked:
		case c.compared:
			c.report(Unchecked, p.offset, "a call without a comparison with the stackguard before")
		case fits:
			c.report(LeafCall, p.offset, "a call by a function that compares nothing with the stackguard: only leaves may do without")
		}
	}
	for i, s := range c.fn.Sites {
		if !c.reached[i] && s.Offset != 0 {
			c.report(NoCall, s.Offset, "site %d (%v) is where no call or exit continues", i, s.Kind)
		}
	}
	if len(c.fn.Sites) > 0 && c.fn.Frame != c.deepest {
		c.report(WrongFrame, 0, "the largest frame has %d bytes, Func.Frame is %d", c.deepest, c.fn.Frame)
	}
}

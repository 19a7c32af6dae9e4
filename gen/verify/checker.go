package verify

import (
	"fmt"
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
)

// stackGuard is where compiled and hand-written code finds its limit.
const stackGuard = int64(unsafe.Offsetof(morestack.Control{}.StackGuard))

// checker follows the paths of one function. The architectures' step methods
// translate each instruction to calls of its methods.
type checker struct {
	arch  Arch
	fn    stackcopy.Func
	name  string
	entry uintptr
	code  []byte
	exits Exits

	states map[int]*state // before the instruction at each offset that was reached
	work   []int          // offsets whose state has changed

	sites   map[int]int // index of the site at an offset
	reached []bool      // by index
	deepest int         // largest frame
	extent  int         // of the stack used below the SP of the entry

	// What conclude judges when it is known whether the function compares
	// and calls.
	compared  bool
	unchecked []use
	calls     []call

	findings []*Finding
	seen     map[place]bool
}

type use struct{ offset, bytes int }

type call struct {
	offset  int
	checked bool
}

// place is where a mistake is: an instruction is often reached more than once.
type place struct {
	reason Reason
	offset int
}

func (c *checker) report(reason Reason, offset int, format string, args ...any) {
	if p := (place{reason, offset}); !c.seen[p] {
		c.seen[p] = true
		c.findings = append(c.findings, &Finding{c.name, offset, reason, fmt.Sprintf(format, args...)})
	}
}

// sp is SP minus the SP of the entry. setSP sees to it that it stays known.
func (c *checker) sp(s *state) int64 { return s.regs[c.arch.registers().sp].n }

// flow goes on at offset to, reached from the instruction at from.
func (c *checker) flow(from, to int, s *state) {
	if to < 0 || to >= len(c.code) {
		c.report(Undecodable, from, "control leaves the function after this instruction")
		return
	}
	old, ok := c.states[to]
	if !ok {
		t := s.clone()
		c.states[to] = &t
		c.work = append(c.work, to)
		return
	}
	if a, b := c.sp(old), c.sp(s); a != b {
		c.report(Unbalanced, to, "SP is %d bytes below that of the entry on one path to here and %d on another", -a, -b)
		return
	}
	if old.join(s) {
		c.work = append(c.work, to)
	}
}

// branch goes on at to if r holds for the latest comparison, else at next. The
// relation is unrelated if the condition tests anything else.
func (c *checker) branch(from, to, next int, r relation, s *state) {
	taken, not := s.clone(), s.clone()
	c.assume(from, r, &taken)
	c.assume(from, r.not(), &not)
	c.flow(from, to, &taken)
	c.flow(from, next, &not)
}

// assume learns from the relation of the latest comparison.
func (c *checker) assume(at int, r relation, s *state) {
	a, b := s.left, s.right
	if a.kind == limit {
		a, b, r = b, a, r.swap()
	}
	if a.kind != stack {
		return
	}
	asked := int(-a.n)
	switch b.kind {
	case limit:
		c.compared = true
		switch r {
		case above:
			if asked > guard.Large-guard.Small && s.nowrap < asked {
				c.report(WrapAround, at, "SP-%d is compared, which may wrap around: above %d bytes the borrow must be tested first", asked, guard.Large-guard.Small)
			}
			s.room = max(s.room, asked+guard.Small, 0)
		case below, notAbove:
			s.failed = max(s.failed, asked)
		}
	case constant:
		asked += int(b.n)
		switch r {
		case above, notBelow:
			s.nowrap = max(s.nowrap, asked)
		case below, notAbove:
			s.failed = max(s.failed, asked)
		}
	}
}

// use notes that the stack is used down to depth bytes below the SP of the
// entry, of which a comparison must have covered all but what Slack allows for.
func (c *checker) use(at, depth, covered int, s *state) {
	c.extent = max(c.extent, depth)
	switch {
	case covered <= 0 || covered <= s.room || s.quiet:
	case s.room < 0:
		c.unchecked = append(c.unchecked, use{at, depth})
		s.quiet = true
	default:
		c.report(TooWeak, at, "%d bytes below the SP of the entry are used, but the comparison with the stackguard covers only %d", covered, s.room)
		s.quiet = true
	}
}

// setSP makes SP v.
func (c *checker) setSP(at int, v value, s *state) {
	r := c.arch.registers()
	if v.kind != stack {
		c.report(Untracked, at, "SP is set to what cannot be told")
		return
	}
	if c.arch.Layout().Link && v.n%16 != 0 {
		c.report(Untracked, at, "SP is %d bytes below that of the entry: not a multiple of 16", -v.n)
	}
	s.regs[r.sp] = v
	depth := int(-v.n)
	c.deepest = max(c.deepest, depth)
	c.use(at, depth, depth, s)
	for offset := range s.slots {
		// What lies below SP is lost, but for the frame pointer that arm64
		// frames save there.
		if offset < v.n-word || offset < v.n && !c.arch.Layout().Link {
			delete(s.slots, offset)
		}
	}
}

// set makes register i hold v.
func (c *checker) set(at, i int, v value, s *state) {
	r := c.arch.registers()
	switch i {
	case r.sp:
		c.setSP(at, v, s)
	case r.control:
		c.report(Clobbered, at, "%s is written, which must hold *Control", r.name(i))
	case r.g:
		c.report(Clobbered, at, "%s is written, which must hold g", r.name(i))
	default:
		s.regs[i] = v
	}
}

// load is what the word at address a holds.
func (c *checker) load(a value, s *state) value {
	switch a.kind {
	case stack:
		return s.slots[a.n]
	case control:
		if a.n == stackGuard {
			return value{limit, 0}
		}
	}
	return value{}
}

// store stores size bytes at address a: the word v, or what is not known.
func (c *checker) store(at int, a value, size int, v value, s *state) {
	if a.kind != stack {
		return
	}
	lowest, what := int64(0), "the return address"
	if c.arch.Layout().Link {
		lowest, what = -word, "the return address or frame pointer that the caller saved"
	}
	if a.n < word && a.n+int64(size) > lowest {
		c.report(Overwritten, at, "a store to SP%+d as it was at the entry hits %s", a.n, what)
		return
	}
	if a.n < c.sp(s) {
		depth := int(-a.n)
		covered := depth
		if c.arch.Layout().Link {
			covered -= word // the saved frame pointer, which Slack has room for
		}
		c.use(at, depth, covered, s)
	}
	for offset := range s.slots {
		if offset < a.n+int64(size) && a.n < offset+word {
			delete(s.slots, offset)
		}
	}
	if size == word && v.kind != unknown {
		s.slots[a.n] = v
	}
}

// kinds is a set of stackcopy.Kind.
type kinds uint8

func (k kinds) has(kind stackcopy.Kind) bool { return k&(1<<kind) != 0 }

func (k kinds) String() string {
	text := ""
	for kind := stackcopy.Call; kind <= stackcopy.Prologue; kind++ {
		if k.has(kind) {
			if text != "" {
				text += " or "
			}
			text += kind.String()
		}
	}
	return text
}

func setOf(list ...stackcopy.Kind) kinds {
	var k kinds
	for _, kind := range list {
		k |= 1 << kind
	}
	return k
}

var (
	calling = setOf(stackcopy.Call, stackcopy.Poll, stackcopy.Trap, stackcopy.Prologue)
	handing = setOf(stackcopy.Yield, stackcopy.CallGo)
)

// exit is the kind of exit at an address, if there is one.
func (c *checker) exit(target value) (stackcopy.Kind, bool) {
	if target.kind != text {
		return 0, false
	}
	kind, ok := c.exits[c.entry+uintptr(target.n)]
	return kind, ok
}

// inside reports whether v is an address of the function at which a suspended
// function can continue.
func (c *checker) inside(v value) bool {
	return v.kind == text && v.n > 0 && v.n < int64(len(c.code))
}

// suspend checks the call or exit at offset at, which goes to target by a way
// that possible kinds of suspension use, and continues at offset to with s: the
// state at the call, without a return address that was pushed for it.
func (c *checker) suspend(at, to int, target value, possible kinds, s *state) {
	kind, known := c.exit(target)
	switch {
	case known && !possible.has(kind):
		c.report(WrongKind, at, "this is not how the exit for a %v is to be reached", kind)
	case known:
		possible = setOf(kind)
	case c.exits != nil:
		possible = setOf(stackcopy.Call)
	}
	depth := int(-c.sp(s))
	i := c.siteAt(to)
	if i >= 0 {
		site := c.fn.Sites[i]
		c.reached[i] = true
		if possible.has(site.Kind) {
			kind, known = site.Kind, true
		} else {
			c.report(WrongKind, at, "the map of site %d says %v, the code does a %v", i, site.Kind, possible)
		}
		if depth != site.Frame {
			c.report(WrongFrame, at, "the frame has %d bytes here, the map of site %d says %d", depth, i, site.Frame)
		}
	}
	if !known && s.failed >= 0 && depth == 0 && possible.has(stackcopy.Prologue) {
		kind = stackcopy.Prologue
	}
	if kind == stackcopy.Prologue {
		c.grow(at, depth, s)
	} else {
		c.frame(at, depth, s)
	}
	c.calls = append(c.calls, call{at, s.room >= 0 || kind == stackcopy.Prologue})
	if kind == stackcopy.Trap {
		return // a trap ends the coroutine
	}
	c.resume(to, kind, s)
	c.flow(at, to, s)
}

// siteAt is the index of the site of the return address to, or -1.
func (c *checker) siteAt(to int) int {
	i, ok := c.sites[to]
	marked := -1
	if to >= 0 && to < len(c.code) {
		if m, ok := c.arch.Layout().Marker(c.code[to:]); ok {
			marked = m
		}
	}
	switch {
	case marked >= len(c.fn.Sites):
		c.report(NoSite, to, "SITE(%d), but the map has only %d sites", marked, len(c.fn.Sites))
		return -1
	case marked >= 0 && (!ok || i != marked):
		if c.fn.Sites[marked].Offset == to {
			return marked // reported: two sites at one place
		}
		c.report(BadMap, to, "SITE(%d), which the map has at +%#x", marked, c.fn.Sites[marked].Offset)
		return marked
	case !ok:
		c.report(NoSite, to, "a call or exit continues here, where there is neither a marker nor a map")
		return -1
	}
	return i
}

// grow checks a call of morestack.
func (c *checker) grow(at, depth int, s *state) {
	r := c.arch.registers()
	switch {
	case s.failed < 0:
		c.report(StrayGrow, at, "no comparison with the stackguard has failed on every path to here")
	case s.failed > 0 && s.failed >= c.fn.Frame:
		c.report(TooStrict, at, "the prologue asks for more than %d bytes, but growth provides no more than Func.Frame, %d", s.failed, c.fn.Frame)
	}
	if s.regs[r.fp].kind != callerFP {
		c.report(FramePointer, at, "%s is not the caller's frame pointer, though there is no frame", r.name(r.fp))
	}
	if depth == 0 && !c.returnsTo(s.growLink(c)) {
		c.report(NotRestored, at, "the return address is not where morestack expects it")
	}
}

// growLink is what morestack takes for the function's return address.
func (s *state) growLink(c *checker) value {
	if r := c.arch.registers(); r.growLink >= 0 {
		return s.regs[r.growLink]
	}
	return s.slots[0]
}

// returnsTo reports whether v is the address the function must return to.
func (c *checker) returnsTo(v value) bool { return v.kind == returnPC }

// frame checks that a frame keeps what walking and moving it needs.
func (c *checker) frame(at, depth int, s *state) {
	if depth <= 0 {
		return // the size is wrong already
	}
	r := c.arch.registers()
	saved := value{stack, -word}
	if c.arch.Layout().Link {
		saved.n = c.sp(s) - word
		if !c.returnsTo(s.slots[c.sp(s)]) {
			c.report(NotRestored, at, "the return address is not saved at SP")
		}
	} else if !c.returnsTo(s.slots[0]) {
		c.report(NotRestored, at, "the return address is not above the frame")
	}
	if s.slots[saved.n].kind != callerFP {
		c.report(FramePointer, at, "the caller's frame pointer is not saved at SP%+d", saved.n-c.sp(s))
	} else if s.regs[r.fp] != saved {
		c.report(FramePointer, at, "%s does not point to the saved frame pointer at SP%+d", r.name(r.fp), saved.n-c.sp(s))
	}
}

// resume makes s what is known when the function goes on after a suspension.
func (c *checker) resume(to int, kind stackcopy.Kind, s *state) {
	r := c.arch.registers()
	depth := int(-c.sp(s))
	for i := range s.regs {
		if i != r.sp && i != r.fp && i != r.control {
			s.regs[i] = value{}
		}
	}
	for offset, v := range s.slots {
		if v.kind != returnPC && v.kind != callerFP {
			delete(s.slots, offset)
		}
	}
	s.compare(value{}, value{})
	s.nowrap, s.failed = 0, -1
	if kind == stackcopy.Prologue {
		s.room, s.quiet = -1, false
		if c.arch.Layout().Link {
			s.regs[r.link] = value{returnPC, 0}
		}
	} else if s.room >= 0 {
		// The stack may have been shrunk to what is in use and Slack.
		s.room = min(s.room, depth+guard.Small)
	}
}

// leave checks an instruction that ends the path by going to target, which is
// not in the function: a return if that is the return address, or else a jump
// to a function that returns in this one's stead.
func (c *checker) leave(at int, target value, s *state) {
	r := c.arch.registers()
	base := int64(0)
	link := s.slots[0]
	if c.arch.Layout().Link {
		link = s.regs[r.link]
	}
	if c.returnsTo(target) {
		link = target
		if !c.arch.Layout().Link {
			base = word // popped
		}
	} else if target.kind == unknown && c.sp(s) != base {
		c.report(Untracked, at, "a jump with a frame of %d bytes to where cannot be told", -c.sp(s))
		return
	}
	if sp := c.sp(s); sp != base {
		c.report(Unbalanced, at, "the function is left with SP %d bytes below where it belongs", base-sp)
		return
	}
	if !c.returnsTo(link) {
		c.report(NotRestored, at, "the function is left with another return address than it was entered with")
	}
	if s.regs[r.fp].kind != callerFP {
		c.report(NotRestored, at, "the function is left with another frame pointer than its caller's")
	}
}

package verify

import "maps"

// word is the size of a stack slot.
const word = 8

// value is what is known about a register or a saved word.
type value struct {
	kind valueKind
	n    int64
}

type valueKind uint8

const (
	unknown  valueKind = iota
	constant           // n
	stack              // the SP of the entry plus n
	text               // the address n bytes from the function's entry
	limit              // the stackguard, read since the last suspension
	control            // *Control plus n
	returnPC           // the address to return to
	callerFP           // the caller's frame pointer
)

// add is v+n, for values of which that can be told.
func (v value) add(n int64) value {
	switch v.kind {
	case constant, stack, text, control:
		return value{v.kind, v.n + n}
	}
	return value{}
}

// sum is a+b.
func sum(a, b value) value {
	if a.kind == constant {
		a, b = b, a
	}
	if b.kind == constant {
		return a.add(b.n)
	}
	return value{}
}

// difference is a-b.
func difference(a, b value) value {
	switch {
	case b.kind == constant:
		return a.add(-b.n)
	case a.kind == stack && b.kind == stack:
		return value{constant, a.n - b.n}
	}
	return value{}
}

// relation is how the operands of the latest comparison relate, unsigned.
type relation uint8

const (
	unrelated relation = iota
	above
	notBelow
	below
	notAbove
)

// not is the relation if r does not hold.
func (r relation) not() relation {
	return [...]relation{unrelated, notAbove, below, notBelow, above}[r]
}

// swap is the relation of the operands in the other order.
func (r relation) swap() relation {
	return [...]relation{unrelated, below, notAbove, above, notBelow}[r]
}

// state is what is known before an instruction on every path to it. Joining
// paths only ever loses knowledge, so following them comes to an end.
type state struct {
	regs  [32]value // by the number of the register in the machine code
	slots map[int64]value
	// The operands of the latest comparison or subtraction.
	left, right value

	// room is how many bytes below the SP of the entry may be used because a
	// comparison has shown it; -1 before the first.
	room int
	// nowrap is the largest number that was subtracted from the SP of the
	// entry without a borrow.
	nowrap int
	// failed is how many bytes the failed comparison asked for that led here,
	// or -1.
	failed int
	// quiet is set after a mistake with the room, to report it once a path.
	quiet bool
}

func (s *state) clone() state {
	t := *s
	t.slots = maps.Clone(s.slots)
	return t
}

// join keeps in s what is also known in t, and reports whether that is less
// than before.
func (s *state) join(t *state) bool {
	changed := false
	meet := func(v *value, w value) {
		if *v != w && v.kind != unknown {
			*v, changed = value{}, true
		}
	}
	for i := range s.regs {
		meet(&s.regs[i], t.regs[i])
	}
	for offset, v := range s.slots {
		if t.slots[offset] != v {
			delete(s.slots, offset)
			changed = true
		}
	}
	if s.left != t.left || s.right != t.right {
		changed = changed || s.left != value{} || s.right != value{}
		s.left, s.right = value{}, value{}
	}
	least := func(n *int, m int) {
		if m < *n {
			*n, changed = m, true
		}
	}
	least(&s.room, t.room)
	least(&s.nowrap, t.nowrap)
	// Of two failed comparisons the stricter one counts; of one, neither.
	switch {
	case s.failed < 0 || s.failed == t.failed:
	case t.failed < 0:
		s.failed, changed = -1, true
	case t.failed > s.failed:
		s.failed, changed = t.failed, true
	}
	if s.quiet && !t.quiet {
		s.quiet, changed = false, true
	}
	return changed
}

// compare records the operands that the flags now compare; without arguments
// of known values, that they compare nothing of interest.
func (s *state) compare(left, right value) { s.left, s.right = left, right }

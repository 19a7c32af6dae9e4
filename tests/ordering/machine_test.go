package ordering

import (
	"encoding/binary"
	"fmt"
	"iter"
	"math/bits"
	"slices"
	"strings"
)

// A model says which instructions of one thread take effect in their order.
//
// Memory is one for all threads, and a store is seen by all others at once: amd64
// and ARMv8 have no other (they are multi-copy-atomic), so that all which is left to
// explore is when each instruction takes effect. For a store that is when it reaches
// memory; its own thread may load from it before.
type model uint8

const (
	inOrder model = iota // sequential consistency
	tso                  // amd64: a load may overtake stores
	arm                  // ARMv8: all may, but for what ordered and its callers say
)

func (m model) String() string { return [...]string{"sc", "tso", "arm"}[m] }

type (
	value  = uint16
	place  uint8  // of memory
	reg    uint8  // of a thread; each is set by one instruction
	regset uint64 // of registers
	set    uint64 // of instructions
	mark   uint16 // names a store; 0 is the one that memory starts with
)

const (
	maxThreads = 4
	maxRegs    = 48
	maxPlaces  = 10
)

type op uint8

const (
	opLoad op = iota
	opStore
	opUpdate    // read, modify, write: one instruction
	opFence     // DMB ISH
	opFenceLoad // DMB ISHLD
	opFenceStore
	opStop  // of the world: no thread has begun what follows, nor left undone what went before
	opCheck // no instruction: looks at registers, when all before it is done
)

// instr is one instruction of a thread.
type instr struct {
	op      op
	at      place
	acquire bool
	release bool
	linked  bool // LDAXR and STLXR: the store fails if another came between
	to      reg  // where a load or an update leaves what it has loaded

	// value is what a store or an update stores, made of the registers in data; an
	// update has what it has loaded in to already.
	value func(r *regs) value
	data  regset
	addr  regset                    // registers that the address is computed from
	await func(old value) bool      // an update that waits, or a load
	check func(r *regs) (bad error) // of a check, with the registers in data

	// when tells from the registers in ctrl whether the instruction is executed: a
	// branch is before it. Without when it is, though the branch is there.
	when func(r *regs) bool
	ctrl regset

	name string
}

type regs [maxRegs]value

func (i *instr) loads() bool  { return i.op == opLoad || i.op == opUpdate }
func (i *instr) stores() bool { return i.op == opStore || i.op == opUpdate }

func (i *instr) accesses() bool { return i.loads() || i.stores() }

// ordered reports whether b, which comes after a in a thread, can only take effect
// after a. Not here is what depends on registers, and that loads from one place may
// only overtake each other if they load the same store.
func (m model) ordered(a, b *instr) bool {
	if a.op == opStop || b.op == opStop || a.op == opCheck || b.op == opCheck {
		return b.op == opStop || b.op == opCheck || a.op == opStop
	}
	switch m {
	case inOrder:
		return true
	case tso:
		return !(a.op == opStore && b.op == opLoad)
	}
	switch {
	case a.op == opFence, b.op == opFence, a.op == opUpdate, b.op == opUpdate:
		return true
	case a.op == opFenceLoad, b.op == opFenceLoad && a.loads():
		return true
	case a.op == opFenceStore:
		return b.stores() || b.op == opFenceStore
	case b.op == opFenceStore:
		return a.stores()
	case a.acquire, b.release:
		return true
	case a.release && b.acquire:
		return true
	}
	return a.at == b.at && b.stores()
}

// program is what one thread does.
type program struct {
	name string
	code []instr
	keep regset // registers that somebody looks at in the end

	// What follows from the code, for each instruction.
	before []set  // those ordered before it
	after  []set  // those ordered after it
	branch []set  // those before it that have a branch
	same   []set  // those before it at the same place
	marked []bool // a load that has to remember which store it has loaded from
	data   []set  // those that set the registers it needs, for its value
	addr   []set  // for its address
	ctrl   []set  // for its branch
	quiet  set    // those that other threads take no notice of

	sets  [maxRegs]int // the instruction that sets a register
	users [maxRegs]set // those that look at it
}

// cell is a place of memory.
type cell struct {
	value value
	by    mark
}

// thread is how far a program has come. A load whose branches are not all decided may
// be done too, as a guess.
type thread struct {
	done    set // has taken effect
	taken   set // is executed
	skipped set // is not
	regs    regs
	from    [maxRegs]mark // the store that a marked load has loaded from
}

type state struct {
	memory  [maxPlaces]cell
	threads [maxThreads]thread
}

// machine explores what programs can do together.
type machine struct {
	model    model
	programs []*program
	initial  [maxPlaces]value

	end func(s *state) error // looks at each state in which all is done

	marks   [maxPlaces]bool // places that have to remember the store
	visited map[string]struct{}
	path    []string
	failure error // the first one, with the path that led to it
}

// run explores all states and returns how many there are.
func (m *machine) run() int {
	m.visited, m.path, m.failure = map[string]struct{}{}, nil, nil
	s := new(state)
	for i, v := range m.initial {
		s.memory[i].value = v
	}
	for _, p := range m.programs {
		m.prepare(p)
	}
	for t := range m.programs {
		m.settle(s, t)
	}
	m.explore(s)
	return len(m.visited)
}

func (m *machine) prepare(p *program) {
	n := len(p.code)
	if n > 64 {
		panic("too long: " + p.name)
	}
	p.before, p.after, p.branch, p.same, p.marked = make([]set, n), make([]set, n), make([]set, n), make([]set, n), make([]bool, n)
	p.data, p.addr, p.ctrl = make([]set, n), make([]set, n), make([]set, n)
	for i := range p.code {
		b := &p.code[i]
		if b.loads() {
			p.sets[b.to] = i
		}
		for r := range elements(b.data | b.addr | b.ctrl) {
			p.users[r] |= 1 << i
		}
		p.data[i], p.addr[i], p.ctrl[i] = p.setters(b.data), p.setters(b.addr), p.setters(b.ctrl)
		if b.op == opCheck || b.accesses() && b.await == nil && m.private(p, b.at) {
			p.quiet |= 1 << i
		}
		p.marked[i] = b.linked
		for j := range i {
			a := &p.code[j]
			if m.model.ordered(a, b) {
				p.before[i] |= 1 << j
				p.after[j] |= 1 << i
			}
			if a.ctrl != 0 {
				p.branch[i] |= 1 << j
			}
			if a.accesses() && b.accesses() && a.at == b.at {
				p.same[i] |= 1 << j
				if b.loads() && p.before[i]>>j&1 == 0 && (a.loads() || a.ctrl != 0) {
					p.marked[i] = true
				}
			}
		}
		if b.ctrl != 0 {
			p.branch[i] |= 1 << i
		}
		if p.marked[i] {
			m.marks[b.at] = true
		}
	}
}

// setters are the instructions that set the registers.
func (p *program) setters(r regset) (s set) {
	for r := range elements(r) {
		s |= 1 << p.sets[r]
	}
	return
}

// private reports whether no other program uses the place.
func (m *machine) private(p *program, at place) bool {
	for _, q := range m.programs {
		if q != p && slices.ContainsFunc(q.code, func(i instr) bool { return i.accesses() && i.at == at }) {
			return false
		}
	}
	return true
}

// elements are those of a set.
func elements[S ~uint64](s S) iter.Seq[int] {
	return func(yield func(int) bool) {
		for x := uint64(s); x != 0; x &= x - 1 {
			if !yield(bits.TrailingZeros64(x)) {
				return
			}
		}
	}
}

// below is all instructions before i.
func below(i int) set { return 1<<i - 1 }

// todo is what is neither done nor known to be skipped.
func (h *thread) todo(p *program) set { return below(len(p.code)) &^ h.done &^ h.skipped }

// named is the mark of a store.
func named(thread, i int) mark { return mark(1 + 64*thread + i) }

// explore visits all states that follow s, in which all is settled.
func (m *machine) explore(s *state) {
	key := m.encode(s)
	if _, ok := m.visited[key]; ok || m.failure != nil {
		return
	}
	m.visited[key] = struct{}{}
	// What is of no concern to others may as well come first, if it is next.
	for t, p := range m.programs {
		if todo := s.threads[t].todo(p); todo != 0 {
			if i := bits.TrailingZeros64(uint64(todo)); p.quiet>>i&1 != 0 {
				m.try(s, t, i)
				return
			}
		}
	}
	finished := true
	for t, p := range m.programs {
		todo := s.threads[t].todo(p)
		for i := range elements(todo) {
			finished = false
			m.try(s, t, i)
		}
	}
	if finished && m.end != nil {
		m.fail(m.end(s))
	}
}

func (m *machine) fail(err error) {
	if err != nil && m.failure == nil {
		m.failure = fmt.Errorf("%w:\n\t%s", err, strings.Join(m.path, "\n\t"))
	}
}

// try lets an instruction take effect, in all ways in which it can now.
func (m *machine) try(s *state, t, i int) {
	p, h := m.programs[t], &s.threads[t]
	b := &p.code[i]
	// A guess may overtake what may be skipped.
	guess := m.model == arm && b.op == opLoad
	wait := p.before[i] &^ h.done &^ h.skipped
	if guess {
		wait &= h.taken
	}
	open := p.branch[i] &^ h.taken &^ h.skipped
	if wait != 0 || open != 0 && !guess || !h.known(p.data[i]) || p.addr[i]&^h.done&^h.skipped != 0 {
		return
	}
	if p.after[i]&h.done&^h.skipped != 0 {
		return // what has been guessed is right only if this is skipped
	}
	switch b.op {
	case opLoad:
		m.load(s, t, i)
	case opStore, opUpdate:
		for j := range elements(below(i) &^ h.skipped) {
			if !h.known(p.addr[j]) {
				return // it might be this place
			}
		}
		if overtaken := p.same[i] &^ h.done &^ h.skipped; overtaken != 0 {
			return
		}
		m.write(s, t, i)
	case opStop:
		for u := range m.programs {
			h := &s.threads[u]
			if h.todo(m.programs[u])&below(bits.Len64(uint64(h.done&^h.skipped))) != 0 {
				return
			}
		}
		m.step(s, t, i, nil)
	case opCheck:
		if err := b.check(&h.regs); err != nil {
			m.fail(err)
			return
		}
		m.step(s, t, i, nil)
	default:
		m.step(s, t, i, nil)
	}
}

// known reports whether the instructions are decided: what registers they set is no
// guess.
func (h *thread) known(s set) bool { return s&^(h.done&h.taken|h.skipped) == 0 }

// load takes the value of the last store of the thread, if memory does not have that
// yet, or that of memory.
func (m *machine) load(s *state, t, i int) {
	p, h := m.programs[t], &s.threads[t]
	b := &p.code[i]
	take := func(c cell, how string) {
		if b.await != nil && !b.await(c.value) {
			return
		}
		// A later load from here may be done: not from an older store than this
		// one, and a newer is what memory has by now.
		for j := i + 1; j < len(p.code); j++ {
			if later := &p.code[j]; p.same[j]>>i&1 != 0 && later.op == opLoad && h.done&^h.skipped>>j&1 != 0 && p.marked[j] {
				own := false
				for k := range elements(p.same[j] &^ below(i)) {
					own = own || h.from[later.to] == named(t, k)
				}
				if !own && h.from[later.to] != c.by {
					return
				}
			}
		}
		m.step(s, t, i, func(s *state) string {
			h := &s.threads[t]
			h.regs[b.to] = c.value
			if p.marked[i] {
				h.from[b.to] = c.by
			}
			return fmt.Sprintf(" = %d%s", c.value, how)
		})
	}
	for j := i - 1; j >= 0; j-- {
		a := &p.code[j]
		if p.same[i]>>j&1 == 0 || !a.stores() || h.skipped>>j&1 != 0 {
			continue
		}
		if h.done>>j&1 != 0 {
			break
		}
		if a.op == opStore && h.known(p.data[j]|p.addr[j]) {
			take(cell{a.value(&h.regs), named(t, j)}, " from the store to come")
		}
		if h.taken>>j&1 != 0 {
			return
		}
	}
	take(s.memory[b.at], "")
}

// write is the effect of a store or an update.
func (m *machine) write(s *state, t, i int) {
	p, h := m.programs[t], &s.threads[t]
	b := &p.code[i]
	old := s.memory[b.at]
	if b.op == opUpdate && b.await != nil && !b.await(old.value) {
		return
	}
	if b.op == opStore && b.linked {
		// The one that fails is tried again, as if from the beginning.
		for j := i - 1; ; j-- {
			if a := &p.code[j]; a.linked && a.op == opLoad && a.at == b.at {
				if h.from[a.to] != old.by {
					return
				}
				break
			}
		}
	}
	m.step(s, t, i, func(s *state) string {
		h := &s.threads[t]
		if b.op == opUpdate {
			h.regs[b.to] = old.value
		}
		v := b.value(&h.regs)
		s.memory[b.at].value = v
		if m.marks[b.at] {
			s.memory[b.at].by = named(t, i)
		}
		return fmt.Sprintf(" = %d", v)
	})
}

// step goes on from s with an instruction done.
func (m *machine) step(s *state, t, i int, effect func(s *state) string) {
	next := *s
	var what string
	if effect != nil {
		what = effect(&next)
	}
	next.threads[t].done |= 1 << i
	if m.settle(&next, t) {
		m.path = append(m.path, m.programs[t].name+": "+m.programs[t].code[i].name+what)
		m.explore(&next)
		m.path = m.path[:len(m.path)-1]
	}
}

// settle decides branches of a thread, and forgets what has no influence any more.
// It reports false if a guess was wrong: a state that is not reached.
func (m *machine) settle(s *state, t int) bool {
	p, h := m.programs[t], &s.threads[t]
	for i := range p.code {
		b, bit := &p.code[i], set(1)<<i
		if (h.taken|h.skipped)&bit != 0 || !h.known(p.ctrl[i]) {
			continue
		}
		if b.when == nil || b.when(&h.regs) {
			h.taken |= bit
			if h.done&bit == 0 && m.overtook(p, h, t, i) {
				return false
			}
			continue
		}
		h.skipped |= bit
		if b.loads() {
			h.regs[b.to], h.from[b.to] = 0, 0
		}
		for _, from := range h.from {
			if from == named(t, i) {
				return false
			}
		}
	}
	m.forget(p, h)
	return true
}

// overtook reports whether an instruction has been done that should have waited for
// another, or loaded what this will store, which turns out to be executed.
func (m *machine) overtook(p *program, h *thread, t, i int) bool {
	if p.after[i]&h.done&^h.skipped != 0 {
		return true
	}
	for j := i + 1; j < len(p.code); j++ {
		if (h.done&^h.skipped)>>j&1 == 0 {
			continue
		}
		if b := &p.code[j]; p.code[i].stores() && b.op == opLoad && p.same[j]>>i&1 != 0 && p.marked[j] {
			own := false
			for k := range elements(p.same[j] &^ below(i)) {
				own = own || h.from[b.to] == named(t, k)
			}
			if !own {
				return true
			}
		}
	}
	return false
}

// forget clears registers that nobody will look at. (A linked store looks at what its
// load has set.)
func (m *machine) forget(p *program, h *thread) {
	over := h.done&h.taken | h.skipped
	for r := range maxRegs {
		i := p.sets[r]
		if over>>i&1 == 0 {
			continue
		}
		if p.users[r]&^over != 0 {
			continue
		}
		if p.keep>>r&1 == 0 {
			h.regs[r] = 0
		}
		if p.same[i]&^over == 0 {
			h.from[r] = 0
		}
	}
}

// encode is the state as a key.
func (m *machine) encode(s *state) string {
	k := make([]byte, 0, 128)
	for _, c := range s.memory {
		k = binary.AppendUvarint(k, uint64(c.value))
		k = binary.AppendUvarint(k, uint64(c.by))
	}
	for t := range m.programs {
		h := &s.threads[t]
		k = binary.AppendUvarint(k, uint64(h.done))
		k = binary.AppendUvarint(k, uint64(h.taken))
		k = binary.AppendUvarint(k, uint64(h.skipped))
		for r := range h.regs {
			if h.regs[r] != 0 || h.from[r] != 0 {
				k = append(k, byte(r))
				k = binary.AppendUvarint(k, uint64(h.regs[r]))
				k = binary.AppendUvarint(k, uint64(h.from[r]))
			}
		}
		k = append(k, 0xff)
	}
	return string(k)
}

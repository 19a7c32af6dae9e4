package stackcopy_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/morestack/morestack/stackcopy"
)

// The addresses of made-up code lie far from any memory that the tests use.
const (
	done    = 0x3000
	barrier = 0x3008
	code    = 0x400000
)

var layouts = []struct {
	name   string
	layout stackcopy.Layout
}{
	{"amd64", stackcopy.AMD64},
	{"arm64", stackcopy.ARM64},
}

// block is memory for one stack. words covers all that a test may look at: the
// stack and, where there are no inaccessible pages to catch a wild write, the
// canaries on both sides of it.
type block struct {
	words []uintptr
	base  uintptr // address of words[0]
	stack stackcopy.Stack
}

func (b *block) at(p uintptr) *uintptr { return &b.words[(p-b.base)/8] }

func (b *block) size() uintptr { return b.stack.Hi - b.stack.Lo }

const canaries = 64 // words

// heap is a block of ordinary memory. Hi is a multiple of 16.
func heap(size uintptr) *block {
	words := make([]uintptr, size/8+2*canaries+1)
	base := uintptr(unsafe.Pointer(&words[0]))
	lo := (base + canaries*8 + 15) &^ 15
	return &block{words, base, stackcopy.Stack{Lo: lo, Hi: lo + size}}
}

// made is a made-up suspended stack with what the generator knows about it. All
// of that comes from how the stack was built; none from the code under test.
type made struct {
	layout     stackcopy.Layout
	funcs      []stackcopy.Func
	maps       *stackcopy.Maps
	old, fresh *block
	state      stackcopy.State
	frames     []stackcopy.Frame // innermost first
	marked     map[uintptr]bool  // addresses on old of words to rewrite
	left       map[uintptr]bool  // and of words that a prologue left behind
	planted    []planted
}

// planted is an unmarked word that looks like a pointer into the stack.
type planted struct {
	pc, sp, address, value uintptr
}

// pick returns one of s.
func pick[T any](r *rand.Rand, s []T) T { return s[r.IntN(len(s))] }

// below returns a number in [0, n).
func below(r *rand.Rand, n uintptr) uintptr { return uintptr(r.Uint64N(uint64(n))) }

// function makes up a map. A slot is a pointer with the chance that density
// gives, from none to all.
func function(r *rand.Rand, layout stackcopy.Layout, i int) stackcopy.Func {
	align, lowest := 8, 0
	if layout.Link {
		align, lowest = 16, 8
	}
	density := r.Float64()
	subset := func(slots []int, from, to int) []int {
		for p := from; p < to; p += 8 {
			for r.Float64() < density {
				slots = append(slots, p) // now and then twice
				if r.IntN(8) != 0 {
					break
				}
			}
		}
		r.Shuffle(len(slots), func(i, j int) { slots[i], slots[j] = slots[j], slots[i] })
		return slots
	}
	spills := func(frame int) (int, int) {
		if r.IntN(2) == 0 {
			return 0, 0
		}
		return frame + 8, frame + 8 + 8*r.IntN(6)
	}

	least := align * (1 + r.IntN(12))
	f := stackcopy.Func{
		Name:  fmt.Sprintf("f%d", i),
		Entry: code + uintptr(i)<<16,
		Frame: least + align*r.IntN(8),
	}
	// Objects lie in the part that all of the function's frames have, below the
	// word that keeps a frame pointer.
	for n := (least - 8 - lowest) / 8; n > 0 && r.IntN(2) == 0; {
		first := r.IntN(n)
		size := 1 + r.IntN(n-first)
		f.Objects = append(f.Objects, stackcopy.Object{
			Offset:   lowest + 8*first - least,
			Size:     8 * size,
			Pointers: subset(nil, 0, 8*size),
		})
	}
	kinds := []stackcopy.Kind{stackcopy.Call, stackcopy.Yield, stackcopy.CallGo, stackcopy.Poll, stackcopy.Trap}
	for j := range 1 + r.IntN(4) {
		frame := least + align*r.IntN((f.Frame-least)/align+1)
		from, to := spills(frame)
		f.Sites = append(f.Sites, stackcopy.Site{
			Kind:     pick(r, kinds),
			Offset:   16*(j+1) + r.IntN(16),
			Frame:    frame,
			Pointers: subset(subset(nil, lowest, frame-8), from, to),
		})
	}
	from, to := spills(0)
	f.Sites = append(f.Sites, stackcopy.Site{
		Kind: stackcopy.Prologue, Offset: 1 + r.IntN(15), Pointers: subset(nil, from, to),
	})
	return f
}

// step is a frame before it has an address.
type step struct {
	f    *stackcopy.Func
	site *stackcopy.Site
}

func (s step) pc() uintptr { return s.f.Entry + uintptr(s.site.Offset) }

// spill is how many bytes of its caller's frame s reaches: on arm64 beginning
// above the caller's return address, on amd64 at the caller's SP.
func (s step) spill() int {
	reach := 0
	for _, p := range s.site.Pointers {
		reach = max(reach, p-s.site.Frame)
	}
	return reach
}

// room is what spill may be in the callees of s.
func (s step) room(layout stackcopy.Layout) int {
	if layout.Link {
		return s.site.Frame - 16
	}
	return s.site.Frame - 8
}

// chain makes up who called whom, innermost first.
func chain(r *rand.Rand, layout stackcopy.Layout, funcs []stackcopy.Func) []step {
	var prologues, others []step
	for i := range funcs {
		for j := range funcs[i].Sites {
			s := step{&funcs[i], &funcs[i].Sites[j]}
			if s.site.Kind == stackcopy.Prologue {
				prologues = append(prologues, s)
			} else {
				others = append(others, s)
			}
		}
	}
	var steps []step
	for depth := r.IntN(40); len(steps) < depth; {
		candidates := others
		if len(steps) == 0 && r.IntN(3) == 0 {
			candidates = prologues
		}
		s := pick(r, candidates)
		if len(steps) > 0 {
			last := steps[len(steps)-1]
			if last.site.Kind != stackcopy.Prologue && r.IntN(3) == 0 {
				s = last // recursion
			}
			if s.room(layout) < last.spill() {
				if r.IntN(20) == 0 {
					break // perhaps none has the room
				}
				continue
			}
		}
		steps = append(steps, s)
	}
	return steps
}

// generate makes up a stack. Sizes of stacks are multiples of unit.
func generate(r *rand.Rand, layout stackcopy.Layout, alloc func(size uintptr) *block, unit uintptr) *made {
	m := &made{layout: layout, marked: map[uintptr]bool{}, left: map[uintptr]bool{}}
	for i := range 1 + r.IntN(8) {
		m.funcs = append(m.funcs, function(r, layout, i))
	}
	var err error
	if m.maps, err = stackcopy.NewMaps(layout, done, barrier).With(m.funcs...); err != nil {
		panic(err)
	}
	steps := chain(r, layout, m.funcs)

	used, margin := uintptr(0), uintptr(16+8*r.IntN(6))
	for _, s := range steps {
		used += uintptr(stackcopy.Frame{Site: s.site}.Size(layout))
	}
	if len(steps) > 0 {
		margin += uintptr(steps[len(steps)-1].spill())
	}
	// What must lie below SP: on arm64 one word, on amd64 nothing.
	needed := uintptr(0)
	if layout.Link {
		needed = 8
	}
	under := pick(r, []uintptr{needed, 16, 16 + 8*below(r, 100)})
	if extra := -(used + margin + under) & (unit - 1); r.IntN(2) == 0 {
		margin += extra
	} else {
		under += extra
	}
	m.old = alloc(used + margin + under)
	least := (used + margin + needed + unit - 1) &^ (unit - 1)
	m.fresh = alloc(least + unit*pick(r, []uintptr{0, 1, below(r, 2*m.old.size()/unit+1)}))

	for i := range m.fresh.words {
		m.fresh.words[i] = uintptr(r.Uint64())
	}
	for i := range m.old.words {
		m.old.words[i] = m.value(r)
	}
	sp := m.old.stack.Hi - margin
	m.state = stackcopy.State{PC: done, FP: m.value(r), LR: m.value(r), Context: m.value(r)}
	for _, s := range slices.Backward(steps) {
		target := m.state.PC
		if r.IntN(5) == 0 {
			m.state.Displaced = append(m.state.Displaced, target)
			target = barrier
		}
		sp -= uintptr(stackcopy.Frame{Site: s.site}.Size(layout))
		m.state.PC = s.pc()
		m.frames = append(m.frames, stackcopy.Frame{PC: s.pc(), SP: sp, Func: s.f, Site: s.site})
		frame := uintptr(s.site.Frame)
		saved := sp + frame - 8
		switch {
		case !layout.Link:
			*m.old.at(sp + frame) = target
		case frame > 0:
			*m.old.at(sp) = target
			saved = sp - 8
		default:
			m.state.LR = target
		}
		if frame > 0 {
			m.marked[saved] = true
			if r.IntN(2) == 0 {
				*m.old.at(saved) = sp + frame
			}
		}
		for _, p := range s.site.Pointers {
			m.marked[sp+uintptr(p)] = true
		}
		if frame > 0 {
			for _, o := range s.f.Objects {
				for _, p := range o.Pointers {
					m.marked[sp+frame+uintptr(o.Offset+p)] = true
				}
			}
			for _, site := range s.f.Sites {
				for _, p := range site.Pointers {
					if site.Kind == stackcopy.Prologue {
						m.left[sp+frame+uintptr(p)] = true
					}
				}
			}
		}
	}
	m.state.SP = sp
	slices.Reverse(m.frames)
	for _, f := range m.frames {
		end := f.SP + uintptr(f.Site.Frame)
		if layout.Link {
			end -= 8 // the caller's, or nobody's
		}
		for p := f.SP; p < end; p += 8 {
			if v := *m.old.at(p); m.old.stack.Contains(v) && !m.marked[p] && !m.left[p] {
				m.planted = append(m.planted, planted{f.PC, f.SP, p, v})
			}
		}
	}
	return m
}

// value makes up a word: often an address of the old stack, and else something
// that is easily mistaken for one.
func (m *made) value(r *rand.Rand) uintptr {
	s := m.old.stack
	switch r.IntN(10) {
	case 0, 1, 2, 3:
		return s.Lo + below(r, s.Hi-s.Lo)
	case 4:
		return pick(r, []uintptr{s.Lo, s.Lo - 1, s.Hi - 1, s.Hi})
	case 5:
		return m.fresh.stack.Lo + below(r, m.fresh.size())
	case 6:
		return uintptr(r.IntN(256))
	case 7:
		return pick(r, []uintptr{done, barrier, m.funcs[0].Entry + uintptr(m.funcs[0].Sites[0].Offset)})
	default:
		return uintptr(r.Uint64())
	}
}

// copied is the lowest address on fresh of what a move copies before it
// relocates.
func (m *made) copied() uintptr {
	n := min(m.old.size(), m.fresh.size())
	if s := m.old.stack; m.state.SP >= s.Lo && m.state.SP <= s.Hi {
		n = min(n, s.Hi-m.state.SP+16)
	}
	return m.fresh.stack.Hi - n&^7
}

// copy does what precedes Relocate and returns how far the stack moved.
func (m *made) copy() (delta uintptr) {
	delta = m.fresh.stack.Hi - m.old.stack.Hi
	for p := m.copied(); p < m.fresh.stack.Hi; p += 8 {
		*m.fresh.at(p) = *m.old.at(p - delta)
	}
	return delta
}

// each runs check on made-up stacks of both layouts.
func each(t *testing.T, n int, alloc func(size uintptr) *block, unit uintptr, check func(t *testing.T, r *rand.Rand, m *made)) {
	for _, l := range layouts {
		t.Run(l.name, func(t *testing.T) {
			for seed := range uint64(n) {
				r := rand.New(rand.NewPCG(seed, 1))
				check(t, r, generate(r, l.layout, alloc, unit))
				if t.Failed() {
					t.Fatalf("this was the stack of seed %d", seed)
				}
			}
		})
	}
}

package stackcopy_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/morestack/morestack/stackcopy"
)

// harmless checks what holds for any maps and any stack, however wrong: an
// ending, a typed error, and on fresh no change but of words that pointed into
// old and now point into fresh. It returns the error of Relocate.
func (m *made) harmless(t *testing.T) *stackcopy.StackError {
	t.Helper()
	delta := m.copy()
	oldBefore, freshBefore := slices.Clone(m.old.words), slices.Clone(m.fresh.words)
	before := m.state
	before.Displaced = slices.Clone(before.Displaced)

	listed, listErr := 0, error(nil)
	for _, err := range m.maps.Frames(m.old.stack, &m.state) {
		if listErr != nil {
			t.Error("Frames went on after an error")
		}
		if listErr = err; err == nil {
			listed++
		}
	}
	suspects, auditErr := m.maps.Audit(m.old.stack, &m.state)
	if (auditErr == nil) != (listErr == nil) {
		t.Errorf("Audit: %v, but Frames: %v", auditErr, listErr)
	}
	for _, s := range suspects {
		if !m.old.stack.Contains(s.Value) || !m.old.stack.Contains(s.Address) || *m.old.at(s.Address) != s.Value {
			t.Errorf("Audit suspects %+v", s)
		}
	}
	if !reflect.DeepEqual(m.state, before) {
		t.Errorf("Frames or Audit changed the state from %x to %x", before, m.state)
	}

	state := m.state
	frames, err := m.maps.Relocate(m.old.stack, m.fresh.stack, &state)
	var stackErr *stackcopy.StackError
	switch {
	case err == nil:
		if state.SP != before.SP+delta {
			t.Errorf("SP became %#x, not %#x", state.SP, before.SP+delta)
		}
	case !errors.As(err, &stackErr):
		t.Errorf("Relocate: a %T: %v", err, err)
	case !reflect.DeepEqual(state, before):
		t.Errorf("Relocate failed and changed the state from %x to %x", before, state)
	}
	// Only on a smaller stack may something be wrong that was not before.
	if m.fresh.size() >= m.old.size() {
		var e *stackcopy.StackError
		if errors.As(listErr, &e); (e == nil) != (stackErr == nil) || frames != listed {
			t.Errorf("Relocate: %v after %d frames, but Frames: %v after %d", err, frames, listErr, listed)
		} else if e != nil && (e.SP != stackErr.SP || e.What != stackErr.What) {
			t.Errorf("Relocate: %v, but Frames: %v", stackErr, e)
		}
	}
	if !slices.Equal(m.old.words, oldBefore) {
		t.Error("the old stack changed")
	}
	for i, v := range m.fresh.words {
		if was := freshBefore[i]; v != was {
			p := m.fresh.base + 8*uintptr(i)
			if !m.fresh.stack.Contains(p) || !m.old.stack.Contains(was) || v != was+delta {
				t.Errorf("the word %d bytes from the end of the new stack changed from %#x to %#x", int(m.fresh.stack.Hi-p), was, v)
			}
		}
	}
	return stackErr
}

// ladder is a plain stack of five frames of 32 bytes, which the cases below
// break. Its functions' sites are at these PCs.
const (
	pcCall     = code + 0x10
	pcPrologue = code + 0x20
	pcHuge     = code + 0x110 // a frame of 1 MiB
	pcFar      = code + 0x210 // a spill slot 512 bytes up
	pcNone     = code + 0x666 // no site
)

func ladder(t *testing.T, layout stackcopy.Layout) *made {
	t.Helper()
	site := func(offset, frame int, pointers ...int) stackcopy.Site {
		return stackcopy.Site{Kind: stackcopy.Call, Offset: offset, Frame: frame, Pointers: pointers}
	}
	funcs := []stackcopy.Func{
		{Name: "call", Entry: code, Frame: 32, Sites: []stackcopy.Site{
			site(0x10, 32, 8, 40), {Kind: stackcopy.Prologue, Offset: 0x20, Pointers: []int{8}}}},
		{Name: "huge", Entry: code + 0x100, Frame: 1 << 20, Sites: []stackcopy.Site{site(0x10, 1<<20)}},
		{Name: "far", Entry: code + 0x200, Frame: 32, Sites: []stackcopy.Site{site(0x10, 32, 8, 32+512)}},
	}
	m := &made{layout: layout, funcs: funcs, old: heap(1024), fresh: heap(2048)}
	var err error
	if m.maps, err = stackcopy.NewMaps(layout, done, barrier).With(funcs...); err != nil {
		t.Fatal(err)
	}
	for i := range m.old.words {
		m.old.words[i] = m.old.stack.Lo + uintptr(i) // every marked word has to change
	}
	sp := m.old.stack.Hi - 64
	m.state = stackcopy.State{PC: done, FP: sp, Context: sp, LR: pcCall}
	for range 5 {
		sp -= 32
		if !layout.Link {
			sp -= 8
		}
		m.state.SP = sp
		*m.ret(0) = m.state.PC
		m.state.PC = pcCall
	}
	return m
}

// size is the distance between SPs of a ladder.
func (m *made) step() uintptr {
	if m.layout.Link {
		return 32
	}
	return 40
}

// ret is the return address of the i-th frame of a ladder, innermost first.
func (m *made) ret(i int) *uintptr {
	if m.layout.Link {
		return m.old.at(m.state.SP + m.step()*uintptr(i))
	}
	return m.old.at(m.state.SP + m.step()*uintptr(i) + 32)
}

func TestWrongStacks(t *testing.T) {
	const (
		noMap   = "no map for this PC"
		runs    = "the frame runs past its stack"
		ends    = "the stack ends before its return barriers do"
		without = "a return barrier without its return address"
		inner   = "a function in its prologue cannot have called another"
	)
	tests := []struct {
		name  string
		wrong func(m *made)
		what  string
		pc    uintptr
		frame int // whose SP the error names; negative if that was set to nonsense
	}{
		{"nothing", func(m *made) {}, "", 0, 0},
		{"unknown PC", func(m *made) { m.state.PC = pcNone }, noMap, pcNone, 0},
		{"PC 0", func(m *made) { m.state.PC = 0 }, noMap, 0, 0},
		{"PC of an entry", func(m *made) { m.state.PC = code }, noMap, code, 0},
		{"unknown return PC", func(m *made) { *m.ret(1) = pcNone }, noMap, pcNone, 2},
		{"return PC 0", func(m *made) { *m.ret(1) = 0 }, noMap, 0, 2},
		{"return PC off by one", func(m *made) { *m.ret(2) = pcCall + 1 }, noMap, pcCall + 1, 3},
		{"return PC on the stack", func(m *made) { *m.ret(2) = 64 }, noMap, 64, 3},
		{"unknown outermost return PC", func(m *made) { *m.ret(4) = pcNone }, noMap, pcNone, 5},

		{"innermost frame past the end", func(m *made) { m.state.PC = pcHuge }, runs, pcHuge, 0},
		{"frame past the end", func(m *made) { *m.ret(1) = pcHuge }, runs, pcHuge, 2},
		{"spill slot past the end", func(m *made) { *m.ret(1) = pcFar }, runs, pcFar, 2},
		{"SP below the stack", func(m *made) { m.state.SP = m.old.stack.Lo - 8 }, runs, pcCall, -1},
		{"SP at the end", func(m *made) { m.state.SP = m.old.stack.Hi }, runs, pcCall, -1},
		{"SP above the stack", func(m *made) { m.state.SP = m.old.stack.Hi + 800 }, runs, pcCall, -1},
		{"SP just below the end", func(m *made) { m.state.SP = m.old.stack.Hi - 8 }, runs, pcCall, -1},
		{"SP 0", func(m *made) { m.state.SP = 0 }, runs, pcCall, -1},
		{"SP of all ones", func(m *made) { m.state.SP = ^uintptr(7) }, runs, pcCall, -1},
		{"SP unaligned", func(m *made) { m.state.SP -= 4 }, runs, pcCall, -1},
		{"prologue's SP at the end", func(m *made) { m.state.PC, m.state.SP = pcPrologue, m.old.stack.Hi-8 }, runs, pcPrologue, -1},

		{"barrier without its return address", func(m *made) { *m.ret(1) = barrier }, without, barrier, 2},
		{"second barrier without its return address", func(m *made) {
			*m.ret(1), *m.ret(3) = barrier, barrier
			m.state.Displaced = []uintptr{pcCall}
		}, without, barrier, 4},
		{"return address without its barrier", func(m *made) { m.state.Displaced = []uintptr{pcCall} }, ends, done, 5},
		{"barrier that stands for an unknown PC", func(m *made) {
			*m.ret(1) = barrier
			m.state.Displaced = []uintptr{pcNone}
		}, noMap, pcNone, 2},
		{"barrier that stands for a barrier", func(m *made) {
			*m.ret(1) = barrier
			m.state.Displaced = []uintptr{pcCall, barrier}
		}, noMap, barrier, 2},
		{"PC of the barrier", func(m *made) {
			m.state.PC = barrier
			m.state.Displaced = []uintptr{pcCall}
		}, noMap, barrier, 0},

		{"prologue in the middle", func(m *made) { *m.ret(2) = pcPrologue }, inner, pcPrologue, 3},
		{"prologue that called itself", func(m *made) {
			m.state.PC, m.state.LR = pcPrologue, pcPrologue
			if !m.layout.Link {
				*m.old.at(m.state.SP) = pcPrologue
			}
		}, inner, pcPrologue, -1},
		{"return addresses all alike", func(m *made) {
			for i := range m.old.words {
				m.old.words[i] = pcCall
			}
		}, runs, pcCall, -1},
		{"return addresses in a circle", func(m *made) {
			for p := m.state.SP; p < m.old.stack.Hi; p += 16 {
				*m.old.at(p), *m.old.at(p + 8) = pcCall, pcFar
			}
		}, runs, 0, -1},
	}
	for _, l := range layouts {
		for _, test := range tests {
			t.Run(l.name+"/"+test.name, func(t *testing.T) {
				m := ladder(t, l.layout)
				want := m.state.SP + m.step()*uintptr(test.frame)
				test.wrong(m)
				err := m.harmless(t)
				switch {
				case test.what == "" && err != nil:
					t.Error(err)
				case test.what == "":
				case err == nil:
					t.Errorf("no error, but expected: %s", test.what)
				case err.What != test.what || test.pc != 0 && err.PC != test.pc:
					t.Errorf("%v, but expected PC %#x: %s", err, test.pc, test.what)
				case test.frame >= 0 && err.SP != want:
					t.Errorf("%v, but expected SP %#x", err, want)
				}
			})
		}
	}
}

// The word below an arm64 frame holds a frame pointer, so it must be there.
func TestNoRoomForSavedFramePointer(t *testing.T) {
	for _, l := range layouts {
		m := ladder(t, l.layout)
		m.old.stack.Lo = m.state.SP
		if err := m.harmless(t); (err != nil) != l.layout.Link {
			t.Errorf("%s: %v", l.name, err)
		}
		m = ladder(t, l.layout)
		m.old.stack.Lo = m.state.SP - 8
		if err := m.harmless(t); err != nil {
			t.Errorf("%s with one word below SP: %v", l.name, err)
		}
	}
}

// A new stack without room for the frames is refused before a word is written
// below it.
func TestNewStackTooSmall(t *testing.T) {
	for _, l := range layouts {
		for size := uintptr(0); size < 1024; size += 16 {
			m := ladder(t, l.layout)
			needed := m.old.stack.Hi - m.state.SP
			if l.layout.Link {
				needed += 8
			}
			m.fresh.stack.Lo = m.fresh.stack.Hi - size
			if err := m.harmless(t); (err != nil) != (size < needed) {
				t.Errorf("%s: %v for a stack of %d bytes where %d are needed", l.name, err, size, needed)
			}
		}
	}
}

// The same stacks as in TestRelocateAnyMaps, with one thing broken: a map lost
// or another in its place, a word, a register or a list overwritten.
func TestCorruptStacks(t *testing.T) {
	failed := 0
	each(t, 1000, heap, 16, func(t *testing.T, r *rand.Rand, m *made) {
		m.corrupt(r)
		if m.harmless(t) != nil {
			failed++
		}
	})
	t.Logf("%d of 2000 were found out", failed)
	if failed < 500 {
		t.Error("too few stacks were found to be corrupt")
	}
}

func (m *made) corrupt(r *rand.Rand) {
	anywhere := func() uintptr {
		lo := m.old.stack.Lo
		return lo + below(r, m.old.size())&^7
	}
	switch r.IntN(8) {
	case 0: // a truncated set of maps
		m.remap(m.funcs[:r.IntN(len(m.funcs))])
	case 1: // other maps for the same PCs
		funcs := slices.Clone(m.funcs)
		for i := range funcs {
			f := function(r, m.layout, i)
			for j := range f.Sites {
				if j < len(funcs[i].Sites) {
					f.Sites[j].Offset = funcs[i].Sites[j].Offset
				}
			}
			funcs[i] = f
		}
		m.remap(funcs)
	case 2:
		for range 1 + r.IntN(10) {
			*m.old.at(anywhere()) = m.value(r)
		}
	case 3:
		m.state.SP = pick(r, []uintptr{anywhere(), m.state.SP - 8, m.state.SP + 8, m.state.SP + 1, m.value(r)})
	case 4:
		m.state.PC = m.value(r)
	case 5:
		m.state.LR = m.value(r)
	case 6:
		m.state.Displaced = m.state.Displaced[:r.IntN(len(m.state.Displaced)+1)]
	case 7:
		m.state.Displaced = append(m.state.Displaced, m.value(r))
	}
}

// remap replaces the maps, unless those are refused.
func (m *made) remap(funcs []stackcopy.Func) {
	if maps, err := stackcopy.NewMaps(m.layout, done, barrier).With(funcs...); err == nil {
		m.maps = maps
	}
}

func TestStackErrorNamesPC(t *testing.T) {
	err := &stackcopy.StackError{PC: 0x1234, SP: 0x5678, What: "broken"}
	if got, want := err.Error(), "stackcopy: frame at PC 0x1234, SP 0x5678: broken"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

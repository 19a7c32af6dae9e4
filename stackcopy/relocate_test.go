package stackcopy_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/morestack/morestack/stackcopy"
)

// relocates checks all that a move promises, for one made-up stack.
func relocates(t *testing.T, m *made) {
	t.Helper()
	m.listed(t, m.old.stack, &m.state, 0)
	m.audited(t)

	oldBefore := slices.Clone(m.old.words)
	before := slices.Clone(m.fresh.words)
	delta := m.copy()
	want := before
	for p := m.copied(); p < m.fresh.stack.Hi; p += 8 {
		v := *m.old.at(p - delta)
		if m.marked[p-delta] && m.old.stack.Contains(v) {
			v += delta
		}
		want[(p-m.fresh.base)/8] = v
	}
	moved := m.state
	moved.SP += delta
	if m.old.stack.Contains(moved.FP) {
		moved.FP += delta
	}
	if m.old.stack.Contains(moved.Context) {
		moved.Context += delta
	}

	state := m.state
	frames, err := m.maps.Relocate(m.old.stack, m.fresh.stack, &state)
	if err != nil {
		t.Errorf("Relocate: %v", err)
		return
	}
	if frames != len(m.frames) {
		t.Errorf("Relocate counted %d frames, not %d", frames, len(m.frames))
	}
	if !reflect.DeepEqual(state, moved) {
		t.Errorf("the state became %x, not %x", state, moved)
	}
	if !slices.Equal(m.old.words, oldBefore) {
		t.Error("Relocate changed the old stack")
	}
	for i, v := range m.fresh.words {
		if v != want[i] {
			p := m.fresh.base + 8*uintptr(i)
			t.Errorf("the word %d bytes from the end (marked: %v) became %#x, not %#x", int(m.fresh.stack.Hi-p), m.marked[p-delta], v, want[i])
		}
	}
	m.listed(t, m.fresh.stack, &state, delta)
}

// listed checks what Frames finds on a stack that has moved by delta.
func (m *made) listed(t *testing.T, stack stackcopy.Stack, s *stackcopy.State, delta uintptr) {
	t.Helper()
	i := 0
	for f, err := range m.maps.Frames(stack, s) {
		if err != nil {
			t.Errorf("Frames: %v", err)
			return
		}
		if i == len(m.frames) {
			t.Errorf("Frames found more than the %d there are", i)
			return
		}
		want := m.frames[i]
		if f.PC != want.PC || f.SP != want.SP+delta || f.Func.Name != want.Func.Name || f.Site != want.Site {
			t.Errorf("frame %d is of %s at PC %#x, SP %#x, not of %s at %#x, %#x", i, f.Func.Name, f.PC, f.SP, want.Func.Name, want.PC, want.SP+delta)
		}
		i++
	}
	if i != len(m.frames) {
		t.Errorf("Frames found %d frames, not %d", i, len(m.frames))
	}
}

// audited checks that Audit finds the planted words and no other.
func (m *made) audited(t *testing.T) {
	t.Helper()
	suspects, err := m.maps.Audit(m.old.stack, &m.state)
	if err != nil {
		t.Errorf("Audit: %v", err)
	}
	var found []planted
	for _, s := range suspects {
		found = append(found, planted{s.Frame.PC, s.Frame.SP, s.Address, s.Value})
	}
	if !slices.Equal(found, m.planted) {
		t.Errorf("Audit found %x, planted were %x", found, m.planted)
	}
}

// Whatever the maps say, marked words that pointed into the old stack point to
// the same place on the new one, and nothing else has changed.
func TestRelocateAnyMaps(t *testing.T) {
	var frames, barriers, prologues, words, suspects int
	each(t, 800, heap, 16, func(t *testing.T, _ *rand.Rand, m *made) {
		relocates(t, m)
		frames += len(m.frames)
		barriers += len(m.state.Displaced)
		words += len(m.marked)
		suspects += len(m.planted)
		if len(m.frames) > 0 && m.frames[0].Site.Kind == stackcopy.Prologue {
			prologues++
		}
	})
	// A generator that makes nothing of a kind would test nothing of it.
	t.Logf("%d frames, %d barriers, %d innermost prologues, %d marked words, %d planted ones", frames, barriers, prologues, words, suspects)
	if frames < 10000 || barriers < 1000 || prologues < 200 || words < 50000 || suspects < 10000 {
		t.Error("the generator makes too little of something")
	}
}

// There and back again gives the words there were: growth followed by a shrink.
func TestRelocateAndBack(t *testing.T) {
	each(t, 200, heap, 16, func(t *testing.T, _ *rand.Rand, m *made) {
		// A word that already points to fresh comes back as one of old's, and one
		// that fresh has no room for does not come back.
		delta := m.fresh.stack.Hi - m.old.stack.Hi
		for p := range m.marked {
			v := *m.old.at(p)
			if m.fresh.stack.Contains(v) || m.old.stack.Contains(v) && !m.fresh.stack.Contains(v+delta) {
				*m.old.at(p) = 0
			}
		}
		m.state.FP, m.state.Context = 0, m.state.SP
		before := slices.Clone(m.old.words)
		state := m.state
		m.copy()
		if _, err := m.maps.Relocate(m.old.stack, m.fresh.stack, &state); err != nil {
			t.Errorf("there: %v", err)
			return
		}
		back := *m
		back.old, back.fresh, back.state = m.fresh, m.old, state
		back.copy()
		if _, err := back.maps.Relocate(back.old.stack, back.fresh.stack, &back.state); err != nil {
			t.Errorf("back: %v", err)
		}
		if !slices.Equal(m.old.words, before) {
			t.Error("the stack came back changed")
		}
		if !reflect.DeepEqual(back.state, m.state) {
			t.Errorf("the state came back as %x, not %x", back.state, m.state)
		}
	})
}

// Frames stops when its caller does.
func TestFramesStopsEarly(t *testing.T) {
	each(t, 50, heap, 16, func(t *testing.T, r *rand.Rand, m *made) {
		if len(m.frames) == 0 {
			return
		}
		n, want := 0, 1+r.IntN(len(m.frames))
		for range m.maps.Frames(m.old.stack, &m.state) {
			if n++; n == want {
				break
			}
		}
		if n != want {
			t.Errorf("Frames went on to frame %d after a stop at %d", n, want)
		}
	})
}

func BenchmarkRelocate(b *testing.B) {
	for _, l := range layouts {
		for _, bench := range []struct {
			name  string
			funcs int // that call each other in turn
		}{{"recursion", 1}, {"16 functions", 16}} {
			b.Run(l.name+"/"+bench.name, func(b *testing.B) { benchmarkRelocate(b, l.layout, bench.funcs) })
		}
	}
}

// benchmarkRelocate moves a stack of 1000 frames of 64 bytes, each with two
// pointers into the stack and a saved frame pointer. The copy is counted, since
// a stack that was relocated once has nothing to rewrite any more.
func benchmarkRelocate(b *testing.B, layout stackcopy.Layout, n int) {
	const depth, size = 1000, 64
	m := &made{layout: layout, old: heap(depth*(size+8) + 64), fresh: heap(2 * depth * (size + 8))}
	for i := range n {
		m.funcs = append(m.funcs, stackcopy.Func{
			Entry: code + uintptr(i)<<8, Frame: size,
			Sites: []stackcopy.Site{{Kind: stackcopy.Call, Offset: 32, Frame: size, Pointers: []int{16, 32}}},
		})
	}
	var err error
	if m.maps, err = stackcopy.NewMaps(layout, done, barrier).With(m.funcs...); err != nil {
		b.Fatal(err)
	}
	for i := range m.old.words {
		m.old.words[i] = m.old.stack.Hi - 8
	}
	m.state = stackcopy.State{PC: done, SP: m.old.stack.Hi - 32}
	for i := range depth {
		m.state.SP -= uintptr(stackcopy.Frame{Site: &m.funcs[0].Sites[0]}.Size(layout))
		ret := m.state.SP
		if !layout.Link {
			ret += size
		}
		*m.old.at(ret) = m.state.PC
		m.state.PC = m.funcs[i%n].Entry + 32
	}
	for b.Loop() {
		m.copy()
		state := m.state
		if frames, err := m.maps.Relocate(m.old.stack, m.fresh.stack, &state); err != nil || frames != depth {
			b.Fatal(frames, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/depth, "ns/frame")
}

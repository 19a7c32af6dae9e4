package stackcopy_test

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/morestack/morestack/stackcopy"
)

// input turns a fuzzer's bytes into numbers. After the last it gives zeros.
type input []byte

func (in *input) byte() byte {
	if len(*in) == 0 {
		return 0
	}
	b := (*in)[0]
	*in = (*in)[1:]
	return b
}

func (in *input) word() uintptr {
	var b [8]byte
	n := copy(b[:], *in)
	*in = (*in)[n:]
	return uintptr(binary.LittleEndian.Uint64(b[:]))
}

// n is a number of bytes in a map: mostly a plausible one.
func (in *input) n() int {
	switch b := in.byte(); b {
	case 255:
		return int(in.word())
	case 254:
		return -int(in.byte())
	case 253:
		return int(in.byte())
	default:
		return int(b) % 32 * 8
	}
}

func (in *input) ns() []int {
	var ns []int
	for range in.byte() % 8 {
		ns = append(ns, in.n())
	}
	return ns
}

// pc is one of few, so that maps and return addresses often meet.
func (in *input) pc() uintptr {
	if b := in.byte(); b < 224 {
		return code + uintptr(b%8)
	} else if b < 240 {
		return done
	}
	return barrier
}

// value is a word of a stack: for half of all bytes an address of it.
func (in *input) value(m *made) uintptr {
	switch b := in.byte(); {
	case b < 128:
		return m.old.stack.Lo + uintptr(b)*8%m.old.size()
	case b < 224:
		return in.pc()
	case b < 240:
		return m.old.stack.Hi - uintptr(in.byte())
	default:
		return in.word()
	}
}

// decode makes a stack of arbitrary words with arbitrary maps.
func decode(in input, alloc func(size uintptr) *block, unit uintptr) *made {
	m := &made{}
	m.layout.Link = in.byte()%2 == 1
	m.old = alloc(unit * (1 + uintptr(in.byte())))
	m.fresh = alloc(unit * (1 + uintptr(in.byte())))
	for range in.byte() % 16 {
		s := stackcopy.Site{Kind: stackcopy.Kind(in.byte() % 8), Offset: 1 + in.n(), Frame: in.n() &^ 15, Pointers: in.ns()}
		if s.Kind == stackcopy.Prologue && in.byte() > 0 {
			s.Frame = 0
		}
		f := stackcopy.Func{Name: "f", Frame: s.Frame + in.n(), Sites: []stackcopy.Site{s}}
		f.Entry = in.pc() - uintptr(s.Offset)
		for range in.byte() % 3 {
			f.Objects = append(f.Objects, stackcopy.Object{Offset: -in.n(), Size: in.n(), Pointers: in.ns()})
		}
		m.funcs = append(m.funcs, f)
	}
	// One function at a time, because the next may be refused; then without
	// what it was most likely refused for.
	m.maps = stackcopy.NewMaps(m.layout, done, barrier)
	for _, f := range m.funcs {
		larger, err := m.maps.With(f)
		if err != nil {
			f.Objects = nil
			f.Sites[0].Pointers = nil
			larger, err = m.maps.With(f)
		}
		if err == nil {
			m.maps = larger
		}
	}
	m.state = stackcopy.State{
		PC: in.pc(), SP: in.value(m) &^ uintptr(in.byte()%8), FP: in.value(m), LR: in.value(m), Context: in.value(m),
	}
	for range in.byte() % 4 {
		m.state.Displaced = append(m.state.Displaced, in.value(m))
	}
	for p := m.old.stack.Lo; p < m.old.stack.Hi && len(in) > 0; p += 8 {
		*m.old.at(p) = in.value(m)
	}
	return m
}

// FuzzRelocate lets bytes decide maps, registers and every word of a stack.
// Nothing may be written outside of the new stack, and there only what pointed
// into the old one.
func FuzzRelocate(f *testing.F) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 200 {
		f.Add(noise(r))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		decode(data, heap, 16).harmless(t)
	})
}

func noise(r *rand.Rand) []byte {
	b := make([]byte, r.IntN(800))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// What FuzzRelocate checks, in every run of the tests.
func TestNoise(t *testing.T) {
	var walked, refused int
	r := rand.New(rand.NewPCG(8, 8))
	for i := range 5000 {
		data := noise(r)
		m := decode(data, heap, 16)
		if err := m.harmless(t); err != nil && err.SP != m.state.SP {
			walked++
		} else if err != nil {
			refused++
		}
		if t.Failed() {
			t.Fatalf("this was the %d-th input: %x", i, data)
		}
	}
	t.Logf("%d wrong at once, %d after a frame", refused, walked)
	if walked < 100 {
		t.Error("too few stacks had a frame that could be walked")
	}
}

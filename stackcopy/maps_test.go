package stackcopy_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/morestack/morestack/stackcopy"
)

func TestMapsRefused(t *testing.T) {
	type fn = stackcopy.Func
	// with is a function with one site and objects.
	with := func(frame int, s stackcopy.Site, objects ...stackcopy.Object) []fn {
		return []fn{{Name: "f", Entry: code, Frame: frame, Sites: []stackcopy.Site{s}, Objects: objects}}
	}
	call := func(frame int, pointers ...int) stackcopy.Site {
		return stackcopy.Site{Kind: stackcopy.Call, Offset: 16, Frame: frame, Pointers: pointers}
	}
	prologue := func(frame int, pointers ...int) stackcopy.Site {
		return stackcopy.Site{Kind: stackcopy.Prologue, Offset: 16, Frame: frame, Pointers: pointers}
	}
	object := func(offset, size int, pointers ...int) stackcopy.Object {
		return stackcopy.Object{Offset: offset, Size: size, Pointers: pointers}
	}
	const all, amd64, arm64, none = "amd64 arm64", "amd64", "arm64", ""
	const spill = 64 << 10
	tests := []struct {
		name    string
		funcs   []fn
		refused string // on these layouts
		what    string
	}{
		{"good", with(64, call(64, 8, 48, 72), object(-32, 16, 0, 8)), none, ""},
		{"no sites", []fn{{Name: "f"}}, none, ""},
		{"frame below the largest", with(64, call(32)), none, ""},
		{"least frame", with(16, call(16)), none, ""},

		{"offset 0", with(64, stackcopy.Site{Frame: 64}), all, "must be positive"},
		{"offset negative", with(64, stackcopy.Site{Offset: -16, Frame: 64}), all, "must be positive"},
		{"unknown kind", with(64, stackcopy.Site{Kind: stackcopy.Prologue + 1, Offset: 16, Frame: 64}), all, "unknown kind 6"},
		{"prologue with a frame", with(64, prologue(16)), all, "Frame must be 0"},
		{"prologue with a negative frame", with(64, prologue(-16)), all, "Frame must be 0"},
		{"no frame", with(64, call(0)), all, "needs a frame"},
		{"frame negative", with(64, call(-16)), all, "needs a frame"},
		{"frame above the largest", with(64, call(80)), all, "whose largest is 64"},
		{"frame of 8", with(64, call(8)), arm64, "not a multiple of 16"},
		{"frame of 24", with(64, call(24)), arm64, "not a multiple of 16"},
		{"frame of 20", with(64, call(20)), all, "not a multiple"},

		{"slot below SP", with(64, call(64, -8)), all, "SP-8"},
		{"slot far below SP", with(64, call(64, math.MinInt+7)), all, "SP-"},
		{"slot at SP", with(64, call(64, 0)), arm64, "SP+0"}, // the return address
		{"slot unaligned", with(64, call(64, 12)), all, "SP+12"},
		{"slot of a frame pointer", with(64, call(64, 56)), all, "SP+56"},
		{"slot across a frame pointer", with(64, call(64, 60)), all, "SP+60"},
		{"slot of the return address", with(64, call(64, 64)), all, "SP+64"},
		{"first spill slot", with(64, call(64, 72)), none, ""},
		{"last spill slot", with(64, call(64, 64+spill)), none, ""},
		{"spill slot too far", with(64, call(64, 64+spill+8)), all, "no pointer slot"},
		{"slot at the end of memory", with(64, call(64, math.MaxInt-7)), all, "no pointer slot"},
		{"prologue's slot at SP", with(64, prologue(0, 0)), all, "SP+0"},
		{"prologue's slot below SP", with(64, prologue(0, -8)), all, "SP-8"},
		{"prologue's first spill slot", with(64, prologue(0, 8)), none, ""},
		{"prologue's spill slot too far", with(64, prologue(0, spill+8)), all, "no pointer slot"},

		{"object above the frame", with(64, call(64), object(0, 8)), all, "not inside"},
		{"object across the end", with(64, call(64), object(-8, 16)), all, "not inside"},
		{"object below the frame", with(64, call(64), object(-72, 8)), all, "not inside"},
		{"object below a smaller frame", with(64, call(32), object(-64, 8)), all, "not inside"},
		{"object in a frame that is not there yet", with(64, prologue(0), object(-64, 8)), none, ""},
		{"object of no size", with(64, call(64), object(-32, 0)), all, "not inside"},
		{"object of negative size", with(64, call(64), object(-32, -8)), all, "not inside"},
		{"object as large as memory", with(64, call(64), object(-32, math.MaxInt)), all, "not inside"},
		{"object without pointers over the frame pointer", with(64, call(64), object(-16, 16)), none, ""},
		{"object with the frame pointer", with(64, call(64), object(-16, 16, 8)), all, "no pointer slot"},
		{"object with the return address", with(64, call(64), object(-64, 16, 0)), arm64, "no pointer slot"},
		{"object's pointer negative", with(64, call(64), object(-32, 16, -8)), all, "pointer at -8"},
		{"object's pointer past it", with(64, call(64), object(-32, 16, 16)), all, "pointer at 16"},
		{"object's pointer across its end", with(64, call(64), object(-32, 12, 8)), all, "pointer at 8"},
		{"object's pointer unaligned", with(64, call(64), object(-32, 16, 4)), all, "no pointer slot"},
		{"object's pointer at the end of memory", with(64, call(64), object(-64, 16, math.MaxInt-7)), all, ""},
		{"object unaligned", with(64, call(64), object(-28, 16, 0)), all, "no pointer slot"},

		{"map where stacks end", []fn{{Name: "f", Entry: done - 16, Frame: 64, Sites: []stackcopy.Site{call(64)}}}, all, "PC 0x3000"},
		{"map of the barrier", []fn{{Name: "f", Entry: barrier - 16, Frame: 64, Sites: []stackcopy.Site{call(64)}}}, all, "PC 0x3008"},
		{"two maps of one function", []fn{{Name: "f", Entry: code, Frame: 64, Sites: []stackcopy.Site{call(32), call(64)}}}, all, "two maps for PC 0x400010"},
		{"two maps of two functions", append(with(64, call(64)), fn{Name: "f", Entry: code + 8, Frame: 64, Sites: []stackcopy.Site{{Offset: 8, Frame: 64}}}), all, "two maps for PC 0x400010"},
	}
	for _, l := range layouts {
		for _, test := range tests {
			t.Run(l.name+"/"+test.name, func(t *testing.T) {
				maps, err := stackcopy.NewMaps(l.layout, done, barrier).With(test.funcs...)
				if !slices.Contains(strings.Fields(test.refused), l.name) {
					if err != nil || maps == nil {
						t.Fatalf("refused: %v", err)
					}
					return
				}
				var e *stackcopy.MapError
				if !errors.As(err, &e) || maps != nil {
					t.Fatalf("accepted, or a %T: %v", err, err)
				}
				if e.Func != "f" || !strings.Contains(e.Error(), "map of f: ") || !strings.Contains(e.What, test.what) {
					t.Errorf("%q, but expected: %s", e, test.what)
				}
			})
		}
	}
}

// A second map for a PC is refused across calls of With too, and the maps that
// were there stay as they are.
func TestMapsImmutable(t *testing.T) {
	site := []stackcopy.Site{{Offset: 8, Frame: 32}}
	empty := stackcopy.NewMaps(stackcopy.AMD64, done, barrier)
	one, err := empty.With(stackcopy.Func{Name: "one", Entry: code, Frame: 32, Sites: site})
	if err != nil {
		t.Fatal(err)
	}
	two, err := one.With(stackcopy.Func{Name: "two", Entry: code + 8, Frame: 32, Sites: site})
	if err != nil {
		t.Fatal(err)
	}
	var e *stackcopy.MapError
	if _, err := two.With(stackcopy.Func{Name: "three", Entry: code, Frame: 32, Sites: site}); !errors.As(err, &e) {
		t.Errorf("second map for a PC: %v", err)
	}
	for i, m := range []*stackcopy.Maps{empty, one, two} {
		if n := len(m.Funcs()); n != i {
			t.Errorf("%d functions, not %d", n, i)
		}
		for j, name := range []string{"one", "two"} {
			f, s := m.Find(code + 8 + 8*uintptr(j))
			if (f != nil) != (j < i) || (s != nil) != (j < i) {
				t.Errorf("with %d functions the %d-th is found: %v, %v", i, j, f, s)
			} else if f != nil && f.Name != name {
				t.Errorf("found %s, not %s", f.Name, name)
			}
		}
	}
}

// Find knows every PC that has a map and no other, whatever the distances
// between them: those that are alike in a hash's low or high bits too.
func TestFindAmongMany(t *testing.T) {
	const n = 2000
	r := rand.New(rand.NewPCG(1, 2))
	for name, pc := range map[string]func(i int) uintptr{
		"one byte apart": func(i int) uintptr { return code + uintptr(i) },
		"a page apart":   func(i int) uintptr { return code + uintptr(i)<<12 },
		"4 GiB apart":    func(i int) uintptr { return uintptr(i+1) << 32 },
		"all over":       func(int) uintptr { return 16 + uintptr(r.Uint64()>>16) },
		"at both ends": func(i int) uintptr {
			if i%2 == 0 {
				return uintptr(16 + i)
			}
			return ^uintptr(i)
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := stackcopy.NewMaps(stackcopy.ARM64, done, barrier)
			if f, s := m.Find(0); f != nil || s != nil {
				t.Error("PC 0 was found in empty maps")
			}
			index := map[uintptr]int{}
			var funcs []stackcopy.Func
			for i := range n {
				p := pc(i)
				if _, ok := index[p]; ok {
					continue
				}
				index[p] = len(funcs)
				funcs = append(funcs, stackcopy.Func{
					Entry: p - 1, Frame: 16 + 16*len(funcs),
					Sites: []stackcopy.Site{{Offset: 1, Frame: 16 + 16*len(funcs)}},
				})
			}
			var err error
			// In several steps, so that the table grows too.
			for _, part := range [][]stackcopy.Func{funcs[:1], funcs[1:20], funcs[20:]} {
				if m, err = m.With(part...); err != nil {
					t.Fatal(err)
				}
			}
			check := func(p uintptr) {
				f, s := m.Find(p)
				i, ok := index[p]
				if (f != nil) != ok || (s != nil) != ok {
					t.Fatalf("PC %#x has a map: %v, but Find gives %v, %v", p, ok, f, s)
				}
				if ok && (f.Frame != 16+16*i || s != &funcs[i].Sites[0]) {
					t.Fatalf("Find(%#x) gives %+v", p, f)
				}
			}
			check(0)
			check(^uintptr(0))
			for p := range index {
				check(p)
				check(p - 1)
				check(p + 1)
				check(p + 1<<20)
				check(p ^ 1<<63)
				check(uintptr(r.Uint64()))
			}
		})
	}
}

func TestKindNames(t *testing.T) {
	seen := map[string]bool{}
	for k := stackcopy.Call; k <= stackcopy.Prologue; k++ {
		if s := k.String(); s == "" || s == "unknown" || seen[s] {
			t.Errorf("kind %d is called %q", k, s)
		} else {
			seen[s] = true
		}
	}
	if s := (stackcopy.Prologue + 1).String(); s != "unknown" {
		t.Errorf("the kind that there is not is called %q", s)
	}
}

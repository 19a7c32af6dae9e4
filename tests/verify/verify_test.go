//go:build linux && (amd64 || arm64) && !purego

// Package verify_test disassembles every hand-written body in its own binary
// and proves it sound, and proves package verify by what it must refuse. Run it
// for the other architecture with
//
//	GOARCH=arm64 go test -exec qemu-aarch64 ./tests/verify
package verify_test

import (
	"errors"
	"runtime"
	"slices"
	"testing"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/gen/verify"
	"github.com/morestack/morestack/stackcopy"
	"github.com/morestack/morestack/tests/bodies"
	"github.com/morestack/morestack/tests/verify/broken"
)

func TestBodies(t *testing.T) {
	exits := broken.Exits()
	for _, n := range bodies.Natives {
		for _, f := range append([]stackcopy.Func{n.Entry}, n.Calls...) {
			t.Run(f.Name, func(t *testing.T) { check(t, f, exits) })
		}
	}
	t.Run("leaf", func(t *testing.T) {
		check(t, stackcopy.Func{Name: "leaf", Entry: broken.Leaf()}, exits)
	})
}

// check wants f to be found right, with and without knowledge of the exits.
func check(t *testing.T, f stackcopy.Func, exits verify.Exits) {
	t.Helper()
	code := verify.Code(f.Entry)
	if code == nil {
		t.Fatalf("no function starts at %#x", f.Entry)
	}
	if err := verify.Func(verify.Host, f, code, exits); err != nil {
		t.Error(err)
	}
	if err := verify.Func(verify.Host, f, code, nil); err != nil {
		t.Errorf("without exits: %v", err)
	}
}

// Frame sizes of the functions in broken_*.s.
var (
	size   = morestack.FrameSize(16)
	middle = morestack.FrameSize(192)
	large  = morestack.FrameSize(2032)
	huge   = morestack.FrameSize(10032)
)

type sites = []stackcopy.Site

func site(kind stackcopy.Kind, frame int, pointers ...int) stackcopy.Site {
	return stackcopy.Site{Kind: kind, Frame: frame, Pointers: pointers}
}

// calls is the map of a function that calls another in a frame of the given
// size, and spills a pointer when it grows.
func calls(frame int) sites {
	return sites{site(stackcopy.Call, frame), site(stackcopy.Prologue, 0, 8)}
}

// grows is that of a function whose only map is of its prologue.
var grows = sites{site(stackcopy.Prologue, 0, 8)}

// everything is the map of the function of that name, with the kinds given
// instead of those it has, by index.
func everything(kinds map[int]stackcopy.Kind) sites {
	var list sites
	for i, kind := range []stackcopy.Kind{
		stackcopy.Call, stackcopy.Call, stackcopy.Yield, stackcopy.CallGo, stackcopy.Poll, stackcopy.Trap, stackcopy.Prologue,
	} {
		frame := size
		if kind == stackcopy.Prologue {
			frame = 0
		}
		if k, ok := kinds[i]; ok {
			kind = k
		}
		list = append(list, site(kind, frame))
	}
	return list
}

// want is the set of reasons for which a function is refused.
type want []verify.Reason

var tests = []struct {
	name string // of the function, up to a slash
	f    stackcopy.Func
	want want
}{
	{"good", stackcopy.Func{Frame: size, Sites: calls(size)}, nil},
	{"everything", stackcopy.Func{Frame: size, Sites: everything(nil)}, nil},

	// The comparison.
	{"noCheck", stackcopy.Func{Frame: middle, Sites: sites{site(stackcopy.Call, middle)}}, want{verify.Unchecked}},
	{"lateCheck", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Unchecked, verify.TooStrict}},
	{"onePath", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Unchecked}},
	{"belowCheck", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Unchecked}},
	{"signedCheck", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Unchecked, verify.StrayGrow}},
	{"weakCheck", stackcopy.Func{Frame: large, Sites: calls(large)}, want{verify.TooWeak}},
	{"shortCheck", stackcopy.Func{Frame: large, Sites: calls(large)}, want{verify.TooWeak}},
	{"deepens", stackcopy.Func{Frame: large, Sites: calls(size)}, want{verify.TooWeak}},
	{"noCarry", stackcopy.Func{Frame: huge, Sites: calls(huge)}, want{verify.WrapAround}},
	{"greedy", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.TooStrict}},
	{"strayGrow", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.StrayGrow}},
	{"deepLeaf", stackcopy.Func{}, want{verify.RedZone}},
	{"belowLeaf", stackcopy.Func{}, want{verify.RedZone}},
	{"callingLeaf", stackcopy.Func{Frame: size, Sites: sites{site(stackcopy.Call, size)}}, want{verify.LeafCall}},

	// Maps and calls.
	{"noMarker", stackcopy.Func{Frame: size, Sites: grows}, want{verify.NoSite}},
	{"noMap", stackcopy.Func{Frame: size, Sites: grows}, want{verify.NoSite}},
	{"noResume", stackcopy.Func{Frame: size, Sites: grows}, want{verify.NoSite}},
	{"twoMarkers", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.BadMap}},
	{"strayMarker", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.NoCall}},
	{"good/one map more", stackcopy.Func{Frame: size, Sites: append(calls(size), site(stackcopy.Call, size))}, want{verify.NoCall}},
	{"good/one map less", stackcopy.Func{Frame: size, Sites: calls(size)[:1]}, want{verify.NoSite}},
	{"good/maps swapped", stackcopy.Func{Frame: size, Sites: sites{calls(size)[1], calls(size)[0]}}, want{verify.WrongKind, verify.WrongFrame}},
	{"good/poll", stackcopy.Func{Frame: size, Sites: sites{site(stackcopy.Poll, size), calls(size)[1]}}, want{verify.WrongKind}},
	{"everything/go call for a yield", stackcopy.Func{Frame: size, Sites: everything(map[int]stackcopy.Kind{2: stackcopy.CallGo})}, want{verify.WrongKind}},
	{"everything/yield for a go call", stackcopy.Func{Frame: size, Sites: everything(map[int]stackcopy.Kind{3: stackcopy.Yield})}, want{verify.WrongKind}},
	{"everything/yield for a call", stackcopy.Func{Frame: size, Sites: everything(map[int]stackcopy.Kind{1: stackcopy.Yield})}, want{verify.WrongKind}},
	{"everything/call for a poll", stackcopy.Func{Frame: size, Sites: everything(map[int]stackcopy.Kind{4: stackcopy.Call})}, want{verify.WrongKind}},
	{"everything/poll for a trap", stackcopy.Func{Frame: size, Sites: everything(map[int]stackcopy.Kind{5: stackcopy.Poll})}, want{verify.WrongKind}},

	// Frames in maps.
	{"good/larger frame", stackcopy.Func{Frame: size + 16, Sites: calls(size + 16)}, want{verify.WrongFrame}},
	{"good/largest frame larger", stackcopy.Func{Frame: size + 16, Sites: calls(size)}, want{verify.WrongFrame}},
	{"good/largest frame smaller", stackcopy.Func{Frame: size - 16, Sites: calls(size)}, want{verify.BadMap, verify.WrongFrame}},
	{"good/prologue with a frame", stackcopy.Func{Frame: size, Sites: sites{calls(size)[0], site(stackcopy.Prologue, size)}}, want{verify.BadMap, verify.WrongFrame}},
	{"good/slot is the return address", stackcopy.Func{Frame: size, Sites: sites{site(stackcopy.Call, size, size), calls(size)[1]}}, want{verify.BadMap}},
	{"good/slot is the frame pointer", stackcopy.Func{Frame: size, Sites: sites{site(stackcopy.Call, size, size-8), calls(size)[1]}}, want{verify.BadMap}},
	{"good/slot below SP", stackcopy.Func{Frame: size, Sites: sites{site(stackcopy.Call, size, -8), calls(size)[1]}}, want{verify.BadMap}},
	{"good/slot not aligned", stackcopy.Func{Frame: size, Sites: sites{site(stackcopy.Call, size, 12), calls(size)[1]}}, want{verify.BadMap}},
	{"good/spill slot is the return address", stackcopy.Func{Frame: size, Sites: sites{calls(size)[0], site(stackcopy.Prologue, 0, 0)}}, want{verify.BadMap}},
	{"good/object outside", stackcopy.Func{Frame: size, Sites: calls(size), Objects: []stackcopy.Object{{Offset: -size - 8, Size: 8}}}, want{verify.BadMap}},

	// The frame itself.
	{"unbalanced", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Unbalanced}},
	{"unbalancedJoin", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Unbalanced}},
	{"lostFP", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.NotRestored}},
	{"noFP", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.FramePointer}},
	{"overwrite", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Overwritten}},

	// What cannot be followed, and what must not be written.
	{"untracked", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Untracked}},
	{"aligned", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Untracked}},
	{"jumpTable", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Untracked}},
	{"undecodable", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Undecodable}},
	{"runsOff", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Undecodable}},
	{"clobberControl", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Clobbered}},
	{"clobberOther", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.Clobbered}},
}

func init() {
	if runtime.GOARCH != "arm64" {
		return
	}
	tests = append(tests, []struct {
		name string
		f    stackcopy.Func
		want want
	}{
		{"lostLink", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.NotRestored}},
		{"noGrowLink", stackcopy.Func{Frame: size, Sites: calls(size)}, want{verify.NotRestored}},
		{"leafOverSaved", stackcopy.Func{}, want{verify.Overwritten}},
	}...)
}

// function is the name of the function that a test is about.
func function(test string) string {
	for i, c := range test {
		if c == '/' {
			return test[:i]
		}
	}
	return test
}

func TestBroken(t *testing.T) {
	functions, exits := broken.Functions(), broken.Exits()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := test.f
			f.Name, f.Entry = function(test.name), functions[function(test.name)]
			code := verify.Code(f.Entry)
			if code == nil {
				t.Fatalf("there is no function %s", f.Name)
			}
			err := verify.Func(verify.Host, f, code, exits)
			if got := reasons(t, err); !slices.Equal(got, test.want) {
				t.Errorf("refused for %v, want %v\n%v", got, test.want, err)
			}
			for _, r := range test.want {
				if !errors.Is(err, r) {
					t.Errorf("errors.Is(err, %v) is false", r)
				}
			}
		})
	}
}

// reasons are those of err, without duplicates, in ascending order.
func reasons(t *testing.T, err error) want {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("%v is not from errors.Join", err)
	}
	var all want
	for _, err := range joined.Unwrap() {
		f := new(verify.Finding)
		if !errors.As(err, &f) {
			t.Fatalf("%v is not a *Finding", err)
		}
		all = append(all, f.Reason)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestBrokenIsComplete wants a broken function or map of every kind, and every
// function of the test data tested.
func TestBrokenIsComplete(t *testing.T) {
	functions := broken.Functions()
	for _, test := range tests {
		delete(functions, function(test.name))
	}
	for name := range functions {
		t.Errorf("%s is not tested", name)
	}
	for r := verify.Reason(0); r.Error() != "unknown"; r++ {
		if !slices.ContainsFunc(tests, func(test struct {
			name string
			f    stackcopy.Func
			want want
		}) bool {
			return slices.Contains(test.want, r)
		}) {
			t.Errorf("nothing is refused as %v", r)
		}
	}
}

// TestLocate wants the offsets that markers say, and no others to be accepted.
func TestLocate(t *testing.T) {
	entry := broken.Functions()["good"]
	f := stackcopy.Func{Name: "good", Entry: entry, Frame: size, Sites: calls(size)}
	code := verify.Code(entry)
	located, err := verify.Locate(verify.Host, f, code)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range located.Sites {
		if got, ok := verify.Host.Layout().Marker(code[s.Offset:]); !ok || got != i {
			t.Errorf("site %d is located at +%#x, where there is marker %d, %v", i, s.Offset, got, ok)
		}
		if f.Sites[i].Offset != 0 {
			t.Error("Locate changed its argument")
		}
	}
	if err := verify.Func(verify.Host, located, code, broken.Exits()); err != nil {
		t.Error(err)
	}
	located.Sites[0].Offset += 4
	if err := verify.Func(verify.Host, located, code, broken.Exits()); !errors.Is(err, verify.BadMap) {
		t.Errorf("a map 4 bytes off its marker: %v", err)
	}
}

// FuzzFunc feeds both architectures code that means nothing, of which nothing
// is wanted but an answer.
func FuzzFunc(f *testing.F) {
	for _, entry := range broken.Functions() {
		f.Add(verify.Code(entry), uint8(size))
	}
	f.Fuzz(func(t *testing.T, code []byte, frame uint8) {
		m := stackcopy.Func{Name: "fuzz", Frame: int(frame), Sites: calls(int(frame))}
		for _, arch := range []verify.Arch{verify.AMD64, verify.ARM64} {
			for _, exits := range []verify.Exits{nil, {}} {
				reasons(t, verify.Func(arch, m, code, exits))
			}
		}
	})
}

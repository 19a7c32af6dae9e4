package guard

import (
	"errors"
	"math"
	"strings"
	"syscall"
	"testing"
)

func TestCheckSizes(t *testing.T) {
	tests := []struct {
		name        string
		size, limit int
		what        string // of the error
	}{
		{"smallest", MinSize, MinSize, ""},
		{"small, grows to tall", MinSize, DefaultLimit, ""},
		{"last small", TallSize / 2, TallSize, ""},
		{"first tall", TallSize, TallSize, ""},
		{"limit that is no power of two", 1024, 1025, ""},
		{"limit that is no multiple of a page", TallSize, TallSize + 1, ""},
		{"largest limit", MinSize, maxLimit, ""},
		{"largest size", maxLimit, maxLimit, ""},

		{"size 0", 0, DefaultLimit, "must be positive"},
		{"size negative", -512, DefaultLimit, "must be positive"},
		{"size least integer", math.MinInt, DefaultLimit, "must be positive"},
		{"size 1", 1, DefaultLimit, "at least 512"},
		{"size just too small", MinSize / 2, DefaultLimit, "at least 512"},
		{"size no power of two", 513, DefaultLimit, "power of two"},
		{"size three pages", 3 << 12, DefaultLimit, "power of two"},
		{"size largest integer", math.MaxInt, math.MaxInt, "power of two"},
		{"limit below size", 1024, 1023, "below the size"},
		{"limit 0", 1024, 0, "below the size"},
		{"limit negative", 1024, -1, "below the size"},
		{"limit too large", 1024, maxLimit + 1, "at most 17592186044416"},
		{"limit largest integer", 1024, math.MaxInt, "at most 17592186044416"},
		{"size too large", maxLimit * 2, maxLimit * 2, "at most 17592186044416"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := CheckSizes(test.size, test.limit)
			if test.what == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			var e *SizeError
			if !errors.As(err, &e) {
				t.Fatalf("accepted, or a %T: %v", err, err)
			}
			if e.Size != test.size || e.Limit != test.limit || !strings.Contains(e.Error(), test.what) {
				t.Errorf("%q of %d and %d, but expected: %s", e, e.Size, e.Limit, test.what)
			}
		})
	}
}

// A message about memory names the limits that its reader can do something
// about.
func TestMemoryErrorHelps(t *testing.T) {
	err := error(&MemoryError{Op: "reserve", Size: 4096, Err: syscall.ENOMEM})
	if !errors.Is(err, syscall.ENOMEM) {
		t.Error("the system's error is not found")
	}
	for _, s := range []string{"reserve", "4096", syscall.ENOMEM.Error(), "ulimit -v", "vm.overcommit_memory", "sysctl -w vm.max_map_count"} {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("%q does not say %q", err, s)
		}
	}
}

// passes is what a prologue computes, as the comment on Small describes it:
// whether a function with the given frame may go on at sp.
func passes(frame, sp, guard uintptr) bool {
	switch {
	case frame <= Small:
		return sp > guard
	case frame <= Large:
		return sp-(frame-Small) > guard
	default:
		below := sp - (frame - Small)
		return below <= sp && below > guard
	}
}

// A prologue that passes leaves, below its frame, the red zone and the words
// that a call writes, for every frame and SP.
func TestPassedPrologueHasRoom(t *testing.T) {
	const lo = 1 << 30
	for frame := uintptr(1); frame <= 5000; frame++ {
		// Above this all pass; below lo none can be.
		top := lo + frame + 2*Slack
		for sp := uintptr(lo); sp < top; sp++ {
			if passes(frame, sp, Guard(lo)) && sp-frame-RedZone-16 < lo {
				t.Fatalf("frame of %d bytes at %d above the end passes, with %d bytes left below it", frame, sp-lo, int(sp-frame-lo))
			}
		}
	}
}

// Where there are Slack bytes below a frame its prologue passes. Otherwise
// growth that provides them would be asked for again, for ever.
func TestRoomIsEnoughForPrologue(t *testing.T) {
	const lo = 1 << 30
	for frame := uintptr(1); frame <= 5000; frame++ {
		if !passes(frame, lo+Slack+frame, Guard(lo)) {
			t.Fatalf("frame of %d bytes does not pass with %d bytes below it", frame, Slack)
		}
	}
}

// A frame larger than the address below SP does not pass because the
// subtraction wraps around.
func TestHugeFrameDoesNotWrap(t *testing.T) {
	const lo = 1 << 20
	for _, frame := range []uintptr{lo, 2 * lo, 1 << 40, 1 << 62, 1 << 63, ^uintptr(0)} {
		for sp := uintptr(lo); sp < lo+1<<16; sp += 8 {
			if passes(frame, sp, Guard(lo)) {
				t.Fatalf("frame of %#x bytes passes at %#x", frame, sp)
			}
		}
	}
}

// Nothing passes a poisoned guard, wherever in a process's address space.
func TestNothingPassesPoisoned(t *testing.T) {
	for _, sp := range []uintptr{1 << 16, 1 << 30, 0xc000_0000_00, 1<<47 - 8, 1<<48 - 8, 1<<56 - 8} {
		for frame := uintptr(0); frame <= 5000; frame++ {
			if passes(frame, sp, Poisoned) {
				t.Fatalf("frame of %d bytes passes at %#x", frame, sp)
			}
		}
		for _, frame := range []uintptr{1 << 20, 1 << 40, 1 << 60} {
			if passes(frame, sp, Poisoned) {
				t.Fatalf("frame of %#x bytes passes at %#x", frame, sp)
			}
		}
	}
}

// The smallest stack has room for a frame that compares SP alone.
func TestSmallestStackHoldsSmallFrame(t *testing.T) {
	if !passes(Small, MinSize-16, Guard(0)) {
		t.Errorf("a frame of %d bytes does not pass on a stack of %d", Small, MinSize)
	}
}

package stackcopy_test

import (
	"errors"
	"testing"
	"unsafe"

	"github.com/morestack/morestack/stackcopy"
)

// A shadow must hold the live slots of every frame and nothing else, except that
// pointers into the stack may be missing.
func TestCheckShadow(t *testing.T) {
	const done, barrier, entry = 0x1000, 0x1001, 0x2000
	maps, err := stackcopy.NewMaps(stackcopy.AMD64, done, barrier).With(stackcopy.Func{
		Name: "f", Entry: entry, Frame: 32, Sites: []stackcopy.Site{
			{Kind: stackcopy.Call, Offset: 1, Frame: 32, Pointers: []int{8, 0}},
			{Kind: stackcopy.Prologue, Offset: 2, Pointers: []int{8}},
		}})
	if err != nil {
		t.Fatal(err)
	}
	// Two frames of 32 bytes and their return addresses; the inner one returns
	// through a barrier.
	object, other := uintptr(unsafe.Pointer(new(int))), uintptr(unsafe.Pointer(new(int)))
	for _, c := range []struct {
		name    string
		change  func(stack, shadow []uintptr)
		address int // of the word in error, or -1
		live    bool
	}{
		{"right", func(_, _ []uintptr) {}, -1, false},
		{"own stack missing", func(stack, _ []uintptr) { stack[3] = uintptr(unsafe.Pointer(&stack[5])) }, -1, false},
		{"own stack", func(stack, shadow []uintptr) {
			stack[3] = uintptr(unsafe.Pointer(&stack[5]))
			shadow[3] = stack[3]
		}, -1, false},
		{"missing", func(_, shadow []uintptr) { shadow[2] = 0 }, 2, true},
		{"stale", func(_, shadow []uintptr) { shadow[8] = object }, 8, true},
		{"nil shown as pointer", func(stack, _ []uintptr) { stack[2] = 0 }, 2, true},
		{"below", func(_, shadow []uintptr) { shadow[1] = object }, 1, false},
		{"no slot", func(_, shadow []uintptr) { shadow[4] = object }, 4, false},
		{"return address", func(_, shadow []uintptr) { shadow[11] = object }, 11, false},
		{"above", func(_, shadow []uintptr) { shadow[12] = object }, 12, false},
	} {
		stack, shadow := make([]uintptr, 14), make([]uintptr, 14)
		stack[2], stack[6] = object, barrier
		stack[7], stack[8], stack[11] = object, other, done
		shadow[2], shadow[7], shadow[8] = object, object, other
		c.change(stack, shadow)
		lo := uintptr(unsafe.Pointer(&stack[0]))
		state := &stackcopy.State{PC: entry + 1, SP: lo + 16, Displaced: []uintptr{entry + 1}}
		pointers := unsafe.Slice((*unsafe.Pointer)(unsafe.Pointer(&shadow[0])), len(shadow))
		err := maps.CheckShadow(state, lo, lo+8*uintptr(len(stack)), pointers)
		var wrong *stackcopy.ShadowError
		switch {
		case c.address < 0 && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.address >= 0 && !errors.As(err, &wrong):
			t.Errorf("%s: not noticed: %v", c.name, err)
		case c.address >= 0 && (wrong.Address != lo+8*uintptr(c.address) || wrong.Live != c.live):
			t.Errorf("%s: %v", c.name, err)
		}
	}
	var unknown *stackcopy.StackError
	word := []uintptr{0}
	lo := uintptr(unsafe.Pointer(&word[0]))
	if err := maps.CheckShadow(&stackcopy.State{PC: 5, SP: lo}, lo, lo+8, nil); !errors.As(err, &unknown) {
		t.Errorf("an unknown PC: %v", err)
	}
}

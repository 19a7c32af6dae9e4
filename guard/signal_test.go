//go:build linux && (amd64 || arm64)

package guard

import (
	"sync"
	"testing"
	"unsafe"
)

// inStackRegion asks what the signal handlers ask.
func inStackRegion(sp uintptr) bool {
	for r := stackRegions.Load(); r != nil; r = r.next {
		if sp-r.lo < r.size {
			return true
		}
	}
	return false
}

// A signal handler finds every stack from when it is given out; tests/faults
// has what it does then.
func TestStackRegions(t *testing.T) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			a := NewArena(nil)
			for range 8 {
				for _, size := range []int{MinSize, TallSize} {
					s, err := a.New(size, 1<<30)
					if err != nil {
						t.Error(err)
						return
					}
					defer a.Free(s)
					if !inStackRegion(s.Lo) || !inStackRegion(s.Hi-1) {
						t.Errorf("[%#x, %#x) is in no region", s.Lo, s.Hi)
					}
				}
			}
		})
	}
	all.Wait()
	local := 0
	if p := uintptr(unsafe.Pointer(&local)); inStackRegion(p) || inStackRegion(0) {
		t.Errorf("the handlers take %#x for a coroutine's stack", p)
	}
}

//go:build linux && (amd64 || arm64)

package guard

import "sync/atomic"

// stackRegion is address space that belongs to an Arena. A signal handler asks
// for each signal whether SP lies in one, without a lock: it follows next from
// stackRegions. Regions are only ever put in front and never change, because an
// Arena gives no address space back.
type stackRegion struct {
	lo, size uintptr
	next     *stackRegion
}

// stackRegions are those of all arenas, the latest first, which is the largest
// of its arena.
var stackRegions atomic.Pointer[stackRegion]

// addStackRegion makes [lo, lo+size) known to the signal handlers. It must come
// before the first stack from there.
func addStackRegion(lo, size uintptr) {
	r := &stackRegion{lo: lo, size: size}
	for {
		r.next = stackRegions.Load()
		if stackRegions.CompareAndSwap(r.next, r) {
			return
		}
	}
}

package stackcopy_test

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/morestack/morestack/stackcopy"
)

// mapped are blocks that have inaccessible pages at both ends, where canaries
// would miss a write that goes far or a read.
type mapped [][]byte

var page = uintptr(unix.Getpagesize())

func (all *mapped) alloc(size uintptr) *block {
	b, err := unix.Mmap(-1, 0, int(size+2*page), unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		panic(err)
	}
	*all = append(*all, b)
	b = b[page : page+size]
	if err := unix.Mprotect(b, unix.PROT_READ|unix.PROT_WRITE); err != nil {
		panic(err)
	}
	lo := uintptr(unsafe.Pointer(&b[0]))
	return &block{unsafe.Slice((*uintptr)(unsafe.Pointer(&b[0])), size/8), lo, stackcopy.Stack{Lo: lo, Hi: lo + size}}
}

// readOnly makes a write to the block's stack a fault.
func readOnly(b *block) {
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(&b.words[0])), b.size())
	if err := unix.Mprotect(bytes, unix.PROT_READ); err != nil {
		panic(err)
	}
}

func (all *mapped) free() {
	for _, b := range *all {
		if err := unix.Munmap(b); err != nil {
			panic(err)
		}
	}
	*all = nil
}

// Relocate reads and writes only the stacks, and the old one not even that.
func TestRelocateTouchesOnlyStacks(t *testing.T) {
	var all mapped
	each(t, 200, all.alloc, page, func(t *testing.T, _ *rand.Rand, m *made) {
		defer all.free()
		readOnly(m.old)
		relocates(t, m)
	})
}

func TestCorruptStacksTouchOnlyStacks(t *testing.T) {
	var all mapped
	each(t, 300, all.alloc, page, func(t *testing.T, r *rand.Rand, m *made) {
		defer all.free()
		m.corrupt(r)
		readOnly(m.old)
		m.harmless(t)
	})
}

func TestNoiseTouchesOnlyStacks(t *testing.T) {
	var all mapped
	r := rand.New(rand.NewPCG(9, 9))
	for range 500 {
		m := decode(noise(r), func(size uintptr) *block {
			return all.alloc((size + page - 1) &^ (page - 1))
		}, 16)
		readOnly(m.old)
		m.harmless(t)
		all.free()
	}
}

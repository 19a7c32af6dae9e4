//go:build linux && (amd64 || arm64)

package guard

import (
	"math/bits"
	"sync"

	"golang.org/x/sys/unix"
)

// Stack is the memory of one stack. Its owner alone uses it, and gives it back
// with Arena.Free. It holds no Go pointers, so that the garbage collector has
// little to do with many.
type Stack struct {
	Lo, Hi uintptr // addresses [Lo, Hi); Hi is a multiple of 16

	slot uintptr // of a tall stack: lowest address of its slot; 0 of a small one
}

// Size is the number of bytes of the stack.
func (s *Stack) Size() int { return int(s.Hi - s.Lo) }

// Tall reports whether the stack has a slot of its own to grow in.
func (s *Stack) Tall() bool { return s.slot != 0 }

// Capacity is the size up to which the stack can grow in place.
func (s *Stack) Capacity() int {
	if s.Tall() {
		return int(s.Hi - s.slot - pageSize)
	}
	return s.Size()
}

// RoundDown is the largest size of a stack that is not above size bytes.
func RoundDown(size int) int {
	if size >= TallSize {
		return size &^ int(pageSize-1)
	}
	return size &^ 15
}

// Stats counts memory, in bytes, and stacks of an Arena.
type Stats struct {
	Reserved uintptr // address space taken from the system
	InUse    uintptr // in stacks given out
	Cached   uintptr // accessible memory kept for the next stacks
	Stacks   int     // given out
}

// Arena gives out stacks. Its methods may be called at the same time.
type Arena struct {
	// Poison makes use after Free show: freed stacks are filled with a
	// pattern and made inaccessible, and new ones are filled too. For
	// debugging; set before the first stack.
	Poison bool

	kernel Kernel

	mu         sync.Mutex
	regions    []region
	spare      region            // slabs not yet cut
	slabs      map[uintptr]*slab // by address
	classes    [numClasses][]*slab
	empty      []*slab
	tall       [64][]slot // free slots, by the logarithm of their size
	quarantine []Stack
	stats      Stats
}

// region is reserved address space, given out from the lower end.
type region struct{ lo, free, hi uintptr }

// slot is a free slot of a tall stack, of which the upper end may still be
// accessible.
type slot struct{ base, lo, hi uintptr }

const (
	chunkSize  = 4 << 20 // slabs become accessible this many bytes at a time
	slabSize   = 256 << 10
	hugePage   = 2 << 20 // what the kernel aligns them to
	minShift   = 9       // of MinSize
	numClasses = 8       // 512 B to 32 KiB; to 64 KiB where Poison gives each its own page

	keepTall  = 1 << 20  // bytes that a freed tall stack keeps accessible
	keepTotal = 16 << 20 // bytes that all of them keep, and all empty slabs

	minRegion = 1 << 30
	maxRegion = 1 << 40
)

var pageSize = uintptr(unix.Getpagesize())

// NewArena returns an arena that has reserved nothing yet. A nil kernel is this
// process's own.
func NewArena(kernel Kernel) *Arena {
	if kernel == nil {
		kernel = System()
	}
	return &Arena{kernel: kernel, slabs: map[uintptr]*slab{}}
}

// Stats returns the arena's counters.
func (a *Arena) Stats() Stats {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.stats
}

// New returns a stack of at least size bytes, a power of two from MinSize up,
// that may have to grow to limit. The memory holds arbitrary words. The error
// is a *MemoryError.
func (a *Arena) New(size, limit int) (*Stack, error) {
	s := new(Stack)
	return s, a.Init(s, size, limit)
}

// Init is New for a Stack that the caller has; one without memory, whose owner
// Free left as it was.
func (a *Arena) Init(s *Stack, size, limit int) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	made, err := a.make(uintptr(size), uintptr(limit))
	for err != nil && len(a.quarantine) > 0 {
		a.exhume()
		made, err = a.make(uintptr(size), uintptr(limit))
	}
	if err != nil {
		return err
	}
	*s = made
	a.stats.Stacks++
	a.stats.InUse += s.Hi - s.Lo
	if a.Poison {
		fill(s.Lo, s.Hi)
	}
	return nil
}

func (a *Arena) make(size, limit uintptr) (Stack, error) {
	if size < TallSize {
		return a.newSmall(size)
	}
	return a.newTall(size, limit)
}

// Free takes a stack back and leaves s without memory. Freeing such a stack
// again does nothing.
func (a *Arena) Free(s *Stack) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.Hi == 0 {
		return
	}
	a.stats.Stacks--
	a.stats.InUse -= s.Hi - s.Lo
	switch {
	case a.Poison:
		a.bury(*s)
	case s.Tall():
		a.freeTall(slot{s.slot, s.Lo, s.Hi}, keepTall)
	default:
		a.freeSmall(*s)
	}
	*s = Stack{}
}

// Resize makes a tall stack size bytes large in place, which is at most its
// Capacity. Growing can fail with a *MemoryError; then nothing has changed.
func (a *Arena) Resize(s *Stack, size int) error {
	lo := s.Hi - (uintptr(size)+pageSize-1)&^(pageSize-1)
	a.mu.Lock()
	defer a.mu.Unlock()
	if lo < s.Lo {
		if err := a.kernel.Commit(lo, s.Lo-lo); err != nil {
			return err
		}
		if a.Poison {
			fill(lo, s.Lo)
		}
	} else if lo > s.Lo {
		if a.kernel.Decommit(s.Lo, lo-s.Lo) != nil {
			return nil // it stays as large as it is, which does no harm
		}
	}
	a.stats.InUse += s.Lo - lo
	s.Lo = lo
	return nil
}

// Release gives cached memory back to the operating system.
func (a *Arena) Release() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range a.tall {
		for j := range a.tall[i] {
			a.decommit(&a.tall[i][j], 0)
		}
	}
	for _, s := range a.empty {
		a.discard(s)
	}
}

// reserve takes size bytes of address space, a multiple of the page size,
// aligned so that huge pages fit.
func (a *Arena) reserve(size uintptr) (uintptr, error) {
	for i := range a.regions {
		if addr, ok := a.regions[i].take(size); ok {
			return addr, nil
		}
	}
	// The next region is as large as all before it together, so there are few
	// of them; where address space is scarce, one that serves this request.
	least := size + hugePage - pageSize
	want := max(min(max(a.stats.Reserved, minRegion), maxRegion), least)
	for {
		addr, err := a.kernel.Reserve(want)
		if err == nil {
			a.stats.Reserved += want
			addStackRegion(addr, want)
			a.regions = append(a.regions, region{addr, addr, addr + want})
			addr, _ = a.regions[len(a.regions)-1].take(size)
			return addr, nil
		}
		if want == least {
			return 0, err
		}
		want = max(want/4&^(pageSize-1), least)
	}
}

// take gives out the lowest free part of r. Only what has room for a huge page
// is aligned for one, so that smaller slots lie close together.
func (r *region) take(size uintptr) (addr uintptr, ok bool) {
	align := min(size&-size, hugePage)
	addr = (r.free + align - 1) &^ (align - 1)
	if addr > r.hi || r.hi-addr < size {
		return 0, false
	}
	r.free = addr + size
	return addr, true
}

// Contains reports whether p is an address of the arena.
func (a *Arena) Contains(p uintptr) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range a.regions {
		if p-r.lo < r.hi-r.lo {
			return true
		}
	}
	return false
}

// newTall finds a slot for a stack that starts with size bytes.
func (a *Arena) newTall(size, limit uintptr) (Stack, error) {
	size = (size + pageSize - 1) &^ (pageSize - 1)
	shift := bits.Len(uint(max(size, limit) + pageSize - 1))
	smallest := bits.Len(uint(size + pageSize - 1))
	s, err := a.newSlot(shift)
	// Where address space is scarce, a slot that it can grow in at least once
	// will do: the stack moves when it has filled that.
	for ; err != nil && shift > smallest; s, err = a.newSlot(shift) {
		shift = max(shift-2, smallest)
	}
	for i := smallest; err != nil && i < len(a.tall); i++ {
		if len(a.tall[i]) > 0 {
			s, err = a.newSlot(i)
		}
	}
	if err != nil {
		return Stack{}, err
	}
	a.stats.Cached -= s.hi - s.lo
	if most := max(size, limit&^(pageSize-1)); s.hi-s.lo > most {
		a.stats.Cached += s.hi - s.lo
		a.decommit(&s, most)
		a.stats.Cached -= s.hi - s.lo
	}
	if lo := s.hi - size; lo < s.lo {
		if err := a.kernel.Commit(lo, s.lo-lo); err != nil {
			a.freeTall(s, keepTall)
			return Stack{}, err
		}
		s.lo = lo
	}
	return Stack{Lo: s.lo, Hi: s.hi, slot: s.base}, nil
}

// newSlot returns a slot of 1<<shift bytes of address space.
func (a *Arena) newSlot(shift int) (slot, error) {
	if free := a.tall[shift]; len(free) > 0 {
		a.tall[shift] = free[:len(free)-1]
		return free[len(free)-1], nil
	}
	base, err := a.reserve(1 << shift)
	if err != nil {
		return slot{}, err
	}
	hi := base + 1<<shift
	return slot{base, hi, hi}, nil
}

// freeTall takes back a slot that belongs to no stack, and lets it keep up to
// keep bytes accessible.
func (a *Arena) freeTall(s slot, keep uintptr) {
	a.stats.Cached += s.hi - s.lo
	if a.stats.Cached > keepTotal {
		keep = 0
	}
	a.decommit(&s, keep)
	shift := bits.Len(uint(s.hi - s.base - 1))
	a.tall[shift] = append(a.tall[shift], s)
}

// decommit leaves at most keep accessible bytes of a free slot.
func (a *Arena) decommit(s *slot, keep uintptr) {
	if lo := s.hi - keep; s.hi-s.lo > keep && a.kernel.Decommit(s.lo, lo-s.lo) == nil {
		a.stats.Cached -= lo - s.lo
		s.lo = lo
	}
}

// Pattern is the byte that Poison fills memory with. As an address its words
// belong to nobody.
const Pattern = 0xdb

func fill(lo, hi uintptr) {
	b := bytes(lo, hi)
	b[0] = Pattern
	for n := 1; n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
}

// bury makes a freed stack inaccessible for as long as quarantineSize others
// are freed after it.
func (a *Arena) bury(s Stack) {
	lo, hi := s.Lo, s.Hi
	if !s.Tall() {
		lo, hi = a.slabOf(s).slotOf(s.Lo)
	}
	fill(lo, hi)
	if a.kernel.Decommit(lo, hi-lo) != nil {
		return // it is never used again
	}
	a.quarantine = append(a.quarantine, s)
	if len(a.quarantine) > quarantineSize {
		a.exhume()
	}
}

// exhume makes the stack that was buried first available again.
func (a *Arena) exhume() {
	s := a.quarantine[0]
	a.quarantine = a.quarantine[1:]
	if s.Tall() {
		a.freeTall(slot{s.slot, s.Hi, s.Hi}, 0)
	} else if lo, hi := a.slabOf(s).slotOf(s.Lo); a.kernel.Commit(lo, hi-lo) == nil {
		a.freeSmall(s)
	}
}

const quarantineSize = 256

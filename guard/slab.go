//go:build linux && (amd64 || arm64)

package guard

import "math/bits"

// slab is slabSize bytes cut into equal slots. It lies at a multiple of its size.
type slab struct {
	base  uintptr
	shift int // of the slots' size
	used  int // slots given out
	free  [slabSize >> minShift / 64]uint64
	dirty bool // may hold memory
	at    int  // index among the slabs of its class that have a free slot; -1 if it has none
}

// slotOf is the slot that contains p.
func (s *slab) slotOf(p uintptr) (lo, hi uintptr) {
	lo = s.base + (p-s.base)>>s.shift<<s.shift
	return lo, lo + 1<<s.shift
}

// slabOf is the slab that a small stack is in.
func (a *Arena) slabOf(s Stack) *slab { return a.slabs[s.Lo&^(slabSize-1)] }

func (a *Arena) newSmall(size uintptr) (Stack, error) {
	shift := bits.Len(uint(size - 1))
	if a.Poison {
		shift = max(shift, bits.Len(uint(pageSize-1))) // pages of its own, to take away
	}
	class := &a.classes[shift-minShift]
	if len(*class) == 0 {
		s, err := a.newSlab()
		if err != nil {
			return Stack{}, err
		}
		s.shift, s.used, s.at = shift, 0, 0
		slots := slabSize >> shift
		s.free = [len(s.free)]uint64{}
		for i := 0; i < slots; i += 64 {
			s.free[i/64] = ^uint64(0) >> max(0, 64-(slots-i))
		}
		*class = append(*class, s)
	}
	s := (*class)[len(*class)-1]
	for i := range s.free {
		if s.free[i] == 0 {
			continue
		}
		j := bits.TrailingZeros64(s.free[i])
		s.free[i] &^= 1 << j
		hi := s.base + uintptr(64*i+j+1)<<shift
		if s.used++; s.used == slabSize>>shift {
			*class = (*class)[:len(*class)-1]
			s.at = -1
		}
		s.dirty = true
		return Stack{Lo: hi - size, Hi: hi}, nil
	}
	panic("guard: a full slab among those with free slots")
}

func (a *Arena) freeSmall(k Stack) {
	s := a.slabOf(k)
	i := (k.Lo - s.base) >> s.shift
	s.free[i/64] |= 1 << (i % 64)
	s.used--
	class := &a.classes[s.shift-minShift]
	if s.at < 0 {
		s.at = len(*class)
		*class = append(*class, s)
	}
	if s.used > 0 || len(*class) == 1 {
		return // the last slab with free slots stays: its class is likely to be asked again
	}
	last := (*class)[len(*class)-1]
	(*class)[s.at], last.at = last, s.at
	*class = (*class)[:len(*class)-1]
	a.stats.Cached += slabSize
	a.empty = append(a.empty, s)
	if a.stats.Cached > keepTotal {
		a.discard(s)
	}
}

// newSlab returns a slab without stacks, of any former class.
func (a *Arena) newSlab() (*slab, error) {
	if n := len(a.empty); n > 0 {
		s := a.empty[n-1]
		a.empty = a.empty[:n-1]
		if s.dirty {
			a.stats.Cached -= slabSize
		}
		return s, nil
	}
	if a.spare.free == a.spare.hi {
		size := uintptr(chunkSize)
		base, err := a.reserve(size)
		if err != nil {
			size = slabSize // address space is scarce
			base, err = a.reserve(size)
		}
		if err != nil {
			return nil, err
		}
		a.spare = region{base, base, base + size}
	}
	// One call for the whole chunk; where memory is refused, one for this slab.
	if a.spare.free == a.spare.lo && a.kernel.Commit(a.spare.lo, a.spare.hi-a.spare.lo) == nil {
		a.spare.lo = a.spare.hi
	}
	if a.spare.lo != a.spare.hi {
		if err := a.kernel.Commit(a.spare.free, slabSize); err != nil {
			return nil, err
		}
	}
	s := &slab{base: a.spare.free}
	a.slabs[s.base] = s
	a.spare.free += slabSize
	return s, nil
}

// discard gives an empty slab's memory back.
func (a *Arena) discard(s *slab) {
	if s.dirty && a.kernel.Discard(s.base, slabSize) == nil {
		s.dirty = false
		a.stats.Cached -= slabSize
	}
}

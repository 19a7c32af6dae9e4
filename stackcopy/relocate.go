package stackcopy

// Relocate makes a copied stack one in its own right. Before the call the bytes
// of old from s.SP-16 up were copied to fresh, keeping their distance from Hi,
// and s describes the stack as it was suspended on old. Relocate rewrites on
// fresh every saved frame pointer, pointer slot and object pointer that pointed
// into old, and then s itself. It returns how many frames there were.
//
// On error s is unchanged and fresh must not be used; old was only read.
func (m *Maps) Relocate(old, fresh Stack, s *State) (frames int, err error) {
	delta := fresh.Hi - old.Hi // modulo 2^64
	size := old.Hi - old.Lo
	moved := *s
	moved.SP += delta
	if old.Contains(s.FP) {
		moved.FP += delta
	}
	if old.Contains(s.Context) {
		moved.Context += delta
	}
	// What lies below the image of old was never copied.
	copied := Stack{max(fresh.Lo, old.Lo+delta), fresh.Hi}
	w := m.walk(copied, &moved)
	for here := w.next(); here != nil; here = w.next() {
		frames += here.relocate(&w, old.Lo, size, delta)
		if w.up(here); w.err != nil {
			break
		}
	}
	if w.err != nil {
		w.err.SP -= delta
		return frames, w.err
	}
	*s = moved
	return frames, nil
}

// relocate rewrites the frame that w has reached and those above it that are at
// the same site, for recursion fills stacks with such runs. A run needs no
// lookup, only a look at the bounds. It leaves w at the last frame of the run.
func (s *site) relocate(w *walker, lo, size, delta uintptr) (frames int) {
	fixups, pc, ret, step := s.fixups, s.pc, s.ret, s.step
	sp, last := w.sp, w.stack.Hi-max(s.frame+word, s.end) // last: no frame of this site is above
	for {
		for _, offset := range fixups {
			p := at(sp + offset)
			if v := *p; v-lo < size {
				*p = v + delta
			}
		}
		frames++
		if *at(sp + ret) != pc || s.frame == 0 || sp+step > last {
			w.sp = sp
			return frames
		}
		sp += step
	}
}

// Suspect is a word that looks like a pointer into its own stack although no
// map says so.
type Suspect struct {
	Frame   Frame
	Address uintptr
	Value   uintptr
}

// Audit returns the words of the suspended stack that hold an address of the
// stack but are not among the slots that Relocate would rewrite, nor left
// behind by a prologue that spilled them. A compiled body may leave more such
// words in slots that are no longer in use; in one written by hand each is a
// hole in a map.
func (m *Maps) Audit(stack Stack, s *State) ([]Suspect, error) {
	var found []Suspect
	reached := map[uintptr]bool{} // slots of callees in their callers' frames
	w := m.walk(stack, s)
	for here := w.next(); here != nil; here = w.next() {
		for _, offset := range here.slots {
			reached[w.sp+offset] = true
		}
		if here.frame > 0 {
			reached[m.layout.savedFP(w.sp, here)] = true
			for i := range here.fn.Sites {
				if s := &here.fn.Sites[i]; s.Kind == Prologue {
					for _, offset := range s.Pointers {
						reached[w.sp+here.frame+uintptr(offset)] = true
					}
				}
			}
		}
		for p := w.sp; p < w.sp+here.frame; p += word {
			// The highest word may be a saved frame pointer of the caller.
			saved := m.layout.Link && p == w.sp+here.frame-word
			if v := *at(p); stack.Contains(v) && !reached[p] && !saved {
				found = append(found, Suspect{Frame{w.pc, w.sp, here.fn, here.public}, p, v})
			}
		}
		if w.up(here); w.err != nil {
			break
		}
	}
	if w.err != nil {
		return found, w.err
	}
	return found, nil
}

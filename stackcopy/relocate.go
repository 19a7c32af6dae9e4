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
	w := m.walk(fresh, &moved)
	for {
		here := w.next()
		if here == nil {
			break
		}
		for _, offset := range here.slots {
			if p := at(w.sp + offset); *p-old.Lo < size {
				*p += delta
			}
		}
		if here.frame > 0 {
			if p := at(m.layout.savedFP(w.sp, here)); *p-old.Lo < size {
				*p += delta
			}
		}
		frames++
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

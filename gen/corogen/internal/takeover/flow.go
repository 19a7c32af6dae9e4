package takeover

// index finds steps by their offsets.
func (f *function) index() map[int]int {
	at := map[int]int{}
	for k, s := range f.steps {
		at[s.offset] = k
	}
	return at
}

// depths tells every step how large the frame is before and after it, by following
// all paths. change says by how much an instruction grows the frame, if it does.
func (f *function) depths(change func(*step) (bytes int, ok bool)) {
	at := f.index()
	known := make([]bool, len(f.steps))
	work := []int{0}
	known[0] = true
	reach := func(k, depth int) {
		if k < len(f.steps) && !known[k] {
			known[k] = true
			f.steps[k].frame, f.steps[k].after = depth, depth
			work = append(work, k)
		}
	}
	for len(work) > 0 {
		k := work[len(work)-1]
		work = work[:len(work)-1]
		s := f.steps[k]
		depth := s.frame
		if n, ok := change(s); ok {
			depth += n
			s.after = depth
		}
		for _, target := range s.targets {
			reach(at[target], depth)
		}
		if !s.ends {
			reach(k+1, depth)
		}
	}
}

// jumpTables gives indirect jumps the targets of the table loaded before them.
func (f *function) jumpTables(t *takeover, indirect func(*step) bool) {
	var table *step
	for _, s := range f.steps {
		for _, r := range s.relocs {
			if isJumpTable(t, r.sym) {
				table = s
				table.symbol = r.sym
			}
		}
		if table != nil && indirect(s) {
			s.targets, s.ends = f.tableTargets(t, table), true
			table = nil
		}
	}
}

// hazards finds the lowest slot that an instruction takes the address of: it
// and all above may be written by others from then on.
func (f *function) hazards() {
	for _, s := range f.steps {
		for _, u := range s.uses {
			if u.address {
				f.hazard = min(f.hazard, u.offset)
			}
		}
	}
}

// branchedTo are the offsets that need labels.
func (f *function) branchedTo() map[int]bool {
	labels := map[int]bool{}
	for _, s := range f.steps {
		for _, target := range s.targets {
			labels[target] = true
		}
	}
	return labels
}

package takeover

import "slices"

// What is known of a slot's word in the shadow.
type knowledge byte

const (
	unreached knowledge = iota
	empty               // nil
	current             // the slot's value
	stale               // any value
)

func (k knowledge) join(o knowledge) knowledge {
	switch {
	case k == unreached || k == o:
		return o
	case o == unreached:
		return k
	}
	return stale
}

// plan decides what every step publishes and forgets, such that the shadow of
// a suspended frame holds its live pointers and nothing else, and that of one
// that has returned nothing: a forward analysis of what the shadow's words
// hold, from an entry where they are nil.
func (f *function) plan() {
	if len(f.slots) == 0 {
		return
	}
	at := f.index()
	before := make([][]knowledge, len(f.steps))
	flow := func(to int, now []knowledge) bool {
		if before[to] == nil {
			before[to] = slices.Clone(now)
			return true
		}
		changed := false
		for i := range now {
			if j := before[to][i].join(now[i]); j != before[to][i] {
				before[to][i] = j
				changed = true
			}
		}
		return changed
	}
	start := make([]knowledge, len(f.slots))
	for i := range start {
		start[i] = empty
	}
	flow(0, start)
	work := []int{0}
	for len(work) > 0 {
		k := work[len(work)-1]
		work = work[:len(work)-1]
		s := f.steps[k]
		now := slices.Clone(before[k])
		f.apply(s, now)
		for _, target := range s.targets {
			if to := at[target]; flow(to, now) {
				work = append(work, to)
			}
		}
		if !s.ends && k+1 < len(f.steps) && flow(k+1, now) {
			work = append(work, k+1)
		}
	}
	for k, s := range f.steps {
		if before[k] == nil {
			continue
		}
		for i, slot := range f.slots {
			has := before[k][i]
			switch {
			case s.publishes() && slices.Contains(s.live, slot):
				if has != current {
					s.publish = append(s.publish, slot)
				}
			case s.publishes() || s.action == returns:
				if has != empty {
					s.forget = append(s.forget, slot)
				}
			}
		}
		if s.publishes() && len(s.publish)+len(s.forget) > 0 || s.action == returns && len(s.forget) > 0 {
			f.slow = append(f.slow, s)
		}
	}
}

// apply makes now what is known after the step.
func (f *function) apply(s *step, now []knowledge) {
	for i, slot := range f.slots {
		switch {
		case s.publishes() && slices.Contains(s.live, slot):
			now[i] = current
			if slot >= f.hazard {
				now[i] = stale
			}
		case s.publishes(), s.action == returns:
			now[i] = empty
		case now[i] == current && s.writes(slot):
			now[i] = stale
		}
	}
}

// writes reports whether the instruction may write the slot. Of an instruction
// that names the slot at all it is assumed: which operand is written matters
// little.
func (s *step) writes(slot int) bool {
	for _, a := range s.uses {
		if a.written && a.offset < slot+word && slot < a.offset+a.size {
			return true
		}
	}
	return false
}

// shown are the slots where a prologue has spilled pointers that it publishes before
// it asks for more stack, because the collector may have its turn before Go code can
// do that. Their caller's frame is within the shadow. While the collector marks, Go
// code does it again, with a barrier. An entry is given the block of arguments, which
// the coroutine keeps.
func (f *function) shown(s *step) []int {
	if f.Pinned || f.Entry {
		return nil
	}
	return s.live
}

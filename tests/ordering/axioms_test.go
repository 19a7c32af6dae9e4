package ordering

import (
	"maps"
	"slices"
)

// The axioms of aarch64.cat and x86tso.cat, as far as the litmus tests need them: a
// second account of both models, by what may not be a cycle instead of by what
// happens when.

// event is a load, a store or a fence of an execution. An update is two.
type event struct {
	thread, index int // index is -1 of what memory starts with
	instr         *instr
	load, store   bool
	pair          int // the other one of an update, or -1
	place         place
}

// relation has a row of successors for each event.
type relation [32]uint32

func (r *relation) add(a, b int) { r[a] |= 1 << b }

// cyclic reports whether following the relation can lead back.
func (r relation) cyclic() bool {
	for k := range r {
		for i := range r {
			if r[i]>>k&1 != 0 {
				r[i] |= r[k]
			}
		}
	}
	for i := range r {
		if r[i]>>i&1 != 0 {
			return true
		}
	}
	return false
}

// execution is a candidate: who loads from which store, and which store comes when.
type execution struct {
	model  model
	events []event
	from   []int // the store of each load
	rank   []int // of each store among those to its place
}

// axiomatic are the outcomes of all executions that meet the axioms.
func (m *litmusMachine) axiomatic() []string {
	x := &execution{model: m.model}
	used := map[place]bool{}
	for t, p := range m.programs {
		for i := range p.code {
			b := &p.code[i]
			e := event{thread: t, index: i, instr: b, place: b.at, pair: -1}
			if b.accesses() {
				used[b.at] = true
			}
			if b.op == opUpdate {
				e.load, e.pair = true, len(x.events)+1
				x.events = append(x.events, e)
				e.load, e.store, e.pair = false, true, len(x.events)-1
				x.events = append(x.events, e)
				continue
			}
			e.load, e.store = b.op == opLoad, b.op == opStore
			if b.linked && e.store {
				e.pair = len(x.events) - 1
				x.events[e.pair].pair = len(x.events)
			}
			x.events = append(x.events, e)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(used)) {
		x.events = append(x.events, event{thread: -1, index: -1, store: true, place: p, pair: -1})
	}
	x.from, x.rank = make([]int, len(x.events)), make([]int, len(x.events))
	all := map[string]bool{}
	x.choose(0, func() {
		if x.valid() {
			regs, values := x.values(len(m.programs))
			all[m.outcome(
				func(thread, reg int) value { return regs[thread][reg] },
				func(p place) value {
					last := -1
					for i, e := range x.events {
						if e.store && e.place == p && (last < 0 || x.rank[i] > x.rank[last]) {
							last = i
						}
					}
					return values[last]
				})] = true
		}
	})
	return slices.Sorted(maps.Keys(all))
}

// choose tries all candidates, from one event on.
func (x *execution) choose(i int, then func()) {
	if i == len(x.events) {
		then()
		return
	}
	e := x.events[i]
	if !e.load && !e.store {
		x.choose(i+1, then)
		return
	}
	others := 0
	for j, o := range x.events {
		if !o.store || o.place != e.place {
			continue
		}
		others++
		if e.load {
			x.from[i] = j
			x.choose(i+1, then)
		}
	}
	if e.load {
		return
	}
	if e.thread < 0 {
		x.rank[i] = 0
		x.choose(i+1, then)
		return
	}
	for rank := 1; rank < others; rank++ {
		taken := false
		for j, o := range x.events[:i] {
			taken = taken || o.store && o.place == e.place && x.rank[j] == rank
		}
		if !taken {
			x.rank[i] = rank
			x.choose(i+1, then)
		}
	}
}

// values are those of all registers and stores.
func (x *execution) values(threads int) (registers []regs, values []value) {
	registers, values = make([]regs, threads), make([]value, len(x.events))
	for range x.events { // each round knows one more
		for i, e := range x.events {
			switch {
			case e.load:
				registers[e.thread][e.instr.to] = values[x.from[i]]
			case e.store && e.thread >= 0:
				values[i] = e.instr.value(&registers[e.thread])
			}
		}
	}
	return
}

// valid reports whether the execution meets the axioms.
func (x *execution) valid() bool {
	var internal, external relation
	for i, a := range x.events {
		for j, b := range x.events {
			if i == j {
				continue
			}
			outside := a.thread != b.thread || a.thread < 0
			communicates := a.store && b.load && x.from[j] == i ||
				a.place == b.place && a.store && b.store && x.rank[i] < x.rank[j] ||
				a.place == b.place && a.load && b.store && x.rank[x.from[i]] < x.rank[j]
			before := a.thread == b.thread && a.thread >= 0 && i < j
			if communicates || before && a.place == b.place && (a.load || a.store) && (b.load || b.store) {
				internal.add(i, j)
			}
			switch {
			case communicates && outside,
				x.model == tso && communicates && a.thread >= 0 && !(a.store && b.load), // all of co and fr
				before && x.model == tso && x.kept(i, j),
				before && x.model == arm && x.ordered(i, j):
				external.add(i, j)
			}
		}
	}
	return !internal.cyclic() && !external.cyclic() && x.atomic()
}

// atomic reports whether no store of another thread comes between those of an update.
func (x *execution) atomic() bool {
	for i, e := range x.events {
		if !e.load || e.pair < 0 {
			continue
		}
		for j, o := range x.events {
			if o.store && o.place == e.place && o.thread != e.thread && x.rank[x.from[i]] < x.rank[j] && x.rank[j] < x.rank[e.pair] {
				return false
			}
		}
	}
	return true
}

// kept is amd64's order of two events of a thread.
func (x *execution) kept(i, j int) bool {
	a, b := &x.events[i], &x.events[j]
	if !(a.load || a.store) || !(b.load || b.store) {
		return true // a fence
	}
	return !(a.store && b.load) || a.pair >= 0 || b.pair >= 0
}

// ordered is ARM's locally-ordered-before of two events of a thread.
func (x *execution) ordered(i, j int) bool {
	a, b := &x.events[i], &x.events[j]
	acquire := func(e *event) bool { return e.load && (e.instr.acquire || e.instr.op == opUpdate) }
	release := func(e *event) bool { return e.store && (e.instr.release || e.instr.op == opUpdate) }
	needs := func(e *event, rs regset, from *event) bool {
		return from.load && rs>>from.instr.to&1 != 0 && e.index > from.index
	}
	switch {
	case a.instr.op == opFence, b.instr.op == opFence, a.instr.op == opUpdate, b.instr.op == opUpdate,
		a.instr.op == opFenceLoad, b.instr.op == opFenceLoad && a.load,
		a.instr.op == opFenceStore && b.store, b.instr.op == opFenceStore && a.store:
		return true // bob, by way of the fences
	case acquire(a), release(b), release(a) && acquire(b):
		return true // bob
	case b.store && a.place == b.place && (a.load || a.store):
		return true // lws, and with it po;[L];coi
	case needs(b, b.instr.addr, a), b.store && needs(b, b.instr.data, a):
		return true // dob: addr, data
	case a.pair == j:
		return true // aob: rmw
	case a.store && a.pair >= 0 && acquire(b) && x.from[j] == i:
		return true // aob
	}
	for k := range x.events {
		c := &x.events[k]
		if c.thread != a.thread {
			continue
		}
		if i < k && k <= j && b.store && needs(c, c.instr.ctrl, a) {
			return true // dob: ctrl;[W]
		}
		if i < k && k < j && b.store && needs(c, c.instr.addr, a) {
			return true // dob: addr;po;[W]
		}
		if i < k && k < j && b.load && x.from[j] == k && (needs(c, c.instr.addr, a) || needs(c, c.instr.data, a)) {
			return true // dob: (addr|data);rfi
		}
	}
	return false
}

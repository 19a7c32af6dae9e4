package constructs

import "github.com/morestack/morestack/coro"

// machine has bodies as methods, of its value and of its address.
type machine struct {
	state int
	log   []string
}

//coro:body
func (m machine) peek(y *coro.Yielder[int, int]) int {
	m.state += y.Yield(m.state) // of a copy
	return m.state
}

//coro:body
func (m *machine) step(y *coro.Yielder[int, int], word string) {
	m.state += y.Yield(m.state)
	m.log = append(m.log, word)
	m.note(word)
}

//coro:body
func (m *machine) note(word string) {
	if len(m.log)%2 == 0 {
		m.log = append(m.log, "("+word+")")
	}
}

//coro:body
func (m *machine) run(y *coro.Yielder[int, int], words []string) int {
	for _, word := range words {
		m.step(y, word)
	}
	return m.peek(y) + m.total()
}

//coro:body
func (m machine) total() int { return len(m.log) * 1000 }

// scale is a method of a type that is no struct.
//
//coro:body
func (w weekday) scale(y *coro.Yielder[weekday, weekday], n int) weekday {
	for range n {
		w += y.Yield(w)
	}
	return w
}

type vector []float64

//coro:body
func (v vector) dot(w vector) (sum float64) {
	for i := range v {
		sum += v[i] * w[i]
	}
	return sum
}

// embedded promotes methods that are bodies.
type embedded struct {
	*machine
	vector
}

//coro:body
func promoted(y *coro.Yielder[int, int], e embedded) int {
	e.step(y, "promoted")
	return int(e.dot(vector{2, 3})) + e.peek(y)
}

// methodsOfLocals calls methods of variables in its frame.
//
//coro:body
func methodsOfLocals(y *coro.Yielder[int, int]) (int, []string) {
	var m machine
	m.step(y, "one")
	p := &m
	p.step(y, "two")
	machines := []machine{m, {state: 7}}
	machines[1].step(y, "three")
	(&machines[0]).step(y, "four")
	n := machine.total(machines[0])
	return n + machines[0].peek(y) + machines[1].state, machines[0].log
}

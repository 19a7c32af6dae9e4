// Package ends holds bodies that come to every kind of end, and looks at what is
// kept of them: nothing but the results and the error.
package ends

import "github.com/morestack/morestack/coro"

//go:generate go run ../../gen/corogen

// Object is what frames hold.
type Object struct {
	next *Object
	room [1 << 16]byte
}

// How a coroutine comes to its end.
const (
	returns = iota
	dereferences
	indexes
	divides
	storesToNilMap
	overflows
	panics
	calls
	loops
	recurses
)

// end holds an object, and another one in each of some frames, answers its last
// yield with one, and ends.
//
//coro:body
func end(y *coro.Yielder[*Object, *Object], o *Object, depth, how int, f func() *Object) {
	if depth > 0 {
		own := f()
		end(y, o, depth-1, how, f)
		own.next = o
		return
	}
	answer := y.Yield(o)
	for i := range 2 {
		answer.room[i] = o.room[i] + 1
		come(how, answer, f)
		answer = y.Yield(answer)
	}
	answer.next = o
}

// come comes to the end, with p still in use.
//
//coro:body
func come(how int, p *Object, f func() *Object) int {
	var none *Object
	n := 0
	switch how {
	case dereferences:
		n = int(none.room[how])
	case indexes:
		n = int(p.room[1<<how<<16])
	case divides:
		n = how / (how - divides)
	case storesToNilMap:
		var m map[int]*Object
		//lint:ignore SA5000 this end is wanted
		m[how] = p
	case overflows:
		n = sink(p, 1<<60)
	case panics:
		panic(p.room[0])
	case calls:
		p = f()
	case loops:
		for n >= 0 {
			n ^= 1
		}
	case recurses:
		for n >= 0 {
			n = sink(p, 300) & 1
		}
	}
	p.room[1]++
	return n + int(p.room[1])
}

// sink goes down with what p leads to in each frame.
//
//coro:body
func sink(p *Object, depth int) int {
	if depth == 0 {
		return 0
	}
	p.room[2]++
	return sink(p, depth-1) + int(p.room[2])
}

// brief has frames so small that the collector sees them in words of the core.
//
//coro:body
func brief(y *coro.Yielder[int, int], o *Object, f func() int) {
	n := y.Yield(0)
	for f() > 0 {
		n ^= 1
	}
	y.Yield(int(o.room[n]))
	o.room[n]++
}

// large is given and gives values that do not fit into registers.
//
//coro:body
func large(y *coro.Yielder[[3]*Object, [3]*Object], o *Object) {
	v := [3]*Object{o, o, o}
	for {
		v = y.Yield(v)
	}
}

// literal recurses without end in a func literal, which runs on the goroutine's stack.
//
//coro:body
func literal(y *coro.Yielder[int, int], n int) {
	var down func(int) int
	down = func(n int) int { return down(n+1) + 1 }
	y.Yield(0)
	y.Yield(down(n))
}

// plain recurses without end as bodies do.
//
//coro:body
func plain(y *coro.Yielder[int, int], n int) {
	y.Yield(0)
	y.Yield(descend(n))
}

//coro:body
func descend(n int) int {
	//lint:ignore SA5007 this end is wanted
	return descend(n+1) + 1
}

package constructs

import "github.com/morestack/morestack/coro"

type point struct{ x, y int }

type record struct {
	name string
	n    int
	data []byte
}

// mixed has fields of many sizes, and padding.
type mixed struct {
	a bool
	b int16
	c byte
	d float32
	e string
	f [3]byte
	g complex64
	h *int
	i any
}

type base struct {
	id   int
	tags []string
}

func (b base) describe() int { return b.id*100 + len(b.tags) }

type derived struct {
	base
	*point
	extra string
}

//coro:body
func structFields(y *coro.Yielder[point, int]) (p point) {
	p.x = y.Yield(p)
	p.y = y.Yield(p)
	p.x, p.y = p.y, p.x
	p.x += y.Yield(p)
	p.y--
	return p
}

//coro:body
func structCopies(r record) (a, b, c record) {
	a = r
	a.name += "!"
	b = renamed(a)
	c = b
	c.n++
	return a, b, c
}

//coro:body
func renamed(r record) record {
	r.name, r.n = "renamed", r.n*2
	return r
}

//coro:body
func structCompare(a, b point, c, d mixed) (bool, bool, bool, bool) {
	return a == b, a != point{1, 2}, c == d, c != d
}

//coro:body
func structLiterals(y *coro.Yielder[mixed, struct{}], n int) {
	y.Yield(mixed{})
	y.Yield(mixed{a: true, b: -3, c: 200, d: 1.5, e: "text", f: [3]byte{1, 2, 3}, g: 1 - 2i, h: &n, i: n})
	p := &mixed{e: "from a pointer"}
	y.Yield(*p)
	anonymous := struct {
		mixed
		z int
	}{mixed{b: 5}, n}
	anonymous.b += int16(anonymous.z)
	y.Yield(anonymous.mixed)
}

//coro:body
func mixedFields(y *coro.Yielder[mixed, int], m mixed) mixed {
	for range 3 {
		n := y.Yield(m)
		m.a = !m.a
		m.b += int16(n)
		m.c ^= byte(n)
		m.d /= 2
		m.e += "."
		m.f[n%3]++
		m.g *= 2
		m.h = &n
		m.i = m.e
	}
	return m
}

//coro:body
func embedding(y *coro.Yielder[int, struct{}], d derived) derived {
	y.Yield(d.id)
	y.Yield(d.x)
	d.y = 70
	d.tags = append(d.tags, d.extra)
	y.Yield(d.describe())
	y.Yield(d.point.y)
	return d
}

//coro:body
func structPointers(y *coro.Yielder[*record, int], r *record) int {
	before := *r
	r.n = y.Yield(r)
	r.data = append(r.data, byte(r.n))
	fresh := &record{"fresh", r.n, r.data}
	y.Yield(fresh)
	*r = *fresh
	fresh.n++
	y.Yield(r)
	return before.n
}

//coro:body
func nested(y *coro.Yielder[int, struct{}]) {
	type inner struct{ values [2]point }
	type outer struct {
		in  inner
		all []inner
	}
	var o outer
	o.in.values[1].y = 3
	o.all = append(o.all, o.in, inner{[2]point{{1, 2}, {3, 4}}})
	o.all[0].values[1].y++
	y.Yield(o.in.values[1].y)
	y.Yield(o.all[0].values[1].y)
	y.Yield(o.all[1].values[1].x)
}

//coro:body
func zeroSized(y *coro.Yielder[struct{}, [0]int]) (n int) {
	var nothing struct{}
	var none [0]int
	for range 3 {
		if none == y.Yield(nothing) {
			n++
		}
	}
	return n
}

// large is more than fits into registers.
type large struct {
	words [20]uint64
	text  string
	next  *large
}

//coro:body
func largeStructs(y *coro.Yielder[large, large], l large) large {
	for i := range 3 {
		got := y.Yield(l)
		l = addLarge(l, got)
		l.words[i*7]++
	}
	return l
}

//coro:body
func addLarge(a, b large) large {
	for i := range a.words {
		a.words[i] += b.words[19-i]
	}
	a.text += b.text
	a.next = &b
	return a
}

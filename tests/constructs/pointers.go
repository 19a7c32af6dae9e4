package constructs

import (
	"runtime"
	"unsafe"

	"github.com/morestack/morestack/coro"
)

// localAcrossYield has an address of its frame in use while it is suspended.
//
//coro:body
func localAcrossYield(y *coro.Yielder[int, int]) int {
	x := 1
	p := &x
	for range 4 {
		*p += y.Yield(x)
		x *= 2
	}
	return *p
}

//coro:body
func localAcrossCalls(n int) int {
	x, z := n, 2*n
	double(&x)
	add(&z, &x)
	double(&z)
	return x*1000 + z
}

//coro:body
func double(p *int) { *p *= 2 }

//coro:body
func add(p, q *int) {
	local := *q
	double(&local)
	*p += local
}

// chain links locals of all its frames by pointers.
//
//coro:body
func chain(y *coro.Yielder[int, int], depth int, previous *link) int {
	here := link{depth, previous}
	if depth == 0 {
		sum := 0
		for l := &here; l != nil; l = l.up {
			sum += l.value
			l.value++
		}
		return sum
	}
	here.value += y.Yield(depth)
	sum := chain(y, depth-1, &here)
	return sum*10 + here.value
}

type link struct {
	value int
	up    *link
}

// pointerToPointer hands down the address of a pointer into its frame.
//
//coro:body
func pointerToPointer(depth int, up **int) int {
	x := depth
	p := &x
	sum := 0
	if depth > 0 {
		sum = pointerToPointer(depth-1, &p)
	}
	return sum + **up + *p
}

//coro:body
func startPointerToPointer(depth int) int {
	x := 1
	p := &x
	return pointerToPointer(depth, &p)
}

//coro:body
func pointersIntoArrays(y *coro.Yielder[int, int]) [5]int {
	var a [5]int
	first, last := &a[0], &a[4]
	for i := range a {
		p := &a[i]
		*p = y.Yield(*first + *last)
		*last += *p
	}
	return a
}

//coro:body
func pointersIntoStructs(y *coro.Yielder[int, int], r *record) (point, int) {
	var p point
	px, py := &p.x, &p.y
	pn := &r.n
	*px = y.Yield(*pn)
	*py = y.Yield(*px)
	*pn += *px * *py
	return p, *pn
}

// swapped exchanges through pointers to locals, in a callee.
//
//coro:body
func swapped(a, b string, c, d int) (string, string, int, int) {
	swap(&a, &b)
	swap(&c, &d)
	return a, b, c, d
}

//coro:body
func swap[T any](a, b *T) { *a, *b = *b, *a }

//coro:body
func pointerComparisons(p, q *int) (bool, bool, bool, bool, bool) {
	x := 0
	r, s := &x, &x
	return p == q, p != nil, q == nil, r == s, r == p
}

//coro:body
func linkedList(y *coro.Yielder[int, int], n int) (list *link) {
	for i := range n {
		list = &link{i * y.Yield(i), list}
	}
	var reversed *link
	for list != nil {
		next := list.up
		list.up = reversed
		reversed, list = list, next
	}
	return reversed
}

//coro:body
func news(y *coro.Yielder[int, int]) (*int, *point, *[3]string) {
	a, b, c := new(int), new(point), new([3]string)
	*a = y.Yield(*a + b.x)
	b.y = y.Yield(*a)
	c[b.y] = "here"
	return a, b, c
}

// escaping returns the addresses of its locals.
//
//coro:body
func escaping(y *coro.Yielder[*int, int]) []*int {
	var all []*int
	for i := range 3 {
		x := y.Yield(&i)
		all = append(all, &i, &x)
		x++
	}
	return all
}

// changedByCallee has pointers in its frame that frames above replace while it
// does not run.
//
//coro:body
func changedByCallee(y *coro.Yielder[int, int], n int) (sum int) {
	list := &link{}
	for i := range n {
		push(y, &list, i)
		sum += list.value
	}
	for l := list; l != nil; l = l.up {
		sum = sum*3 + l.value
	}
	return sum
}

//coro:body
func push(y *coro.Yielder[int, int], list **link, value int) {
	*list = &link{value + y.Yield(value), *list}
	y.Yield((*list).value)
}

// throughNumber leads to a variable by a number alone, which its caller keeps alive.
//
//go:uintptrescapes
func throughNumber(p uintptr, add int) int {
	for range 2 {
		runtime.GC()
	}
	overwritten = nil
	for range 64 {
		overwritten = append(overwritten, &[4]int{-1, -1, -1, -1})
	}
	return (*(**[4]int)(unsafe.Pointer(&p)))[1] + add
}

var overwritten []*[4]int

//coro:body
func addressArgument(y *coro.Yielder[int, int]) (sum int) {
	for i := range 3 {
		p := fresh(i * y.Yield(i))
		sum = sum*10 + throughNumber(uintptr(unsafe.Pointer(p)), i)
	}
	return sum
}

//go:noinline
func fresh(n int) *[4]int { return &[4]int{n, n + 1, n, n} }

package constructs

import (
	"runtime"
	"strconv"

	"github.com/morestack/morestack/coro"
)

var (
	globalInt     int
	globalText    string
	globalPointer *link
	globalSlice   []*link
	globalArray   [4]record
)

//coro:body
func globals(y *coro.Yielder[int, int]) (int, string, int, int) {
	globalInt, globalText, globalPointer, globalSlice = 0, "", nil, nil
	globalArray = [4]record{}
	for i := range 3 {
		globalInt += y.Yield(globalInt)
		globalText += strconv.Itoa(globalInt)
		globalPointer = &link{globalInt, globalPointer}
		globalSlice = append(globalSlice, globalPointer)
		globalArray[i] = record{name: globalText}
		globalArray[i+1].n += i
	}
	p := &globalInt
	*p *= 2
	sum := 0
	for l := globalPointer; l != nil; l = l.up {
		sum = sum*100 + l.value
	}
	return globalInt, globalArray[2].name, sum, len(globalSlice) + globalArray[3].n
}

// stores writes pointers of all kinds into the heap while the collector works.
//
//coro:body
func stores(y *coro.Yielder[int, int], n int) (sum int) {
	type heap struct {
		p    *link
		s    string
		xs   []int
		f    func() int
		v    any
		m    map[string]int
		many [3]*link
		r    record
	}
	h := new(heap)
	all := make([]*heap, 0, n)
	for i := range n {
		h.p = &link{i, h.p}
		h.s = strconv.Itoa(i) + h.s
		h.xs = append(h.xs[:0:0], i, i+1)
		h.v = h.p
		h.m = map[string]int{h.s: i}
		h.many[i%3] = h.p
		h.r = record{h.s, i, []byte(h.s)}
		if i%4 == 0 {
			runtime.GC()
		}
		if h.many[0] != nil && h.v != nil {
			sum += h.many[0].value + h.p.value + len(h.r.data) + h.xs[1] + h.m[h.s]
		}
		all = append(all, h)
		next := new(heap)
		*next = *h
		h = next
		sum += y.Yield(sum)
		h.many = [3]*link{h.p, nil, h.p.up}
		h.f = nil
	}
	for _, h := range all {
		sum += h.p.value + len(h.s)
	}
	return sum
}

// unreachable keeps heap objects alive only by pointers in its frames, across
// collections while it is suspended, in Go code that it calls, and in callees.
//
//coro:body
func unreachable(y *coro.Yielder[int, int], depth int, up *link) (sum int) {
	text := strconv.Itoa(depth * 1001)
	xs := []int{depth, depth * 2}
	here := &link{depth, up}
	m := map[int]string{depth: text}
	if depth > 0 {
		sum = unreachable(y, depth-1, here)
	} else {
		runtime.GC()
		for range 3 {
			sum += y.Yield(sum)
		}
	}
	n := y.Yield(len(text) + xs[1])
	for l := here; l != nil; l = l.up {
		sum += l.value
	}
	return sum + n + len(m[depth]) + xs[0]
}

// garbage makes and drops objects between yields.
//
//coro:body
func garbage(y *coro.Yielder[int, int], n int) (sum int) {
	var keep *link
	for i := range n {
		b := make([]byte, 64+i)
		b[i] = byte(i)
		keep = &link{int(b[i]), keep}
		if i%5 == 4 {
			keep = keep.up.up
		}
		sum += y.Yield(len(b))
	}
	for ; keep != nil; keep = keep.up {
		sum += keep.value
	}
	return sum
}

// interior keeps an object alive by a pointer into its middle.
//
//coro:body
func interior(y *coro.Yielder[int, int]) (sum int) {
	r := &record{"interior", 7, []byte{1, 2, 3}}
	n, last := &r.n, &r.data[2]
	r = nil
	for range 3 {
		sum += y.Yield(*n)
		*n += int(*last)
		*last *= 2
	}
	return sum + *n + int(*last)
}

//coro:body
func bulkCopies(y *coro.Yielder[int, int], from []record, to []record) (sum int) {
	for i := range from {
		to[i] = from[len(from)-1-i]
		sum += y.Yield(to[i].n)
	}
	n := copy(to[1:], to)
	array := [3]record{to[0], to[1], to[2]}
	p := &array
	q := new([3]record)
	*q = *p
	p[0] = record{}
	*p = [3]record{}
	return sum + n + len(q[2].name) + len(p[0].name)
}

// rotations rotates a tree on the heap: pointers are moved, none is made.
//
//coro:body
func rotations(y *coro.Yielder[int, int], n int) (shape int) {
	var root *tree
	for i := range n {
		root = insert(root, (i*7+5)%n)
	}
	for root != nil && root.left != nil {
		left := root.left
		root.left, left.right, root = left.right, root, left
		y.Yield(root.key)
	}
	for t := root; t != nil; t = t.right {
		shape = shape*3 + t.key
	}
	return shape
}

type tree struct {
	left, right *tree
	key         int
}

//coro:body
func insert(t *tree, key int) *tree {
	if t == nil {
		return &tree{key: key}
	}
	if key < t.key {
		t.left = insert(t.left, key)
	} else {
		t.right = insert(t.right, key)
	}
	return t
}

// pinnedWalk says that its pointers are reachable from its argument.
//
//coro:body pinned
func pinnedWalk(y *coro.Yielder[int, struct{}], t *tree) int {
	if t == nil {
		return 0
	}
	n := pinnedWalk(y, t.left)
	y.Yield(t.key)
	return n + 1 + pinnedWalk(y, t.right)
}

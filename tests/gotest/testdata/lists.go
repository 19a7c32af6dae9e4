// run

// Test lists, recursion and pointers to pointers.

package main

type node struct {
	value int
	next  *node
}

func push(at **node, value int) {
	*at = &node{value, *at}
}

func reverse(n *node) (r *node) {
	for n != nil {
		n, n.next, r = n.next, r, n
	}
	return r
}

func length(n *node) int {
	if n == nil {
		return 0
	}
	return 1 + length(n.next)
}

func merge(a, b *node) *node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.value <= b.value:
		a.next = merge(a.next, b)
		return a
	}
	b.next = merge(a, b.next)
	return b
}

func sorted(n *node) *node {
	if n == nil || n.next == nil {
		return n
	}
	var halves [2]*node
	for i := 0; n != nil; i ^= 1 {
		next := n.next
		n.next = halves[i]
		halves[i], n = n, next
	}
	return merge(sorted(halves[0]), sorted(halves[1]))
}

func main() {
	var list *node
	x := uint32(1)
	for range 1000 {
		x = x*1664525 + 1013904223
		push(&list, int(x>>20))
	}
	if n := length(list); n != 1000 {
		println("length", n)
		panic("fail")
	}
	last := -1
	n := 0
	for e := sorted(list); e != nil; e = e.next {
		if e.value < last {
			println("order", last, e.value)
			panic("fail")
		}
		last = e.value
		n++
	}
	if n != 1000 {
		println("sorted length", n)
		panic("fail")
	}
	var other *node
	push(&other, 1)
	push(&other, 2)
	if r := reverse(other); r.value != 1 || r.next.value != 2 || r.next.next != nil {
		panic("reverse")
	}
}

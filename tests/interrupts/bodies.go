// Package interrupts holds bodies that run for long, and ends and pauses them
// while they do.
package interrupts

import (
	"strconv"

	"github.com/morestack/morestack/coro"
)

//go:generate go run ../../gen/corogen

// spin never yields, and calls nothing.
//
//coro:body
func spin(y *coro.Yielder[int, int], n int) int {
	for n != 0 {
		n += n & 1
	}
	y.Yield(n)
	return n
}

// descend recurses for ever, up to a depth at a time.
//
//coro:body
func descend(y *coro.Yielder[int, int], depth int) {
	for down(depth) >= 0 {
	}
}

//coro:body
func down(depth int) int {
	if depth == 0 {
		return 0
	}
	return down(depth-1) + 1
}

// yields never ends either, but yields.
//
//coro:body
func yields(y *coro.Yielder[int, int], n int) {
	for {
		n = y.Yield(n)
	}
}

// calls spends its time in Go functions.
//
//coro:body
func calls(y *coro.Yielder[int, int], f func() bool) {
	for f() {
	}
	y.Yield(1)
}

type tree struct {
	left, right *tree
	name        string
}

//coro:body
func plant(depth int, name string) *tree {
	if depth == 0 {
		return &tree{name: name}
	}
	left := plant(depth-1, name+"l")
	return &tree{left, plant(depth-1, name+"r"), name}
}

//coro:body
func weigh(t *tree) int {
	if t == nil {
		return 0
	}
	return len(t.name) + weigh(t.left) + weigh(t.right)
}

// forest allocates and recurses with pointers in all frames, and yields what each
// tree weighs, and its answers.
//
//coro:body
func forest(y *coro.Yielder[string, string], trees, depth int) (sum int) {
	answer := ""
	for i := range trees {
		t := plant(depth, strconv.Itoa(i)+answer)
		w := weigh(t)
		sum += w
		answer = y.Yield(answer + strconv.Itoa(w))
	}
	return sum
}

// sums has more arguments and results than registers, and large ones.
//
//coro:body
func sums(y *coro.Yielder[[4]*int, [4]*int], n int) (total int) {
	v := [4]*int{new(int), nil, &n, nil}
	for i := range n {
		a, b, c, d := shuffle(v, &i, i, strconv.Itoa(i))
		total += *a + b + len(c)
		v = d
		if i%100 == 99 {
			v = y.Yield(v)
		}
	}
	return total
}

//coro:body
func shuffle(v [4]*int, p *int, n int, s string) (*int, int, string, [4]*int) {
	if n%3 == 0 {
		v[0], v[1] = v[2], p
	}
	if n%16 == 0 {
		q, k, t, w := shuffle(v, p, n+1, s+"x")
		return q, k + 1, t, w
	}
	return p, n, s, v
}

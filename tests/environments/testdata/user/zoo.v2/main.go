// Zoo uses bodies of another package, from Go and from a body of its own.
package main

import (
	"fmt"

	"example.com/user/trees"
	"github.com/morestack/morestack/coro"
)

//go:generate go tool corogen

//coro:body
func both(y *coro.Yielder[int, struct{}], a, b *trees.Tree) (n int) {
	trees.Walk(y, a)
	y.Yield(a.Value + b.Value)
	trees.Walk(y, b)
	return a.Value * b.Value
}

func output() string {
	leaf := &trees.Tree{Value: 7}
	c := newBoth(&trees.Tree{Left: leaf, Value: 8}, leaf)
	var got []int
	for v := range c.All() {
		got = append(got, v)
	}
	s := trees.NewTreeSums(leaf)
	half, _ := s.Resume("")
	s.Resume("!")
	sum, answers := s.Results()
	return fmt.Sprintln(got, c.Results(), c.Err(), half, sum, answers, s.Err())
}

func main() { fmt.Print(output()) }

// Package trees has a body of each sort.
package trees

import (
	"strings"

	"github.com/morestack/morestack/coro"
)

//go:generate go tool corogen

// Tree is walked by bodies.
type Tree struct {
	Left  *Tree
	Value int
	Right *Tree
}

// Walk yields the values of t in order.
//
//coro:body
func Walk(y *coro.Yielder[int, struct{}], t *Tree) {
	if t != nil {
		Walk(y, t.Left)
		y.Yield(t.Value)
		Walk(y, t.Right)
	}
}

// Sums yields halves, and returns the sum of the values and of the answers.
//
//coro:body
func (t *Tree) Sums(y *coro.Yielder[float64, string]) (sum int, answers string) {
	if t == nil {
		return 0, ""
	}
	left, a := t.Left.Sums(y)
	answer := y.Yield(float64(t.Value) / 2)
	right, b := t.Right.Sums(y)
	return left + t.Value + right, a + answer + b
}

//coro:body
func each[T any](y *coro.Yielder[T, struct{}], s []T) {
	for i := range s {
		y.Yield(s[i])
	}
}

//coro:body
func words(y *coro.Yielder[string, struct{}], text string) map[string]int {
	count := make(map[string]int)
	var seen []string
	for _, w := range strings.Fields(text) {
		if strings.HasPrefix(w, "-") {
			continue
		}
		if count[w]++; count[w] == 1 {
			seen = append(seen, w)
		}
	}
	for i, w := range seen {
		y.Yield(w + "," + seen[len(seen)-1-i])
	}
	return count
}

//coro:body
func trap(s []int, i int) int { return s[i] }

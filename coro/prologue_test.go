//go:build linux && (amd64 || arm64) && !purego

package coro_test

import (
	"testing"
	"weak"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/programs"
)

// What only an argument leads to is held while a prologue asks for more stack: from
// the moment that native code is left.
func TestArgumentsInPrologues(t *testing.T) {
	const length = 1000
	var list *programs.Node
	for i := range length {
		list = &programs.Node{Left: list, Value: i}
	}
	ahead := weak.Make(list.Left.Left.Left)
	c := programs.NewFollow(list)
	list = nil
	coro.ResumeCollecting(c.Coroutine, func() {
		if ahead.Value() == nil {
			t.Fatal("an element that lies ahead was freed")
		}
	})
	if sum := c.Results(); c.Err() != nil || sum != length*(length-1)/2 {
		t.Errorf("result %d, %v", sum, c.Err())
	}
}

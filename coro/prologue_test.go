//go:build linux && (amd64 || arm64) && !purego

package coro_test

import (
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/programs"
	"github.com/morestack/morestack/tests/twins"
)

// follow returns a coroutine that adds the values of a list, and a function that fails
// if what is left of the list is freed. Nothing but the coroutine has it.
func follow(t *testing.T) (c programs.FollowCoroutine, want int, check func()) {
	if twins.Run {
		t.Skip("twins have no prologues")
	}
	const length = 1000
	list := new(programs.Node)
	last := weak.Make(list)
	for i := range length {
		list = &programs.Node{Left: list, Value: i}
	}
	return programs.NewFollow(list), length * (length - 1) / 2, func() {
		if last.Value() == nil {
			t.Fatal("the list was freed")
		}
	}
}

// What only an argument leads to is held while a prologue asks for more stack: from
// the moment that native code is left.
func TestArgumentsInPrologues(t *testing.T) {
	c, want, check := follow(t)
	coro.ResumeCollecting(c.Coroutine, check)
	if sum := c.Results(); c.Err() != nil || sum != want {
		t.Errorf("result %d, %v", sum, c.Err())
	}
}

// And until native code is entered, which the collector prevents at first if it has
// begun to mark.
func TestArgumentsInProloguesWhileMarking(t *testing.T) {
	ballast := programs.NewTree(18) // makes marking take its time
	defer collect()()
	for deadline := time.Now().Add(time.Minute); ; {
		c, want, check := follow(t)
		marking := coro.ResumeMarking(c.Coroutine, check)
		if sum := c.Results(); c.Err() != nil || sum != want {
			t.Fatalf("result %d, %v", sum, c.Err())
		}
		if marking {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the collector never began to mark in time")
		}
	}
	runtime.KeepAlive(ballast)
}

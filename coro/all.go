package coro

import (
	"iter"
	"runtime"
)

// All yields what the coroutine yields from here on, resuming it with zero
// values. It continues a coroutine that has paused. When the loop ends early, by
// break, return or panic, the coroutine is closed. It may be used once.
func (c Coroutine[Out, In]) All() iter.Seq[Out] {
	return func(yield func(Out) bool) {
		defer c.Close()
		var in In
		for {
			out, ok := c.Resume(in)
			if !ok && c.Err() == ErrPaused {
				runtime.Gosched()
				continue
			}
			if !ok || !yield(out) {
				return
			}
		}
	}
}

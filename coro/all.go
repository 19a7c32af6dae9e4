package coro

import "iter"

// All yields what the coroutine yields from here on, resuming it with zero
// values. When the loop ends early, by break, return or panic, the coroutine is
// closed. It may be used once.
func (c Coroutine[Out, In]) All() iter.Seq[Out] {
	return func(yield func(Out) bool) {
		defer c.Close()
		var in In
		for {
			out, ok := c.Resume(in)
			if !ok || !yield(out) {
				return
			}
		}
	}
}

package coro

// Yielder is what a body that is an ordinary Go function yields through. It is
// valid until the function returns, for the goroutine that runs it.
type Yielder[Out, In any] struct {
	yield func(Out) In
}

// Yield suspends the coroutine, makes Resume return v and true, and returns what
// the next Resume is given.
func (y *Yielder[Out, In]) Yield(v Out) In { return y.yield(v) }

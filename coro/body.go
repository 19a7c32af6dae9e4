package coro

import (
	"reflect"

	"github.com/morestack/morestack/stackcopy"
)

// Body is the code that coroutines run. A is the type of its argument block,
// Out what it yields, In what each resumption brings. Make one with NewBody or
// MustBody, or let corogen do it with Compiled, once for each body, as a package
// variable; any number of coroutines may run it at the same time.
type Body[A, Out, In any] struct {
	native native
	twin   func(*Yielder[Out, In], *A)
}

// Native describes a body in machine code.
type Native struct {
	// Entry is the function a coroutine starts in. It receives the address of
	// its argument block in the first integer register, and stores its
	// results there before it returns.
	//
	// A Site with Offset 0 is found by its marker: the machine code says
	// SITE(i) where Entry.Sites[i] applies. See the headers of the
	// hand-written-body kit.
	Entry stackcopy.Func

	// Calls lists the other native functions that the body calls.
	Calls []stackcopy.Func
}

// NewBody makes a body. In builds with native code it runs as code describes;
// a map that does not fit the machine code is refused with an error that names
// the function. In all others, and for builds with the tag purego, twin runs
// instead: an ordinary Go function that does the same, on iter.Pull. So it does, if it is
// not nil, in race builds.
//
// The frames of a hand-written body are not roots of the garbage collector: it
// may keep a Go pointer only if the object is also reachable from its argument
// block or from a global variable.
func NewBody[A, Out, In any](code Native, twin func(*Yielder[Out, In], *A)) (*Body[A, Out, In], error) {
	b := &Body[A, Out, In]{twin: twin}
	if err := b.native.written(code, reflect.TypeFor[Out](), reflect.TypeFor[In]()); err != nil {
		return nil, err
	}
	return b, nil
}

// Native returns nil if coroutines of the body run as machine code on stacks of
// their own, and otherwise why they run its twin: ErrTwin, ErrMachine or a *CodeError.
// It is ErrNoBody if there is nothing to run. The first call for a package checks its
// machine code, as the first New does.
func (b *Body[A, Out, In]) Native() error {
	if b == nil {
		return ErrNoBody
	}
	return b.native.check(b.twin != nil)
}

// MustBody is NewBody for package variables: it panics with the error.
func MustBody[A, Out, In any](code Native, twin func(*Yielder[Out, In], *A)) *Body[A, Out, In] {
	b, err := NewBody(code, twin)
	if err != nil {
		panic(err)
	}
	return b
}

//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"fmt"
	"os"
	"sync"
)

// fallback is New for a body whose machine code does not run here, and why. It runs
// the twin, if there is one and it may.
//
//go:noinline
func fallback[A, Out, In any](body *Body[A, Out, In], arg *A, opts []Option, why error) (Coroutine[Out, In], error) {
	if body.twin == nil || why != ErrTwin && !body.native.yields(why) {
		return Coroutine[Out, In]{}, why
	}
	return newTwin(body, arg, opts)
}

// yields reports whether the twin may run in the place of n. The first time that a package,
// or all, are concerned, it says so.
func (n *native) yields(why error) bool {
	if debug.strict {
		return false
	}
	whose, notice := "", &machineNotice
	if why != ErrMachine {
		whose, notice = " of package "+n.code.Package, &n.code.state.notice
	}
	notice.Do(func() {
		fmt.Fprintf(os.Stderr, "morestack: bodies%s run as Go functions, on iter.Pull: %v\n", whose, why)
	})
	return true
}

var machineNotice sync.Once

// handle makes a coroutine of p. Its core has failed, so that what is for machine code
// refuses it, and only then looks for p.
func handle[Out, In any](p *pull[Out, In]) Coroutine[Out, In] {
	k := &core{token: failed, extra: &extra{twin: p}}
	return Coroutine[Out, In]{k, k.token &^ stateMask}
}

// twin is what runs c in the place of machine code, or nil.
func (c Coroutine[Out, In]) twin() *pull[Out, In] {
	if k := c.core; k != nil && k.is(c.token|failed) {
		p, _ := k.extra.twin.(*pull[Out, In])
		return p
	}
	return nil
}

//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"fmt"
	"os"
	"runtime"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/stackcopy"
)

// What MORESTACK=audit=1 looks at.

// idleVisit is Control.Visit while the collector does not mark: an audit wants to
// see every call of Go.
var idleVisit = func() uintptr {
	if debug.audit {
		return 1
	}
	return 0
}()

// audit reports words of the stack that look like pointers into it.
func (k *core) audit(m *stackcopy.Maps, stack stackcopy.Stack, state *stackcopy.State) {
	suspects, _ := m.Audit(stack, state)
	totals.suspects.Add(uint64(len(suspects)))
	for _, s := range suspects {
		fmt.Fprintf(os.Stderr, "morestack: audit: %s holds %#x at SP+%d, an address of its stack that its map for PC %#x does not name\n",
			s.Frame.Func.Name, s.Value, s.Address-s.Frame.SP, s.Frame.PC)
	}
}

// auditShadow panics unless the shadow is what it must be at an exit for this
// reason, or after it.
func (k *core) auditShadow(reason morestack.Reason) {
	if reason == morestack.ReasonReturn {
		k.control.PC = morestack.DonePC()
	}
	auditCall(k)
}

// auditGrown is auditShadow while the shadow shows what a prologue has spilled.
// Nosplit: nobody may be looking meanwhile.
//
//go:nosplit
func (k *core) auditGrown() {
	k.showSpilled(false)
	auditCall(k)
	k.showSpilled(true)
}

// auditCall is auditShadow for callers whose registers hold what the collector
// does not know. A variable, because a build for debuggers needs more stack for it
// than the linker allows nosplit functions: reserveStack has seen to that.
var auditCall = (*core).checkShadow

// reserveStack makes sure that the goroutine's stack has more than that below
// its caller.
//
//go:noinline
func reserveStack() {
	var frame [8 << 10]byte
	runtime.KeepAlive(&frame)
}

//go:nosplit
//go:noinline
func (k *core) checkShadow() {
	c, s := &k.control, &k.extra.suspended
	s.PC, s.SP, s.LR = c.PC, c.SP, c.LR
	if err := maps.Load().CheckShadow(s, c.Lo, c.Hi, k.shadow); err != nil {
		panic(err)
	}
}

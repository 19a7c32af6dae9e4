//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"runtime"
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/guard"
)

// InArena reports whether p points to a coroutine's stack.
func InArena(p unsafe.Pointer) bool { return arena.Contains(uintptr(p)) }

// PoolSize is how many closed coroutines keep their stacks at most.
const PoolSize = len(pool) * len(pool[0].cores)

// SetArena makes all new coroutines live in a, until restore is called.
func SetArena(a *guard.Arena) (restore func()) {
	Release()
	old := arena
	use := func(a *guard.Arena) { arena, freeStack = a, a.Free }
	a.Poison = debug.poison
	use(a)
	return func() {
		Release()
		use(old)
	}
}

// Locate and CodeEnd are for tests that write the tables of compiled bodies.
var (
	Locate  = locate
	CodeEnd = codeEnd
)

// SpoilShadow changes the shadow of the word at an offset from the suspended
// coroutine's SP.
func SpoilShadow[Out, In any](c Coroutine[Out, In], offset int) {
	k := c.core
	k.shadow[len(k.shadow)-int(k.control.Hi-k.control.SP)/8+offset/8] = unsafe.Pointer(new(int))
}

// ResumeCollecting is a first Resume with a collection behind its first exit, which
// must be that of a prologue, and a call of check behind that. A coroutine which
// cannot go the short way, as none can in debug modes, is just resumed.
func ResumeCollecting[Out, In any](c Coroutine[Out, In], check func()) {
	var in In
	k := c.core
	if k.attention.Load() != 0 || raceEnabled {
		c.Resume(in)
		return
	}
	k.token = c.token | running
	reason, word0, word1 := morestack.Enter(&k.control, 0, 0)
	for reason == morestack.ReasonMarking { // it did not run
		runtime.GC()
		reason, word0, word1 = morestack.Enter(&k.control, 0, 0)
	}
	if reason != morestack.ReasonGrow {
		panic(reason)
	}
	runtime.GC()
	check()
	proceed[Out](k, c.token, in, reason, word0, word1)
}

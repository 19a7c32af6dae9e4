//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"unsafe"

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

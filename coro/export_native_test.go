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
	a.Poison = debug.poison
	arena = a
	return func() {
		Release()
		arena = old
	}
}

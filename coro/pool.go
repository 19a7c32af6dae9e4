//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"runtime"
	"sync"
	"unsafe"

	"github.com/morestack/morestack/guard"
)

// Closed cores wait here for the next New, most with the stack they had. The
// pool is small and fixed, so that Close gives memory back when many coroutines
// end; split, so that goroutines seldom meet; and locked with a mutex because
// two uncontended locks take less time than sync.Pool's Get and Put, or than
// exchanging atomic.Pointers.
var pool [16]shard

type shard struct {
	mu    sync.Mutex
	n     int
	cores [14]*core
} // two cache lines

// home is the shard of this goroutine: which one does not matter, as long as a
// goroutine finds what it left. Its stack's address tells goroutines apart.
func home() *shard {
	var here byte
	return &pool[uintptr(unsafe.Pointer(&here))>>13%uintptr(len(pool))]
}

// takeCore returns a core that is running, with a shadow if it is for roots; but one
// from the pool may have none.
func takeCore(roots bool) *core {
	s := home()
	s.mu.Lock()
	if s.n > 0 {
		s.n--
		k := s.cores[s.n]
		s.cores[s.n] = nil
		s.mu.Unlock()
		return k
	}
	s.mu.Unlock()
	var k *core
	if roots {
		r := new(rooted)
		k, r.shadow = &r.core, r.words[:]
	} else {
		k = new(core)
	}
	k.token, k.stack = running, new(guard.Stack)
	k.control.Visit = idleVisit
	// When the core is gone, so is what leads to the stack, which is released
	// then. A cleanup of the core would be more objects for the collector.
	runtime.SetFinalizer(k.stack, freeStack)
	return k
}

func giveCore(k *core) {
	s := home()
	s.mu.Lock()
	if s.n < len(s.cores) {
		s.cores[s.n] = k
		s.n++
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	arena.Free(k.stack)
}

// Release gives memory that is kept for the next coroutines back to the
// operating system. It is never needed: the amount is bounded, at a few tens of
// megabytes, and most of it goes after two cycles of the garbage collector.
func Release() {
	for i := range pool {
		s := &pool[i]
		s.mu.Lock()
		for j := range s.cores[:s.n] {
			arena.Free(s.cores[j].stack)
			s.cores[j] = nil
		}
		s.n = 0
		s.mu.Unlock()
	}
	arena.Release()
}

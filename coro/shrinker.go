//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"weak"
)

// shrinker halves the stacks of coroutines that use less than a quarter of
// them, once per cycle of the garbage collector, as the runtime does for
// goroutines.
//
// It must not meet Resume, which takes no lock and uses no atomic
// read-modify-write. Instead each cycle marks every grown coroutine with
// claimed, and a whole cycle later looks at those which still have the mark.
// Resume makes its coroutine running first and looks for the mark then; if it
// sees it, it comes here and removes it. Its store may take effect after its look, on
// every processor. But between the mark and our look at the state the collector has
// stopped the world, which orders all that any thread did before against all it does
// after.
//
//   - A Resume that missed the mark looked before the stop. It had made its coroutine
//     running before that, for us to see. If we see it suspended, then by what is
//     stored when it is suspended again, and that is stored by storeRelease: so we
//     also see the SP and the frames of this suspension, and not those from which
//     that Resume went on.
//   - A Resume that looks after the stop sees the mark, and waits for us. So does
//     Close of what is suspended. It sees all that we did when it has the lock, and
//     we saw all that it does when it had the lock before us.
//   - New removes the mark without waiting, so what we look at must be of the owner
//     for whom it was marked. New is over when we see its coroutine suspended, by
//     storeRelease again: then we also see that the mark is gone.
//   - A coroutine that has ended is never suspended again, and that of the next owner
//     has another token.
//
// WARNING: the token before the mark, or New could remove that in between.
//
// tests/ordering tries all of this in every order that processors allow.
var shrinker shrinking

type shrinking struct {
	mu     sync.Mutex
	cores  []claim // on every core that has grown
	awaits bool    // the next cycle
}

// claim is a core and the owner, without state, for whom it was marked.
type claim struct {
	core  weak.Pointer[core]
	owner uint64
}

// list makes the shrinker look after a core from now on.
func (s *shrinking) list(k *core) {
	if k.extra.listed {
		return
	}
	k.extra.listed = true
	if k.extra.weak == (weak.Pointer[core]{}) {
		k.extra.weak = weak.Make(k)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cores = append(s.cores, claim{core: k.extra.weak})
	s.await()
}

// await calls cycle after the next cycle of the garbage collector.
func (s *shrinking) await() {
	if s.awaits || len(s.cores) == 0 {
		return
	}
	s.awaits = true
	sentinel := new(*int) // a pointer: objects without any share their fate with others
	runtime.AddCleanup(sentinel, func(int) { go s.cycle() }, 0)
}

func (s *shrinking) cycle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.cores {
		c := &s.cores[i]
		k := c.core.Value()
		if k == nil {
			*c = claim{}
			continue
		}
		token := atomic.LoadUint64(&k.token)
		if token == c.owner|suspended && k.attention.Load()&claimed != 0 && k.stack.Hi != 0 {
			k.shrink()
		}
		c.owner = token &^ stateMask
		k.attention.Or(claimed)
	}
	s.cores = slices.DeleteFunc(s.cores, func(c claim) bool { return c == claim{} })
	s.awaits = false
	s.await()
}

// settle takes back a running core that was claimed and shrinks its stack.
func (s *shrinking) settle(k *core) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k.attention.And(^uint32(claimed))
	if k.stack.Hi != 0 {
		k.shrink()
	}
}

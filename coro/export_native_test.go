//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"runtime"
	"sync"
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

// WatchAudits makes every audit of what frames hold call f first, which must be
// nosplit, until restore is called.
func WatchAudits(f func()) (restore func()) {
	watchAudit, audited, auditCall = f, auditCall, watchedAudit
	return func() { auditCall = audited }
}

var (
	watchAudit func()
	audited    func(*core)
)

//go:nosplit
func watchedAudit(k *core) {
	watchAudit()
	audited(k)
}

// ResumeCollecting is a first Resume with a collection behind its first exit, which
// must be that of a prologue, and a call of check behind that. A coroutine which
// cannot go the short way, as none can in debug modes, is just resumed.
func ResumeCollecting(c Coroutine[struct{}, struct{}], check func()) {
	k := c.core
	if k.goesTheLongWay() {
		c.Resume(struct{}{})
		return
	}
	reason := k.enterFirst()
	runtime.GC()
	check()
	proceed[struct{}](k, c.token, struct{}{}, reason, 0, 0)
}

// ResumeMarking is a first Resume with two collections, and a call of check, where it
// has to go the long way because the collector has begun to mark since its first
// exit. It reports whether that was so.
func ResumeMarking(c Coroutine[struct{}, struct{}], check func()) bool {
	k := c.core
	if k.goesTheLongWay() {
		c.Resume(struct{}{})
		return true
	}
	var none struct{}
	t := transfer{in: unsafe.Pointer(&none), out: unsafe.Pointer(&none)}
	ok := k.exchange(nil, &t, k.enterFirst(), 0, 0)
	marking := !ok && k.token == c.token|running
	if marking {
		runtime.GC()
		runtime.GC()
		check()
		ok = k.exchangeSaving(&t)
	}
	k.leave(c.token, ok)
	return marking
}

func (k *core) goesTheLongWay() bool { return k.attention.Load() != 0 || raceEnabled }

// enterFirst makes a coroutine run until its first exit, which must be that of a
// prologue.
func (k *core) enterFirst() morestack.Reason {
	k.token |= running
	for {
		switch reason, _, _ := morestack.Enter(&k.control, 0, 0); reason {
		case morestack.ReasonMarking: // it did not run
			runtime.GC()
		case morestack.ReasonGrow:
			return reason
		default:
			panic(reason)
		}
	}
}

// SetStrict is MORESTACK=native=1,strict=1, or strict=0, until restore is called.
func SetStrict(strict bool) (restore func()) {
	old := debug
	debug.native, debug.strict = true, strict
	return func() { debug = old }
}

// Registers are the argument and result registers of Go's convention, as words.
const Registers = int(unsafe.Sizeof(registers{}) / unsafe.Sizeof(uintptr(0)))

// TryMachine tries whether native code gets along with Go, where one register loses its
// value on the way to a function or back: none if it is negative.
func TryMachine(lost int, back bool) error {
	given, answer := pattern(1), pattern(2)
	if lost >= 0 {
		r := &given
		if back {
			r = &answer
		}
		(*[Registers]uintptr)(unsafe.Pointer(r))[lost]++
	}
	return tryMachine(given, answer)
}

// BreakMachine makes native code not get along with Go, until restore is called.
func BreakMachine() (restore func()) {
	old := machine
	machine = func() error { return TryMachine(0, true) }
	machineNotice = sync.Once{}
	return func() { machine = old }
}

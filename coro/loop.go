//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"runtime"
	"slices"
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
)

// maxInline is the size up to which a value travels in registers.
const maxInline = 16

// resume is Resume without types: in and out are where the values are, of which
// the coroutine gets the one and leaves the other.
func (k *core) resume(token uint64, in unsafe.Pointer, inSize uintptr, out unsafe.Pointer, outSize uintptr) (ok bool) {
	if !k.acquire(token) {
		return false
	}
	k.settle()
	if debug.move {
		k.control.StackGuard = guard.Poisoned
	}
	if k.attention.Load()&saving == 0 {
		return k.proceed(token, in, inSize, out, outSize, 0, 0, 0)
	}
	ok = k.exchangeSaving(in, inSize, out, outSize)
	return k.leave(token, ok)
}

// proceed is resume for a coroutine that does not save registers, is running and
// has exited for a reason, or 0 if it has not been entered. While the collector
// marks it has to save them.
func (k *core) proceed(token uint64, in unsafe.Pointer, inSize uintptr, out unsafe.Pointer, outSize uintptr, reason morestack.Reason, word0, word1 uintptr) bool {
	ok := k.exchange(nil, in, inSize, out, outSize, reason, word0, word1)
	if !ok && k.token == token|running {
		ok = k.exchangeSaving(in, inSize, out, outSize)
	}
	return k.leave(token, ok)
}

// leave makes a coroutine that has yielded suspended.
func (k *core) leave(token uint64, ok bool) bool {
	if ok {
		if debug.audit && k.control.Shadow != 0 {
			k.auditShadow(morestack.ReasonYield)
		}
		k.release(token)
	}
	return ok
}

// exchangeSaving is exchange for a coroutine whose exits may need to save
// registers, as all may while the collector marks. Such a coroutine may call Go,
// from where a panic or runtime.Goexit can come this way.
//
//go:noinline
func (k *core) exchangeSaving(in unsafe.Pointer, inSize uintptr, out unsafe.Pointer, outSize uintptr) (ok bool) {
	var registers morestack.Registers
	returned := false
	defer func() {
		if returned {
			return
		}
		if k.control.Op == 0 {
			k.fail(ErrUnwound)
			return
		}
		// What panicked is an operation of the body.
		r := recover()
		if err, ok := r.(runtime.Error); ok {
			k.trap(err)
			return
		}
		k.fail(ErrUnwound)
		if r != nil {
			panic(r)
		}
	}()
	ok = k.exchange(&registers, in, inSize, out, outSize, 0, 0, 0)
	k.control.Regs = 0
	returned = true
	return ok
}

// exchange enters a running coroutine with the value at in, unless it has exited
// already for a reason, and serves its exits until it yields the value that it
// puts at out, or ends: then it reports false. It does so too, and leaves the
// coroutine running, if the collector marks and save is nil: enter it again, with
// a place to save registers. The stack that save is on may move whenever Go code
// runs.
//
// It is nosplit, so that it cannot be preempted while a value that holds Go
// pointers is in words or registers which the collector does not know.
//
//go:nosplit
//go:noinline
func (k *core) exchange(save *morestack.Registers, in unsafe.Pointer, inSize uintptr, out unsafe.Pointer, outSize uintptr, reason morestack.Reason, word0, word1 uintptr) bool {
	var words [2]uintptr
	again := enterNot
	if reason == 0 {
		if inSize <= maxInline {
			move(unsafe.Pointer(&words), in, inSize)
		} else if k.control.Answer != 0 { // 0 before the first yield, which alone needs an answer
			move(address(k.control.Answer), in, inSize)
			k.control.Answer = 0 // given once, however often it is entered
		}
		again = enterPlain
	}
	for {
		if again != enterNot {
			k.control.Regs = uintptr(unsafe.Pointer(save))
			switch again {
			case enterPlain:
				reason, word0, word1 = morestack.Enter(&k.control, words[0], words[1])
			case enterCall:
				reason, word0, word1 = morestack.EnterCall(&k.control)
			case enterRegisters:
				reason, word0, word1 = morestack.EnterRegisters(&k.control)
			}
			if k.control.Marking != 0 {
				k.drain(save)
			}
		}
		switch reason {
		case morestack.ReasonYield:
			if outSize <= maxInline {
				words[0], words[1] = word0, word1
				move(out, unsafe.Pointer(&words), outSize)
			} else {
				move(out, address(word0), outSize)
			}
			return true
		case morestack.ReasonMarking:
			return false
		case morestack.ReasonCall:
			if debug.audit && k.control.Shadow != 0 {
				k.auditCall()
			}
			again = enterCall
		case morestack.ReasonUnwind:
			k.unwind()
			again = enterRegisters
		case morestack.ReasonBarrier:
			again = enterRegisters
		case morestack.ReasonGrow:
			again = k.serveGrow()
		default:
			again = k.serve(reason, word0, word1)
		}
		if again == enterNot {
			return false
		}
	}
}

// move copies the image of a value, as bytes: what is overwritten on a
// coroutine's stack is nothing that a write barrier should see. Not inlined:
// Go 1.26.8 fails to compile the copy where size is constant.
//
//go:nosplit
//go:noinline
func move(to, from unsafe.Pointer, size uintptr) {
	copy(unsafe.Slice((*byte)(to), size), unsafe.Slice((*byte)(from), size))
}

// address is p, an address that the collector takes no interest in.
//
//go:nosplit
func address(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

// maxSpilled is how many pointers a compiled function may have in its arguments.
const maxSpilled = 16

// serveGrow is serve for a prologue. What its function was given it has spilled,
// and nobody else may hold it: so the collector finds it here meanwhile. Compiled
// functions are no closures, so the context register holds nothing of use.
//
//go:nosplit
//go:noinline
func (k *core) serveGrow() entering {
	var kept [maxSpilled]unsafe.Pointer
	if k.exact {
		if _, site := maps.Load().Find(k.control.PC); site != nil && len(site.Pointers) <= maxSpilled {
			for i, offset := range site.Pointers {
				kept[i] = *(*unsafe.Pointer)(address(k.control.SP + uintptr(offset)))
			}
		}
	}
	again := k.serve(morestack.ReasonGrow, 0, 0)
	runtime.KeepAlive(&kept)
	return again
}

// How a coroutine is to be entered after an exit.
type entering uint8

const (
	enterNot entering = iota // it has ended
	enterPlain
	enterCall
	enterRegisters
)

// serve handles an exit that leaves nothing in registers and came with two words.
//
// It is an ordinary function, with a stack check of its own: a goroutine that
// is to be preempted is so here, where the coroutine is not running.
//
//go:noinline
func (k *core) serve(reason morestack.Reason, word0, word1 uintptr) entering {
	switch reason {
	case morestack.ReasonGrow:
		if k.grow() {
			if debug.audit && k.control.Shadow != 0 {
				k.auditShadow(reason)
			}
			return enterPlain
		}
	case morestack.ReasonPoll:
		if debug.audit && k.control.Shadow != 0 {
			k.auditShadow(reason)
		}
		if k.poll() {
			return enterPlain
		}
	case morestack.ReasonReturn:
		if debug.audit && k.control.Shadow != 0 {
			k.auditShadow(reason)
		}
		k.finish()
	case morestack.ReasonTrap:
		k.trap(TrapCode(word0))
	case morestack.ReasonFail:
		k.trap(failure(k.control.Context, word0, word1))
	case morestack.ReasonFault:
		k.control.PC++ // as if it were a return address
		k.trap(fault(k.control.Context, k.control.Answer))
	default:
		k.trap(&stackcopy.StackError{PC: k.control.PC, SP: k.control.SP, What: "exit for unknown reason"})
	}
	return enterNot
}

// trap ends the coroutine with a Trap.
func (k *core) trap(cause error) {
	frames, _ := k.frames(16)
	totals.traps.Add(1)
	t := &Trap{Cause: cause, Frames: frames}
	debug.logf("%v", t)
	k.fail(t)
}

// state describes the suspended stack.
func (k *core) state() stackcopy.State {
	c := &k.control
	s := stackcopy.State{PC: c.PC, SP: c.SP, FP: c.FP, LR: c.LR, Context: c.Context}
	if k.extra != nil {
		s.Displaced = k.extra.suspended.Displaced
	}
	return s
}

// frames returns at most n innermost frames, or all if n is negative.
func (k *core) frames(n int) ([]Frame, error) {
	if !k.control.Started() {
		return nil, nil
	}
	state := k.state()
	frames := k.unmapped(&state)
	for f, err := range maps.Load().Frames(stackcopy.Stack{Lo: k.control.Lo, Hi: k.control.Hi}, &state) {
		if err != nil {
			return frames, err
		}
		if len(frames) == n {
			break
		}
		frame := Frame{Func: f.Func.Name, PC: f.PC, Kind: f.Site.Kind, Size: f.Size(layout), Pointers: slices.Clone(f.Site.Pointers)}
		// A return address may belong to the line after the call.
		if fn := runtime.FuncForPC(f.PC - 1); fn != nil {
			frame.File, frame.Line = fn.FileLine(f.PC - 1)
		}
		frames = append(frames, frame)
	}
	return frames, nil
}

func (k *core) stats() Stats {
	s := Stats{Limit: k.limit, Size: k.stack.Size(), Peak: k.first}
	if s.Size > 0 && k.token&stateMask == running {
		s.Used = int(k.control.Hi - k.control.SP)
	}
	if e := k.extra; e != nil {
		s.Grows, s.Moves, s.Copied, s.Frames, s.Shrinks = e.grows, e.moves, e.copied, e.frames, e.shrinks
		s.Peak = max(s.Peak, e.peak)
	}
	return s
}

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

// transfer is where the values of a resumption are, of which the coroutine gets
// the one and leaves the other.
type transfer struct {
	in, out         unsafe.Pointer
	inSize, outSize uintptr
	words           [2]uintptr // room for a value on its way to or from registers
}

// resume is Resume without types.
func (k *core) resume(token uint64, t *transfer) (ok bool) {
	if !k.acquire(token) {
		return false
	}
	k.settle()
	if !k.begin() {
		return false
	}
	if debug.exits {
		k.setGuard(guard.Poisoned)
	}
	attention := k.attention.Load()
	if attention&sliced != 0 {
		w := k.extra.watching
		w.timer.Reset(w.slice)
		defer w.timer.Stop()
	}
	if attention&saving == 0 {
		return k.proceed(token, t, 0, 0, 0)
	}
	ok = k.exchangeSaving(t)
	return k.leave(token, ok)
}

// proceed is resume for a coroutine that does not save registers, is running and
// has exited for a reason, or 0 if it has not been entered. While the collector
// marks it has to save them.
func (k *core) proceed(token uint64, t *transfer, reason morestack.Reason, word0, word1 uintptr) bool {
	ok := k.exchange(nil, t, reason, word0, word1)
	if !ok && k.token == token|running && k.attention.Load()&saving == 0 { // not paused: see heed
		ok = k.exchangeSaving(t)
	}
	return k.leave(token, ok)
}

// leave makes a coroutine that has yielded or paused suspended.
func (k *core) leave(token uint64, ok bool) bool {
	if ok && debug.audit {
		k.auditExit(morestack.ReasonYield)
	}
	if ok || k.paused != notPaused {
		k.release(token)
	}
	return ok
}

// exchangeSaving is exchange for a coroutine whose exits may need to save
// registers, as all may while the collector marks. Such a coroutine may call Go,
// from where a panic or runtime.Goexit can come this way.
//
//go:noinline
func (k *core) exchangeSaving(t *transfer) (ok bool) {
	morestack.ReserveStack() // for the frames from exchange to callGo
	var registers morestack.Registers
	if debug.audit {
		clearBarrier(&registers)
	}
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
	ok = k.exchange(&registers, t, 0, 0, 0)
	k.control.Regs = 0
	returned = true
	return ok
}

// exchange enters a running coroutine with the value at t.in, unless it has exited
// already for a reason, and serves its exits until it yields the value that it
// puts at t.out, or ends: then it reports false. It does so too, and leaves the
// coroutine running, if the collector marks and save is nil: enter it again, with
// a place to save registers. The stack that save is on may move whenever Go code
// runs.
//
// It is nosplit, so that it cannot be preempted while a value that holds Go
// pointers is in words or registers which the collector does not know.
//
//go:nosplit
//go:noinline
func (k *core) exchange(save *morestack.Registers, t *transfer, reason morestack.Reason, word0, word1 uintptr) bool {
	again := enterNot
	if k.paused != notPaused {
		// What is given to it goes to no yield: its registers are dead.
		if k.paused == pausedAtPrologue {
			k.showSpilled(false)
		}
		k.paused = notPaused
		again = enterPlain
	} else if reason == 0 {
		if t.inSize <= maxInline {
			move(unsafe.Pointer(&t.words), t.in, t.inSize)
		} else if k.control.Answer != 0 { // 0 before the first yield, which alone needs an answer
			move(address(k.control.Answer), t.in, t.inSize)
			k.control.Answer = 0 // given once, however often it is entered
		}
		again = enterPlain
	}
	for {
		if again != enterNot {
			k.control.Regs = uintptr(unsafe.Pointer(save))
			reason, word0, word1 = k.enter(again, t)
			if k.control.Marking != 0 {
				k.drain(save)
			}
		}
		switch reason {
		case morestack.ReasonYield:
			if t.outSize <= maxInline {
				t.words[0], t.words[1] = word0, word1
				move(t.out, unsafe.Pointer(&t.words), t.outSize)
			} else {
				move(t.out, address(word0), t.outSize)
			}
			return true
		case morestack.ReasonMarking:
			// It has not been entered, and will be as if it had paused here.
			if again == enterPrologue {
				k.showSpilled(true)
				k.paused = pausedAtPrologue
			}
			return false
		case morestack.ReasonCall:
			if debug.audit && k.control.Shadow != 0 {
				auditCall(k)
			}
			again = enterCall
		case morestack.ReasonUnwind:
			k.unwind()
			again = enterRegisters
		case morestack.ReasonBarrier:
			again = enterRegisters
		case morestack.ReasonGrow:
			// What its function was given it has spilled, and nobody else may
			// hold it: so the shadow shows it meanwhile. It has published that
			// itself, but without a barrier. Compiled functions are no closures;
			// the context register holds nothing of use.
			k.showSpilled(true)
			if again = k.serve(reason, 0, 0); again != enterNot {
				again = enterPrologue
				k.showSpilled(false)
			}
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

// How a coroutine is to be entered after an exit.
type entering uint8

const (
	enterNot entering = iota // it has ended
	enterPlain
	enterPrologue // which has spilled its arguments
	enterCall
	enterRegisters
)

// enter is the entry of one kind. Not inlined, for exchange has little stack.
//
//go:nosplit
//go:noinline
func (k *core) enter(how entering, t *transfer) (reason morestack.Reason, word0, word1 uintptr) {
	switch how {
	case enterCall:
		return morestack.EnterCall(&k.control)
	case enterRegisters:
		return morestack.EnterRegisters(&k.control)
	}
	return morestack.Enter(&k.control, t.words[0], t.words[1])
}

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
			if debug.audit {
				k.auditExit(reason)
			}
			return k.heed(pausedAtPrologue)
		}
	case morestack.ReasonPoll:
		if debug.audit {
			k.auditExit(reason)
		}
		if k.poll() {
			return k.heed(pausedAtPoll)
		}
	case morestack.ReasonReturn:
		if debug.audit {
			k.auditExit(reason)
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
		frames = append(frames, describe(f))
	}
	return frames, nil
}

func describe(f stackcopy.Frame) Frame {
	frame := Frame{Func: f.Func.Name, PC: f.PC, Kind: f.Site.Kind, Size: f.Size(layout), Pointers: slices.Clone(f.Site.Pointers)}
	frame.File, frame.Line = lineOf(f.PC)
	return frame
}

// lineOf is the line of the call that returns to pc, which may belong to the next.
func lineOf(pc uintptr) (file string, line int) {
	if fn := runtime.FuncForPC(pc - 1); fn != nil {
		file, line = fn.FileLine(pc - 1)
	}
	return
}

func (k *core) stats() Stats {
	s := Stats{Native: true, Limit: k.limit, Size: k.stack.Size(), Peak: k.first}
	if s.Size > 0 && k.token&stateMask == running {
		s.Used = int(k.control.Hi - k.control.SP)
	}
	if e := k.extra; e != nil {
		s.Grows, s.Moves, s.Copied, s.Frames, s.Shrinks = e.grows, e.moves, e.copied, e.frames, e.shrinks
		s.Peak = max(s.Peak, e.peak)
	}
	return s
}

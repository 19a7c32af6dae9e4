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
		ok = k.exchange(nil, in, inSize, out, outSize)
	} else {
		ok = k.exchangeSaving(in, inSize, out, outSize)
	}
	if ok {
		k.release(token)
	}
	return ok
}

// exchangeSaving is exchange for a coroutine whose exits may need to save
// registers. Such a coroutine may call Go, from where a panic or runtime.Goexit
// can come this way.
//
//go:noinline
func (k *core) exchangeSaving(in unsafe.Pointer, inSize uintptr, out unsafe.Pointer, outSize uintptr) bool {
	var registers morestack.Registers
	returned := false
	defer func() {
		if !returned {
			k.fail(ErrUnwound)
		}
	}()
	ok := k.exchange(&registers, in, inSize, out, outSize)
	returned = true
	return ok
}

// exchange enters a running coroutine with the value at in until it yields the
// one that it puts at out, or ends: then it reports false.
//
// It is nosplit, so that it cannot be preempted while a value that holds Go
// pointers is in words which the collector does not know.
//
//go:nosplit
//go:noinline
func (k *core) exchange(save *morestack.Registers, in unsafe.Pointer, inSize uintptr, out unsafe.Pointer, outSize uintptr) bool {
	var words [2]uintptr
	if inSize <= maxInline {
		move(unsafe.Pointer(&words), in, inSize)
	} else if k.control.Answer != 0 { // 0 before the first yield, which alone needs an answer
		move(address(k.control.Answer), in, inSize)
	}
	k.control.Regs = uintptr(unsafe.Pointer(save))
	reason, word0, word1 := morestack.Enter(&k.control, words[0], words[1])
	word0, word1, ok := k.proceed(save, reason, word0, word1)
	if !ok {
		return false
	}
	if outSize <= maxInline {
		words[0], words[1] = word0, word1
		move(out, unsafe.Pointer(&words), outSize)
	} else {
		move(out, address(word0), outSize)
	}
	return true
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

// proceed serves exits, of which the first has happened for a reason and came
// with two words, until the coroutine yields two words or ends: then ok is
// false. The stack that save is on may move whenever Go code runs.
//
//go:nosplit
//go:noinline
func (k *core) proceed(save *morestack.Registers, reason morestack.Reason, word0, word1 uintptr) (_, _ uintptr, ok bool) {
	for reason != morestack.ReasonYield {
		again := k.serve(reason, word0)
		k.control.Regs = uintptr(unsafe.Pointer(save))
		switch again {
		case enterNot:
			return 0, 0, false
		case enterPlain:
			reason, word0, word1 = morestack.Enter(&k.control, 0, 0)
		case enterCall:
			reason, word0, word1 = morestack.EnterCall(&k.control)
		case enterRegisters:
			reason, word0, word1 = morestack.EnterRegisters(&k.control)
		}
	}
	return word0, word1, true
}

// How a coroutine is to be entered after an exit.
type entering uint8

const (
	enterNot entering = iota // it has ended
	enterPlain
	enterCall
	enterRegisters
)

// serve handles an exit that is not a yield and came with a word.
//
// It is an ordinary function, with a stack check of its own: a goroutine that
// is to be preempted is so here, where the coroutine is not running.
//
//go:noinline
func (k *core) serve(reason morestack.Reason, word uintptr) entering {
	switch reason {
	case morestack.ReasonGrow:
		if k.grow() {
			return enterPlain
		}
	case morestack.ReasonPoll:
		if k.poll() {
			return enterPlain
		}
	case morestack.ReasonCall:
		return enterCall
	case morestack.ReasonUnwind:
		k.unwind()
		return enterRegisters
	case morestack.ReasonReturn:
		k.finish()
	case morestack.ReasonTrap:
		k.trap(TrapCode(word))
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
		s.Displaced = k.extra.displaced
	}
	return s
}

// frames returns at most n innermost frames, or all if n is negative.
func (k *core) frames(n int) ([]Frame, error) {
	if !k.control.Started() {
		return nil, nil
	}
	var frames []Frame
	state := k.state()
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

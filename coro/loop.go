//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"runtime"
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
)

// run enters a coroutine until it yields, with two words, or ends: then ok is
// false.
//
//go:nosplit
//go:noinline
func (k *core) run(in0, in1 uintptr) (out0, out1 uintptr, ok bool) {
	reason, out0, out1 := k.enter(in0, in1)
	return k.proceed(reason, out0, out1)
}

// proceed is run after an exit that came with two words.
//
//go:nosplit
//go:noinline
func (k *core) proceed(reason morestack.Reason, out0, out1 uintptr) (_, _ uintptr, ok bool) {
	for reason != morestack.ReasonYield {
		if !k.serve(reason, out0) {
			return 0, 0, false
		}
		reason, out0, out1 = k.enter(0, 0)
	}
	return out0, out1, true
}

// enter is morestack.Enter for coroutines that may need their registers saved.
//
//go:nosplit
func (k *core) enter(in0, in1 uintptr) (r morestack.Reason, out0, out1 uintptr) {
	if k.attention.Load()&saving != 0 {
		return k.enterWithRegisters(in0, in1)
	}
	return morestack.Enter(&k.control, in0, in1)
}

// serve handles an exit that is not a yield and came with a word. It reports
// whether the coroutine is to be entered again.
//
// It is an ordinary function, with a stack check of its own: a goroutine that
// is to be preempted is so here, where the coroutine is not running.
//
//go:noinline
func (k *core) serve(reason morestack.Reason, word uintptr) bool {
	switch reason {
	case morestack.ReasonGrow:
		return k.grow()
	case morestack.ReasonPoll:
		return k.poll()
	case morestack.ReasonReturn:
		k.finish()
	case morestack.ReasonTrap:
		k.trap(TrapCode(word))
	default:
		k.trap(&stackcopy.StackError{PC: k.control.PC, SP: k.control.SP, What: "exit for unknown reason"})
	}
	return false
}

// enterWithRegisters is Enter for a coroutine whose exits may need to save
// registers. It handles those of them that must not lose any.
//
//go:nosplit
func (k *core) enterWithRegisters(in0, in1 uintptr) (r morestack.Reason, out0, out1 uintptr) {
	var registers morestack.Registers
	returned := false
	defer func() {
		if !returned {
			k.fail(ErrUnwound)
		}
	}()
	if debug.move {
		k.control.StackGuard = guard.Poisoned
		if k.extra != nil && k.extra.admit != 0 {
			k.control.StackGuard, k.extra.admit = k.extra.admit, 0
		}
	}
	// The goroutine's stack, and registers with it, may move whenever Go runs.
	k.control.Regs = uintptr(unsafe.Pointer(&registers))
	r, out0, out1 = morestack.Enter(&k.control, in0, in1)
	for !returned {
		switch r {
		case morestack.ReasonCall:
			k.control.Regs = uintptr(unsafe.Pointer(&registers))
			r, out0, out1 = morestack.EnterCall(&k.control)
		case morestack.ReasonUnwind:
			k.unwind()
			k.control.Regs = uintptr(unsafe.Pointer(&registers))
			r, out0, out1 = morestack.EnterRegisters(&k.control)
		default:
			returned = true
		}
	}
	runtime.KeepAlive(&registers)
	return r, out0, out1
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
		frame := Frame{Func: f.Func.Name, PC: f.PC, Kind: f.Site.Kind, Size: f.Size(layout), Pointers: f.Site.Pointers}
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

//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"runtime"
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
)

// serve handles an exit that is not a yield. It reports whether the coroutine
// is to be entered again.
//
// It is an ordinary function, with a stack check of its own: a goroutine that
// is to be preempted is so here, where the coroutine is not running.
//
//go:noinline
func (k *core) serve() bool {
	switch k.control.Reason {
	case morestack.ReasonGrow:
		return k.grow()
	case morestack.ReasonPoll:
		return k.poll()
	case morestack.ReasonReturn:
		k.finish()
	case morestack.ReasonTrap:
		k.trap(TrapCode(k.control.Value[0]))
	default:
		k.trap(&stackcopy.StackError{PC: k.control.PC, SP: k.control.SP, What: "exit for unknown reason"})
	}
	return false
}

// enterWithRegisters is Enter for a coroutine whose exits may need to save
// registers. It handles those of them that must not lose any.
//
//go:nosplit
func (k *core) enterWithRegisters() {
	var registers morestack.Registers
	returned := false
	defer func() {
		if !returned {
			k.fail(ErrUnwound)
		}
	}()
	if debug.move {
		k.control.StackGuard = guard.Poisoned
		if k.control.Reason == morestack.ReasonGrow {
			k.control.StackGuard = k.extra.admit
		}
	}
	// The goroutine's stack, and registers with it, may move whenever Go runs.
	k.control.Regs = uintptr(unsafe.Pointer(&registers))
	morestack.Enter(&k.control)
	for !returned {
		switch k.control.Reason {
		case morestack.ReasonCall:
			k.control.Regs = uintptr(unsafe.Pointer(&registers))
			morestack.EnterCall(&k.control)
		case morestack.ReasonUnwind:
			k.unwind()
			k.control.Regs = uintptr(unsafe.Pointer(&registers))
			morestack.EnterRegisters(&k.control)
		default:
			returned = true
		}
	}
	runtime.KeepAlive(&registers)
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
	s := stackcopy.State{PC: k.control.PC, SP: k.control.SP, FP: k.control.FP, LR: k.control.LR}
	if k.control.Reason == morestack.ReasonGrow {
		s.Context = k.control.Context
	}
	if k.extra != nil {
		s.Displaced = k.extra.displaced
	}
	return s
}

// frames returns at most n innermost frames, or all if n is negative.
func (k *core) frames(n int) ([]Frame, error) {
	if k.attention.Load()&fresh != 0 {
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
	s := Stats{Limit: k.limit, Size: k.stack.Size()}
	if s.Size > 0 && k.control.Reason != morestack.ReasonReturn {
		s.Used = int(k.control.Hi - k.control.SP)
	}
	if e := k.extra; e != nil {
		s.Grows, s.Moves, s.Copied, s.Frames, s.Shrinks = e.grows, e.moves, e.copied, e.frames, e.shrinks
	}
	return s
}

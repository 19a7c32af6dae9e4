package stackcopy

import (
	"iter"
	"unsafe"
)

// Stack is the range of addresses [Lo, Hi) that a stack occupies.
type Stack struct{ Lo, Hi uintptr }

// Contains reports whether p is an address of s.
func (s Stack) Contains(p uintptr) bool { return p-s.Lo < s.Hi-s.Lo }

// State is where a coroutine was suspended.
type State struct {
	PC, SP, FP uintptr
	LR         uintptr // the innermost frame's return address, in a Prologue where Layout.Link is set
	Context    uintptr // closure context of a function suspended in its Prologue, or 0

	// Displaced holds the return addresses for which barriers stand, outermost
	// frame first.
	Displaced []uintptr
}

// Frame is one frame of a suspended stack.
type Frame struct {
	PC, SP uintptr
	Func   *Func
	Site   *Site
}

// Size is the number of bytes between this frame's SP and its caller's.
func (f Frame) Size(l Layout) int {
	if l.Link {
		return f.Site.Frame
	}
	return f.Site.Frame + word
}

// at is the word at address p of memory the garbage collector does not own.
//
//go:nosplit
func at(p uintptr) *uintptr { return *(**uintptr)(unsafe.Pointer(&p)) }

// walker steps through frames, innermost first.
type walker struct {
	m         *Maps
	stack     Stack // where the memory is now
	pc, sp    uintptr
	lr        uintptr
	displaced int // barriers not yet passed
	returns   []uintptr
	last      *site // the latest site, or nil: recursion makes it likely to be the next
	outer     bool  // the frame at sp has called another
	err       *StackError
}

func (m *Maps) walk(stack Stack, s *State) walker {
	return walker{m: m, stack: stack, pc: s.PC, sp: s.SP, lr: s.LR, displaced: len(s.Displaced), returns: s.Displaced}
}

// next returns the site of the frame at w.sp after checking that the frame
// and every slot of it lie on the stack, or nil at the end or after an error.
func (w *walker) next() *site {
	s := w.last
	if s == nil || w.pc != s.pc {
		if w.pc == w.m.done {
			if w.displaced != 0 {
				w.fail("the stack ends before its return barriers do")
			}
			return nil
		}
		if s = w.m.find(w.pc); s == nil {
			w.fail("no map for this PC")
			return nil
		}
		w.last = s
	}
	if s.frame == 0 && w.outer {
		w.fail("a function in its prologue cannot have called another")
		return nil
	}
	below := uintptr(0)
	if w.m.layout.Link && s.frame > 0 {
		below = word // the saved frame pointer
	}
	if w.sp%word != 0 || w.sp < w.stack.Lo+below || w.sp >= w.stack.Hi || w.stack.Hi-w.sp < max(s.frame+word, s.end) {
		w.fail("the frame runs past its stack")
		return nil
	}
	return s
}

// up goes from the frame of s to its caller's.
func (w *walker) up(s *site) {
	w.outer = true
	if w.m.layout.Link && s.frame == 0 {
		w.pc = w.lr
	} else {
		w.pc = *at(w.sp + s.ret)
	}
	w.sp += s.step
	if w.pc == w.m.barrier {
		if w.displaced == 0 {
			w.fail("a return barrier without its return address")
			return
		}
		w.displaced--
		w.pc = w.returns[w.displaced]
	}
}

// savedFP is the address where the frame of s at sp keeps its caller's frame
// pointer. Only frames with s.frame > 0 do.
func (l Layout) savedFP(sp uintptr, s *site) uintptr {
	if l.Link {
		return sp - word
	}
	return sp + s.frame - word
}

func (w *walker) fail(what string) {
	w.err = &StackError{PC: w.pc, SP: w.sp, What: what}
}

// Frames yields the frames of the suspended stack, innermost first. A frame
// that the maps do not explain ends the sequence with a *StackError.
func (m *Maps) Frames(stack Stack, s *State) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		w := m.walk(stack, s)
		for at := w.next(); at != nil; at = w.next() {
			if !yield(Frame{w.pc, w.sp, at.fn, at.public}, nil) {
				return
			}
			if w.up(at); w.err != nil {
				break
			}
		}
		if w.err != nil {
			yield(Frame{PC: w.pc, SP: w.sp}, w.err)
		}
	}
}

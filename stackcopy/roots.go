package stackcopy

import (
	"fmt"
	"slices"
	"unsafe"
)

// ShadowError reports a word of a shadow that is not what the maps say.
type ShadowError struct {
	Frame         Frame   // the one whose slot it mirrors, or above which it lies
	Address       uintptr // of the word on the stack
	Stack, Shadow uintptr // the values
	Live          bool    // the map names the slot; otherwise the shadow should be nil
}

func (e *ShadowError) Error() string {
	where := "below the outermost frame"
	if e.Frame.Func != nil {
		where = fmt.Sprintf("%s at PC %#x, SP%+d", e.Frame.Func.Name, e.Frame.PC, int(e.Address-e.Frame.SP))
	}
	kind := "no pointer is live there"
	if e.Live {
		kind = "a live pointer"
	}
	return fmt.Sprintf("stackcopy: shadow of %s: it holds %#x, the stack %#x, %s", where, e.Shadow, e.Stack, kind)
}

// CheckShadow compares shadow, which mirrors the words of the suspended stack
// [lo, hi) up to hi, with what the maps say: the slots of every site that is no
// Prologue and not in a pinned function, and nil everywhere else. Slots that point
// into the stack itself may be missing. The error is a *ShadowError or a *StackError.
//
// It is nosplit, with a small frame, and allocates nothing unless it finds an
// error, for callers that may not be preempted.
//
//go:nosplit
func (m *Maps) CheckShadow(s *State, lo, hi uintptr, shadow []unsafe.Pointer) error {
	next := hi - word*uintptr(len(shadow)) // the lowest word that was not looked at
	base := uintptr(unsafe.Pointer(unsafe.SliceData(shadow))) - next
	pc, sp, displaced := s.PC, s.SP, len(s.Displaced)
	for pc != m.done {
		here := m.find(pc)
		if here == nil || sp < lo || sp >= hi || hi-sp < max(here.frame+word, here.end) {
			return stackError(pc, sp)
		}
		if here.public.Kind != Prologue && !here.fn.Pinned {
			for _, offset := range here.live {
				slot := sp + offset
				for ; next < slot; next += word {
					if *at(base + next) != 0 {
						return shadowError(here, sp, next, base)
					}
				}
				v, shown := *at(slot), *at(base + slot)
				if shown != v && (shown != 0 || v-lo >= hi-lo) {
					return shadowError(here, sp, slot, base)
				}
				next = max(next, slot+word)
			}
		}
		for ; next < sp+here.step; next += word { // the rest of the frame
			if *at(base + next) != 0 {
				return shadowError(here, sp, next, base)
			}
		}
		pc = s.LR
		if here.frame > 0 || !m.layout.Link {
			pc = *at(sp + here.ret)
		}
		sp += here.step
		if pc == m.barrier && displaced > 0 {
			displaced-- // no bounds to check, as in find
			pc = *at(uintptr(unsafe.Pointer(unsafe.SliceData(s.Displaced))) + uintptr(displaced)*word)
		}
	}
	for ; next < hi; next += word {
		if *at(base + next) != 0 {
			return shadowError(nil, sp, next, base)
		}
	}
	return nil
}

//go:noinline
func stackError(pc, sp uintptr) error {
	return &StackError{PC: pc, SP: sp, What: "the maps do not explain this frame"}
}

//go:noinline
func shadowError(s *site, sp, slot, base uintptr) error {
	e := &ShadowError{Address: slot, Stack: *at(slot), Shadow: *at(base + slot)}
	if s != nil {
		e.Frame = Frame{s.pc, sp, s.fn, s.public}
		e.Live = slices.Contains(s.live, slot-sp)
	}
	return e
}

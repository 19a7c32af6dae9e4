package takeover

import (
	"regexp"
	"strings"
)

// escapes finds where the address of a variable gets out of sight: it is
// stored, or may be an argument of a call. Until then only this function's code
// writes the variable, between one call and the next, and the pointer maps tell
// which of its words hold pointers at these. A variable that has escaped may be
// written by others, and be live without standing in a map.
//
// It follows the registers that hold such an address, forward from the
// instructions that make one.
func (t *takeover) escapes(f *function, o object) *step {
	from := t.machine.localsEnd(f.frame) + o.offset
	if o.offset >= 0 {
		from = t.machine.argsStart(f.frame) + o.offset
	}
	at := f.index()
	held := make([]registers, len(f.steps)) // before each step
	var work []int
	flow := func(to int, now registers) {
		if to < len(f.steps) && held[to]|now != held[to] {
			held[to] |= now
			work = append(work, to)
		}
	}
	step := func(k int, now registers) (ok bool) {
		s := f.steps[k]
		if now != 0 {
			if now, ok = t.spread(s, now); !ok {
				return false
			}
		}
		for _, u := range s.uses {
			if u.taken && from <= u.offset && u.offset < from+o.size {
				r := t.machine.register(last(operands(s.args)))
				if r == 0 || s.action != copyInstr {
					return false
				}
				now |= r
			}
		}
		if now == 0 {
			return true
		}
		for _, target := range s.targets {
			flow(at[target], now)
		}
		if !s.ends {
			flow(k+1, now)
		}
		return true
	}
	for k := range f.steps {
		if !step(k, 0) {
			return f.steps[k]
		}
	}
	for len(work) > 0 {
		k := work[len(work)-1]
		work = work[:len(work)-1]
		if !step(k, held[k]) {
			return f.steps[k]
		}
	}
	return nil
}

// registers is a set of integer registers.
type registers uint32

var comparison = regexp.MustCompile(`^(CMP|CMPW|CMN|TST|TSTW|CMP[BWLQ]|TEST[BWLQ]|BT[LQ]|CCMP.*)$`)

// overwrites are instructions whose last operand does not depend on what it was.
var overwrites = regexp.MustCompile(`^(MOV|LEA|LD|FMOV)`)

// spread returns the registers with the address after a step that has some
// before it, or that it escapes.
func (t *takeover) spread(s *step, held registers) (registers, bool) {
	switch s.action {
	case callNative, callExternal, callYield, callGo, callOp, callFunc, callRuntime:
		return 0, held&t.arguments(s) == 0
	case callPoll, callLeaf, callGrow, callFail, returns:
		return 0, true
	case copyInstr:
		if s.op == "CALL" {
			return 0, held&t.arguments(s) == 0
		}
	default:
		return held, true // no register changes that the code goes on to use
	}
	list := operands(s.args)
	if len(list) == 0 || comparison.MatchString(s.op) || len(s.targets) > 0 {
		return held, true
	}
	var sources registers
	for k, text := range list {
		base, memory := t.memory(text)
		switch {
		case memory && strings.HasPrefix(s.op, "LEA"):
			sources |= base
		case memory:
		case k < len(list)-1 || len(list) == 1:
			sources |= t.machine.register(text)
		}
	}
	to := last(list)
	if _, memory := t.memory(to); memory || strings.HasPrefix(s.op, "XCHG") || strings.HasPrefix(s.op, "PUSH") {
		return held, sources&held == 0
	}
	r := t.machine.register(to)
	switch {
	case sources&held != 0:
		return held | r, r != 0
	case overwrites.MatchString(s.op) || len(list) > 2:
		return held &^ r, true
	}
	return held, true
}

// arguments returns the registers that a call may pass arguments in.
func (t *takeover) arguments(s *step) registers {
	callee := s.symbol
	if s.action == callNative {
		callee = s.target.Symbol
	}
	n := maxArguments
	if info := t.list[t.PackagePath+"."+callee+".arginfo1"]; info != nil && s.action != callFunc {
		n = countArguments(info.data)
	}
	var all registers
	for i, name := range t.machine.argumentRegisters() {
		if i < n {
			all |= t.machine.register(name)
		}
	}
	if s.action == callFunc {
		all |= t.machine.register(t.machine.contextRegister())
	}
	return all
}

const maxArguments = 64

// countArguments reads the description of a function's arguments that
// tracebacks use: offset and size of each word, and marks from 0xfb up for
// aggregates, what was left out and the end.
func countArguments(info []byte) (n int) {
	for i := 0; i < len(info); {
		switch info[i] {
		case 0xff:
			return n
		case 0xfe, 0xfd:
			i++
		case 0xfb, 0xfc:
			return maxArguments
		default:
			n++
			i += 2
		}
	}
	return maxArguments
}

// memory reports whether an operand lies in memory, and the registers of its
// address.
func (t *takeover) memory(operand string) (base registers, ok bool) {
	if strings.HasPrefix(operand, "(") && strings.Contains(operand, ",") || !strings.HasSuffix(operand, ")") {
		return 0, false // a pair of registers, or none in parentheses
	}
	for _, part := range strings.FieldsFunc(operand, func(r rune) bool { return strings.ContainsRune("()*<>", r) }) {
		base |= t.machine.register(part)
	}
	return base, true
}

func last(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

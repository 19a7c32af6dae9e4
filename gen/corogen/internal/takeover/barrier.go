package takeover

import "strings"

// fills reports whether the words of the barrier buffer that step k reserves are
// written before anything that could fault: before any access to memory but the
// buffer and the frame. After a fault the collector is given what those words hold.
func (t *takeover) fills(f *function, k int) bool {
	buffer := t.machine.register(t.machine.barrierRegister())
	missing := f.steps[k].number
	for _, s := range f.steps[k+1:] {
		if missing <= 0 {
			break
		}
		list := operands(s.args)
		switch {
		case s.action == dropInstr:
			continue
		case s.action != copyInstr, s.ends, len(s.targets) > 0, len(list) == 0:
			return false
		}
		for _, text := range list[:len(list)-1] {
			if t.remote(s, text) {
				return false
			}
		}
		to := last(list)
		base, memory := t.memory(to)
		switch {
		case memory && base == buffer:
			missing -= sizeOf(s.op) / word
		case base&buffer != 0, !memory && t.machine.register(to)&buffer != 0, t.remote(s, to):
			return false
		}
	}
	return missing == 0
}

// remote reports whether an operand is in memory, and not in the frame. What an
// instruction takes just the address of is not.
func (t *takeover) remote(s *step, operand string) bool {
	if _, memory := t.memory(operand); !memory || strings.HasPrefix(s.op, "LEA") || strings.HasPrefix(operand, "$") {
		return false
	}
	_, frame := parseFrameUse(operand)
	return !frame
}

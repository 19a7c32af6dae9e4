package takeover

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// amd64 knows the code of amd64. R12, R13 and R15 are free wherever a function
// calls or returns.
type amd64 struct{}

// The raw code of what the assembler would count or refuse: it takes every RET
// as the end of the frame that is open in the text above it.
const (
	amd64Ret      = "BYTE $0xC3"
	amd64PushR12  = "BYTE $0x41; BYTE $0x54 // PUSHQ R12"
	amd64JumpBack = "BYTE $0x41; BYTE $0x5C; BYTE $0x41; BYTE $0xFF; BYTE $0xE4" // POPQ R12; JMP R12
)

func (amd64) localsEnd(frame int) int { return frame - word }
func (amd64) argsStart(frame int) int { return frame + word }
func (amd64) contextRegister() string { return "DX" }
func (amd64) barrierRegister() string { return "R11" }

func (amd64) control(register string) bool { return register == "R14" }

// frameOffset: the listing's offsets are final, relative to SP, whatever they are called.
func (amd64) frameOffset(_ *function, u frameUse) int { return u.offset }

// boundsRegister numbers registers as the instruction set does.
func (amd64) boundsRegister(n int) operand { return operand{true, n} }

var amd64Registers = [...]string{"AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"}

func (amd64) register(name string) registers {
	i := slices.Index(amd64Registers[:], name)
	if i < 0 {
		return 0
	}
	return 1 << i
}

func (amd64) argumentRegisters() []string {
	return []string{"AX", "BX", "CX", "DI", "SI", "R8", "R9", "R10", "R11"}
}

func (m amd64) read(t *takeover, f *function) {
	for _, s := range f.steps {
		s.uses = uses(s.instr, func(u frameUse) int { return m.frameOffset(f, u) }, strings.HasPrefix(s.op, "LEA"))
		switch {
		case s.op == "NOP", s.op == "XCHGL" && s.args == "AX, AX":
			s.action = dropInstr
		case s.op == "RET":
			s.action, s.ends = returns, true
		case s.op == "UNDEF", s.op == "INT":
			s.ends = true
		case s.op[0] == 'J':
			if n, err := strconv.Atoi(s.args); err == nil {
				s.targets = []int{n}
			}
			s.ends = s.op == "JMP"
		}
	}
	f.jumpTables(t, func(s *step) bool { return s.op == "JMP" && strings.Contains(s.args, "(") })
	f.depths(func(s *step) (bytes int, ok bool) {
		switch {
		case s.op == "PUSHQ":
			return word, true
		case s.op == "POPQ":
			return -word, true
		case (s.op == "SUBQ" || s.op == "ADDQ") && strings.HasSuffix(s.args, ", SP"):
			n, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSuffix(s.args, ", SP"), "$"))
			if err != nil {
				return 0, false
			}
			if s.op == "ADDQ" {
				n = -n
			}
			return n, true
		}
		return 0, false
	})
}

func (m amd64) emit(t *takeover, f *function, s *step) {
	w := t.text
	switch s.action {
	case copyInstr:
		m.copy(t, f, s)
	case duffDevice:
		symbol, add, _ := s.duff()
		m.device(w, symbol, add)
	case jumpTable:
		w.exact(s, "LEAQ %s(SB), %s", f.tableName(s), operands(s.args)[1])
	case returns:
		m.publication(t, f, s, f.frame-s.frame)
		if f.yields {
			w.instr(amd64JumpBack + " // " + s.text())
		} else {
			w.instr(amd64Ret + " // " + s.text())
		}
	case callNative:
		m.publication(t, f, s, 0)
		m.call(t, f, s, s.target)
	case callExternal:
		m.publication(t, f, s, 0)
		m.jump(t, s, "·"+s.symbol+"PC(SB)")
	case callYield:
		m.publication(t, f, s, 0)
		w.instr("BYTE $0x4C; BYTE $0x8D; BYTE $0x25; LONG $5 // LEAQ 5(PC), R12")
		w.call(s, "JMP %s // %s", routine("yield"), s.text())
	case callGo, callOp, callRuntime, callFunc:
		m.publication(t, f, s, 0)
		leave := "goCall"
		switch s.action {
		case callGo, callOp:
			w.instr("MOVQ ·" + s.symbol + "Fn(SB), DX")
			if s.action == callOp {
				leave = "goOp"
			}
		case callRuntime:
			helper := s.symbol
			if helper == "rtConcatString5" {
				helper += "Stack"
				w.instr("LEAQ 0(SP), AX // the one that has no register")
			}
			w.instr("MOVQ " + coroVar(helper) + ", DX")
		}
		// Not jumped to directly: the linker would count what a Go call needs.
		w.instr(fmt.Sprintf("MOVQ %s, R13", t.slot(strings.TrimSuffix(routine(leave), "(SB)"))))
		w.instr("BYTE $0x4C; BYTE $0x8D; BYTE $0x25; LONG $3 // LEAQ 3(PC), R12")
		w.call(s, "JMP R13 // %s", s.text())
	case callPoll:
		m.publication(t, f, s, 0)
		w.call(s, "CALL %s // %s", routine("poll"), s.text())
	case callGrow:
		if slots := f.shown(s); len(slots) > 0 {
			w.instr(fmt.Sprintf("MOVQ %d(R14), R12 // show", controlShadow))
			m.show(w, slots, 0)
		}
		w.call(s, "CALL %s // %s", routine("morestack"), s.text())
	case callLeaf:
		w.instr(fmt.Sprintf("CALL %s // %s", routine(s.symbol), s.text()))
	case callBarrier:
		w.instr(fmt.Sprintf("MOVL $%d, R11", s.number*word))
		w.instr(fmt.Sprintf("CALL %s // %s", routine("writeBarrier"), s.text()))
	case callBulk:
		// In: BX = destination, CX = source. Everything else is saved. Loads come first:
		// where one faults, there must be no words of the buffer that nobody will fill.
		records := 2
		if strings.HasPrefix(s.symbol, "wbZero") {
			records = 1
		}
		for _, offset := range s.words {
			w.instr(fmt.Sprintf("MOVQ %d(BX), R12", offset))
			if records == 2 {
				w.instr(fmt.Sprintf("MOVQ %d(CX), R13", offset))
			}
			w.instr(fmt.Sprintf("MOVL $%d, R11", records*word))
			w.instr(fmt.Sprintf("CALL %s // %s", routine("writeBarrier"), s.text()))
			w.instr("MOVQ R12, (R11)")
			if records == 2 {
				w.instr("MOVQ R13, 8(R11)")
			}
		}
	case callFail:
		m.fail(t, s)
	}
}

// jump calls the function whose address is in memory with the return address
// pushed, for one that returns by a jump.
func (m amd64) jump(t *takeover, s *step, address string) {
	w := t.text
	w.instr(fmt.Sprintf("MOVQ %s, R13", address))
	w.instr("BYTE $0x4C; BYTE $0x8D; BYTE $0x25; LONG $5 // LEAQ 5(PC), R12")
	w.instr(amd64PushR12)
	w.call(s, "JMP R13 // %s", s.text())
}

// call is a call of a native function: of one that returns by a jump with the
// return address pushed, of any other with CALL. The distance to a function in
// the same TEXT is known, to others there is a word with the address.
func (m amd64) call(t *takeover, f *function, s *step, target *function) {
	w := t.text
	distance := 0
	if f.shape != nil {
		distance = -f.shape.end[s.offset]
	}
	switch self := target == f; {
	case target.yields && self:
		w.instr("BYTE $0x4C; BYTE $0x8D; BYTE $0x25; LONG $7 // LEAQ 7(PC), R12")
		w.instr(amd64PushR12)
		w.call(s, "BYTE $0xE9; LONG $%d // %s", distance, s.text())
	case target.yields:
		m.jump(t, s, t.slot("·"+target.Symbol))
	case self:
		w.call(s, "BYTE $0xE8; LONG $%d // %s", distance, s.text())
	default:
		w.call(s, "CALL *%s // %s", t.slot("·"+target.Symbol), s.text())
	}
}

// publication brings the shadow up to date, unless the collector marks: then a
// half out of line does, with its barrier. above is how far SP is above where
// the slots' offsets count from.
func (m amd64) publication(t *takeover, f *function, s *step, above int) {
	if len(s.publish)+len(s.forget) == 0 {
		return
	}
	w := t.text
	w.instr(fmt.Sprintf("MOVQ %d(R14), R12 // publish", controlShadow))
	w.instr(fmt.Sprintf("CMPL %d(R14), $0", controlMarking))
	w.instr(fmt.Sprintf("JNE slow%d", s.offset))
	m.show(w, s.publish, above)
	for _, slot := range s.forget {
		w.instr(fmt.Sprintf("MOVQ $0, %d(SP)(R12*1)", slot-above))
	}
	w.label("published%d", s.offset)
}

// show copies slots to the shadow, without a barrier.
func (m amd64) show(w *writer, slots []int, above int) {
	for _, slot := range slots {
		w.instr(fmt.Sprintf("MOVQ %d(SP), R13", slot-above))
		w.instr(fmt.Sprintf("MOVQ R13, %d(SP)(R12*1)", slot-above))
	}
}

// end writes the out-of-line halves.
func (m amd64) end(t *takeover, f *function) {
	w := t.text
	for _, s := range f.slow {
		above := 0
		if s.action == returns {
			above = f.frame - s.frame
		}
		t.deepen(f, s.frame)
		w.label("slow%d", s.offset)
		store := func(slot int, value string) {
			w.instr(fmt.Sprintf("MOVQ %d(R14), R12", controlShadow))
			w.instr(fmt.Sprintf("LEAQ %d(SP)(R12*1), R12", slot-above))
			w.instr(value)
			w.instr("CALL " + routine("publish"))
		}
		for _, slot := range s.publish {
			store(slot, fmt.Sprintf("MOVQ %d(SP), R13", slot-above))
		}
		for _, slot := range s.forget {
			store(slot, "XORL R13, R13")
		}
		w.instr(fmt.Sprintf("JMP published%d", s.offset))
	}
	if f.frame > visibleFrame {
		w.visible("MOVQ R12, SP // never reached: makes tracebacks stop here, whose frames the assembler does not see")
	}
}

// fail reports two values and a code.
func (m amd64) fail(t *takeover, s *step) {
	w := t.text
	load := func(o operand, to string) {
		if o.register {
			w.instr(fmt.Sprintf("MOVQ %s, %s", amd64Registers[o.n], to))
		} else {
			w.instr(fmt.Sprintf("MOVL $%d, %s", o.n, to))
		}
	}
	if s.number < failDivide {
		load(s.x, "R12")
		load(s.y, "BX")
		w.instr("MOVQ R12, AX")
	}
	w.instr(fmt.Sprintf("MOVL $%d, CX", s.number))
	w.call(s, "CALL %s // %s", routine("fail"), s.text())
}

// copy writes the instruction as it was, with what belongs to a goroutine
// replaced.
func (m amd64) copy(t *takeover, f *function, s *step) {
	w := t.text
	if len(s.relocs) > 0 {
		r := s.relocs[0]
		if r.sym == "runtime.writeBarrier" {
			w.instr(fmt.Sprintf("CMPL %d(R14), $0 // %s", controlMarking, s.text()))
			return
		}
		name, _ := t.reference(r.sym)
		w.exact(s, "%s %s", s.op, strings.Replace(s.args, r.sym, name, 1))
		return
	}
	if _, err := strconv.Atoi(s.args); err == nil && s.op[0] == 'J' {
		w.instr(fmt.Sprintf("%s L%s", s.op, s.args))
		return
	}
	hidden := f.frame > visibleFrame && s.frame != s.after
	if f.raw[s.offset] || hidden || s.args == "SP, BP" {
		w.instr(m.bytes(s.code) + " // " + s.text())
		return
	}
	if s.frame != s.after && strings.HasSuffix(s.args, ", SP") {
		w.exact(s, "ADJSP $%d // %s", s.after-s.frame, s.text()) // of others the assembler keeps no account
		return
	}
	var args []string
	for _, a := range operands(s.args) {
		if u, ok := parseFrameUse(a); ok {
			a = fmt.Sprintf("%d(SP)%s", u.offset, u.index)
		}
		args = append(args, a)
	}
	w.exact(s, "%s %s", s.op, strings.Join(args, ", "))
}

func (amd64) depth(w *writer, n int) {
	w.visible(fmt.Sprintf("ADJSP $%d // never reached", n))
}

func (amd64) bytes(code []byte) string {
	var list []string
	for len(code) > 0 {
		name, size := "BYTE", 1
		switch {
		case len(code) >= 8:
			name, size = "QUAD", 8
		case len(code) >= 4:
			name, size = "LONG", 4
		case len(code) >= 2:
			name, size = "WORD", 2
		}
		value := append([]byte(nil), code[:size]...)
		slices.Reverse(value)
		list = append(list, fmt.Sprintf("%s $0x%x", name, value))
		code = code[size:]
	}
	return strings.Join(list, "; ")
}

func (amd64) entries(t *takeover) {
	t.text.instr("LEAQ coroEntry<>(SB), AX")
	t.text.instr("MOVQ AX, table+0(FP)")
	t.text.instr("RET")
}

// equivalent: *Control is where g was.
func (amd64) equivalent(*step, []byte) bool { return false }

package takeover

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// arm64 knows the code of arm64. R19, R20 and R21 are free wherever a function
// calls or returns, and R16, R17 and R27 belong to linkers and assemblers.
type arm64 struct{}

func (arm64) localsEnd(frame int) int { return frame - word }
func (arm64) argsStart(frame int) int { return frame + word }
func (arm64) contextRegister() string { return "R26" }
func (arm64) barrierRegister() string { return "R25" }

func (arm64) control(register string) bool { return register == "g" }

func (arm64) boundsRegister(n int) operand { return operand{true, n} }

func (arm64) register(name string) registers {
	if first, second, pair := strings.Cut(strings.Trim(name, "()"), ", "); pair {
		return arm64{}.register(first) | arm64{}.register(second)
	}
	n, err := strconv.Atoi(strings.TrimPrefix(name, "R"))
	if err != nil || name[0] != 'R' {
		return 0
	}
	return 1 << n
}

func (arm64) argumentRegisters() []string {
	return []string{"R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"}
}

var arm64Branches = map[string]bool{
	"JMP": true, "B": true, "CBZ": true, "CBNZ": true, "CBZW": true, "CBNZW": true,
	"TBZ": true, "TBNZ": true, "BEQ": true, "BNE": true, "BLS": true, "BHI": true, "BLT": true, "BGE": true,
	"BGT": true, "BLE": true, "BCC": true, "BCS": true, "BHS": true, "BLO": true, "BMI": true, "BPL": true, "BVS": true, "BVC": true,
}

// branch splits a branch into what stands before the target and the target.
func (arm64) branch(s *step) (before string, target int, ok bool) {
	if !arm64Branches[s.op] {
		return "", 0, false
	}
	ops := operands(s.args)
	if len(ops) == 0 {
		return "", 0, false
	}
	n, err := strconv.Atoi(ops[len(ops)-1])
	if err != nil {
		return "", 0, false
	}
	if before = strings.Join(ops[:len(ops)-1], ", "); before != "" {
		before += ", "
	}
	return before, n, true
}

// frameOffset: the listing's offsets count from the ends of the frame, but those from RSP.
func (arm64) frameOffset(f *function, u frameUse) int {
	switch u.base {
	case "FP":
		return u.offset + f.frame + word
	case "SP":
		return u.offset + f.frame - word
	}
	return u.offset
}

func (m arm64) read(t *takeover, f *function) {
	f.withoutPools()
	for k, s := range f.steps {
		s.uses = uses(s.instr, func(u frameUse) int { return m.frameOffset(f, u) }, false)
		if s.op == "ADD" && len(operands(s.args)) == 3 && operands(s.args)[1] == "RSP" && operands(s.args)[2] != "RSP" {
			n, _ := strconv.Atoi(strings.TrimPrefix(operands(s.args)[0], "$"))
			s.uses = append(s.uses, stackOperand{offset: n, address: true, taken: true})
		}
		switch {
		case s.op == "RET":
			s.action, s.ends = returns, true
		case s.op == "UNDEF":
			s.ends = true
		}
		if f.frame <= visibleFrame && k > 0 {
			switch before := f.steps[k-1]; {
			case before.op == "MOVD.W" && s.args == "R29, -8(RSP)":
				s.action = dropInstr // see buildFrame
			case s.op == "MOVD.P" && before.args == "-8(RSP), R29":
				before.action = dropInstr
			}
		}
		if _, target, ok := m.branch(s); ok {
			s.targets = []int{target}
			s.ends = s.op == "JMP" || s.op == "B"
		}
	}
	f.jumpTables(t, func(s *step) bool { return s.op == "JMP" && strings.HasPrefix(s.args, "(") })
	f.depths(func(s *step) (bytes int, ok bool) {
		ops := operands(s.args)
		switch {
		case s.op == "MOVD.W" && len(ops) == 2 && strings.HasSuffix(ops[1], "(RSP)"):
			n, err := strconv.Atoi(strings.TrimSuffix(ops[1], "(RSP)"))
			return -n, err == nil
		case s.op == "MOVD.P" && len(ops) == 2 && strings.HasSuffix(ops[0], "(RSP)"):
			n, err := strconv.Atoi(strings.TrimSuffix(ops[0], "(RSP)"))
			return -n, err == nil
		case s.op == "MOVD" && len(ops) == 2 && ops[1] == "RSP":
			return f.frame, true
		case (s.op == "ADD" || s.op == "SUB") && ops[len(ops)-1] == "RSP":
			// Frames are built and taken down in one piece.
			if s.op == "ADD" {
				return -s.frame, true
			}
			return f.frame, true
		}
		return 0, false
	})
}

func (m arm64) emit(t *takeover, f *function, s *step) {
	w := t.text
	switch s.action {
	case copyInstr:
		m.copy(t, f, s)
	case dropInstr:
	case duffDevice:
		symbol, add, _ := s.duff()
		m.device(w, symbol, add)
	case jumpTable:
		ops := operands(s.args)
		w.exact(s, "MOVD $%s(SB), %s", f.tableName(s), ops[len(ops)-1])
	case returns:
		m.publication(t, f, s, f.frame-s.frame)
		if f.yields {
			w.instr("JMP (R30) // " + s.text())
		} else {
			w.instr("RET // " + s.text())
		}
	case callNative:
		m.publication(t, f, s, 0)
		m.call(t, f, s, s.target)
	case callExternal:
		m.publication(t, f, s, 0)
		w.instr("MOVD ·" + s.symbol + "PC(SB), R16")
		m.leave(t, s, "JMP (R16)")
	case callYield:
		m.publication(t, f, s, 0)
		m.leave(t, s, "JMP "+routine("yield"))
	case callGo, callOp, callRuntime, callFunc:
		m.publication(t, f, s, 0)
		leave := "goCall"
		switch s.action {
		case callGo, callOp:
			w.instr("MOVD ·" + s.symbol + "Fn(SB), R26")
			if s.action == callOp {
				leave = "goOp"
			}
		case callRuntime:
			w.instr("MOVD " + coroVar(s.symbol) + ", R26")
		}
		w.instr(fmt.Sprintf("MOVD %s, R16", t.slot(strings.TrimSuffix(routine(leave), "(SB)"))))
		m.leave(t, s, "JMP (R16)")
	case callPoll:
		m.publication(t, f, s, 0)
		w.call(s, "CALL %s // %s", routine("poll"), s.text())
	case callGrow:
		if slots := f.shown(s); len(slots) > 0 {
			w.instr(fmt.Sprintf("MOVD %d(R18_PLATFORM), R19 // show", controlShadow))
			m.show(w, slots, 0)
		}
		w.call(s, "CALL %s // %s", routine("morestack"), s.text())
	case callLeaf:
		w.instr(fmt.Sprintf("CALL %s // %s", routine(s.symbol), s.text()))
	case callBarrier:
		w.instr(fmt.Sprintf("MOVD $%d, R25", s.number*word))
		w.instr(fmt.Sprintf("CALL %s // %s", routine("writeBarrier"), s.text()))
	case callBulk:
		// In: R1 = destination, R2 = source. Everything else is saved. Loads come first,
		// as on amd64.
		records := 2
		if strings.HasPrefix(s.symbol, "wbZero") {
			records = 1
		}
		load := func(offset int64, base, to string) {
			if offset > maxOffset {
				w.instr(fmt.Sprintf("ADD $%d, %s, %s", offset, base, to))
				base, offset = to, 0
			}
			w.instr(fmt.Sprintf("MOVD %d(%s), %s", offset, base, to))
		}
		for _, offset := range s.words {
			load(offset, "R1", "R19")
			if records == 2 {
				load(offset, "R2", "R20")
			}
			w.instr(fmt.Sprintf("MOVD $%d, R25", records*word))
			w.instr(fmt.Sprintf("CALL %s // %s", routine("writeBarrier"), s.text()))
			w.instr("MOVD R19, (R25)")
			if records == 2 {
				w.instr("MOVD R20, 8(R25)")
			}
		}
	case callFail:
		m.fail(t, s)
	}
}

// leave writes a jump that comes back behind itself.
func (m arm64) leave(t *takeover, s *step, jump string) {
	w := t.text
	w.instr(fmt.Sprintf("ADR back%d, R30", s.offset))
	w.call(s, "%s // %s", jump, s.text())
	w.label("back%d", s.offset)
}

// call is a call of a native function, in the form it returns from.
func (m arm64) call(t *takeover, f *function, s *step, target *function) {
	switch self := target == f; {
	case target.yields && self:
		m.leave(t, s, "JMP L0")
	case target.yields:
		t.text.instr(fmt.Sprintf("MOVD %s, R16", t.slot("·"+target.Symbol)))
		m.leave(t, s, "JMP (R16)")
	case self:
		t.text.call(s, "CALL L0 // %s", s.text())
	default:
		t.text.instr(fmt.Sprintf("MOVD %s, R16", t.slot("·"+target.Symbol)))
		t.text.call(s, "CALL (R16) // %s", s.text())
	}
}

func (m arm64) fail(t *takeover, s *step) {
	w := t.text
	load := func(o operand, to string) {
		if o.register {
			w.instr(fmt.Sprintf("MOVD R%d, %s", o.n, to))
		} else {
			w.instr(fmt.Sprintf("MOVD $%d, %s", o.n, to))
		}
	}
	if s.number < failDivide {
		load(s.x, "R19")
		load(s.y, "R1")
		w.instr("MOVD R19, R0")
	}
	w.instr(fmt.Sprintf("MOVD $%d, R2", s.number))
	w.call(s, "CALL %s // %s", routine("fail"), s.text())
}

// Offsets of words beyond which what is written here adds them to the base itself. The
// assembler would need its literal pool, at the latest below minOffset and from 16 MB on.
const (
	minOffset = -4095
	maxOffset = 4095 * word
)

// publication keeps R30, which on the way out of a function holds its return
// address.
func (m arm64) publication(t *takeover, f *function, s *step, above int) {
	if len(s.publish)+len(s.forget) == 0 {
		return
	}
	w := t.text
	w.instr(fmt.Sprintf("MOVD %d(R18_PLATFORM), R20 // publish", controlMarking))
	w.instr(fmt.Sprintf("MOVD %d(R18_PLATFORM), R19", controlShadow))
	w.instr(fmt.Sprintf("CBNZ R20, slow%d", s.offset))
	m.show(w, s.publish, above)
	if above > -minOffset {
		w.instr(fmt.Sprintf("SUB $%d, R19", above))
		above = 0
	}
	for _, slot := range s.forget {
		w.instr(fmt.Sprintf("MOVD ZR, %d(R19)", slot-above))
	}
	w.label("published%d", s.offset)
}

// show makes R19 the shadow of SP and copies slots there, without a barrier.
func (m arm64) show(w *writer, slots []int, above int) {
	w.instr("ADD R19, RSP, R19")
	for _, slot := range slots {
		w.instr(fmt.Sprintf("MOVD %d(RSP), R20", slot-above))
		w.instr(fmt.Sprintf("MOVD R20, %d(R19)", slot-above))
	}
}

func (m arm64) end(t *takeover, f *function) {
	w := t.text
	for _, s := range f.slow {
		above := 0
		if s.action == returns {
			above = f.frame - s.frame
		}
		t.deepen(f, s.frame)
		w.label("slow%d", s.offset)
		w.instr("MOVD R30, R23")
		store := func(slot int, value string) {
			w.instr(fmt.Sprintf("MOVD %d(R18_PLATFORM), R19", controlShadow))
			w.instr("ADD R19, RSP, R19")
			w.instr(fmt.Sprintf("ADD $%d, R19", slot-above))
			w.instr(value)
			w.instr("CALL " + routine("publish"))
		}
		for _, slot := range s.publish {
			store(slot, fmt.Sprintf("MOVD %d(RSP), R20", slot-above))
		}
		for _, slot := range s.forget {
			store(slot, "MOVD ZR, R20")
		}
		w.instr("MOVD R23, R30")
		w.instr(fmt.Sprintf("JMP published%d", s.offset))
	}
	if f.frame > visibleFrame {
		w.visible("MOVD R16, RSP // never reached: makes tracebacks stop here, whose frames the assembler does not see")
	}
}

// buildFrame writes an instruction that moves SP so that the assembler sees by how
// much, which it does not where a load or store moves it. Together with saving and
// restoring R29, of which nothing remains, these are as many instructions.
func (arm64) buildFrame(w *writer, s *step) {
	n := s.after - s.frame
	switch s.op {
	case "MOVD.W":
		w.instr(fmt.Sprintf("STP (R29, R30), -%d(RSP) // %s", n+word, s.text()))
	case "MOVD.P":
		w.instr("LDP -8(RSP), (R29, R30) // " + s.text())
	}
	if n > 0 {
		w.visible(fmt.Sprintf("SUB $%d, RSP", n))
	} else {
		w.visible(fmt.Sprintf("ADD $%d, RSP", -n))
	}
}

func (arm64) depth(w *writer, n int) {
	w.visible(fmt.Sprintf("SUB $%d, RSP // never reached", n))
}

func (arm64) entries(t *takeover) {
	t.text.instr("MOVD $coroEntry<>(SB), R0")
	t.text.instr("MOVD R0, table+0(FP)")
	t.text.instr("RET")
}

// copy writes the instruction as it was, with what belongs to a goroutine
// replaced.
func (m arm64) copy(t *takeover, f *function, s *step) {
	w := t.text
	if len(s.relocs) > 0 {
		r := s.relocs[0]
		if r.sym == "runtime.writeBarrier" {
			ops := operands(s.args)
			w.instr(fmt.Sprintf("MOVWU %d(R18_PLATFORM), %s // %s", controlMarking, ops[len(ops)-1], s.text()))
			return
		}
		name, _ := t.reference(r.sym)
		if access, ok := throughR27(s.code); ok {
			w.instr(fmt.Sprintf("MOVD $%s%+d(SB), R27; %s // %s", name, r.add, m.bytes(access), s.text()))
			return
		}
		w.exact(s, "%s %s", s.op, strings.Replace(s.args, r.sym, name, 1))
		return
	}
	if before, target, ok := m.branch(s); ok {
		w.instr(fmt.Sprintf("%s %sL%d", s.op, before, target))
		return
	}
	// How SP moves in a large frame the assembler is not to see: it adds up what
	// returns give back along the text, and refuses what becomes too large.
	if f.raw[s.offset] || f.frame > visibleFrame && s.frame != s.after {
		w.instr(m.bytes(s.code) + " // " + s.text())
		return
	}
	if s.frame != s.after && f.frame <= visibleFrame {
		m.buildFrame(w, s)
		return
	}
	var args []string
	for _, a := range operands(s.args) {
		if u, ok := parseFrameUse(a); ok {
			sign := ""
			if u.address {
				sign = "$"
			}
			a = fmt.Sprintf("%s%d(RSP)%s", sign, m.frameOffset(f, u), u.index)
		}
		args = append(args, strings.ReplaceAll(a, "(g)", "(R18_PLATFORM)"))
	}
	w.exact(s, "%s %s", s.op, strings.Join(args, ", "))
}

// throughR27 returns the load or store of an instruction that accesses data, from the
// address in R27 before it. Assemblers differ in which of them can be written in one.
// Where the linker was to fill in an offset there is none.
func throughR27(code []byte) (access []byte, ok bool) {
	if len(code) != 8 && len(code) != 12 {
		return nil, false
	}
	access = code[len(code)-4:]
	const loadOrStore, whichMask, base = 4, 5, 27
	i := le32(access)
	return access, i>>25&whichMask == loadOrStore && i>>5&31 == base
}

func (arm64) bytes(code []byte) string {
	var list []string
	for ; len(code) >= 4; code = code[4:] {
		list = append(list, fmt.Sprintf("WORD $0x%08x", le32(code)))
	}
	return strings.Join(list, "; ")
}

// equivalent reports whether the only difference is that *Control is in another
// register than g.
func (arm64) equivalent(s *step, code []byte) bool {
	if !strings.Contains(s.args, "(g)") || len(code) != 4 || len(s.code) != 4 {
		return false
	}
	const base = 31 << 5
	a, b := binary.LittleEndian.Uint32(code), binary.LittleEndian.Uint32(s.code)
	return a&^base == b&^base && a&base == 18<<5 && b&base == 28<<5
}

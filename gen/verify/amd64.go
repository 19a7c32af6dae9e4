package verify

import (
	"golang.org/x/arch/x86/x86asm"

	"github.com/morestack/morestack/stackcopy"
)

// amd64 steps through x86-64 code. Registers have their hardware numbers.
type amd64 struct{}

var amd64Registers = registers{
	sp: 4, fp: 5, link: -1, control: 14, g: -1, resume: 12, growLink: -1,
	names: [32]string{"AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"},
}

func (amd64) Layout() stackcopy.Layout { return stackcopy.AMD64 }
func (amd64) unit() int                { return 1 }
func (amd64) registers() *registers    { return &amd64Registers }

func (amd64) enter() state {
	s := state{slots: map[int64]value{0: {returnPC, 0}}, room: -1, failed: -1}
	s.regs[amd64Registers.sp] = value{stack, 0}
	s.regs[amd64Registers.fp] = value{callerFP, 0}
	s.regs[amd64Registers.control] = value{control, 0}
	return s
}

// number is the number of the general register r, or -1, and its width in bytes.
func (amd64) number(r x86asm.Reg) (i, width int) {
	switch {
	case x86asm.AL <= r && r <= x86asm.BL:
		return int(r - x86asm.AL), 1
	case x86asm.AH <= r && r <= x86asm.BH:
		return int(r - x86asm.AH), 1
	case x86asm.SPB <= r && r <= x86asm.R15B:
		return int(r-x86asm.SPB) + 4, 1
	case x86asm.AX <= r && r <= x86asm.R15W:
		return int(r - x86asm.AX), 2
	case x86asm.EAX <= r && r <= x86asm.R15L:
		return int(r - x86asm.EAX), 4
	case x86asm.RAX <= r && r <= x86asm.R15:
		return int(r - x86asm.RAX), 8
	}
	return -1, 0
}

// amd64Conditions are the branches that test unsigned order. All others learn
// nothing.
var amd64Conditions = map[x86asm.Op]relation{
	x86asm.JA: above, x86asm.JAE: notBelow, x86asm.JB: below, x86asm.JBE: notAbove,
	x86asm.JE: unrelated, x86asm.JNE: unrelated, x86asm.JG: unrelated, x86asm.JGE: unrelated, x86asm.JL: unrelated, x86asm.JLE: unrelated,
	x86asm.JO: unrelated, x86asm.JNO: unrelated, x86asm.JP: unrelated, x86asm.JNP: unrelated, x86asm.JS: unrelated, x86asm.JNS: unrelated,
	x86asm.JCXZ: unrelated, x86asm.JECXZ: unrelated, x86asm.JRCXZ: unrelated,
}

// amd64Reads are the instructions that write none of their operands.
var amd64Reads = map[x86asm.Op]bool{
	x86asm.CMP: true, x86asm.TEST: true, x86asm.BT: true, x86asm.NOP: true, x86asm.PTEST: true,
	x86asm.UCOMISS: true, x86asm.UCOMISD: true, x86asm.COMISS: true, x86asm.COMISD: true,
	x86asm.PREFETCHNTA: true, x86asm.PREFETCHT0: true, x86asm.PREFETCHT1: true, x86asm.PREFETCHT2: true, x86asm.PREFETCHW: true,
}

// amd64Untracked are the instructions that write SP, or leave, in ways of their
// own.
var amd64Untracked = map[x86asm.Op]bool{
	x86asm.ENTER: true, x86asm.PUSHF: true, x86asm.PUSHFD: true, x86asm.PUSHFQ: true, x86asm.POPF: true, x86asm.POPFD: true, x86asm.POPFQ: true,
	x86asm.PUSHA: true, x86asm.PUSHAD: true, x86asm.POPA: true, x86asm.POPAD: true, x86asm.LCALL: true, x86asm.LJMP: true, x86asm.LRET: true,
	x86asm.IRET: true, x86asm.IRETD: true, x86asm.IRETQ: true, x86asm.SYSRET: true, x86asm.SYSEXIT: true, x86asm.SYSENTER: true, x86asm.INTO: true,
	x86asm.LSS: true, x86asm.LOOP: true, x86asm.LOOPE: true, x86asm.LOOPNE: true, x86asm.XBEGIN: true, x86asm.HLT: true,
}

func (m amd64) step(c *checker, pc int, s *state) {
	inst, err := x86asm.Decode(c.code[pc:], 64)
	if err != nil || inst.Op == 0 || inst.Op == x86asm.INT {
		// Padding is INT 3.
		c.report(Undecodable, pc, "no instruction of a function")
		return
	}
	next := pc + inst.Len
	if amd64Untracked[inst.Op] {
		c.report(Untracked, pc, "%v", inst)
		return
	}
	if r, ok := amd64Conditions[inst.Op]; ok {
		c.branch(pc, next+int(inst.Args[0].(x86asm.Rel)), next, r, s)
		return
	}
	sp := value{stack, c.sp(s)}
	switch inst.Op {
	case x86asm.UD2:
		return
	case x86asm.RET:
		if inst.Args[0] != nil {
			c.report(Untracked, pc, "%v", inst)
			return
		}
		to := s.slots[sp.n]
		if !c.returnsTo(to) && sp.n == 0 {
			c.report(NotRestored, pc, "the return address was overwritten")
			return
		}
		s.regs[amd64Registers.sp] = sp.add(word)
		c.leave(pc, value{returnPC, 0}, s)
		return
	case x86asm.CALL:
		c.suspend(pc, next, m.target(c, inst, next, s), calling, s)
		return
	case x86asm.JMP:
		m.jump(c, pc, m.target(c, inst, next, s), s)
		return
	case x86asm.PUSH:
		v := m.value(c, inst, inst.Args[0], next, s)
		// A pushed return address is part of the callee's frame.
		if c.inside(v) {
			s.regs[amd64Registers.sp] = sp.add(-word)
			s.slots[sp.n-word] = v
			break
		}
		c.setSP(pc, sp.add(-word), s)
		c.store(pc, sp.add(-word), word, v, s)
	case x86asm.POP:
		v := c.load(sp, s)
		c.setSP(pc, sp.add(word), s)
		m.assign(c, pc, inst, inst.Args[0], v, next, s)
	case x86asm.LEAVE:
		fp := s.regs[amd64Registers.fp]
		c.setSP(pc, fp, s)
		if fp.kind == stack {
			s.regs[amd64Registers.fp] = c.load(fp, s)
			c.setSP(pc, fp.add(word), s)
		}
	case x86asm.LEA:
		m.assign(c, pc, inst, inst.Args[0], m.address(inst.Args[1].(x86asm.Mem), next, s), next, s)
	case x86asm.MOV:
		m.assign(c, pc, inst, inst.Args[0], m.value(c, inst, inst.Args[1], next, s), next, s)
	case x86asm.ADD, x86asm.SUB, x86asm.CMP:
		a, b := m.value(c, inst, inst.Args[0], next, s), m.value(c, inst, inst.Args[1], next, s)
		switch inst.Op {
		case x86asm.ADD:
			s.compare(value{}, value{})
			m.assign(c, pc, inst, inst.Args[0], sum(a, b), next, s)
		case x86asm.SUB:
			s.compare(a, b)
			m.assign(c, pc, inst, inst.Args[0], difference(a, b), next, s)
		default:
			s.compare(a, b)
		}
	case x86asm.NOP:
	default:
		m.other(c, pc, inst, next, s)
	}
	c.flow(pc, next, s)
}

// other does an instruction of which only matters what it writes.
func (m amd64) other(c *checker, pc int, inst x86asm.Inst, next int, s *state) {
	s.compare(value{}, value{})
	if amd64Reads[inst.Op] {
		return
	}
	for i, arg := range inst.Args {
		if arg == nil {
			break
		}
		switch inst.Op {
		case x86asm.XCHG, x86asm.XADD:
		default:
			if i > 0 {
				continue
			}
		}
		m.assign(c, pc, inst, arg, value{}, next, s)
	}
	// What MUL, DIV, CPUID, string and similar instructions write besides.
	for _, i := range []int{0, 1, 2, 3, 6, 7, 11} {
		s.regs[i] = value{}
	}
}

// jump goes to target, inside the function or out of it.
func (m amd64) jump(c *checker, pc int, target value, s *state) {
	if target.kind == text && target.n >= 0 && target.n < int64(len(c.code)) {
		c.flow(pc, int(target.n), s)
		return
	}
	sp := value{stack, c.sp(s)}
	resume := s.regs[amd64Registers.resume]
	_, known := c.exit(target)
	switch {
	case c.inside(s.slots[sp.n]): // a call whose return address was pushed
		to := s.slots[sp.n].n
		s.regs[amd64Registers.sp] = sp.add(word)
		c.suspend(pc, int(to), target, setOf(stackcopy.Call), s)
	case known && !c.inside(resume):
		c.report(NoSite, pc, "a jump to an exit without the address to continue at in %s", amd64Registers.name(amd64Registers.resume))
	case known, c.exits == nil && target.kind == text && c.inside(resume):
		c.suspend(pc, int(resume.n), target, handing, s)
	default:
		c.leave(pc, target, s)
	}
}

// target is where a CALL or JMP goes.
func (m amd64) target(c *checker, inst x86asm.Inst, next int, s *state) value {
	if rel, ok := inst.Args[0].(x86asm.Rel); ok {
		return value{text, int64(next) + int64(rel)}
	}
	return m.value(c, inst, inst.Args[0], next, s)
}

// address is what mem refers to.
func (m amd64) address(mem x86asm.Mem, next int, s *state) value {
	if mem.Segment == x86asm.FS || mem.Segment == x86asm.GS {
		return value{}
	}
	var v value
	switch {
	case mem.Base == x86asm.RIP:
		v = value{text, int64(next)}
	case mem.Base == 0: // an absolute address
		return value{}
	default:
		i, width := m.number(mem.Base)
		if width != word {
			return value{}
		}
		v = s.regs[i]
	}
	if mem.Index != 0 && mem.Scale != 0 {
		return value{}
	}
	return v.add(int64(int32(mem.Disp))) // the decoder does not always extend the sign
}

// value is what the operand arg holds.
func (m amd64) value(c *checker, inst x86asm.Inst, arg x86asm.Arg, next int, s *state) value {
	switch arg := arg.(type) {
	case x86asm.Imm:
		if inst.DataSize == 32 {
			return value{constant, int64(uint32(arg))}
		}
		return value{constant, int64(arg)}
	case x86asm.Reg:
		if i, width := m.number(arg); width == word {
			return s.regs[i]
		}
	case x86asm.Mem:
		if inst.MemBytes == word {
			return c.load(m.address(arg, next, s), s)
		}
	}
	return value{}
}

// assign stores v where the operand arg is.
func (m amd64) assign(c *checker, pc int, inst x86asm.Inst, arg x86asm.Arg, v value, next int, s *state) {
	switch arg := arg.(type) {
	case x86asm.Reg:
		i, width := m.number(arg)
		switch {
		case i < 0: // floating-point and vector registers
		case width == word, width == 4 && v.kind == constant:
			c.set(pc, i, v, s)
		default:
			c.set(pc, i, value{}, s)
		}
	case x86asm.Mem:
		size := inst.MemBytes
		if size == 0 {
			size = word
		}
		c.store(pc, m.address(arg, next, s), size, v, s)
	}
}

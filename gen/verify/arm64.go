package verify

import (
	"golang.org/x/arch/arm64/arm64asm"

	"github.com/morestack/morestack/stackcopy"
)

// arm64 steps through A64 code. Register 31 is SP; where an instruction means
// ZR by it, read and write say so. The decoder tells what is an instruction and
// which registers it writes; immediates, which it keeps to itself, are taken
// from the encoding.
type arm64 struct{}

var arm64Registers = registers{
	sp: 31, fp: 29, link: 30, control: 18, g: 28, resume: 30, growLink: 3,
	names: [32]string{
		"R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15",
		"R16", "R17", "R18", "R19", "R20", "R21", "R22", "R23", "R24", "R25", "R26", "R27", "R28", "R29", "R30", "RSP",
	},
}

func (arm64) Layout() stackcopy.Layout { return stackcopy.ARM64 }
func (arm64) unit() int                { return 4 }
func (arm64) registers() *registers    { return &arm64Registers }

func (arm64) enter() state {
	s := state{slots: map[int64]value{}, room: -1, failed: -1}
	s.regs[arm64Registers.sp] = value{stack, 0}
	s.regs[arm64Registers.fp] = value{callerFP, 0}
	s.regs[arm64Registers.link] = value{returnPC, 0}
	s.regs[arm64Registers.control] = value{control, 0}
	return s
}

// arm64Conditions are those that test unsigned order: CS, CC, HI and LS.
var arm64Conditions = map[uint32]relation{2: notBelow, 3: below, 8: above, 9: notAbove}

// arm64Ways are all kinds of suspension: that BL leaves the address to continue
// at in R30 and that an exit finds it there is the same thing.
var arm64Ways = calling | handing

// signed is the two's complement number in the lowest bits of x.
func signed(x uint32, bits int) int64 { return int64(x) << (64 - bits) >> (64 - bits) }

// source is register i where 31 means ZR.
func (arm64) source(i uint32, s *state) value {
	if i &= 31; i != 31 {
		return s.regs[i]
	}
	return value{constant, 0}
}

// write sets register i where 31 means ZR.
func (arm64) write(c *checker, pc int, i uint32, v value, s *state) {
	if i &= 31; i != 31 {
		c.set(pc, int(i), v, s)
	}
}

func (m arm64) step(c *checker, pc int, s *state) {
	inst, err := arm64asm.Decode(c.code[pc:])
	if err != nil || pc%4 != 0 {
		c.report(Undecodable, pc, "no instruction of a function")
		return
	}
	x, next := inst.Enc, pc+4
	to := func(bits, shift int) int { return pc + 4*int(signed(x>>shift, bits)) }
	switch {
	case x&0xfc000000 == 0x14000000: // B
		m.jump(c, pc, value{text, int64(to(26, 0))}, s)
		return
	case x&0xfffffc1f == 0xd61f0000: // BR
		m.jump(c, pc, m.source(x>>5, s), s)
		return
	case x&0xfffffc1f == 0xd65f0000: // RET
		v := m.source(x>>5, s)
		if !c.returnsTo(v) && c.sp(s) == 0 {
			c.report(NotRestored, pc, "%s is not the address to return to", arm64Registers.name(int(x>>5&31)))
			return
		}
		c.leave(pc, value{returnPC, 0}, s)
		return
	case x&0xfc000000 == 0x94000000: // BL
		c.suspend(pc, next, value{text, int64(to(26, 0))}, arm64Ways, s)
		return
	case x&0xfffffc1f == 0xd63f0000: // BLR
		c.suspend(pc, next, m.source(x>>5, s), arm64Ways, s)
		return
	case x&0xff000010 == 0x54000000: // B.cond
		c.branch(pc, to(19, 5), next, arm64Conditions[x&15], s)
		return
	case x&0x7e000000 == 0x34000000: // CBZ, CBNZ
		c.branch(pc, to(19, 5), next, unrelated, s)
		return
	case x&0x7e000000 == 0x36000000: // TBZ, TBNZ
		c.branch(pc, to(14, 5), next, unrelated, s)
		return
	case inst.Op == arm64asm.BRK, inst.Op == arm64asm.HLT:
		return
	case inst.Op == arm64asm.ERET, inst.Op == arm64asm.DRPS:
		c.report(Untracked, pc, "%v", inst)
		return
	}
	if !m.memory(c, pc, x, s) && !m.arithmetic(c, pc, inst, s) {
		m.other(c, pc, inst, s)
	}
	c.flow(pc, next, s)
}

// arithmetic does the instructions that compute addresses or compare them, and
// reports whether this was one.
func (m arm64) arithmetic(c *checker, pc int, inst arm64asm.Inst, s *state) bool {
	x := inst.Enc
	// Of ADD, SUB, ADDS and SUBS: bit 30 subtracts, bit 29 sets the flags, and
	// then ZR takes the place of SP as the destination.
	add := func(a, b value, spDestination bool) bool {
		subtract, flags := x>>30&1 != 0, x>>29&1 != 0
		v := sum(a, b)
		if subtract {
			v = difference(a, b)
		}
		switch {
		case flags && subtract:
			s.compare(a, b)
		case flags:
			s.compare(value{}, value{})
		}
		if spDestination && !flags {
			c.set(pc, int(x&31), v, s)
		} else {
			m.write(c, pc, x, v, s)
		}
		return true
	}
	switch {
	case x&0x9f800000 == 0x91000000: // immediate
		n := int64(x >> 10 & 0xfff)
		if x>>22&1 != 0 {
			n <<= 12
		}
		return add(s.regs[x>>5&31], value{constant, n}, true)
	case x&0x9fe0fc00 == 0x8b000000: // register, not shifted
		return add(m.source(x>>5, s), m.source(x>>16, s), false)
	case x&0x9fe0fc00 == 0x8b206000: // register, extended from 64 bits
		return add(s.regs[x>>5&31], m.source(x>>16, s), true)
	case x&0xffe0ffe0 == 0xaa0003e0: // MOV register
		m.write(c, pc, x, m.source(x>>16, s), s)
		return true
	case x&0x9f000000 == 0x10000000: // ADR
		n := signed(x>>5&0x7ffff, 19)<<2 | int64(x>>29&3)
		m.write(c, pc, x, value{text, int64(pc) + n}, s)
		return true
	case x&0xff800000 == 0xf2800000: // MOVK
		v := m.source(x, s)
		if shift := x >> 21 & 3 * 16; v.kind == constant {
			v.n = v.n&^(0xffff<<shift) | int64(x>>5&0xffff)<<shift
		} else {
			v = value{}
		}
		m.write(c, pc, x, v, s)
		return true
	case x&0x7f800000 == 0x52800000: // MOVZ
		m.write(c, pc, x, value{constant, int64(x>>5&0xffff) << (x >> 21 & 3 * 16)}, s)
		return true
	case x&0xff800000 == 0x92800000: // MOVN
		m.write(c, pc, x, value{constant, ^(int64(x>>5&0xffff) << (x >> 21 & 3 * 16))}, s)
		return true
	case x&0xff8003e0 == 0xb20003e0: // ORR of ZR with a bit mask: MOV
		for _, arg := range inst.Args {
			if imm, ok := arg.(arm64asm.Imm64); ok {
				c.set(pc, int(x&31), value{constant, int64(imm.Imm)}, s)
				return true
			}
		}
	}
	return false
}

// memory does the loads and stores, and reports whether this was one.
func (m arm64) memory(c *checker, pc int, x uint32, s *state) bool {
	var (
		base   = s.regs[x>>5&31]
		vector = x>>26&1 != 0
		size   = 1 << (x >> 30)
		offset int64
		read   bool
		update bool // of the base register, after the access
		where  = base
		count  = 1 // of registers
	)
	// single decodes what tells apart the forms with one register.
	single := func() {
		opc := x >> 22 & 3
		read = opc != 0
		if vector {
			read = opc&1 != 0
			if opc&2 != 0 {
				size = 16
			}
		}
	}
	switch {
	case x&0x3b000000 == 0x39000000: // unsigned offset
		single()
		where = base.add(int64(x>>10&0xfff) * int64(size))
	case x&0x3b200000 == 0x38000000: // 9-bit offset: plain, post-indexed, unprivileged, pre-indexed
		single()
		offset = signed(x>>12&0x1ff, 9)
		mode := x >> 10 & 3
		update = mode&1 != 0
		if mode != 1 {
			where = base.add(offset)
		}
	case x&0x3b200c00 == 0x38200800: // register offset
		single()
		where = value{}
	case x&0x3a000000 == 0x28000000: // pair: not temporal, post-indexed, plain, pre-indexed
		count, read = 2, x>>22&1 != 0
		opc := x >> 30
		size = 4 << (opc >> 1)
		if vector {
			size = 4 << opc
		}
		offset = signed(x>>15&0x7f, 7) * int64(size)
		mode := x >> 23 & 3
		update = mode&1 != 0
		if mode != 1 {
			where = base.add(offset)
		}
	case x&0x3f000000 == 0x08000000: // exclusive and ordered
		read = x>>22&1 != 0
		if x>>21&1 != 0 {
			count = 2
		}
		if !read && x>>23&1 == 0 {
			defer m.write(c, pc, x>>16, value{}, s) // the status
		}
	case x&0xbf000000 == 0x0c000000, x&0xbf000000 == 0x0d000000: // structures of vectors
		vector, read = true, x>>22&1 != 0
		size, count = 64, 1
		if x>>23&1 != 0 {
			defer c.set(pc, int(x>>5&31), value{}, s)
		}
	case x&0x3b000000 == 0x18000000: // literal
		read, where = true, value{}
		if x>>30 == 3 {
			return true // PRFM
		}
		size = 4 << (x >> 30 & 1)
	default:
		return false
	}
	prefetch := !vector && count == 1 && x>>30 == 3 && x>>22&3 == 2 && x&0x38000000 == 0x38000000
	first, second := x, x>>10
	// A base register that moves below what is stored there is moved first: the
	// frame is then in use when the store happens.
	if update {
		c.set(pc, int(x>>5&31), base.add(offset), s)
	}
	for i, r := range []uint32{first, second}[:count] {
		at := where.add(int64(i * size))
		switch {
		case prefetch:
		case read && vector:
		case read && size == word:
			m.write(c, pc, r, c.load(at, s), s)
		case read:
			m.write(c, pc, r, value{}, s)
		case vector || size != word:
			c.store(pc, at, size, value{}, s)
		default:
			c.store(pc, at, size, m.source(r, s), s)
		}
	}
	return true
}

// other does an instruction of which only matters what it writes: its first
// operand, if that is a general register.
func (m arm64) other(c *checker, pc int, inst arm64asm.Inst, s *state) {
	s.compare(value{}, value{})
	var r arm64asm.Reg
	sp := false
	switch arg := inst.Args[0].(type) {
	case arm64asm.Reg:
		r = arg
	case arm64asm.RegSP:
		r, sp = arm64asm.Reg(arg), true
	default:
		return
	}
	switch inst.Op {
	case arm64asm.CMP, arm64asm.CMN, arm64asm.TST, arm64asm.CCMP, arm64asm.CCMN, arm64asm.MSR, arm64asm.DC, arm64asm.IC, arm64asm.AT, arm64asm.TLBI, arm64asm.SYS:
		return
	}
	i := -1
	switch {
	case arm64asm.W0 <= r && r <= arm64asm.WZR:
		i = int(r - arm64asm.W0)
	case arm64asm.X0 <= r && r <= arm64asm.XZR:
		i = int(r - arm64asm.X0)
	default:
		return // floating-point and vector registers
	}
	if sp {
		c.set(pc, i, value{}, s)
	} else {
		m.write(c, pc, uint32(i), value{}, s)
	}
}

// jump goes to target, inside the function or out of it.
func (m arm64) jump(c *checker, pc int, target value, s *state) {
	if target.kind == text && target.n >= 0 && target.n < int64(len(c.code)) {
		c.flow(pc, int(target.n), s)
		return
	}
	link := s.regs[arm64Registers.link]
	if c.inside(link) {
		c.suspend(pc, int(link.n), target, arm64Ways, s)
		return
	}
	if _, ok := c.exit(target); ok {
		c.report(NoSite, pc, "a jump to an exit without the address to continue at in %s", arm64Registers.name(arm64Registers.link))
		return
	}
	c.leave(pc, target, s)
}

package takeover

import (
	"encoding/binary"
	"slices"

	"golang.org/x/arch/arm64/arm64asm"
	"golang.org/x/arch/x86/x86asm"
)

// What an instruction that contains a distance refers to is somewhere else when it is
// copied: the distance counts from the instruction, and more or less stands between
// the two here. Branches become labels, and relocations are the linker's. Of the rest
// the compiler emits only loads from arm64's literal pools, of which nothing remains.

// refuseRelative reports the instructions that would be copied with a distance.
func (t *takeover) refuseRelative(f *function) {
	for _, s := range f.steps {
		if s.action == copyInstr && len(s.relocs)+len(s.targets) == 0 && t.machine.relative(s.code) {
			t.problem(f, s.instr, ProblemInstruction, s.text()+" (relative to its own address)")
		}
	}
}

func (amd64) relative(code []byte) bool {
	for len(code) > 0 {
		if at, ok := modRM(code); ok {
			return at < len(code) && code[at]&0xc7 == 5 // mod 0, rm 5
		}
		inst, err := x86asm.Decode(code, 64)
		if err != nil {
			return true // who knows
		}
		for _, arg := range inst.Args {
			switch arg := arg.(type) {
			case x86asm.Rel:
				return true
			case x86asm.Mem:
				if arg.Base == x86asm.RIP {
					return true
				}
			}
		}
		code = code[inst.Len:]
	}
	return false
}

// modRM tells where the byte of that name is in instructions that the decoder knows few
// of: those with vector prefixes, some of which it takes for others, and of the maps
// with three bytes.
func modRM(code []byte) (at int, ok bool) {
	for at < len(code) && (code[at]&0xf0 == 0x40 || slices.Contains([]byte{0x66, 0x67, 0xf0, 0xf2, 0xf3}, code[at])) {
		at++
	}
	if at+1 >= len(code) {
		return 0, false
	}
	switch {
	case code[at] == 0xc5: // VEX, two bytes
		return at + 3, true
	case code[at] == 0xc4: // VEX, three
		return at + 4, true
	case code[at] == 0x62: // EVEX, four
		return at + 5, true
	case code[at] == 0x0f && (code[at+1] == 0x38 || code[at+1] == 0x3a):
		return at + 3, true
	}
	return 0, false
}

func (arm64) relative(code []byte) bool {
	for ; len(code) >= 4; code = code[4:] {
		inst, err := arm64asm.Decode(code)
		if err != nil && binary.LittleEndian.Uint32(code)&0x1c000000 == 0x14000000 {
			return true // among the branches, but one that the decoder does not know
		}
		for _, arg := range inst.Args {
			if _, ok := arg.(arm64asm.PCRel); ok && err == nil {
				return true
			}
		}
	}
	return false
}

package takeover

import (
	"os"
	"strings"
	"testing"
)

func TestRelative(t *testing.T) {
	type sample struct {
		name string
		code []byte
		want bool
	}
	for _, s := range []sample{
		{"ADR", words(0x10000040), true},
		{"ADRP", words(0x90000000), true},
		{"B", words(0x14000002), true},
		{"BL", words(0x94000002), true},
		{"B.EQ", words(0x54000040), true},
		{"BC.EQ, which the decoder does not know", words(0x54000050), true},
		{"CBZ", words(0xb4000040), true},
		{"CBNZW", words(0x35000040), true},
		{"TBZ", words(0x36000040), true},
		{"TBNZ", words(0xb7080040), true},
		{"LDR W literal", words(literal(0, 27, 8)), true},
		{"LDR X literal", words(literal(1, 27, 8)), true},
		{"LDRSW literal", words(literal(2, 27, 8)), true},
		{"PRFM literal", words(literal(3, 0, 8)), true},
		{"LDR S literal", words(0x1c000040), true},
		{"LDR D literal", words(0x5c000040), true},
		{"LDR Q literal", words(0x9c000040), true},
		{"a literal in the second word", words(0xd503201f, literal(1, 27, 8)), true},
		{"ADD", words(0x91000400), false},
		{"MOVZ, MOVK, LDR", words(0x5282713b, 0x72a0201b, 0xf87b6820), false},
		{"LDR", words(0xf9400020), false},
		{"BLR", words(0xd63f0200), false},
		{"RET", words(0xd65f03c0), false},
		{"CASAL", words(0xc8e0fc41), false},
		{"UNDEF of the assembler", words(0xbea71700), false},
		{"HINT", words(0xd503201f), false},
		{"padding", words(0), false},
	} {
		if got := (arm64{}).relative(s.code); got != s.want {
			t.Errorf("arm64 %s: %v", s.name, got)
		}
	}
	for _, s := range []sample{
		{"JMP rel8", []byte{0xeb, 2}, true},
		{"JMP rel32", []byte{0xe9, 2, 0, 0, 0}, true},
		{"JEQ rel8", []byte{0x74, 2}, true},
		{"JEQ rel32", []byte{0x0f, 0x84, 2, 0, 0, 0}, true},
		{"CALL rel32", []byte{0xe8, 2, 0, 0, 0}, true},
		{"LOOP", []byte{0xe2, 2}, true},
		{"MOVQ 8(PC), AX", []byte{0x48, 0x8b, 0x05, 8, 0, 0, 0}, true},
		{"MOVQ AX, 8(PC)", []byte{0x48, 0x89, 0x05, 8, 0, 0, 0}, true},
		{"LEAQ 8(PC), R12", []byte{0x4c, 0x8d, 0x25, 8, 0, 0, 0}, true},
		{"MOVSD 8(PC), X0", []byte{0xf2, 0x0f, 0x10, 0x05, 8, 0, 0, 0}, true},
		{"JMP *8(PC)", []byte{0xff, 0x25, 8, 0, 0, 0}, true},
		{"VMOVDQU 8(PC), Y0", []byte{0xc5, 0xfe, 0x6f, 0x05, 8, 0, 0, 0}, true},
		{"ANDNQ 8(PC), AX, BX", []byte{0xc4, 0xe2, 0xf8, 0xf2, 0x1d, 8, 0, 0, 0}, true},
		{"VMOVDQU64 8(PC), Z0", []byte{0x62, 0xf1, 0xfe, 0x48, 0x6f, 0x05, 8, 0, 0, 0}, true},
		{"ADCXQ 8(PC), AX", []byte{0x66, 0x48, 0x0f, 0x38, 0xf6, 0x05, 8, 0, 0, 0}, true},
		{"behind another", []byte{0x90, 0xeb, 2}, true},
		{"no instruction", []byte{0x06, 0, 0}, true},
		{"MOVQ 8(SP), AX", []byte{0x48, 0x8b, 0x44, 0x24, 8}, false},
		{"MOVQ 8(BP), AX", []byte{0x48, 0x8b, 0x45, 8}, false},
		{"MOVQ (R13)", []byte{0x49, 0x8b, 0x45, 0}, false},
		{"an absolute address", []byte{0x48, 0x8b, 0x04, 0x25, 8, 0, 0, 0}, false},
		{"PUSHQ BP", []byte{0x55}, false},
		{"MOVQ SP, BP", []byte{0x48, 0x89, 0xe5}, false},
		{"MOVQ $81, CX", []byte{0x48, 0xc7, 0xc1, 81, 0, 0, 0}, false},
		{"CALL AX", []byte{0xff, 0xd0}, false},
		{"RET", []byte{0xc3}, false},
		{"UNDEF", []byte{0x0f, 0x0b}, false},
		{"VZEROUPPER", []byte{0xc5, 0xf8, 0x77}, false},
		{"VMOVDQU (AX), Y0", []byte{0xc5, 0xfe, 0x6f, 0x00}, false},
		{"ANDNQ AX, CX, BX", []byte{0xc4, 0xe2, 0xf0, 0xf2, 0xd8}, false},
		{"ADCXQ BX, AX", []byte{0x66, 0x48, 0x0f, 0x38, 0xf6, 0xc3}, false},
	} {
		if got := (amd64{}).relative(s.code); got != s.want {
			t.Errorf("amd64 %s: %v", s.name, got)
		}
	}
}

// Loads whose pool is not there are problems, and so are those into other registers
// than integer ones.
func TestRelativeIsRefused(t *testing.T) {
	text, err := os.ReadFile("testdata/pools_go1.26.txt")
	if err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(string) string{
		"no pool": func(s string) string {
			for _, word := range []string{"5001", "16777216", "40001", "16842751"} {
				s = strings.Replace(s, "WORD\t$"+word, "NOOP\t$"+word, 1)
			}
			return s
		},
		"between words": func(s string) string { return strings.Replace(s, "1b 02 00 18", "1b 08 00 18", 1) },
		"FMOVD":         func(s string) string { return strings.Replace(s, "1b 02 00 18", "1b 02 00 5c", 1) },
		"PRFM":          func(s string) string { return strings.Replace(s, "1b 02 00 18", "1b 02 00 d8", 1) },
		"eight of four": func(s string) string { return strings.Replace(s, "1b 02 00 18", "1b 02 00 58", 1) },
		"ADR":           func(s string) string { return strings.Replace(s, "1b 02 00 18", "1b 02 00 10", 1) },
	} {
		edited := edit(string(text))
		if edited == string(text) {
			t.Fatalf("%s: nothing to edit", name)
		}
		out, err := Run(Input{
			Arch: "arm64", PackagePath: "example.com/p", Listing: []byte(edited), Env: os.Environ(),
			Funcs: []Func{{Symbol: "coroN0_pools", Name: "pools"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Problems) == 0 || out.Asm != nil {
			t.Errorf("%s: no problem", name)
			continue
		}
		if p := out.Problems[0]; p.Kind != ProblemInstruction || p.Line != 11 || !strings.HasPrefix(p.Symbol, "MOVD R1, 5001(R0) (") {
			t.Errorf("%s: %v", name, p)
		}
	}
}

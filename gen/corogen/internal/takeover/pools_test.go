package takeover

import (
	"encoding/binary"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Of what compilers of three versions load from pools nothing is loaded from there any
// more, whichever assembler assembles it.
func TestPools(t *testing.T) {
	both := []string{
		"WORD $0x52a0201b; WORD $0x8b3b601b; WORD $0xa9000b61 // STP (R1, R2), 16777216(R0)",
		"WORD $0x5293883b; WORD $0xf87b6801 // MOVD 40001(R0), R1",
		"WORD $0x12bfdffb; WORD $0x787b6802 // MOVHU 16842751(R0), R2",
	}
	offsets := []string{
		"WORD $0x5282713b; WORD $0xf83b6801 // MOVD R1, 5001(R0)",
		"WORD $0x5282743b; WORD $0xf83b6be1 // MOVD R1, a-2199(SP)",
		"WORD $0x5282743b; WORD $0xf87b6be0 // MOVD a-2199(SP), R0",
	}
	for version, want := range map[string][]string{
		"go1.25": append(both, offsets...), "go1.26": append(both, offsets...),
		"go1.27": both, // it has found more offsets that fit into two instructions
	} {
		text, err := os.ReadFile("testdata/pools_" + version + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		in := Input{
			Arch: "arm64", GoVersion: version, PackagePath: "example.com/p", PackageName: "p", OutBase: "bodies",
			Shims: map[string]bool{"coroY0": true}, Listing: text, Env: os.Environ(),
			Funcs: []Func{{Symbol: "coroN0_pools", Name: "pools"}, {Symbol: "coroN1_frame", Name: "frame"}},
		}
		out, err := Run(in)
		if err != nil {
			t.Fatalf("%s: %v", version, err)
		}
		if len(out.Problems) > 0 {
			t.Fatalf("%s: %v", version, out.Problems)
		}
		for _, line := range want {
			code, comment, _ := strings.Cut(line, " // ")
			if asm := string(out.Asm); !strings.Contains(asm, code) || !strings.Contains(asm, comment) {
				t.Errorf("%s: missing: %s", version, line)
			}
		}
		if left := regexp.MustCompile(`WORD \$[1-9].*`).FindString(string(out.Asm)); left != "" {
			t.Errorf("%s: of a pool is left: %s", version, left)
		}
		assembled, failed, err := (&takeover{Input: in}).assemble(out.Asm)
		if err != nil || len(failed) > 0 {
			t.Fatalf("%s: %v %v", version, err, failed)
		}
		for _, f := range in.Funcs {
			code := assembled["example.com/p."+f.Symbol].data
			for k := 0; k+4 <= len(code); k += 4 {
				if isLiteralLoad(le32(code[k:])) {
					t.Errorf("%s: %s loads from a pool at %#x", version, f.Name, k)
				}
			}
		}
	}
}

func isLiteralLoad(code uint32) bool { return code&0x3b000000 == 0x18000000 }

// literal is a load of a form (LDR of W, of X, LDRSW, PRFM) from a distance.
func literal(form, register, distance int) uint32 {
	return uint32(form)<<30 | 0x18000000 | uint32(distance/4&0x7ffff)<<5 | uint32(register)
}

func words(list ...uint32) (code []byte) {
	for _, w := range list {
		code = binary.LittleEndian.AppendUint32(code, w)
	}
	return code
}

// execute returns the constant that MOVZ, MOVN and MOVK make.
func execute(t *testing.T, code []byte, register int) (value uint64) {
	t.Helper()
	for k := 0; k < len(code); k += 4 {
		w := le32(code[k:])
		shift := 16 * (w >> 21 & 3)
		half := uint64(w>>5&0xffff) << shift
		if int(w&31) != register || w>>31 == 0 && shift > 16 {
			t.Errorf("%#x has register %d and shift %d", w, w&31, shift)
		}
		switch w & 0x7f800000 {
		case 0x52800000:
			value = half
		case 0x12800000:
			value = ^half
		case 0x72800000:
			value = value&^(0xffff<<shift) | half
		default:
			t.Errorf("%#x is no MOVZ, MOVN or MOVK", w)
		}
		if w>>31 == 0 {
			value = uint64(uint32(value))
		}
	}
	return value
}

func TestConstantsOfPools(t *testing.T) {
	for _, c := range []struct {
		value uint64
		most  [3]int // instructions for W, X and SW
	}{
		{0, [3]int{1, 1, 1}}, {1, [3]int{1, 1, 1}}, {5001, [3]int{1, 1, 1}}, {0xffff, [3]int{1, 1, 1}}, {0x10000, [3]int{1, 1, 1}},
		{0x1000001, [3]int{2, 2, 2}}, {0x7fffffff, [3]int{1, 2, 2}}, {0x80000000, [3]int{1, 1, 2}}, {0xffff1234, [3]int{1, 2, 1}}, {0xffffffff, [3]int{1, 2, 1}},
		{0x123456789, [3]int{2, 3, 2}}, {0x123456789abcdef0, [3]int{2, 4, 2}}, {1 << 63, [3]int{1, 1, 1}},
		{0xffffffffffffffff, [3]int{1, 1, 1}}, {0xfffffffffffeee91, [3]int{2, 2, 2}}, {0xffff0000ffff1234, [3]int{1, 3, 1}},
	} {
		data := binary.LittleEndian.AppendUint64(nil, c.value)
		for form, want := range []uint64{uint64(uint32(c.value)), c.value, uint64(int64(int32(c.value)))} {
			for _, distance := range []int{8, -8, 1<<20 - 4, -1 << 20} {
				code, ok := withoutLoad(words(literal(form, 27, distance)), 1<<21, map[int][]byte{1<<21 + distance: data})
				if !ok {
					t.Fatalf("%#x from %d: not understood", c.value, distance)
				}
				if got := execute(t, code, 27); got != want {
					t.Errorf("form %d of %#x is %#x", form, c.value, got)
				}
				if len(code) > 4*c.most[form] {
					t.Errorf("form %d of %#x takes %d instructions", form, c.value, len(code)/4)
				}
			}
		}
	}
}

// A pool in the middle of a function, where one is when the function is too large to
// reach its end: it is no instruction, and what comes before and after it remains.
func TestPoolsInTheMiddle(t *testing.T) {
	at := 0
	next := func(op, args string, code ...uint32) *step {
		s := &step{instr: &instr{op: op, args: args, offset: at, code: words(code...)}}
		at += len(s.code)
		s.end = at
		return s
	}
	const access, ret = 0xf87b6820, 0xd65f03c0 // LDR (R1)(R27), R0
	f := &function{symbol: &symbol{}, raw: map[int]bool{}, steps: []*step{
		next("MOVD", "5001(R1), R0", literal(0, 27, 12), access),
		next("JMP", "24", 0x14000004),
		next("WORD", "$5001", 5001),
		next("DWORD", "$-70001", 0xfffeee8f, 0xffffffff),
		next("MOVD", "-70001(R1), R0", literal(1, 27, -8), access),
		next("RET", "(R30)", ret),
	}}
	arm64{}.read(&takeover{}, f)
	var got []string
	for _, s := range f.steps {
		got = append(got, fmt.Sprintf("%d %s %x %v", s.offset, s.op, s.code, f.raw[s.offset]))
	}
	want := []string{
		fmt.Sprintf("0 MOVD %x true", words(0x5282713b, access)),
		fmt.Sprintf("8 JMP %x false", words(0x14000004)),
		fmt.Sprintf("24 MOVD %x true", words(0x92822e1b, 0xf2bfffdb, access)),
		fmt.Sprintf("32 RET %x false", words(ret)),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// What is written besides the compiler's instructions needs no pool either, and so its
// calls return to where these end.
func TestFarOffsets(t *testing.T) {
	emitted := func(f *function, s *step) []string {
		w := &writer{marks: map[int]mark{}}
		s.instr = &instr{op: "RET"}
		arm64{}.emit(&takeover{text: w}, f, s)
		return strings.Split(strings.TrimSpace(w.String()), "\n\t")
	}
	bulk := emitted(&function{}, &step{action: callBulk, symbol: "wbMove", words: []int64{32760, 1<<24 + 8}})
	for _, want := range []string{
		"MOVD 32760(R1), R19|MOVD 32760(R2), R20|MOVD $16, R25",
		"ADD $16777224, R1, R19|MOVD 0(R19), R19|ADD $16777224, R2, R20|MOVD 0(R20), R20|MOVD $16, R25",
	} {
		if !strings.Contains(strings.Join(bulk, "|"), want) {
			t.Errorf("%q has no %s", bulk, want)
		}
	}
	for frame, want := range map[int]string{
		4080:  "MOVD ZR, -4072(R19)|MOVD ZR, -8(R19)",
		4096:  "SUB $4096, R19|MOVD ZR, 8(R19)|MOVD ZR, 4088(R19)",
		65536: "SUB $65536, R19|MOVD ZR, 8(R19)|MOVD ZR, 65528(R19)",
	} {
		f := &function{symbol: &symbol{frame: frame}}
		text := strings.Join(emitted(f, &step{action: returns, forget: []int{8, frame - 8}}), "|")
		if !strings.Contains(text, want) {
			t.Errorf("frame %d: %s has no %s", frame, text, want)
		}
	}
}

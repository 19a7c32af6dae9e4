package takeover

import (
	"slices"
	"strings"
	"testing"
)

func TestOperands(t *testing.T) {
	for args, want := range map[string][]string{
		"":                          nil,
		"AX, BX":                    {"AX", "BX"},
		`go:string."a, (b"(SB), R8`: {`go:string."a, (b"(SB)`, "R8"},
		"(AX)(CX*8), DX":            {"(AX)(CX*8)", "DX"},
		"(R1, R2), 16(RSP)":         {"(R1, R2)", "16(RSP)"},
	} {
		if got := operands(args); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", args, got, want)
		}
	}
}

func TestFrameUse(t *testing.T) {
	for text, want := range map[string]frameUse{
		"8(SP)":                      {offset: 8, base: "SP"},
		"-16(RSP)":                   {offset: -16, base: "RSP"},
		"x/p.n+24(SP)":               {name: "x/p.n", offset: 24, base: "SP"},
		"x/p..autotmp_8(SP)":         {name: "x/p..autotmp_8", base: "SP"},
		"$x/p.a-40(SP)":              {address: true, name: "x/p.a", offset: -40, base: "SP"},
		"x/p.a+56(SP)(CX*8)":         {name: "x/p.a", offset: 56, base: "SP", index: "(CX*8)"},
		"example.com/p.s+8(FP)":      {name: "example.com/p.s", offset: 8, base: "FP"},
		"example.com/p.coroTmp0(SP)": {name: "example.com/p.coroTmp0", base: "SP"},
	} {
		if got, ok := parseFrameUse(text); !ok || got != want {
			t.Errorf("%s: %+v %v, want %+v", text, got, ok, want)
		}
	}
	for _, text := range []string{"AX", "$8", "x/p.v(SB)", "16(R14)", "$-1"} {
		if u, ok := parseFrameUse(text); ok {
			t.Errorf("%s was taken for %+v", text, u)
		}
	}
}

// encodeBounds is BoundsEncode of internal/abi.
func encodeBounds(code int, signed bool, x, y operand) int {
	c := 0
	if x.register {
		c = 1 | x.n<<3
		if signed {
			c |= 4
		}
	} else {
		c = x.n << 2
	}
	if y.register {
		c |= 2
	}
	return (c|y.n<<7)*numBoundsCodes + code
}

func TestDecodeBounds(t *testing.T) {
	for code := range numBoundsCodes {
		for _, x := range []operand{{true, 0}, {true, 15}, {false, 0}, {false, 31}} {
			for _, y := range []operand{{true, 0}, {true, 9}, {false, 0}, {false, 31}} {
				for _, signed := range []bool{false, true} {
					gotCode, gotX, gotY := decodeBounds(encodeBounds(code, signed, x, y))
					want := code
					if x.register && !signed {
						want |= unsignedIndex
					}
					if gotCode != want || gotX != x || gotY != y {
						t.Errorf("%d %v %v %v: got %d %v %v", code, signed, x, y, gotCode, gotX, gotY)
					}
				}
			}
		}
	}
}

// made is a function of given steps over one slot, whose sites publish it if
// live.
func made(steps ...*step) *function {
	f := &function{symbol: &symbol{}, slots: []int{24}, hazard: 1 << 30}
	for k, s := range steps {
		s.instr = &instr{offset: k}
		f.steps = append(f.steps, s)
	}
	f.plan()
	return f
}

func TestPlan(t *testing.T) {
	call := func(live ...int) *step { return &step{action: callNative, site: true, live: live} }
	write := func() *step { return &step{uses: []stackOperand{{offset: 24, size: 8, written: true}}} }
	ret := func() *step { return &step{action: returns, ends: true} }
	jump := func(to int) *step { return &step{targets: []int{to}} }

	for name, c := range map[string]struct {
		f       *function
		publish []int // steps that publish
		forget  []int // steps that forget
	}{
		"published once":         {made(call(24), call(24), ret()), []int{0}, []int{2}},
		"again after a write":    {made(call(24), write(), call(24), ret()), []int{0, 2}, []int{3}},
		"forgotten when dead":    {made(call(24), call(), ret()), []int{0}, []int{1}},
		"never live":             {made(call(), ret()), nil, nil},
		"early return":           {made(jump(3), call(24), ret(), ret()), []int{1}, []int{2}},
		"a loop comes back":      {made(write(), call(24), jump(0), ret()), []int{1}, []int{3}},
		"paths join":             {made(jump(2), call(24), call(24), ret()), []int{1, 2}, []int{3}},
		"paths join, dead there": {made(jump(2), call(24), call(), ret()), []int{1}, []int{2}},
	} {
		var publish, forget []int
		for k, s := range c.f.steps {
			if len(s.publish) > 0 {
				publish = append(publish, k)
			}
			if len(s.forget) > 0 {
				forget = append(forget, k)
			}
		}
		if !slices.Equal(publish, c.publish) || !slices.Equal(forget, c.forget) {
			t.Errorf("%s: publishes at %v, forgets at %v; want %v and %v", name, publish, forget, c.publish, c.forget)
		}
	}
}

// A slot that something holds the address of is published at every site.
func TestPlanWithHazard(t *testing.T) {
	f := &function{symbol: &symbol{}, slots: []int{24}, hazard: 16}
	for k := range 2 {
		f.steps = append(f.steps, &step{instr: &instr{offset: k}, action: callNative, site: true, live: []int{24}})
	}
	f.plan()
	for k, s := range f.steps {
		if !slices.Equal(s.publish, []int{24}) {
			t.Errorf("site %d publishes %v", k, s.publish)
		}
	}
}

// What a barrier reserves is written before anything that can fault.
func TestFills(t *testing.T) {
	for code, want := range map[string]bool{
		"MOVQ AX, (R11)":                                                  false, // one of two
		"MOVQ AX, (R11); MOVQ CX, 8(R11)":                                 true,
		"MOVQ AX, (R11); MOVQ 40(SP), DX; MOVQ DX, 8(R11)":                true,
		"MOVQ AX, (R11); LEAQ 8(CX), DX; MOVQ DX, 8(R11)":                 true,
		"MOVQ AX, (R11); LEAQ x/p.v(SB), DX; MOVQ DX, 8(R11)":             true,
		"MOVQ AX, (R11); NOP; MOVQ $0, 8(R11)":                            true,
		"MOVQ AX, (R11); MOVQ (CX), DX; MOVQ DX, 8(R11)":                  false,
		"MOVQ AX, (R11); MOVQ x/p.v(SB), DX; MOVQ DX, 8(R11)":             false,
		"MOVQ AX, (R11); TESTB AX, (CX); MOVQ DX, 8(R11)":                 false,
		"MOVQ AX, (R11); MOVQ DX, (CX); MOVQ DX, 8(R11)":                  false,
		"MOVQ AX, (R11); MOVQ AX, R11; MOVQ DX, 8(R11)":                   false,
		"MOVQ AX, (R11); JMP 99; MOVQ DX, 8(R11)":                         false,
		"arm64 STP (R1, R2), (R25)":                                       true,
		"arm64 MOVD R1, (R25); MOVD 56(RSP), R2; MOVD R2, 8(R25)":         true,
		"arm64 MOVD R1, (R25); MOVD $x/p.v(SB), R2; STP (R2, R3), 8(R25)": false, // three of two
		"arm64 MOVD R1, (R25); MOVD (R3), R2; MOVD R2, 8(R25)":            false,
		"arm64 MOVD R1, (R25); LDP (R3), (R2, R4); MOVD R2, 8(R25)":       false,
	} {
		to := &takeover{machine: amd64{}}
		text, arm := strings.CutPrefix(code, "arm64 ")
		if arm {
			to.machine = arm64{}
		}
		f := &function{symbol: &symbol{}, steps: []*step{{instr: &instr{}, action: callBarrier, number: 2}}}
		for text := range strings.SplitSeq(text, "; ") {
			op, args, _ := strings.Cut(text, " ")
			s := &step{instr: &instr{op: op, args: args}}
			switch op {
			case "NOP":
				s.action = dropInstr
			case "JMP":
				s.targets, s.ends = []int{99}, true
			}
			f.steps = append(f.steps, s)
		}
		if got := to.fills(f, 0); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
}

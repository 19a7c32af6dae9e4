package takeover

import (
	"fmt"
	"regexp"
	"strings"
)

// routines of the machine layer stand in for these of the runtime. They call
// nothing and use no stack.
var leaves = map[string]string{
	"runtime.memequal":             "memequal",
	"runtime.cmpstring":            "cmpstring",
	"runtime.memmove":              "memmove",
	"runtime.memclrNoHeapPointers": "memclr",
}

// helpers are Go functions of package coro that do what these of the runtime
// do, whose arguments need no type descriptor.
var helpers = map[string]string{
	"runtime.concatstring2":     "rtConcatString2",
	"runtime.concatstring3":     "rtConcatString3",
	"runtime.concatstring4":     "rtConcatString4",
	"runtime.concatstring5":     "rtConcatString5",
	"runtime.concatstrings":     "rtConcatStrings",
	"runtime.slicebytetostring": "rtSliceByteToString",
	"runtime.stringtoslicebyte": "rtStringToSliceByte",
	"runtime.stringtoslicerune": "rtStringToSliceRune",
	"runtime.slicerunetostring": "rtSliceRuneToString",
	"runtime.intstring":         "rtIntString",
	"runtime.decoderune":        "rtDecodeRune",
	"runtime.countrunes":        "rtCountRunes",
	"runtime.complex128div":     "rtComplex128Div",
}

// Codes of failures, beside those of the runtime's bounds checks, which start
// at 0 and get unsignedIndex if the index cannot be negative.
const (
	unsignedIndex = 16
	failDivide    = 32
	failShift     = 33
)

// failures take no values. All else that panics is refused, and so becomes a shim.
var failures = map[string]int{
	"runtime.panicdivide": failDivide,
	"runtime.panicshift":  failShift,
}

// boundsFunctions are the ones of Go 1.25, which have their values in fixed
// registers, by number among the first four: see asm_*.s of package runtime.
var boundsFunctions = map[string]struct{ code, x, y int }{
	"Index": {0, 0, 1}, "SliceAlen": {1, 1, 2}, "SliceAcap": {2, 1, 2}, "SliceB": {3, 0, 1},
	"Slice3Alen": {4, 2, 3}, "Slice3Acap": {5, 2, 3}, "Slice3B": {6, 1, 2}, "Slice3C": {7, 0, 1},
	"SliceConvert": {8, 2, 3},
}

// numBoundsCodes is the number of the runtime's bounds failures.
const numBoundsCodes = 9

// decodeBounds takes a PCDATA value of Go 1.26 apart: see internal/abi/bounds.go.
func decodeBounds(v int) (code int, x, y operand) {
	code = v % numBoundsCodes
	c := v / numBoundsCodes
	x.register, y.register = c&1 != 0, c&2 != 0
	c >>= 2
	if x.register {
		if c&1 == 0 {
			code |= unsignedIndex
		}
		x.n, c = c>>1&15, c>>5
	} else {
		x.n, c = c&31, c>>5
	}
	if y.register {
		y.n = c & 15
	} else {
		y.n = c & 31
	}
	return code, x, y
}

// classify says what becomes of each call of f and of each use of data.
func (t *takeover) classify(f *function) {
	for _, s := range f.steps {
		if s.isCall() {
			t.classifyCall(f, s)
		}
		if _, _, ok := s.duff(); ok {
			s.action = duffDevice
		}
		if s.action == copyInstr && s.op == "ADR" {
			s.action = dropInstr // the return address of such a device, for tracebacks
		}
		if s.action == copyInstr {
			for _, r := range s.relocs {
				t.classifyData(f, s, r)
			}
		}
	}
	for k, s := range f.steps {
		if s.action == callBarrier && !t.fills(f, k) {
			t.problem(f, s.instr, ProblemInstruction, s.text()+" whose buffer is not filled at once")
		}
	}
	// The descriptor of a bulk barrier's type is loaded some steps before.
	for k, s := range f.steps {
		if s.action != callBulk {
			continue
		}
		for j := k - 1; j >= 0 && j > k-12; j-- {
			if d := f.steps[j]; d.action == dropInstr && strings.HasPrefix(d.symbol, "type:") {
				s.symbol += " " + d.symbol
				if size, offsets, ok := t.Pointers(strings.TrimPrefix(d.symbol, "type:")); ok && size > 0 && len(offsets) <= 64 {
					s.words = offsets
				} else {
					t.problem(f, s.instr, ProblemType, d.symbol)
				}
				break
			}
		}
		if s.words == nil {
			t.problem(f, s.instr, ProblemType, s.symbol)
		}
	}
	for _, s := range f.steps {
		if s.action == dropInstr && strings.HasPrefix(s.symbol, "type:") && !f.bulkUses(s) {
			t.problem(f, s.instr, ProblemType, s.symbol)
		}
	}
}

func (f *function) bulkUses(d *step) bool {
	for k, s := range f.steps {
		if s == d {
			for _, s := range f.steps[k+1 : min(k+12, len(f.steps))] {
				if s.action == callBulk {
					return true
				}
			}
		}
	}
	return false
}

// isCall reports whether the step leaves the function to come back.
func (s *step) isCall() bool {
	switch s.op {
	case "CALL", "BL":
		return true
	}
	return false
}

func (t *takeover) classifyCall(f *function, s *step) {
	if len(s.relocs) == 0 {
		s.action, s.site, s.kind = callFunc, true, "CallGo"
		if !t.closureCall(f, s) {
			t.problem(f, s.instr, ProblemIndirect, s.args)
		}
		return
	}
	sym := s.relocs[0].sym
	if own, ok := strings.CutPrefix(sym, t.PackagePath+"."); ok {
		if target := t.bySymbol[own]; target != nil {
			s.action, s.target, s.site, s.kind = callNative, target, true, "Call"
			return
		}
		if t.Shims[own] {
			s.symbol, s.site = own, true
			switch {
			case strings.HasPrefix(own, "coroY"):
				s.action, s.kind = callYield, "Yield"
			case strings.HasPrefix(own, "coroG"):
				s.action, s.kind = callGo, "CallGo"
			case strings.HasPrefix(own, "coroO"):
				s.action, s.kind = callOp, "CallGo"
			case strings.HasPrefix(own, "coroX"):
				s.action, s.kind = callExternal, "Call"
			}
			return
		}
	}
	name, _ := strings.CutPrefix(sym, "runtime.")
	switch {
	case strings.HasPrefix(name, "morestack"):
		s.action, s.site, s.kind, s.frame = callGrow, true, "Prologue", 0
	case name == "goschedguarded":
		s.action, s.site, s.kind = callPoll, true, "Poll"
	case leaves[sym] != "":
		s.action, s.symbol = callLeaf, leaves[sym]
	case helpers[sym] != "":
		s.action, s.symbol, s.site, s.kind = callRuntime, helpers[sym], true, "CallGo"
	case strings.HasPrefix(name, "gcWriteBarrier"):
		s.action = callBarrier
		fmt.Sscanf(name, "gcWriteBarrier%d", &s.number)
	case name == "wbMove", name == "wbZero":
		s.action, s.symbol = callBulk, name
	case name == "panicBounds":
		s.fail()
		s.number, s.x, s.y = decodeBounds(s.bounds)
	case failures[sym] != 0:
		s.fail()
		s.number = failures[sym]
	case strings.HasPrefix(name, "panic"):
		which, unsigned := strings.TrimPrefix(name, "panic"), false
		b, ok := boundsFunctions[which]
		if !ok {
			which, unsigned = strings.CutSuffix(which, "U")
			b, ok = boundsFunctions[which]
		}
		if !ok {
			t.problem(f, s.instr, ProblemCall, sym)
			return
		}
		s.fail()
		s.number = b.code
		if unsigned {
			s.number |= unsignedIndex
		}
		s.x, s.y = t.machine.boundsRegister(b.x), t.machine.boundsRegister(b.y)
	default:
		t.problem(f, s.instr, ProblemCall, sym)
	}
}

func (s *step) fail() {
	s.action, s.site, s.kind, s.ends = callFail, true, "Trap", true
}

// oneOperand are instructions that change what they name and nothing else.
var oneOperand = regexp.MustCompile(`^(INC|DEC|NEG|NOT|BSWAP|SET|NOP)`)

// closureCall reports whether a call through a register is one of a func value:
// its code was loaded from the closure, which the context register holds. A
// method of an interface is called without. It looks at what the registers hold
// since the last label or call.
func (t *takeover) closureCall(f *function, call *step) bool {
	labels := f.branchedTo()
	values := map[string]string{} // of registers, by where they were first
	value := func(register string) string {
		if v, ok := values[register]; ok {
			return v
		}
		return register
	}
	for k, s := range f.steps {
		if labels[s.offset] {
			clear(values) // a branch may bring others
		}
		if s == call {
			return value(strings.Trim(call.args, "()")) == "*"+value(t.machine.contextRegister())
		}
		if len(s.targets) > 0 {
			continue // a branch changes nothing
		}
		ops := operands(s.args)
		if s.isCall() && s.action != callBarrier || s.action == copyInstr && len(ops) < 2 && !oneOperand.MatchString(s.op) {
			clear(values) // some change registers that they do not name
		}
		if len(ops) == 0 || comparison.MatchString(s.op) {
			continue
		}
		now := fmt.Sprint("step ", k)
		from := strings.Trim(ops[0], "()")
		if len(ops) == 2 && (s.op == "MOVQ" || s.op == "MOVD") && t.machine.register(from) != 0 {
			switch ops[0] {
			case from:
				now = value(from)
			case "(" + from + ")":
				now = "*" + value(from)
			}
		}
		for _, to := range strings.Split(strings.Trim(last(ops), "()"), ", ") {
			values[to] = now
		}
	}
	return false
}

// classifyData decides about an instruction that refers to a symbol.
func (t *takeover) classifyData(f *function, s *step, r reloc) {
	switch {
	case r.sym == "runtime.writeBarrier":
	case strings.HasPrefix(r.sym, "type:"):
		s.action, s.symbol = dropInstr, r.sym // a problem unless a bulk barrier follows
	case isJumpTable(t, r.sym):
		s.action = jumpTable
	default:
		if _, ok := t.reference(r.sym); !ok {
			t.problem(f, s.instr, ProblemData, r.sym)
		}
	}
}

func isJumpTable(t *takeover, sym string) bool {
	return strings.HasPrefix(sym, t.PackagePath+".") && strings.Contains(sym, ".jump")
}

package takeover

import (
	"fmt"
	"strings"
	"unsafe"

	"github.com/morestack/morestack"
)

// A release of Go may change what is relied on here without anything else noticing: code
// would come out without roots, would not be interruptible, or never find its stack too
// small. Whatever is not as expected is an error or a problem.

// controlGuard is where the compiler's prologues find g's stackguard0, and so where a
// Control has its own.
const controlGuard = unsafe.Offsetof(morestack.Control{}.StackGuard)

// expected returns an error, or has a problem, if a function is not compiled as it always
// was.
func (t *takeover) expected(f *function) error {
	maps := map[string]symbolMaps{
		"arguments": {f.symbol.funcs[funcdataArgs], t.list.bitmaps(f.symbol.funcs[funcdataArgs])},
		"locals":    {f.symbol.funcs[funcdataLocals], t.list.bitmaps(f.symbol.funcs[funcdataLocals])},
	}
	for _, s := range f.steps {
		if s.site && s.stackMap >= 0 && s.action != callFail {
			for of, m := range maps {
				if !strings.HasPrefix(m.name, "gclocals·") || s.stackMap >= m.n {
					return fmt.Errorf("%s has compiled %s in a way that this corogen does not know (there is no map %d of its %s): "+
						"get a newer one, or generate with an older Go", t.GoVersion, f.Name, s.stackMap, of)
				}
			}
		}
		for _, o := range operands(s.args) {
			if t.machine.reserved(o) && !t.machine.guard(o) {
				t.problem(f, s.instr, ProblemInstruction, s.text()) // after a call of assembly, g is loaded anew
			}
		}
	}
	return nil
}

type symbolMaps struct {
	name string
	bitmaps
}

// polls returns an error if the compiler puts no polls into loops: the function of in.Loop
// has one.
func (t *takeover) polls() error {
	if t.Loop == "" {
		return nil
	}
	if s := t.list[t.PackagePath+"."+t.Loop]; s != nil {
		for _, r := range s.relocs {
			if r.sym == "runtime.goschedguarded" {
				return nil
			}
		}
	}
	return fmt.Errorf("%s puts no polls into loops, which could not be interrupted: corogen relies on GOEXPERIMENT=preemptibleloops; get a newer corogen, or generate with an older Go", t.GoVersion)
}

// reserved reports whether an operand uses the register that holds g.
func (amd64) reserved(operand string) bool {
	return operand == "R14" || strings.Contains(operand, "(R14)") || strings.Contains(operand, "(R14*")
}

func (arm64) reserved(operand string) bool {
	return operand == "g" || strings.Contains(operand, "(g)") || operand == "R18" || strings.Contains(operand, "(R18)")
}

// guard reports whether an operand is g's stackguard0.
func (amd64) guard(operand string) bool { return operand == fmt.Sprintf("%d(R14)", controlGuard) }
func (arm64) guard(operand string) bool { return operand == fmt.Sprintf("%d(g)", controlGuard) }

// Package takeover makes assembly and maps of what the Go compiler made of the
// lowered functions of a package.
//
// It reads the compiler's listing (-S), in which code, relocations, pointer
// maps and positions are; replaces what belongs to a goroutine (calls of the
// runtime, the write-barrier flag) by what a coroutine has in its place; adds
// the publication of pointers; and writes text for the assembler. That text is
// assembled, and every instruction taken over compared with the compiler's
// bytes. An instruction whose text assembles to something else is written as
// bytes, with its text as a comment. In the end all are that need neither linker
// nor a table of frame sizes, so that every assembler makes the same of them.
package takeover

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"github.com/morestack/morestack"
)

// Where code finds what it needs in the Control.
const (
	controlShadow  = unsafe.Offsetof(morestack.Control{}.Shadow)
	controlMarking = unsafe.Offsetof(morestack.Control{}.Marking)
)

// Func is a native function of the package.
type Func struct {
	Symbol string // "coroN0_walk"
	Name   string // for people: "walk", "(*Tree).walk", "walk[int]"
	Pinned bool   // its pointers are reachable from the coroutine's arguments: publish nothing
	Entry  bool   // a coroutine starts in it
	Rare   bool   // called so seldom that coroutines do not start with room for it
}

// Input is a compiled package.
type Input struct {
	Arch        string // "amd64" or "arm64"
	GoVersion   string // "go1.26.8", recorded
	PackagePath string // as in symbol names
	ImportPath  string // as in import declarations
	PackageName string
	Dir         string // of the package: positions in it are kept
	GOROOT      string // whose code may be inlined, besides the package's own
	OutBase     string // name of the generated files without _arch and extension
	Funcs       []Func
	Shims       map[string]bool // functions that the lowering has declared
	Imports     string          // Go source: elements of coro.Code.Imports
	Loop        string          // symbol of a function that loops, in which there has to be a poll; or ""
	Listing     []byte
	Env         []string // for the assembler

	// Pointers tells size and pointer offsets of the type with a link name.
	Pointers func(linkName string) (size int64, offsets []int64, ok bool)
}

// Kinds of problems.
const (
	ProblemCall        = "call"        // of a function that is neither native nor a shim
	ProblemIndirect    = "indirect"    // call of what is no closure
	ProblemType        = "type"        // use of a type descriptor
	ProblemData        = "data"        // use of data that assembly cannot name
	ProblemObject      = "object"      // a variable whose address is taken holds pointers
	ProblemAddress     = "address"     // an address is used that no map showed at a site before
	ProblemInlined     = "inlined"     // code of another package
	ProblemInstruction = "instruction" // not understood
)

// Problem is something that cannot be taken over.
type Problem struct {
	Func   string // symbol of the native function
	Symbol string // what it refers to
	Kind   string
	File   string
	Line   int
}

func (p Problem) String() string {
	return fmt.Sprintf("%s:%d: %s in %s: %s", p.File, p.Line, p.Kind, p.Func, p.Symbol)
}

// Output is what goes into the package.
type Output struct {
	Asm      []byte // _arch.s
	Tables   []byte // _arch.go
	Problems []Problem
	Raw      int // instructions written as bytes because their text did not do
	Total    int
}

// Run takes over the functions of in. If there are problems, the files are not
// made. An error means that the listing contradicts itself, or the assembler
// the compiler.
func Run(in Input) (*Output, error) {
	var m machine
	switch in.Arch {
	case "amd64":
		m = amd64{}
	case "arm64":
		m = arm64{}
	default:
		return nil, fmt.Errorf("takeover: no native code for %s", in.Arch)
	}
	t := newTakeover(in, m)
	if err := t.polls(); err != nil {
		return nil, err
	}
	if err := t.read(); err != nil {
		return nil, err
	}
	t.connect()
	if len(t.problems) == 0 {
		if err := t.settle(); err != nil {
			return nil, err
		}
	}
	if len(t.problems) > 0 {
		slices.SortFunc(t.problems, func(a, b Problem) int {
			return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Func, b.Func), strings.Compare(a.Symbol, b.Symbol))
		})
		return &Output{Problems: slices.Compact(t.problems)}, nil
	}
	text, err := t.encoded()
	if err != nil {
		return nil, err
	}
	out := &Output{Asm: text, Tables: t.tables()}
	for _, f := range t.funcs {
		out.Total += len(f.instrs)
		out.Raw += len(f.raw)
	}
	return out, nil
}

func newTakeover(in Input, m machine) *takeover {
	wanted := map[string]bool{in.PackagePath + "." + in.Loop: true}
	for _, f := range in.Funcs {
		wanted[in.PackagePath+"."+f.Symbol] = true
	}
	return &takeover{Input: in, machine: m, list: parse(in.Listing, func(name string) bool { return wanted[name] })}
}

type takeover struct {
	Input
	machine  machine
	list     listing
	funcs    []*function
	bySymbol map[string]*function
	problems []Problem

	data      data
	text      *writer
	assembled listing // what the assembler made of text
}

// machine is what differs between architectures.
type machine interface {
	// read decodes what the neutral part must know of f: branches, calls,
	// depths, stack slots written.
	read(t *takeover, f *function)
	// emit writes the instruction.
	emit(t *takeover, f *function, s *step)
	// end writes what belongs behind the function's last step.
	end(t *takeover, f *function)
	// depth writes an instruction that is never reached, from which the
	// assembler concludes that frames are larger by n bytes from here on.
	depth(w *writer, n int)
	// entries writes the body of coroEntries.
	entries(t *takeover)
	// relative reports whether code refers to something by its distance.
	relative(code []byte) bool
	// bytes are instructions for the assembler.
	bytes(code []byte) string
	// equivalent reports whether code does for a coroutine what the
	// compiler's bytes do for a goroutine.
	equivalent(s *step, code []byte) bool
	// argument area and locals of a frame of the given size, from SP.
	localsEnd(frame int) int
	argsStart(frame int) int
	// frameOffset is how far from SP an operand of the frame lies.
	frameOffset(f *function, u frameUse) int
	// control reports whether a register is that of the Control.
	control(register string) bool
	// reserved reports whether an operand uses the register that holds g, and guard
	// whether it is g's stackguard0.
	reserved(operand string) bool
	guard(operand string) bool
	// device writes the stores of Duff's device for symbol from offset add on.
	device(w *writer, symbol string, add int)
	// deviceRegisters are those with the addresses that Duff's device for symbol writes
	// and reads.
	deviceRegisters(symbol string) (to, from string)
	// contextRegister holds the closure while a func value is called.
	contextRegister() string
	// register finds the integer registers in an operand that is one or two.
	register(operand string) registers
	// argumentRegisters are those that pass integers, in order.
	argumentRegisters() []string
	// barrierRegister has the address of the words that a barrier reserves.
	barrierRegister() string
	// boundsRegister is the n-th register of Go 1.25's bounds failures.
	boundsRegister(n int) operand
}

// function is a native function on its way from listing to assembly.
type function struct {
	Func
	*symbol
	steps       []*step
	objects     []object
	slots       []int        // pointer slots of all its sites, from SP
	hazard      int          // slots from here up may be written through a pointer
	raw         map[int]bool // offsets of instructions to write as bytes
	first, last int          // lines of the text

	calls  []*function // native functions it calls directly
	yields bool        // it or what it calls yields or calls Go: it returns by a jump
	saves  bool        // it or what it calls calls Go functions
	roots  bool        // it or what it calls publishes
	inner  int         // frame of the one function that it calls, or 0
	shape  *assembled
	slow   []*step // publications that need their out-of-line half
}

// What a step is besides an instruction to copy.
type action int

const (
	copyInstr    action = iota
	dropInstr           // padding
	callNative          // another function of the package, or itself
	callExternal        // a function of another package
	callYield
	callGo   // a shim
	callOp   // a shim that is an operation
	callFunc // a func value
	callRuntime
	callPoll
	callGrow
	callFail
	callLeaf // a routine of the machine layer in place of one of the runtime
	callBarrier
	callBulk // wbMove, wbZero
	jumpTable
	duffDevice
	returns
)

// step is an instruction and what becomes of it.
type step struct {
	*instr
	action  action
	target  *function // callNative
	symbol  string    // of the shim, routine or type
	frame   int       // bytes between SP and the return address before it, or on arm64 the caller's SP
	after   int       // the same after it
	targets []int     // offsets it may branch to
	ends    bool      // control does not go on to the next step

	site    bool    // can be suspended here
	kind    string  // of the site, as package stackcopy names it
	live    []int   // pointer slots of the site, from SP
	publish []int   // slots whose shadow takes their value
	forget  []int   // slots whose shadow becomes nil
	words   []int64 // pointer offsets of a bulk barrier
	uses    []stackOperand
	number  int // code of a failure, or words of a barrier
	x, y    operand
}

// operand is a value that a failure reports.
type operand struct {
	register bool
	n        int
}

func (t *takeover) problem(f *function, i *instr, kind, symbol string) {
	t.problems = append(t.problems, Problem{f.Symbol, symbol, kind, i.file, i.line})
}

// read finds the functions in the listing and decodes them.
func (t *takeover) read() error {
	t.bySymbol = map[string]*function{}
	for _, fn := range t.Funcs {
		s := t.list[t.PackagePath+"."+fn.Symbol]
		if s == nil {
			return fmt.Errorf("takeover: the compiler's listing has no function %s", fn.Symbol)
		}
		f := &function{Func: fn, symbol: s, hazard: 1 << 30, raw: map[int]bool{}}
		t.funcs = append(t.funcs, f)
		t.bySymbol[fn.Symbol] = f
	}
	for _, f := range t.funcs {
		f.objects = t.list.objects(f.symbol.funcs[funcdataObjects])
		for _, i := range f.instrs {
			f.steps = append(f.steps, &step{instr: i})
		}
		t.machine.read(t, f)
		f.hazards()
		t.classify(f)
		if err := t.expected(f); err != nil {
			return err
		}
		t.refuseRelative(f)
		t.refuseInlined(f)
		t.sites(f)
		t.untracked(f)
	}
	return nil
}

// refuseInlined refuses code of other packages: it would be out of date with another
// release of them. The standard library's is the lowering's to judge.
func (t *takeover) refuseInlined(f *function) {
	for _, s := range f.steps {
		own := filepath.Dir(s.file) == filepath.Clean(t.Dir)
		if filepath.IsAbs(s.file) && !own && !strings.HasPrefix(s.file, filepath.Join(t.GOROOT, "src")+string(filepath.Separator)) {
			t.problem(f, s.instr, ProblemInlined, s.file)
		}
	}
}

// sites gives every step that can be suspended its pointer slots.
func (t *takeover) sites(f *function) {
	locals := t.list.bitmaps(f.symbol.funcs[funcdataLocals])
	args := t.list.bitmaps(f.symbol.funcs[funcdataArgs])
	seen := map[int]bool{}
	for _, s := range f.steps {
		if !s.site {
			continue
		}
		index := s.stackMap
		if s.action == callGrow {
			index = 0 // the map at the entry
		}
		if index < 0 && (locals.n > 0 || args.n > 0) && s.action != callFail {
			t.problem(f, s.instr, ProblemInstruction, "no stack map at this call")
			continue
		}
		if s.action != callGrow {
			for _, b := range locals.words(index) {
				s.live = append(s.live, t.machine.localsEnd(s.frame)-(locals.bits-b)*word)
			}
		}
		for _, b := range args.words(index) {
			s.live = append(s.live, t.machine.argsStart(s.frame)+b*word)
		}
		slices.Sort(s.live)
		// What a function was given is published while the stack grows.
		if s.action == callGrow && len(f.shown(s)) > 0 {
			f.roots = true
		}
		if s.publishes() {
			for _, slot := range s.live {
				if !seen[slot] {
					seen[slot] = true
					f.slots = append(f.slots, slot)
				}
			}
		}
	}
	slices.Sort(f.slots)
	if f.Pinned {
		f.slots = nil
	}
	for _, o := range f.objects {
		if t.temporary(f, t.machine.localsEnd(f.frame)+o.offset) {
			continue
		}
		if s := t.escapes(f, o); s != nil {
			t.problem(f, s.instr, ProblemObject, fmt.Sprintf("%d bytes at %d of %s", o.size, o.offset, f.Name))
		}
	}
}

// temporary reports whether the variable at an offset from SP is one of the
// lowering's, whose address only a yield gets.
func (t *takeover) temporary(f *function, offset int) bool {
	for _, s := range f.steps {
		for _, u := range s.uses {
			if u.address && u.offset == offset && strings.Contains(u.name, "coroTmp") {
				return true
			}
		}
	}
	return false
}

// publishes reports whether the step leaves the function to where a collection
// can happen, with a frame that goes on afterwards.
func (s *step) publishes() bool {
	return s.site && s.action != callGrow && s.action != callFail
}

// connect finds out what follows from who calls whom.
func (t *takeover) connect() {
	for _, f := range t.funcs {
		for _, s := range f.steps {
			switch s.action {
			case callNative:
				f.calls = append(f.calls, s.target)
			case callYield:
				f.yields = true
			case callGo, callOp, callFunc, callRuntime:
				f.yields, f.saves = true, true
			case callExternal:
				f.yields, f.saves, f.roots = true, true, true
			}
		}
		f.roots = f.roots || len(f.slots) > 0
	}
	for again := true; again; {
		again = false
		for _, f := range t.funcs {
			for _, callee := range f.calls {
				if callee.yields && !f.yields || callee.saves && !f.saves || callee.roots && !f.roots {
					f.yields = f.yields || callee.yields
					f.saves = f.saves || callee.saves
					f.roots = f.roots || callee.roots
					again = true
				}
			}
		}
	}
	for _, f := range t.funcs {
		f.inner = f.onlyCallee()
		f.plan()
	}
}

// onlyCallee is the frame of the one native function that f calls, if there is just
// one, but for those that it calls seldom.
func (f *function) onlyCallee() int {
	foreign := slices.ContainsFunc(f.steps, func(s *step) bool { return s.action == callExternal })
	calls := slices.DeleteFunc(slices.Clone(f.calls), func(g *function) bool { return g.Rare })
	if len(calls) == 0 || foreign || slices.ContainsFunc(calls, func(g *function) bool { return g != calls[0] || g == f }) {
		return 0
	}
	return calls[0].frame
}

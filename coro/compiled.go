//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"fmt"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
)

// codeState says whether the code of a package was found to be right.
type codeState struct {
	once   sync.Once
	err    error
	notice sync.Once // that its twins run
}

// codes are those of all packages with compiled bodies.
var codes struct {
	mu     sync.Mutex
	known  map[string]*Code // by package path
	linked []*Code
}

// compiled makes n the body that starts in fn.
func (n *native) compiled(code *Code, fn string, out, in reflect.Type) {
	n.code, n.fn, n.careful = code, fn, hasPointers(out) || hasPointers(in)
	codes.mu.Lock()
	defer codes.mu.Unlock()
	if codes.known == nil {
		codes.known = map[string]*Code{}
	}
	codes.known[code.Package] = code
}

// check returns why the body, which may have a twin, does not run as machine code.
func (n *native) check(twin bool) error {
	if n.ready.Load() != nil {
		return nil
	}
	_, err := n.link(twin)
	return err
}

// link makes a body ready, unless its twin is to run.
//
//go:noinline
func (n *native) link(twin bool) (*prepared, error) {
	if twin && !debug.native {
		return nil, ErrTwin
	}
	if n.code == nil && n.hand == nil {
		return nil, ErrNoBody
	}
	if err := machine(); err != nil {
		return nil, err
	}
	if n.hand != nil {
		n.ready.Store(n.hand)
		return n.hand, nil
	}
	if err := n.code.link(); err != nil {
		return nil, err
	}
	f := n.code.find(n.fn)
	if f == nil {
		return nil, n.code.bad(n.fn, "there is no such function")
	}
	p := &prepared{entry: f.Entry, exact: true, roots: f.Roots, outer: f.Frame}
	if f.Inner > 0 {
		p.outer += f.Inner
		if !layout.Link {
			p.outer += int(unsafe.Sizeof(f.Entry)) // the return address
		}
	}
	if n.careful {
		p.attention |= careful
	}
	if f.Saves || debug.exits || debug.audit {
		p.attention |= saving
	}
	n.ready.Store(p)
	return p, nil
}

func (c *Code) find(name string) *CodeFunc {
	if i := slices.IndexFunc(c.Funcs, func(f CodeFunc) bool { return f.Name == name }); i >= 0 {
		return &c.Funcs[i]
	}
	return nil
}

func (c *Code) bad(fn, format string, args ...any) error {
	return &CodeError{Package: c.Package, File: c.File, Func: fn, What: fmt.Sprintf(format, args...)}
}

// link checks the code and connects it with what it needs, the first time.
func (c *Code) link() error {
	c.state.once.Do(func() { c.state.err = c.connect() })
	return c.state.err
}

func (c *Code) connect() error {
	if err := c.reliance(); err != nil {
		return err
	}
	funcs := make([]stackcopy.Func, len(c.Funcs))
	for i := range c.Funcs {
		f := &c.Funcs[i]
		if err := c.check(f); err != nil {
			return err
		}
		funcs[i] = f.Func
	}
	for _, i := range c.Imports {
		codes.mu.Lock()
		other := codes.known[i.Package]
		codes.mu.Unlock()
		if other == nil {
			return c.bad("", "it calls %s of package %s, which has no machine code", i.Func, i.Package)
		}
		if err := other.link(); err != nil {
			return err
		}
		f := other.find(i.Func)
		if f == nil {
			return c.bad("", "it calls %s of package %s, whose machine code does not have it", i.Func, i.Package)
		}
		*i.PC = f.Entry
	}
	mapsMu.Lock()
	defer mapsMu.Unlock()
	m, err := maps.Load().With(funcs...)
	if err != nil {
		return c.bad("", "%v", err)
	}
	maps.Store(m)
	codes.mu.Lock()
	codes.linked = append(codes.linked, c)
	codes.mu.Unlock()
	signalsOnce.Do(handleSignals)
	return nil
}

var signalsOnce sync.Once

// check compares a function with what was recorded about it.
func (c *Code) check(f *CodeFunc) error {
	if end := codeEnd(f.Entry); end == 0 || end-f.Entry < uintptr(f.Size) {
		return c.bad(f.Name, "there is other code at its address")
	}
	code := memory(f.Entry, uintptr(f.Size))
	const offset, prime = 14695981039346656037, 1099511628211
	sum, masks := uint64(offset), f.Masks
	for i, b := range code {
		for len(masks) > 0 && i >= masks[0].Offset+masks[0].Size {
			masks = masks[1:]
		}
		if len(masks) > 0 && i >= masks[0].Offset {
			b = 0
		}
		sum = (sum ^ uint64(b)) * prime
	}
	if sum == f.Sum {
		return nil
	}
	err := c.bad(f.Name, "it is not the code that was generated")
	if traced() {
		fmt.Fprintf(os.Stderr, "morestack: %v. It runs nevertheless: it may be that a debugger has set a breakpoint.\n", err)
		return nil
	}
	return err
}

// traced reports whether a debugger watches this process.
func traced() bool {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return false
	}
	_, tracer, found := strings.Cut(string(status), "\nTracerPid:\t")
	return found && !strings.HasPrefix(tracer, "0\n")
}

// handleSignals makes faults of native code end its coroutine alone, lets the
// runtime interrupt loops, and shows profiles who resumed it. Where that is refused,
// native code dies of faults as any assembly does.
func handleSignals() {
	if debug.noSignals {
		fmt.Fprintln(os.Stderr, "morestack: MORESTACK=signals=0: no signal handlers are installed. A nil dereference or other fault of a body "+
			"ends the process with a fatal error of the Go runtime, and loops of bodies are not preempted.")
		return
	}
	var k core
	control := unsafe.Offsetof(k.control)
	err := guard.HandleFaults(guard.FaultExit{
		PC:            morestack.FaultPC(),
		SignalOffset:  unsafe.Offsetof(k.control.Context) - control,
		AddressOffset: unsafe.Offsetof(k.control.Answer) - control,
	})
	if err != nil {
		debug.logf("%v", err)
	}
	if err := guard.HandlePreemption(); err != nil {
		debug.logf("%v", err)
	}
	err = guard.HandleProfiling(guard.ProfileExit{
		Base:       morestack.BaseSize,
		Done:       morestack.DonePC(),
		HiOffset:   unsafe.Offsetof(k.control.Hi) - control,
		SPOffset:   unsafe.Offsetof(k.control.GoSP) - control,
		FPOffset:   unsafe.Offsetof(k.control.GoFP) - control,
		LinkOffset: unsafe.Offsetof(k.control.GoLink) - control,
	})
	if err != nil {
		debug.logf("%v", err)
	}
}

// codeAt is the compiled function that pc is in, or nil.
func codeAt(pc uintptr) *CodeFunc {
	codes.mu.Lock()
	defer codes.mu.Unlock()
	for _, c := range codes.linked {
		for i := range c.Funcs {
			if f := &c.Funcs[i]; pc-f.Entry < uintptr(f.Size) {
				return f
			}
		}
	}
	return nil
}

// unmapped returns the innermost frames that are at no site, which is so after a
// fault, and makes s the state of the frame above them.
func (k *core) unmapped(s *stackcopy.State) (frames []Frame) {
	const word = unsafe.Sizeof(s.SP)
	stack := stackcopy.Stack{Lo: k.control.Lo, Hi: k.control.Hi}
	linked := false // the link register leads on from one frame; what calls more often has lost its own
	for s.PC != morestack.DonePC() {
		if f, _ := maps.Load().Find(s.PC); f != nil {
			break
		}
		depth := uintptr(0) // of a leaf routine of the machine layer
		fn := runtime.FuncForPC(s.PC - 1)
		if fn == nil || !strings.HasPrefix(fn.Name(), machinePrefix) {
			f := codeAt(s.PC - 1)
			if f == nil {
				// Written by hand: nobody knows how large its frame is here.
				funcs := maps.Load().Funcs()
				if i := slices.IndexFunc(funcs, func(f stackcopy.Func) bool { return fn != nil && f.Entry == fn.Entry() }); i >= 0 {
					frames = append(frames, trapped(funcs[i].Name, s.PC, 0))
				}
				break
			}
			depth = uintptr(f.depth(s.PC - 1))
			frames = append(frames, trapped(f.Name, s.PC, stackcopy.Frame{Site: &stackcopy.Site{Frame: int(depth)}}.Size(layout)))
		}
		ret := s.SP
		if !layout.Link {
			ret += depth
		}
		switch {
		case layout.Link && depth == 0 && !linked:
			s.PC, linked = s.LR, true
		case layout.Link && depth == 0:
			s.PC = morestack.DonePC()
		case stack.Contains(ret) && stack.Hi-ret >= word:
			s.PC = *(*uintptr)(address(ret))
		default:
			s.PC = morestack.DonePC()
		}
		s.SP += depth
		if !layout.Link {
			s.SP += word
		}
		if n := len(s.Displaced); s.PC == morestack.BarrierPC() && n > 0 {
			s.PC, s.Displaced = s.Displaced[n-1], s.Displaced[:n-1]
		}
	}
	return frames
}

// trapped is the frame of a function that is not at a site.
func trapped(name string, pc uintptr, size int) Frame {
	f := Frame{Func: name, PC: pc, Kind: stackcopy.Trap, Size: size}
	f.File, f.Line = lineOf(pc)
	return f
}

// machinePrefix is that of the names of the machine layer's routines.
const machinePrefix = "github.com/morestack/morestack."

// depth is the size of the frame at pc.
func (f *CodeFunc) depth(pc uintptr) int {
	size := 0
	for _, d := range f.Depths {
		if f.Entry+uintptr(d.Offset) > pc {
			break
		}
		size = d.Frame
	}
	return size
}

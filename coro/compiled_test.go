//go:build linux && (amd64 || arm64) && !purego

package coro_test

import (
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/stackcopy"
	"github.com/morestack/morestack/tests/again"
	"github.com/morestack/morestack/tests/machine"
)

// compiledFunc is the table of a function in tests/machine.
func compiledFunc(name string, entry uintptr, locals int, sites []stackcopy.Site, spilled ...int) coro.CodeFunc {
	size := morestack.FrameSize(locals)
	for i := range sites {
		sites[i].Frame = size
	}
	sites = append(sites, stackcopy.Site{Kind: stackcopy.Prologue, Pointers: spilled})
	f, err := coro.Locate(stackcopy.Func{Name: name, Entry: entry, Frame: size, Sites: sites})
	if err != nil {
		panic(err)
	}
	built := 14 // bytes of a prologue
	if runtime.GOARCH == "arm64" {
		built = 32
	}
	n := int(coro.CodeEnd(entry) - entry)
	return coro.CodeFunc{
		Func: f, Size: n, Sum: sum(codeBytes(entry, n)), Roots: true, Saves: true,
		Depths: []coro.Depth{{Offset: 0, Frame: 0}, {Offset: built, Frame: size}},
	}
}

func codeBytes(entry uintptr, n int) []byte {
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&entry)), n)
}

func sum(code []byte) uint64 {
	h := fnv.New64a()
	h.Write(code)
	return h.Sum64()
}

const lo = morestack.LocalOffset

func yields(pointers ...int) stackcopy.Site {
	return stackcopy.Site{Kind: stackcopy.Yield, Pointers: pointers}
}

func calls(pointers ...int) stackcopy.Site {
	return stackcopy.Site{Kind: stackcopy.CallGo, Pointers: pointers}
}

var machineCode = coro.Code{
	Package: "example.com/machine", File: "machine.s",
	Layouts: []coro.Layout{{
		Name: "KeepArgs", Of: (*machine.KeepArgs)(nil), Want: "size 24; 0 New func( ) *{size 32; 0 [4] of 8; 0 int}; 8 Sum int; 16 Depth int",
	}},
	Constants: []coro.Constant{{Name: "machine.X", Got: lo, Want: fmt.Sprintf("int %d", lo)}},
	Funcs: []coro.CodeFunc{
		compiledFunc("keep", machine.KeepAddress(), 24, []stackcopy.Site{{Kind: stackcopy.Call, Pointers: []int{lo + 16}}}, 8),
		compiledFunc("keepFrame", machine.KeepFrameAddress(), 40, []stackcopy.Site{
			calls(lo + 16), yields(lo+16, lo+24), {Kind: stackcopy.Call, Pointers: []int{lo + 16, lo + 24}},
		}, 8),
		compiledFunc("preserve", machine.PreserveAddress(), 24, []stackcopy.Site{yields()}, 8),
		compiledFunc("call", machine.CallAddress(), 8, []stackcopy.Site{calls()}, 8),
		compiledFunc("operate", machine.OperateAddress(), 8, []stackcopy.Site{calls()}, 8),
		compiledFunc("callBoth", machine.CallBothAddress(), 8, []stackcopy.Site{
			calls(lo), {Kind: stackcopy.Call, Pointers: []int{lo}}, calls(lo),
		}, 8),
		compiledFunc("nested", machine.NestedAddress(), 8, nil),
		compiledFunc("fail", machine.FailAddress(), 8, nil, 8),
		compiledFunc("fault", machine.FaultAddress(), 8, nil, 8),
		compiledFunc("move", machine.MoveAddress(), 8, nil, 8),
	},
}

var (
	keep     = coro.Compiled[machine.KeepArgs, int, none](&machineCode, "keep", nil)
	preserve = coro.Compiled[machine.PreserveArgs, int, none](&machineCode, "preserve", nil)
	callF    = coro.Compiled[machine.CallArgs, int, none](&machineCode, "call", nil)
	operateF = coro.Compiled[machine.CallArgs, int, none](&machineCode, "operate", nil)
	callBoth = coro.Compiled[machine.CallBothArgs, int, none](&machineCode, "callBoth", nil)
	failing  = coro.Compiled[machine.FailArgs, int, none](&machineCode, "fail", nil)
	faulting = coro.Compiled[machine.FaultArgs, int, none](&machineCode, "fault", nil)
	moving   = coro.Compiled[machine.FaultArgs, int, none](&machineCode, "move", nil)
)

// collect makes the garbage collector mark most of the time, until stop.
func collect() (stop func()) {
	var done atomic.Bool
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for !done.Load() {
			runtime.GC()
		}
	}()
	return func() {
		done.Store(true)
		<-ended
	}
}

// keeper returns arguments for keep. Its objects are numbered, and made by a
// function that leaves garbage of their size beside them.
func keeper(depth int) *machine.KeepArgs {
	n := 0
	return &machine.KeepArgs{Depth: depth, New: func() *[4]int {
		for range 8 {
			garbage = &[4]int{-1, -1, -1, -1}
		}
		n++
		return &[4]int{n, n, n, n}
	}}
}

var garbage *[4]int

// Objects to which only frames refer survive, on stacks that grow, move, and
// shrink, while the collector runs all the time; and what frames that have
// returned referred to does not.
func TestRootsSurvive(t *testing.T) {
	defer collect()()
	depth, rounds := 200, 30
	if stressed || again.Emulated() {
		depth, rounds = 40, 5
	}
	for range rounds {
		a := keeper(depth)
		c := coro.Start(keep, a)
		want := 0
		for v := range c.All() {
			if want++; v != want {
				t.Fatalf("object %d holds %d", want, v)
			}
			if want%50 == 0 {
				c.Shrink()
			}
		}
		if n := depth + 1; c.Err() != nil || want != n || a.Sum != n*(n+1)/2 {
			t.Fatalf("%d yields, sum %d, %v", want, a.Sum, c.Err())
		}
	}
}

// A closed coroutine keeps nothing alive, nor does the next one with its shadow.
func TestClosedForgetsRoots(t *testing.T) {
	var freed atomic.Int32
	for range 10 {
		a := keeper(20)
		plain := a.New
		a.New = func() *[4]int {
			p := plain()
			runtime.AddCleanup(p, func(int) { freed.Add(1) }, 0)
			return p
		}
		c := coro.Start(keep, a)
		for range 15 {
			if _, ok := c.Resume(none{}); !ok {
				t.Fatal(c.Err())
			}
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 {
		if runtime.GC(); freed.Load() == 150 {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("of 150 objects %d were freed", freed.Load())
}

// publish and writeBarrier preserve every register, also when their buffer is
// full.
func TestBarriersPreserveRegisters(t *testing.T) {
	defer collect()()
	a := &machine.PreserveArgs{}
	c := coro.Start(preserve, a)
	defer c.Close()
	turns := 0
	for range 10_000_000 {
		n, ok := c.Resume(none{})
		if !ok {
			t.Fatalf("after %d turns a register was lost; %v", turns, c.Err())
		}
		if turns += n; turns >= 2000 {
			return
		}
		if n == 0 {
			runtime.Gosched()
		}
	}
	t.Error("the collector was never seen to mark")
}

// A panic of a called function goes on to Resume's caller; a run-time error in an
// operation is the body's.
func TestPanicsOfCallsAndOperations(t *testing.T) {
	var m map[string]int
	write := func() { m["a"] = 1 }
	for _, marking := range []bool{false, true} {
		stop := func() {}
		if marking {
			stop = collect()
		}
		for range 50 {
			c := coro.Start(callF, &machine.CallArgs{F: write})
			v := panicValue(func() { c.Resume(none{}) })
			if err, ok := v.(runtime.Error); !ok || !strings.Contains(err.Error(), "nil map") || c.Err() != coro.ErrUnwound {
				t.Errorf("call: panic %v, %v", v, c.Err())
			}
			c = coro.Start(operateF, &machine.CallArgs{F: write})
			if _, ok := c.Resume(none{}); ok {
				t.Error("operate yielded")
			}
			var trap *coro.Trap
			if !errors.As(c.Err(), &trap) || trap.Cause.Error() != "assignment to entry in nil map" || len(trap.Frames) != 1 || trap.Frames[0].Func != "operate" {
				t.Errorf("operate: %v", c.Err())
			}
			c = coro.Start(operateF, &machine.CallArgs{F: func() { panic("other") }})
			if v := panicValue(func() { c.Resume(none{}) }); v != "other" || c.Err() != coro.ErrUnwound {
				t.Errorf("operate: panic %v, %v", v, c.Err())
			}
		}
		stop()
	}
}

// The errors of failed checks have the runtime's text.
func TestFailuresHaveTheRuntimesText(t *testing.T) {
	n, five, zero, minus := 3, 5, 0, -1
	s := make([]int, n, n+1)
	u := uint64(1 << 63)
	text := func(f func()) string { return fmt.Sprint(panicValue(f)) }
	word := func(i int) uintptr { return uintptr(i) }
	for _, c := range []struct {
		code, x, y uintptr
		same       func()
	}{
		{0, 5, 3, func() { _ = s[five] }},
		{0, word(-1), 3, func() { _ = s[minus] }},
		{0 | 16, uintptr(u), 3, func() { _ = s[u] }},
		{1, 5, 3, func() { _ = "abc"[:five] }},
		{1, word(-1), 3, func() { _ = "abc"[:minus] }},
		{2, 5, 4, func() { _ = s[:five] }},
		{2, word(-1), 4, func() { _ = s[:minus] }},
		{2 | 16, uintptr(u), 4, func() { _ = s[:u] }},
		{3, 5, 3, func() { _ = s[five:n] }},
		{3, word(-1), 3, func() { _ = s[minus:n] }},
		{4, 5, 3, func() { _ = (*[3]int)(s)[zero:zero:five] }},
		{5, 5, 4, func() { _ = s[:n:five] }},
		{5, word(-1), 4, func() { _ = s[:n:minus] }},
		{6, 3, 1, func() { _ = s[zero : n : n-2] }},
		{6, word(-1), 3, func() { _ = s[zero:minus:n] }},
		{7, 5, 3, func() { _ = s[five:n:n] }},
		{7, word(-1), 3, func() { _ = s[minus:n:n] }},
		{8, 4, 3, func() { _ = [4]int(s) }},
		{32, 0, 0, func() { _ = five / zero }},
		{33, 0, 0, func() { _ = five << minus }},
	} {
		co := coro.Start(failing, &machine.FailArgs{X: c.x, Y: c.y, Code: c.code})
		_, ok := co.Resume(none{})
		var trap *coro.Trap
		if ok || !errors.As(co.Err(), &trap) {
			t.Errorf("code %d: %v", c.code, co.Err())
			continue
		}
		var _ runtime.Error = trap
		if _, is := trap.Cause.(runtime.Error); !is {
			t.Errorf("code %d: %T is no runtime.Error", c.code, trap.Cause)
		}
		if want := text(c.same); trap.Cause.Error() != want {
			t.Errorf("code %d, %d, %d: %q, want %q", c.code, int(c.x), c.y, trap.Cause, want)
		}
		if len(trap.Frames) != 1 || trap.Frames[0].Func != "fail" || !strings.Contains(trap.Error(), "machine_"+runtime.GOARCH+".s:") {
			t.Errorf("code %d: %v", c.code, trap)
		}
	}
}

// A fault ends the coroutine alone, with the frame it happened in, also in a leaf
// routine.
func TestFaults(t *testing.T) {
	for range 100 {
		for _, c := range []struct {
			body    *coro.Body[machine.FaultArgs, int, none]
			name    string
			address uintptr
			text    string
		}{
			{faulting, "fault", 0, "runtime error: invalid memory address or nil pointer dereference"},
			{faulting, "fault", 4095, "runtime error: invalid memory address or nil pointer dereference"},
			{faulting, "fault", 1 << 20 >> 6, "unexpected fault address 0x4000"},
			{moving, "move", 8, "runtime error: invalid memory address or nil pointer dereference"},
		} {
			co := coro.Start(c.body, &machine.FaultArgs{Address: c.address})
			_, ok := co.Resume(none{})
			var trap *coro.Trap
			if ok || !errors.As(co.Err(), &trap) || trap.Cause.Error() != c.text {
				t.Fatalf("%s of %#x: %v", c.name, c.address, co.Err())
			}
			if len(trap.Frames) != 1 || trap.Frames[0].Func != c.name {
				t.Errorf("%s of %#x: frames %v", c.name, c.address, trap.Frames)
			}
		}
	}
}

// Imports get the addresses of other packages' functions; masked bytes may be
// anything.
func TestImportsAndMasks(t *testing.T) {
	var pc uintptr
	f := compiledFunc("preserve", machine.PreserveAddress(), 24, []stackcopy.Site{yields()}, 8)
	f.Sites = nil // there are maps for them
	code := append([]byte(nil), codeBytes(f.Entry, f.Size)...)
	clear(code[3:7])
	clear(code[20:21])
	f.Sum, f.Masks = sum(code), []coro.Mask{{Offset: 3, Size: 4}, {Offset: 20, Size: 1}}
	c := coro.Compiled[machine.PreserveArgs, int, none](&coro.Code{
		Package: "example.com/importer", Funcs: []coro.CodeFunc{f},
		Imports: []coro.Import{{Package: machineCode.Package, Func: "keepFrame", PC: &pc}},
	}, "preserve", nil)
	if _, err := coro.New(c, nil); err != nil || pc != machine.KeepFrameAddress() {
		t.Errorf("%v, %#x", err, pc)
	}
}

// An audit finds a pointer that was not published, and one that was not forgotten:
// in a process of its own, which has the mode.
func TestAuditIsStrict(t *testing.T) {
	if os.Getenv("MORESTACK") != "strict=1,audit=1" {
		command := again.Command(t, "", "-test.run=^(TestAuditIsStrict|TestRootsSurvive)$")
		command.Env = append(os.Environ(), "MORESTACK=strict=1,audit=1")
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	for name, at := range map[string]int{"live slot": lo + 24, "no slot": lo + 32} {
		c := coro.Start(keep, keeper(3))
		c.Resume(none{})
		coro.SpoilShadow(c, at)
		var wrong *stackcopy.ShadowError
		if err, _ := panicValue(func() { c.Resume(none{}) }).(error); !errors.As(err, &wrong) || wrong.Frame.Func.Name != "keepFrame" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

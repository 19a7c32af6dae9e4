//go:build linux && (amd64 || arm64) && !purego

package faults

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/guard"
)

var (
	at    addresses
	arena = guard.NewArena(nil)
)

func init() { findAddresses(&at) }

func install() error {
	return errors.Join(
		guard.HandleFaults(guard.FaultExit{PC: at.fault, AddressOffset: addressOffset, SignalOffset: signalOffset}),
		guard.HandlePreemption(),
	)
}

func TestMain(m *testing.M) {
	if name := os.Getenv("FAULTS_PROGRAM"); name != "" {
		programs[name]()
		fmt.Println("ok")
		return
	}
	if err := install(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// newControl has a tall stack, with a guard below it.
func newControl(t testing.TB) *Control {
	s, err := arena.New(guard.TallSize, guard.TallSize)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { arena.Free(s) })
	return &Control{lo: s.Lo, hi: s.Hi}
}

// run enters c with an empty stack.
func (c *Control) run(pc, operand uintptr) {
	c.stackGuard = guard.Guard(c.lo)
	c.sp, c.fp, c.pc, c.operand = c.hi-64, 0, pc, operand
	c.reason, c.address, c.signal = 0, 0, 0
	enter(c)
}

const (
	unmapped     = 0x10    // an address where nothing is
	notCanonical = 1 << 62 // an address that amd64 cannot have
)

// fault is a way to fail.
type fault struct {
	name    string
	pc      uintptr
	operand uintptr
	signal  unix.Signal
	code    guard.FaultCode
	address uintptr
	atPC    bool // the fault is at the first instruction of pc
}

func allFaults(t testing.TB) []fault {
	protected, past := arenaGuardPage(t), pastEnd(t)
	list := []fault{
		{"nil load", at.load, 0, unix.SIGSEGV, guard.FaultUnmapped, 0, false},
		{"nil store", at.store, 0, unix.SIGSEGV, guard.FaultUnmapped, 0, true},
		{"wild store", at.store, unmapped, unix.SIGSEGV, guard.FaultUnmapped, unmapped, true},
		{"inaccessible", at.store, protected, unix.SIGSEGV, guard.FaultProtected, protected, true},
		{"wild jump", at.jump, unmapped, unix.SIGSEGV, guard.FaultUnmapped, unmapped, false},
		{"end of a file", at.store, past, unix.SIGBUS, busAdrerr, past, true},
	}
	if runtime.GOARCH == "amd64" {
		list = append(list,
			fault{"division", at.divide, 0, unix.SIGFPE, fpeIntdiv, 0, false},
			fault{"not canonical", at.store, notCanonical, unix.SIGSEGV, guard.FaultWithoutAddr, 0, true})
	}
	return list
}

// From asm-generic/siginfo.h.
const (
	fpeIntdiv = 1 // division by zero; the address is the PC
	busAdrerr = 2 // no memory for the page
)

// arenaGuardPage is an address below a tall stack.
func arenaGuardPage(t testing.TB) uintptr { return newControl(t).lo - 4096 }

// pastEnd is an address in the mapping of a file, behind the end of the file.
func pastEnd(t testing.TB) uintptr {
	f, err := os.Create(filepath.Join(t.TempDir(), "empty"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	mem, err := unix.Mmap(int(f.Fd()), 0, unix.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Munmap(mem) })
	return uintptr(unsafe.Pointer(unsafe.SliceData(mem)))
}

func (f *fault) check(c *Control) error {
	sig, code := guard.FaultSignal(c.signal)
	if c.reason != reasonFault || sig != f.signal || code != f.code {
		return fmt.Errorf("%s: reason %d, signal %v, code %#x", f.name, c.reason, sig, code)
	}
	if f.signal != unix.SIGFPE && c.address != f.address {
		return fmt.Errorf("%s: address %#x, want %#x", f.name, c.address, f.address)
	}
	if f.signal == unix.SIGFPE && c.address != c.faultPC() {
		return fmt.Errorf("%s: address %#x, but PC %#x", f.name, c.address, c.faultPC())
	}
	if f.atPC && c.faultPC() != f.pc {
		return fmt.Errorf("%s: PC %#x, want %#x", f.name, c.faultPC(), f.pc)
	}
	return nil
}

// faultPC is the register that the handler replaces.
func (c *Control) faultPC() uintptr {
	if runtime.GOARCH == "amd64" {
		return c.regs[12]
	}
	return c.regs[30]
}

func TestFaults(t *testing.T) {
	for _, f := range allFaults(t) {
		t.Run(f.name, func(t *testing.T) {
			c := newControl(t)
			for range 10 {
				c.run(f.pc, f.operand)
				if err := f.check(c); err != nil {
					t.Fatal(err)
				}
				goFault(t)
			}
			if f.name == "wild jump" && c.faultPC() != f.operand {
				t.Errorf("PC %#x, want %#x", c.faultPC(), f.operand)
			}
		})
	}
}

// goFault makes sure that Go code's own faults are panics.
func goFault(t testing.TB) {
	defer func() {
		var e runtime.Error
		if err, _ := recover().(error); !errors.As(err, &e) || !strings.Contains(e.Error(), "nil pointer") {
			t.Errorf("a nil dereference in Go: %v", err)
		}
	}()
	var p *int
	*p = 1
}

// Faults of Go code at other addresses are still what SetPanicOnFault promises,
// those in a guard page included: it is SP that counts.
func TestGoFaultAddress(t *testing.T) {
	protected := arenaGuardPage(t)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		e, ok := recover().(interface{ Addr() uintptr })
		if !ok || e.Addr() != protected {
			t.Errorf("a fault at %#x in Go: %v", protected, e)
		}
	}()
	**(**int)(unsafe.Pointer(&protected)) = 1
}

// Registers arrive as they were, so that whoever is at the exit can tell where
// and why. This is also what checks the layout of the kernel's structures.
func TestRegisters(t *testing.T) {
	const fp = 0x0505
	c := newControl(t)
	*c = Control{lo: c.lo, hi: c.hi, sp: c.hi - 64, fp: fp, pc: at.load, operand: unmapped}
	enter(c)
	want := []uintptr{0: unmapped}
	reserved, pc, kept := 14, 12, []int{4} // SP is in spAfter
	n, frame := 16, 5
	if runtime.GOARCH == "arm64" {
		reserved, pc, kept = 18, 30, []int{28}
		n, frame = 31, 29
	}
	for i := 1; i < n; i++ {
		want = append(want, uintptr(i<<8|i))
	}
	if runtime.GOARCH == "amd64" {
		for i, v := range map[int]uintptr{1: 0x0101, 2: 0x0202, 3: 0x0303} {
			want[i] = v
		}
	}
	want[frame] = fp
	want[reserved] = uintptr(unsafe.Pointer(c))
	want[pc] = c.faultPC() // checked by TestFaults
	if runtime.GOARCH == "arm64" {
		want[27] = 30<<8 | 30 // what R30 held
	}
	for _, i := range kept {
		want[i] = c.regs[i]
	}
	if got := c.regs[:n]; !slices.Equal(got, want) {
		t.Errorf("registers %#x\nwant      %#x", got, want)
	}
	if c.spAfter != c.sp {
		t.Errorf("SP %#x, want %#x", c.spAfter, c.sp)
	}
	if c.flags&(1<<10) != 0 {
		t.Errorf("flags %#x: the direction flag is set", c.flags)
	}
}

// A stack without prologues ends in its guard.
func TestOverflow(t *testing.T) {
	c := newControl(t)
	for range 1000 {
		c.run(at.recurse, 0)
		sig, code := guard.FaultSignal(c.signal)
		if c.reason != reasonFault || sig != unix.SIGSEGV || code != guard.FaultProtected {
			t.Fatalf("reason %d, signal %v, code %#x", c.reason, sig, code)
		}
		if c.address >= c.lo || c.address < c.lo-64 || c.spAfter > c.lo {
			t.Fatalf("a fault at %#x with SP %#x below a stack at %#x", c.address, c.spAfter, c.lo)
		}
	}
}

// Where the hardware does not trap there is no signal.
func TestDivisionOnArm64(t *testing.T) {
	if runtime.GOARCH != "arm64" {
		return
	}
	c := newControl(t)
	c.run(at.divide, 0)
	if c.reason != reasonReturn || c.regs[0] != 0 {
		t.Errorf("1/0: reason %d, %d", c.reason, c.regs[0])
	}
}

func mappings(t *testing.T) int {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(maps), "\n")
}

// Faults by the thousand on several threads, while the collector and the
// profiler run and Go code faults too.
func TestManyFaults(t *testing.T) {
	times := 100_000
	if testing.Short() {
		times = 1000
	}
	if err := pprof.StartCPUProfile(io.Discard); err == nil {
		defer pprof.StopCPUProfile()
	}
	var stop atomic.Bool
	var background, workers sync.WaitGroup
	background.Go(func() {
		for !stop.Load() {
			runtime.GC()
			goFault(t)
			time.Sleep(time.Millisecond)
		}
	})
	const rounds, threads = 2, 4
	before := 0
	for round := range rounds {
		for range threads {
			list := append(allFaults(t), fault{})
			c := newControl(t)
			workers.Go(func() {
				for i := range times / rounds / threads {
					f := &list[i%len(list)]
					if f.pc == 0 {
						goFault(t)
						continue
					}
					c.run(f.pc, f.operand)
					if err := f.check(c); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		workers.Wait()
		if round == 0 {
			before = mappings(t)
		}
	}
	stop.Store(true)
	background.Wait()
	if after := mappings(t); after > before+30 { // some for the files and the stacks of round 2
		t.Errorf("%d mappings, then %d", before, after)
	}
}

// spinning runs native code on a thread of its own until its guard is poisoned,
// again and again, and returns how to learn the thread and how to stop.
func spinning(t *testing.T) (c *Control, tid int, polls *atomic.Int64, stop func()) {
	c = newControl(t)
	polls = new(atomic.Int64)
	var end atomic.Bool
	started, done := make(chan int), make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread() // or the thread would end, and stop miss it
		started <- unix.Gettid()
		for !end.Load() {
			c.run(at.spin, 0)
			if c.reason != reasonPoll {
				t.Errorf("spinning ended with reason %d", c.reason)
				return
			}
			polls.Add(1)
			runtime.Gosched()
		}
	}()
	tid = <-started
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		end.Store(true)
		for {
			send(t, tid, unix.SIGURG)
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}
	t.Cleanup(stop)
	return c, tid, polls, stop
}

func send(t *testing.T, tid int, sig unix.Signal) {
	if err := unix.Tgkill(unix.Getpid(), tid, sig); err != nil {
		t.Fatal(err)
	}
}

// turning waits until the native code of c runs.
func turning(c *Control) {
	turns := (*uintptr)(unsafe.Pointer(&c.turns))
	for n := atomic.LoadUintptr(turns); atomic.LoadUintptr(turns) == n; {
		time.Sleep(time.Millisecond)
	}
}

// The collector stops native code as the runtime stops Go code.
func TestPreemption(t *testing.T) {
	c, _, polls, stop := spinning(t)
	for range 20 {
		turning(c)
		before := polls.Load()
		runtime.GC()
		if polls.Load() == before {
			t.Fatal("the collector ran, but native code was not stopped")
		}
	}
	stop()
	if c.stackGuard != guard.Poisoned {
		t.Errorf("native code ended with guard %#x", c.stackGuard)
	}
}

// The program still gets SIGURG, from Go code and from native code.
func TestNotifyURG(t *testing.T) {
	got := make(chan os.Signal, 100)
	signal.Notify(got, unix.SIGURG)
	receive := func() {
		t.Helper()
		select {
		case <-got:
		case <-time.After(10 * time.Second):
			t.Fatal("no SIGURG")
		}
	}
	drain := func() {
		for len(got) > 0 {
			<-got
		}
	}
	drain()
	send(t, unix.Gettid(), unix.SIGURG)
	receive()

	c, tid, polls, _ := spinning(t)
	turning(c)
	before := polls.Load()
	drain()
	send(t, tid, unix.SIGURG)
	receive()
	signal.Stop(got)
	signal.Reset(unix.SIGURG)
	for before == polls.Load() {
		time.Sleep(time.Millisecond)
	}

	// Ours is installed as before.
	turning(c)
	before = polls.Load()
	send(t, tid, unix.SIGURG)
	for before == polls.Load() {
		time.Sleep(time.Millisecond)
	}
}

// A SIGSEGV that a process sends is no fault, whatever runs when it arrives.
func TestSentSignal(t *testing.T) {
	got := make(chan os.Signal, 1)
	signal.Notify(got, unix.SIGSEGV)
	defer signal.Stop(got)
	c, tid, _, _ := spinning(t)
	turning(c)
	send(t, tid, unix.SIGSEGV)
	select {
	case <-got:
	case <-time.After(10 * time.Second):
		t.Fatal("no SIGSEGV")
	}
	turning(c)
	newControl(t).mustFault(t)
}

func (c *Control) mustFault(t testing.TB) {
	c.run(at.store, unmapped)
	f := fault{"store", at.store, unmapped, unix.SIGSEGV, guard.FaultUnmapped, unmapped, true}
	if err := f.check(c); err != nil {
		t.Error(err)
	}
}

// Installing again changes nothing.
func TestInstallTwice(t *testing.T) {
	if err := guard.HandleFaults(guard.FaultExit{}); err != nil {
		t.Error(err)
	}
	if err := guard.HandlePreemption(); err != nil {
		t.Error(err)
	}
	newControl(t).mustFault(t)
}

// Stacks of other arenas and in all their regions are known.
func TestManyRegions(t *testing.T) {
	cs := []*Control{newControl(t)}
	other := guard.NewArena(nil)
	for range 3 {
		const limit = 3 << 30 // more than the first region
		s, err := other.New(guard.TallSize, limit)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Free(s)
		cs = append(cs, &Control{lo: s.Lo, hi: s.Hi})
	}
	for _, c := range cs {
		c.mustFault(t)
	}
}

func TestStackGuardOffset(t *testing.T) {
	if real, ours := unsafe.Offsetof(morestack.Control{}.StackGuard), unsafe.Offsetof(Control{}.stackGuard); real != 16 || ours != 16 {
		t.Errorf("StackGuard at %d, here at %d; the handler for SIGURG writes at 16", real, ours)
	}
}

func BenchmarkFault(b *testing.B) {
	c := newControl(b)
	for b.Loop() {
		c.run(at.store, unmapped)
	}
}

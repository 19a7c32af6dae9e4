//go:build linux && (amd64 || arm64) && !purego

package coro_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/tests/again"
	"github.com/morestack/morestack/tests/bodies"
	"github.com/morestack/morestack/tests/twins"
)

// useArena makes all coroutines of a test live in an arena of its own.
func useArena(t *testing.T, a *guard.Arena) {
	t.Cleanup(coro.SetArena(a))
}

type diver = coro.Coroutine[int, none]

func newDive(depth int, opts ...coro.Option) (diver, error) {
	return coro.New(bodies.Dive, &bodies.DiveArgs{Depth: depth, Rounds: 2}, opts...)
}

// workload makes a coroutine that goes to depth, comes back and is shrunk.
func workload(depth int, opts ...coro.Option) error {
	c, err := newDive(depth, opts...)
	if err != nil {
		return err
	}
	defer c.Close()
	for range c.All() {
		for c.Shrink() {
		}
	}
	return c.Err()
}

// refusing is a Kernel of which the n-th request fails, counted from 1, and
// every one after it while broken.
type refusing struct {
	guard.Kernel
	calls, fail int
}

func (r *refusing) refuse() error {
	if r.calls++; r.calls == r.fail {
		return &guard.MemoryError{Op: "test", Err: syscall.ENOMEM}
	}
	return nil
}

func (r *refusing) Reserve(size uintptr) (uintptr, error) {
	if err := r.refuse(); err != nil {
		return 0, err
	}
	return r.Kernel.Reserve(size)
}

func (r *refusing) Commit(addr, size uintptr) error {
	if err := r.refuse(); err != nil {
		return err
	}
	return r.Kernel.Commit(addr, size)
}

func (r *refusing) Decommit(addr, size uintptr) error {
	if err := r.refuse(); err != nil {
		return err
	}
	return r.Kernel.Decommit(addr, size)
}

func (r *refusing) Discard(addr, size uintptr) error {
	if err := r.refuse(); err != nil {
		return err
	}
	return r.Kernel.Discard(addr, size)
}

// Every request for memory is refused in turn, while coroutines are made, grow
// to a tall stack and shrink. Each refusal is an error of New or a trap, and
// nothing is left behind.
func TestEveryRefusedRequest(t *testing.T) {
	if twins.Run {
		t.Skip("NOT RUN: it is about native code")
	}
	for _, strategy := range []coro.Strategy{coro.Contiguous, coro.Copying} {
		refusals, step, deep := 0, 1, 10_000
		if stressed { // every prologue asks for memory
			step, deep = 37, 30
		}
		for fail := 1; ; fail += step {
			kernel := &refusing{Kernel: guard.System(), fail: fail}
			useArena(t, guard.NewArena(kernel))
			failed := 0
			for range 3 {
				err := workload(deep, coro.Growth(strategy))
				if err == nil {
					continue
				}
				failed++
				var memory *guard.MemoryError
				if !errors.As(err, &memory) || !errors.Is(err, syscall.ENOMEM) {
					t.Fatalf("request %d refused: %v", fail, err)
				}
			}
			if failed > 1 {
				t.Fatalf("one request refused, and %d workloads failed", failed)
			}
			refusals += failed
			coro.Release()
			if s := coro.ReadStats(); s.Stacks != 0 || s.InUse != 0 {
				t.Fatalf("request %d refused: left behind %+v", fail, s)
			}
			if kernel.calls < fail {
				break
			}
		}
		// With poison a request is made again, after stacks in quarantine are given back.
		if refusals < 5 && !stressed && !poisoned {
			t.Errorf("%v: only %d refusals were noticed", strategy, refusals)
		}
	}
}

// rss is how much memory the process has, in bytes.
func rss(t *testing.T) int {
	t.Helper()
	var size, resident int
	text, err := os.ReadFile("/proc/self/statm")
	if err == nil {
		_, err = fmt.Sscan(string(text), &size, &resident)
	}
	if err != nil {
		t.Fatal(err)
	}
	return resident * os.Getpagesize()
}

// 200,000 coroutines are suspended at once, with default settings of the
// kernel. After Close their memory is back.
func TestManySuspended(t *testing.T) {
	if twins.Run {
		t.Skip("NOT RUN: it is about native code")
	}
	n := 200_000
	if poisoned || again.Emulated() {
		n = 5_000 // each has a mapping under poison; emulation has little memory
	}
	useArena(t, guard.NewArena(nil))
	runtime.GC()
	before := rss(t)
	cs := make([]diver, n)
	for i := range cs {
		c, err := newDive(3)
		if err != nil {
			t.Fatal(err)
		}
		if v, ok := c.Resume(none{}); !ok || v != 6 {
			t.Fatalf("coroutine %d yielded %d, %v", i, v, ok)
		}
		cs[i] = c
	}
	if s := coro.ReadStats(); s.Stacks < n || s.InUse < n*coro.DefaultFirstSize {
		t.Errorf("%d suspended, statistics say %+v", n, s)
	}
	during := rss(t)
	for _, c := range cs {
		c.Close()
	}
	clear(cs)
	if s := coro.ReadStats(); s.Stacks > coro.PoolSize {
		t.Errorf("after Close %d stacks, of which the pool keeps at most %d", s.Stacks, coro.PoolSize)
	}
	coro.Release()
	if s := coro.ReadStats(); s.Stacks != 0 || s.InUse != 0 || s.Cached != 0 {
		t.Errorf("after Release %+v", s)
	}
	after := 0
	for range 50 { // the cores are garbage, which the runtime gives back when it likes
		runtime.GC()
		if after = rss(t); during-after > (during-before)*6/10 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Logf("%d coroutines: %d bytes each", n, (during-before)/n)
	back := n * coro.DefaultFirstSize * 9 / 10
	if coro.RaceEnabled { // its shadow of our bookkeeping has grown meanwhile
		back = n * coro.DefaultFirstSize * 3 / 4
	}
	if during-after < back && !again.Emulated() {
		t.Errorf("resident memory: %d KB before, %d KB with %d coroutines, %d KB after", before>>10, during>>10, n, after>>10)
	}
}

// A process with little address space gets errors.
func TestLimitedAddressSpace(t *testing.T) {
	if os.Getenv("MORESTACK_TEST_LIMITED") != "" {
		exhaust()
		return
	}
	if coro.RaceEnabled || again.Emulated() {
		t.Log("NOT RUN: the race detector and the emulator themselves die, or hang, where address space is limited")
		return
	}
	for _, kilobytes := range []int{1 << 20, 2 << 20, 4 << 20} {
		command := again.Command(t, fmt.Sprintf("ulimit -v %d", kilobytes), "-test.run=^TestLimitedAddressSpace$")
		command.Env = append(os.Environ(), "MORESTACK_TEST_LIMITED=1", "MORESTACK=strict=1", "GOGC=100")
		out, err := command.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "the error was ENOMEM") {
			t.Errorf("with %d KB: %v\n%s", kilobytes, err, out)
		}
	}
}

// exhaust makes ever more coroutines that grow, until there is no memory.
func exhaust() {
	var cs []diver
	for {
		c, err := newDive(100_000)
		if err == nil {
			if _, ok := c.Resume(none{}); !ok {
				err = c.Err()
			}
			cs = append(cs, c)
		}
		if err != nil {
			if !errors.Is(err, syscall.ENOMEM) {
				fmt.Println("wrong error:", err)
				os.Exit(1)
			}
			break
		}
	}
	for _, c := range cs {
		c.Close()
	}
	if err := workload(1000); err != nil && len(cs) > 1 {
		fmt.Println("after all were closed:", err)
		os.Exit(1)
	}
	fmt.Println("the error was ENOMEM")
}

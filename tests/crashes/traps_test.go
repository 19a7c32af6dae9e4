//go:build linux && (amd64 || arm64) && !purego

package crashes

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/bodies"
)

// A kind is a way in which a coroutine traps.
type kind struct {
	fn, at string // the function, and the name of the line in its file
	cause  string // the text
	start  func(depth int) resumer
}

// A resumer is a coroutine, whatever it yields and receives. It reports whether
// it has yielded.
type resumer interface {
	resume() bool
	Err() error
}

type compiled struct{ coro.Coroutine[int, int] }

func (c compiled) resume() bool { _, ok := c.Resume(0); return ok }

type written struct {
	coro.Coroutine[int, struct{}]
	begun *bool
}

// resume pretends that it yields once, as the others do.
func (w written) resume() bool {
	if !*w.begun {
		*w.begun = true
		return true
	}
	_, ok := w.Resume(struct{}{})
	return ok
}

func stray(depth int, address uintptr, by int) resumer {
	a := &bodies.StrayArgs{Depth: depth, Address: *(**int)(unsafe.Pointer(&address)), By: by}
	c, err := coro.New(bodies.Stray, a)
	if err != nil {
		panic(err)
	}
	return written{c, new(bool)}
}

const (
	nilText    = "runtime error: invalid memory address or nil pointer dereference"
	divideText = "runtime error: integer divide by zero"
	unmapped   = 0x4000  // an address where nothing is
	odd        = 1 << 62 // one that amd64 cannot have
	limit      = 8 << 10 // of stacks that exceed it
)

var hundred = 100

// kinds are all kinds of traps. The page is one that may not be touched.
func kinds(page uintptr) []kind {
	wild := func(address uintptr) func(int) resumer {
		return func(depth int) resumer {
			return compiled{newFailWild(depth, *(*unsafe.Pointer)(unsafe.Pointer(&address))).Coroutine}
		}
	}
	list := []kind{
		{"failNil", "nil", nilText, func(depth int) resumer { return compiled{newFailNil(depth, nil).Coroutine} }},
		{"failWild", "wild", "unexpected fault address 0x4000", wild(unmapped)},
		{"failWild", "wild", fmt.Sprintf("unexpected fault address %#x", page), wild(page)},
		{"failDivide", "divide", divideText, func(depth int) resumer { return compiled{newFailDivide(depth, 0).Coroutine} }},
		{"failIndex", "index", "runtime error: index out of range [3] with length 3", func(depth int) resumer {
			return compiled{newFailIndex(depth, make([]int, 3)).Coroutine}
		}},
		{"failLimit", "limit", (&coro.StackLimitError{Limit: limit}).Error(), func(depth int) resumer {
			return compiled{newFailLimit(depth, coro.Limit(limit)).Coroutine}
		}},
		{"strayFrame", "load", "unexpected fault address 0x4000", func(depth int) resumer { return stray(depth, unmapped, 1) }},
	}
	if runtime.GOARCH == "amd64" {
		list = append(list,
			kind{"failWild", "wild", "unexpected fault at an address that is not canonical", wild(odd)},
			// Go checks divisors, but code written by hand does not.
			kind{"strayFrame", "division", divideText, func(depth int) resumer { return stray(depth, uintptr(unsafe.Pointer(&hundred)), 0) }})
	}
	return list
}

// places returns where the lines are that fail, as "FILE:LINE", by their names.
func places(t *testing.T) map[string]string {
	at := map[string]string{}
	for _, file := range []string{"traps.go", "../bodies/bodies_" + runtime.GOARCH + ".s"} {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		for n := 1; lines.Scan(); n++ {
			if _, name, ok := strings.Cut(lines.Text(), "// fails: "); ok {
				at[name] = fmt.Sprintf("%s:%d", filepath.Base(file), n)
			}
		}
	}
	return at
}

// run has a coroutine trap, depth frames down.
func (k *kind) run(depth int, place string) error {
	c := k.start(depth)
	if !c.resume() {
		return fmt.Errorf("%s: ended before it was to fail: %v", k.at, c.Err())
	}
	if c.resume() {
		return fmt.Errorf("%s: yielded instead of failing", k.at)
	}
	var trap *coro.Trap
	if !errors.As(c.Err(), &trap) || trap.Cause.Error() != k.cause {
		return fmt.Errorf("%s: %v, want %s", k.at, c.Err(), k.cause)
	}
	want := min(depth+1, 16)
	if _, ok := c.(written); ok {
		want = 1 // no table says how large the frames of code written by hand are where they fail
	}
	if len(trap.Frames) < want {
		return fmt.Errorf("%s: %d frames, %d down", k.at, len(trap.Frames), depth)
	}
	first := trap.Frames[0]
	if at := fmt.Sprintf("%s:%d", filepath.Base(first.File), first.Line); first.Func != k.fn || at != place {
		return fmt.Errorf("%s: in %v, want %s in %s", k.at, first, k.fn, place)
	}
	return nil
}

// goFault makes sure that Go code's own faults are panics.
func goFault() (err error) {
	defer func() {
		if e, ok := recover().(runtime.Error); !ok || e.Error() != nilText {
			err = fmt.Errorf("a nil dereference in Go: %v", e)
		}
	}()
	*(*int)(nil) = 1
	return nil
}

// harmless are settings that do not slow anything down.
var harmless = regexp.MustCompile(`^((strict|native)=1,?)*$`)

// plain tells whether traps take no longer than users have them take: not in an
// emulator, nor in builds and modes that look for mistakes.
func plain() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && harmless.MatchString(os.Getenv("MORESTACK")) && runtime.GOARCH == "amd64" &&
		!slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" || s.Key == "-gcflags" })
}

// use is what the process has of everything that traps could leave behind.
type use struct {
	mappings, resident int
	coro.GlobalStats
}

// measure returns it without what is kept for the next coroutines.
func measure(t *testing.T) (u use) {
	t.Helper()
	debug.FreeOSMemory()
	coro.Release()
	u.GlobalStats = coro.ReadStats()
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	u.mappings = strings.Count(string(maps), "\n")
	pages, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var size int
	if _, err := fmt.Sscan(string(pages), &size, &u.resident); err != nil {
		t.Fatal(err)
	}
	u.resident *= os.Getpagesize()
	return u
}

// Traps of every kind by the thousand, while the collector and the profiler run
// and Go code faults too. Each says what happened and where, and all together
// they leave nothing behind.
func TestManyTraps(t *testing.T) {
	const times, rounds, early, threads = 100_000, 10, 2, 4 // times of each kind
	patience := time.Minute
	if testing.Short() || !plain() {
		patience = 400 * time.Millisecond // each round ends early then
	}
	page, err := syscall.Mmap(-1, 0, os.Getpagesize(), syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Munmap(page)
	if err := pprof.StartCPUProfile(io.Discard); err == nil {
		defer pprof.StopCPUProfile()
	}
	var stop atomic.Bool
	var background, workers sync.WaitGroup
	background.Go(func() {
		for !stop.Load() {
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
	})
	defer background.Wait()
	defer stop.Store(true)

	list, at := kinds(uintptr(unsafe.Pointer(unsafe.SliceData(page)))), places(t)
	var before, after use
	var want atomic.Int64
	traps := coro.ReadStats().Traps
	for round := range rounds {
		end := time.Now().Add(patience)
		for thread := range threads {
			random := rand.New(rand.NewPCG(uint64(round), uint64(thread)))
			workers.Go(func() {
				for n := 0; n < times/rounds/threads && time.Now().Before(end); n++ {
					for i := range list {
						k := &list[i]
						depth := random.IntN(20)
						if random.IntN(50) == 0 {
							depth *= 50 // the stack grows, and moves
						}
						if k.fn == "failLimit" {
							depth %= 50 // below which the limit is
						}
						if err := errors.Join(k.run(depth, at[k.at]), goFault()); err != nil {
							t.Error(err)
							return
						}
					}
					want.Add(int64(len(list)))
				}
			})
		}
		workers.Wait()
		switch round + 1 {
		case early:
			before = measure(t)
		case rounds:
			after = measure(t)
		}
	}
	if n := uint64(want.Load()); after.Traps-traps != n && !t.Failed() {
		t.Errorf("%d traps, want %d", after.Traps-traps, n)
	}
	t.Logf("%d traps of %d kinds; after %d rounds %+v, after %d %+v", want.Load(), len(list), early, before, rounds, after)
	// How much address space there is depends on how many large stacks there were at
	// once, and poison=1 uses none twice.
	reserved := after.Reserved > 4*before.Reserved && plain()
	if after.Stacks > before.Stacks || after.InUse > before.InUse || after.Cached > before.Cached || reserved {
		t.Errorf("stacks grew from %+v to %+v", before.GlobalStats, after.GlobalStats)
	}
	// A runtime of Go that maps some more is no leak; a few bytes for each trap are.
	if after.mappings > before.mappings+30 || after.resident > before.resident+48<<20 {
		t.Errorf("from %d mappings and %d bytes to %d and %d", before.mappings, before.resident, after.mappings, after.resident)
	}
}

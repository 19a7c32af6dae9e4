//go:build linux && (amd64 || arm64) && !purego

package main

import (
	"fmt"
	"iter"
	"os"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/stackcopy"
	"github.com/morestack/morestack/tests/bodies"
)

type none = struct{}

// must is New, which can fail only for want of memory.
func must[Out, In any](c coro.Coroutine[Out, In], err error) coro.Coroutine[Out, In] {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	return c
}

func groups(scale int) []group {
	g := []group{
		{"switch", []measurement{
			{"switch.roundtrip_ns", scale * 2_000_000, roundTrips},
			{"switch.iterpull_ns", scale * 200_000, pulls},
			{"switch.enter_ns", scale * 2_000_000, enters},
		}, time.Nanosecond, func(median, out map[string]float64) {
			keep("switch.vs_iterpull", "switch.roundtrip_ns", "switch.iterpull_ns")(median, out)
			out["switch.enter_ns"] = median["switch.enter_ns"]
		}},
		{"create", []measurement{
			{"create.run_close_ns", scale * 200_000, creations},
			{"create.goroutine_ns", scale * 50_000, goroutines},
		}, time.Nanosecond, keep("create.vs_goroutine", "create.run_close_ns", "create.goroutine_ns")},
		{"prologue", []measurement{
			{"checked", scale, fibs(checked)},
			{"unchecked", scale, fibs(unchecked)},
		}, time.Nanosecond, func(median, out map[string]float64) {
			out["prologue.overhead_pct"] = 100 * (median["checked"]/median["unchecked"] - 1)
		}},
		{"grow.2k_4k", []measurement{{"t", scale * 2000, grow2k}}, time.Nanosecond, func(median, out map[string]float64) {
			out["grow.2k_4k_ns"] = median["t"]
		}},
		{"grow.frame", []measurement{{"t", scale * 200, relocations}}, time.Nanosecond, func(median, out map[string]float64) {
			out["grow.frame_ns"] = median["t"] / relocatedFrames
		}},
	}
	for _, size := range []struct {
		name  string
		bytes int
		n     int
	}{{"64k", 64 << 10, 100}, {"1m", 1 << 20, 20}, {"64m", 64 << 20, 1}} {
		depth := size.bytes / 64
		name := "grow." + size.name
		g = append(g, group{name, []measurement{
			{name + "_us", scale * size.n, growth(depth)},
			{name + "_go_us", scale * size.n, goGrowth(depth)},
			{name + "_touch_us", scale * size.n, firstTouch(size.bytes)},
		}, time.Microsecond, func(median, out map[string]float64) {
			keep(name+"_vs_go", name+"_us", name+"_go_us")(median, out)
			out[name+"_touch_us"] = median[name+"_touch_us"]
			out[name+"_vs_touch"] = median[name+"_us"] / median[name+"_touch_us"]
		}})
	}
	return append(append(g, generated(scale)...), collector(scale)...)
}

// roundTrips resumes a coroutine that yields integers.
func roundTrips(n int) time.Duration {
	c := must(coro.New(bodies.Counter, &bodies.CounterArgs{N: n + 1}))
	defer c.Close()
	c.Resume(none{})
	start := time.Now()
	for range n {
		c.Resume(none{})
	}
	return time.Since(start)
}

// enters does the same with the machine layer alone, which says how much of a
// round trip is the switch.
func enters(n int) time.Duration {
	stack, err := guard.NewArena(nil).New(2048, 2048)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	a := &bodies.CounterArgs{N: n}
	c := new(morestack.Control)
	c.Init(stack.Lo, stack.Hi, bodies.Natives[0].Entry.Entry, uintptr(unsafe.Pointer(a)))
	c.StackGuard = guard.Guard(stack.Lo)
	start := time.Now()
	for range n {
		morestack.Enter(c, 0, 0)
	}
	elapsed := time.Since(start)
	runtime.KeepAlive(a)
	return elapsed
}

// pulls does the same with iter.Pull.
func pulls(n int) time.Duration {
	next, stop := iter.Pull(func(yield func(int) bool) {
		for i := 1; yield(i); i++ {
		}
	})
	defer stop()
	next()
	start := time.Now()
	for range n {
		next()
	}
	return time.Since(start)
}

// creations makes coroutines, runs them to their end and closes them.
func creations(n int) time.Duration {
	a := &bodies.CounterArgs{}
	start := time.Now()
	for range n {
		c := must(coro.New(bodies.Counter, a))
		c.Resume(none{})
		c.Close()
	}
	return time.Since(start)
}

// goroutines starts goroutines and joins each.
func goroutines(n int) time.Duration {
	done := make(chan none)
	body := func() { done <- none{} }
	start := time.Now()
	for range n {
		go body()
		<-done
	}
	return time.Since(start)
}

func fibs(body *coro.Body[fibArgs, none, none]) func(int) time.Duration {
	return func(n int) time.Duration {
		a := &fibArgs{n: 30}
		start := time.Now()
		for range n {
			c := must(coro.New(body, a, coro.FirstSize(1<<15)))
			c.Resume(none{})
			c.Close()
		}
		return time.Since(start)
	}
}

// dive is the time a coroutine takes for its first recursion of the given depth
// beyond what it takes for its second. Frames are 64 bytes, with one pointer
// into the stack.
func dive(depth int) time.Duration {
	c := must(coro.New(bodies.Dive, &bodies.DiveArgs{Depth: depth, Rounds: 2}))
	defer c.Close()
	start := time.Now()
	c.Resume(none{})
	c.Resume(none{})
	first := time.Since(start)
	start = time.Now()
	c.Resume(none{})
	c.Resume(none{})
	return first - time.Since(start)
}

func growth(depth int) func(int) time.Duration {
	return func(n int) (sum time.Duration) {
		for range n {
			sum += dive(depth)
		}
		return sum
	}
}

// grow2k is the cost of the first growth, from 2 to 4 KB.
func grow2k(n int) time.Duration { return growth(32)(n) }

// goGrowth is growth in fresh goroutines.
func goGrowth(depth int) func(int) time.Duration {
	return func(n int) (sum time.Duration) {
		for range n {
			result := make(chan time.Duration)
			go func() {
				value := 0
				start := time.Now()
				goDive(depth, &value)
				first := time.Since(start)
				start = time.Now()
				goDive(depth, &value)
				result <- first - time.Since(start)
			}()
			sum += <-result
		}
		return sum
	}
}

// goDive is diveFrame in Go: 64 bytes of stack a call, one pointer into it.
//
//go:noinline
func goDive(depth int, prev *int) {
	local := struct{ value, fill0, fill1 int }{value: *prev + depth}
	if depth > 0 {
		goDive(depth-1, &local.value)
	}
	*prev += local.value
}

// firstTouch is what the kernel takes to give size bytes of memory, a page at
// a time as it is touched.
func firstTouch(size int) func(int) time.Duration {
	return func(n int) (sum time.Duration) {
		page := unix.Getpagesize()
		for range n {
			memory, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
			if err != nil {
				fmt.Fprintln(os.Stderr, "bench:", err)
				os.Exit(1)
			}
			start := time.Now()
			for i := 0; i < size; i += page {
				memory[i] = 1
			}
			sum += time.Since(start)
			unix.Munmap(memory)
		}
		return sum
	}
}

const relocatedFrames = 1000

// relocations copies and relocates a stack of relocatedFrames frames as of
// dive: 64 bytes, one pointer each.
func relocations(n int) time.Duration {
	const pc, done, words = 0x1000, 0x2000, 8
	layout := stackcopy.AMD64
	m, err := stackcopy.NewMaps(layout, done, 1).With(stackcopy.Func{Name: "f", Entry: pc - 1, Frame: 56,
		Sites: []stackcopy.Site{{Kind: stackcopy.Call, Offset: 1, Frame: 56, Pointers: []int{24}}}})
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	from := make([]uintptr, relocatedFrames*words+8)
	to := make([]uintptr, 2*len(from))
	stack := func(w []uintptr) stackcopy.Stack {
		lo := uintptr(unsafe.Pointer(&w[0]))
		return stackcopy.Stack{Lo: lo, Hi: lo + uintptr(len(w))*8}
	}
	old, fresh := stack(from), stack(to)
	for i := range relocatedFrames {
		frame := from[i*words:]
		frame[3] = old.Lo + uintptr(i*words+words+2)*8 // the caller's local
		frame[6] = old.Lo + uintptr(i*words+words+6)*8 // its saved BP
		frame[7] = pc
	}
	from[relocatedFrames*words-1] = done
	start := time.Now()
	for range n {
		state := stackcopy.State{PC: pc, SP: old.Lo, FP: old.Lo + 48}
		copy(to[len(to)-len(from):], from)
		if frames, err := m.Relocate(old, fresh, &state); frames != relocatedFrames || err != nil {
			fmt.Fprintln(os.Stderr, "bench: relocated", frames, err)
			os.Exit(1)
		}
	}
	elapsed := time.Since(start)
	runtime.KeepAlive(from)
	runtime.KeepAlive(to)
	return elapsed
}

//go:build linux && (amd64 || arm64) && !purego

package main

import (
	"fmt"
	"iter"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/programs"
)

// generated measures bodies in Go: generators beside iter.Pull, computations
// beside the same functions called as plain Go.
func generated(scale int) []group {
	g := []group{
		{"gen", []measurement{
			{"gen.next_ns", scale * 2_000_000, counts},
			{"gen.iterpull_ns", scale * 200_000, pulledCounts},
		}, time.Nanosecond, keep("gen.vs_iterpull", "gen.next_ns", "gen.iterpull_ns")},
		{"walk", []measurement{
			{"walk.next_ns", scale * 8, walks(programs.NewWalk)},
			{"walk.pinned_ns", scale * 8, walks(programs.NewWalkPinned)},
			{"walk.iterpull_ns", scale * 2, pulledWalks},
		}, time.Nanosecond, func(median, out map[string]float64) {
			for k := range median {
				out[k] = median[k] / treeNodes
			}
			out["roots.cost_ns"] = out["walk.next_ns"] - out["walk.pinned_ns"]
			out["walk.vs_iterpull"] = out["walk.iterpull_ns"] / out["walk.next_ns"]
			out["walk.pinned_vs_iterpull"] = out["walk.iterpull_ns"] / out["walk.pinned_ns"]
		}},
		{"deep", []measurement{
			{"roots.deep_ns", scale * 20 * deepFrames, changes(deepFrames)},
			{"roots.shallow_ns", scale * 20 * deepFrames, changes(deepFrames / 100)},
		}, time.Nanosecond, keep("roots.shallow_vs_deep", "roots.deep_ns", "roots.shallow_ns")},
		{"call", []measurement{{"call.ns", scale * 1_000_000, nops}}, time.Nanosecond, func(median, out map[string]float64) {
			out["call.ns"] = median["call.ns"]
		}},
	}
	ledger := programs.NewLedger(1000)
	for _, c := range []struct {
		name   string // what the names of its figures begin with
		native func()
		plain  func()
	}{
		{"fib.", func() { finish(programs.NewFib(27)) }, func() { runtime.KeepAlive(programs.Fib(27)) }},
		{"nbody.", func() { finish(programs.NewNBody(20_000)) }, func() { programs.NBody(20_000) }},
		{"fannkuch.", func() { finish(programs.NewFannkuch(8)) }, func() { programs.Fannkuch(8) }},
		{"spectral.", func() { finish(programs.NewSpectralNorm(80)) }, func() { programs.SpectralNorm(80) }},
		{"range.struct_", func() { finish(programs.NewBalance(ledger, 200)) }, func() { runtime.KeepAlive(programs.Balance(ledger, 200)) }},
	} {
		ours, peer, ratio := c.name+"native_us", c.name+"go_us", c.name+"vs_go"
		g = append(g, group{strings.TrimRight(c.name, "._"), []measurement{
			{ours, scale * 3, repeat(c.native)},
			{peer, scale * 3, repeat(c.plain)},
		}, time.Microsecond, func(median, out map[string]float64) {
			out[ours], out[peer] = median[ours], median[peer]
			out[ratio] = median[ours] / median[peer]
		}})
	}
	return g
}

// treeNodes is the size of the tree that is walked.
const treeNodes = 1<<16 - 1

var tree = programs.NewTree(16)

// finish runs a coroutine that yields nothing to its end.
func finish[C interface {
	Resume(none) (none, bool)
	Close() error
}](c C) {
	c.Resume(none{})
	if err := c.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func repeat(f func()) func(int) time.Duration {
	return func(n int) time.Duration {
		start := time.Now()
		for range n {
			f()
		}
		return time.Since(start)
	}
}

func counts(n int) time.Duration {
	c := programs.NewCount(n + 1)
	defer c.Close()
	c.Resume(none{})
	start := time.Now()
	for range n {
		c.Resume(none{})
	}
	return time.Since(start)
}

func pulledCounts(n int) time.Duration {
	next, stop := iter.Pull(func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
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

// walks walks the whole tree n times.
func walks(walk func(*programs.Node, ...coro.Option) coro.Coroutine[int, none]) func(int) time.Duration {
	return func(n int) time.Duration {
		start := time.Now()
		for range n {
			c := walk(tree)
			for ok := true; ok; {
				_, ok = c.Resume(none{})
			}
			c.Close()
		}
		return time.Since(start)
	}
}

// deepFrames is how deep the deep recursion is.
const deepFrames = 10_000

// changes yields n times, on the way down a recursion in which every frame changes a
// pointer in the one above it.
func changes(depth int) func(n int) time.Duration {
	return func(n int) time.Duration {
		start := time.Now()
		for range n / depth {
			c := programs.NewDeepen(depth - 1)
			for ok := true; ok; {
				_, ok = c.Resume(none{})
			}
			c.Close()
		}
		return time.Since(start)
	}
}

func pulledWalks(n int) time.Duration {
	start := time.Now()
	for range n {
		next, stop := iter.Pull(func(yield func(int) bool) { visit(tree, yield) })
		for ok := true; ok; {
			_, ok = next()
		}
		stop()
	}
	return time.Since(start)
}

func visit(n *programs.Node, yield func(int) bool) bool {
	return n == nil || visit(n.Left, yield) && yield(n.Value) && visit(n.Right, yield)
}

func nops(n int) time.Duration {
	c := programs.NewCallNop(n)
	defer c.Close()
	start := time.Now()
	c.Resume(none{})
	return time.Since(start)
}

//go:build linux && (amd64 || arm64) && !purego

package main

import (
	"runtime"
	"sync/atomic"
	"time"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/crashes"
	"github.com/morestack/morestack/tests/programs"
)

// collector measures what bodies do to the garbage collector, and faults.
func collector(scale int) []group {
	var native, plain time.Duration
	return []group{
		{"gc", []measurement{
			{"gc.stop_max_ms", 10 * scale, stops(nativeSpin, &native)},
			{"gc.stop_go_max_ms", 10 * scale, stops(goSpin, &plain)},
		}, time.Millisecond, func(_, out map[string]float64) { // not the medians: the longest count
			out["gc.stop_max_ms"] = float64(native) / float64(time.Millisecond)
			out["gc.stop_go_max_ms"] = float64(plain) / float64(time.Millisecond)
			out["gc.stop_vs_go"] = float64(native) / float64(plain)
		}},
		{"idle", []measurement{
			{"idle.gc_ns_each", scale * 50_000, idle(suspend)},
			{"idle.goroutine_gc_ns_each", scale * 50_000, idle(park)},
		}, time.Nanosecond, keep("idle.vs_goroutine", "idle.gc_ns_each", "idle.goroutine_gc_ns_each")},
		{"trap", []measurement{{"trap.us", scale * 2000, traps}}, time.Microsecond, func(median, out map[string]float64) {
			out["trap.us"] = median["trap.us"]
		}},
	}
}

// stops returns a run of n collections while spin runs in another goroutine, until
// what it returns is called. The longest of all so far goes to longest.
func stops(spin func() (end func()), longest *time.Duration) func(n int) time.Duration {
	return func(n int) (all time.Duration) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
		defer spin()()
		for range n {
			start := time.Now()
			runtime.GC()
			d := time.Since(start)
			*longest, all = max(*longest, d), all+d
		}
		return all
	}
}

func nativeSpin() (end func()) {
	ready, ended := make(chan bool), make(chan bool)
	c := crashes.NewSpin(func() { close(ready) })
	go func() {
		c.Resume(0)
		close(ended)
	}()
	<-ready
	return func() {
		c.Interrupt(nil)
		<-ended
	}
}

func goSpin() (end func()) {
	ready, ended := make(chan bool), make(chan bool)
	var stop atomic.Bool
	go func() {
		close(ready)
		for n := 0; n >= 0 && !stop.Load(); {
			n ^= 1
		}
		close(ended)
	}()
	<-ready
	return func() {
		stop.Store(true)
		<-ended
	}
}

// idle returns a run that makes n of something idle, and times a collection.
func idle(start func(n int) (end func())) func(int) time.Duration {
	collect := func() time.Duration {
		runtime.GC()
		start := time.Now()
		for range 3 {
			runtime.GC()
		}
		return time.Since(start) / 3
	}
	return func(n int) time.Duration {
		before := collect()
		end := start(n)
		with := collect()
		end()
		return max(0, with-before)
	}
}

func suspend(n int) (end func()) {
	list := make([]coro.Coroutine[int, none], n)
	for i := range list {
		list[i] = programs.NewPair(new(int), new(int))
		list[i].Resume(none{})
	}
	return func() {
		for _, c := range list {
			c.Close()
		}
	}
}

func park(n int) (end func()) {
	wake, parked := make(chan bool), make(chan bool)
	for range n {
		p, q := new(int), new(int)
		go func() {
			parked <- true
			<-wake
			*p += *q
		}()
		<-parked
	}
	return func() { close(wake) }
}

// traps makes n coroutines that fault in their second resumption.
func traps(n int) time.Duration {
	list := make([]coro.Coroutine[int, int], n)
	for i := range list {
		list[i] = crashes.NewDereference(new(crashes.List)).Coroutine
		list[i].Resume(0)
	}
	start := time.Now()
	for _, c := range list {
		c.Resume(0)
	}
	return time.Since(start)
}

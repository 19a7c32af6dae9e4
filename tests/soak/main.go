// Command soak runs everything at once for a given time: programs, faults, panics,
// interruptions and pauses in coroutines that are finished, closed or dropped,
// while the collector runs without a break and a CPU profile is taken. It fails
// if a result is not that of plain Go, or if anything is left at the end.
//
//	go run ./tests/soak [-time 3m] [-workers 8]
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/coro"
)

var counts struct{ coroutines, switches, collections, faults, panics, interruptions, pauses atomic.Int64 }

func main() {
	duration := flag.Duration("time", 3*time.Minute, "how long")
	workers := flag.Int("workers", 8, "goroutines that run coroutines")
	flag.Parse()
	if flag.NArg() > 0 || *workers < 1 {
		fmt.Fprintln(os.Stderr, "soak: takes no arguments, and at least one worker")
		flag.Usage()
		os.Exit(2)
	}
	if !morestack.Native {
		fmt.Fprintln(os.Stderr, "soak: without machine code, endless bodies cannot be interrupted and faults are panics: run it on linux/amd64 or linux/arm64, without the tag purego")
		os.Exit(2)
	}
	before := coro.ReadStats()
	if err := soak(*duration, *workers); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
	s := coro.ReadStats()
	fmt.Printf("%d coroutines, %d switches, %d moves of %d bytes, %d grown, %d shrunk, %d traps\n",
		counts.coroutines.Load(), counts.switches.Load(), s.Moves, s.Copied, s.Grows, s.Shrinks, s.Traps)
	fmt.Printf("%d faults, %d panics, %d interruptions, %d pauses, %d collections\n", counts.faults.Load(),
		counts.panics.Load(), counts.interruptions.Load(), counts.pauses.Load(), counts.collections.Load())
	leak := s.InUse + s.Cached - before.InUse - before.Cached
	fmt.Printf("leaked: %d stacks, %d bytes\n", s.Stacks-before.Stacks, leak)
	if s.Stacks != before.Stacks || leak != 0 || s.Suspects > 0 {
		fmt.Fprintf(os.Stderr, "soak: something is left, or audit has suspects: %+v\n", s)
		os.Exit(1)
	}
}

// soak returns the first error of the workers, when all have ended and what they
// have dropped is collected.
func soak(d time.Duration, workers int) error {
	first := make(chan error, 1)
	var failed atomic.Bool
	end := time.Now().Add(d)
	going := func() bool { return !failed.Load() && time.Now().Before(end) }
	mappings := 0
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 1))
			for going() {
				if err := jobs[random.IntN(len(jobs))](random); err != nil {
					failed.Store(true)
					select {
					case first <- err:
					default:
					}
				}
			}
		})
	}
	all.Go(func() {
		for n := 0; going(); n++ {
			runtime.GC()
			counts.collections.Add(1)
			if n%50 == 0 {
				coro.Release()
				debug.FreeOSMemory()
			}
			if n == 100 {
				mappings = countMappings()
			}
		}
	})
	all.Go(func() {
		for going() {
			if err := pprof.StartCPUProfile(io.Discard); err != nil {
				return // somebody else profiles
			}
			time.Sleep(time.Second)
			pprof.StopCPUProfile()
		}
	})
	all.Wait()
	select {
	case err := <-first:
		return err
	default:
	}
	// What was dropped goes with a collection, and its stack with a cleanup soon
	// after.
	for range 100 {
		runtime.GC()
		coro.Release()
		if coro.ReadStats().Stacks == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if n := countMappings(); mappings > 0 && n > 2*mappings+1000 {
		return fmt.Errorf("%d mappings, of %d after 100 collections", n, mappings)
	}
	return nil
}

// countMappings returns how many mappings the process has.
func countMappings() (n int) {
	f, err := os.Open("/proc/self/maps")
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		n++
	}
	return n
}

// run resumes a coroutine, over its pauses, until it has yielded n values or ends.
func run[Out, In any](c coro.Coroutine[Out, In], n int, each func(Out) In) {
	counts.coroutines.Add(1)
	var in In
	for i := 0; i < n; {
		v, ok := c.Resume(in)
		counts.switches.Add(1)
		switch {
		case ok:
			i++
			in = each(v)
		case errors.Is(c.Err(), coro.ErrPaused):
			counts.pauses.Add(1)
		default:
			return
		}
	}
}

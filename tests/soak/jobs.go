package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/crashes"
	"github.com/morestack/morestack/tests/programs"
)

type none = struct{}

// jobs run some coroutines and look at what they do.
var jobs = []func(*rand.Rand) error{
	walk, trees, queens, merge, compute, deep, fault, throw, interrupt, pause, abandon, many,
}

var tree = programs.NewTree(10)

const treeNodes = 1<<10 - 1

// collected is the sum and number of what a coroutine of integers yields.
func collected(c coro.Coroutine[int, none], n int) (sum, count int) {
	run(c, n, func(v int) none {
		sum += v
		count++
		return none{}
	})
	return sum, count
}

var treeSum = programs.TreeSum(tree)

func walk(*rand.Rand) error {
	c := programs.NewWalk(tree)
	if sum, n := collected(c, treeNodes+1); sum != treeSum || n != treeNodes || c.Err() != nil {
		return fmt.Errorf("walk: %d values with sum %d, %v", n, sum, c.Err())
	}
	return c.Close()
}

// treesText is what BinaryTrees reports: a tree of depth d has 2<<d-1 nodes.
func treesText(n int) string {
	text := fmt.Sprintf("stretch tree of depth %d\t check: %d\n", n+1, 4<<n-1)
	for d := 4; d <= n; d += 2 {
		trees := 16 << (n - d)
		text += fmt.Sprintf("%d\t trees of depth %d\t check: %d\n", trees, d, trees*(2<<d-1))
	}
	return text + fmt.Sprintf("long lived tree of depth %d\t check: %d\n", n, 2<<n-1)
}

func texts(c coro.Coroutine[string, none]) (all string) {
	run(c, 1000, func(s string) none {
		all += s + "\n"
		return none{}
	})
	return all
}

func trees(*rand.Rand) error {
	c := programs.NewBinaryTrees(6)
	if got := texts(c); got != treesText(6) || c.Err() != nil {
		return fmt.Errorf("trees: %q, %v", got, c.Err())
	}
	return nil
}

func queens(*rand.Rand) error {
	c := programs.NewQueens(6)
	n := 0
	run(c, 100, func([]int) none {
		n++
		return none{}
	})
	if n != 4 || c.Err() != nil {
		return fmt.Errorf("queens: %d solutions, %v", n, c.Err())
	}
	return nil
}

// merge has coroutines that resume others.
func merge(r *rand.Rand) error {
	var sources []coro.Coroutine[int, none]
	sum, n := 0, 0
	for range 5 {
		t := new(programs.BTree)
		for range r.IntN(100) {
			key := r.IntN(10_000)
			t.Insert(key)
		}
		s, k := collected(programs.NewBTreeValues(t), 1000)
		sum, n = sum+s, n+k
		sources = append(sources, programs.NewBTreeValues(t))
	}
	c := programs.NewMerge(sources)
	last := -1
	gotSum, gotN := 0, 0
	run(c, 1000, func(v int) none {
		if v < last {
			gotN = -1 << 40
		}
		last = v
		gotSum, gotN = gotSum+v, gotN+1
		return none{}
	})
	if gotSum != sum || gotN != n || c.Err() != nil {
		return fmt.Errorf("merge: %d values with sum %d, want %d with %d, %v", gotN, gotSum, n, sum, c.Err())
	}
	return nil
}

func compute(*rand.Rand) error {
	fib, spectral := programs.NewFib(18), programs.NewSpectralNorm(20)
	run(fib.Coroutine, 1, func(none) none { return none{} })
	run(spectral.Coroutine, 1, func(none) none { return none{} })
	if fib.Results() != programs.Fib(18) || spectral.Results() != programs.SpectralNorm(20) {
		return fmt.Errorf("fib %d, spectral norm %v", fib.Results(), spectral.Results())
	}
	return nil
}

// deep grows a stack, and shrinks it while it is suspended.
func deep(r *rand.Rand) error {
	depth := r.IntN(20_000)
	c := programs.NewCalculateYielding(depth)
	silent := programs.NewCalculate(depth)
	run(silent.Coroutine, 1, func(none) none { return none{} })
	run(c.Coroutine, 2*depth+3, func(int) none {
		if r.IntN(500) == 0 {
			c.Shrink()
			c.Frames()
		}
		return none{}
	})
	want := programs.Calculate(depth)
	if c.Results() != want || silent.Results() != want || c.Err() != nil || silent.Err() != nil {
		return fmt.Errorf("deep: %d, %v and %d, %v, want %d", c.Results(), c.Err(), silent.Results(), silent.Err(), want)
	}
	return nil
}

func fault(*rand.Rand) error {
	c := crashes.NewDereference(new(crashes.List))
	run(c.Coroutine, 3, func(int) int { return 0 })
	counts.faults.Add(1)
	var trap *coro.Trap
	if !errors.As(c.Err(), &trap) || len(trap.Frames) == 0 {
		return fmt.Errorf("fault: %v", c.Err())
	}
	return nil
}

var errThrown = errors.New("thrown")

func throw(r *rand.Rand) (err error) {
	c := crashes.NewCall(r.IntN(100), func() {
		if r.IntN(2) == 0 {
			*(*int)(nil) = 1
		}
		panic(errThrown)
	})
	counts.panics.Add(1)
	defer func() {
		switch v := recover().(type) {
		case runtime.Error:
		case error:
			if v != errThrown {
				err = v
			}
		default:
			err = fmt.Errorf("throw: %v came out of Resume", v)
		}
		if !errors.Is(c.Err(), coro.ErrUnwound) {
			err = fmt.Errorf("throw: %v", c.Err())
		}
	}()
	run(c, 3, func(int) int { return 0 })
	return nil
}

func interrupt(r *rand.Rand) error {
	c := crashes.NewSpin(func() {})
	time.AfterFunc(time.Duration(r.IntN(3000))*time.Microsecond, func() { c.Interrupt(errThrown) })
	run(c.Coroutine, 1, func(int) int { return 0 })
	counts.interruptions.Add(1)
	if !errors.Is(c.Err(), errThrown) || !errors.Is(c.Err(), coro.ErrInterrupted) {
		return fmt.Errorf("interrupt: %v", c.Err())
	}
	return nil
}

func pause(r *rand.Rand) error {
	c := programs.NewBinaryTrees(8, coro.TimeSlice(time.Duration(1+r.IntN(500))*time.Microsecond))
	if got := texts(c); got != treesText(8) || c.Err() != nil {
		return fmt.Errorf("pause: %q, %v", got, c.Err())
	}
	return nil
}

// abandon closes coroutines that have just begun, and drops others.
func abandon(r *rand.Rand) error {
	for range 50 {
		c := programs.NewHold(1000)
		n := r.IntN(20)
		if sum, got := collected(c, n); got != n || sum != n*(n-1)/2 {
			return fmt.Errorf("abandon: %d values with sum %d, want %d, %v", got, sum, n, c.Err())
		}
		if r.IntN(2) == 0 {
			if err := c.Close(); err != nil {
				return fmt.Errorf("abandon: %w", err)
			}
		}
	}
	return nil
}

// many has a thousand at once, resumed in turn.
func many(*rand.Rand) error {
	list := make([]coro.Coroutine[int, none], 1000)
	for i := range list {
		list[i] = programs.NewCount(3)
		counts.coroutines.Add(1)
	}
	for want := range 3 {
		for _, c := range list {
			v, ok := c.Resume(none{})
			if counts.switches.Add(1); !ok || v != want {
				return fmt.Errorf("many: %d %v %v, want %d", v, ok, c.Err(), want)
			}
		}
	}
	return nil
}

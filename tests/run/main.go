// Command run is the main job on real input: it runs every body in a coroutine
// and the same in plain Go in a goroutine, prints what happened to the stacks,
// and fails if any result differs.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/bodies"
	"github.com/morestack/morestack/tests/twins"
)

// job is one row: what a body does in a coroutine, and the same in Go.
type job struct {
	name   string
	native func() (outcome, error)
	plain  func() int
}

// outcome is what a coroutine did.
type outcome struct {
	result int
	stats  coro.Stats
}

func main() {
	rows := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Println(title())
	fmt.Fprintln(rows, "body\tresult\tby plain Go\tfirst stack\tfinal stack\tmoves\tbytes copied\ttime\tin a goroutine\t")
	wrong := 0
	for _, j := range jobs() {
		if !j.row(rows) {
			wrong++
		}
	}
	rows.Flush()
	if !endless() {
		wrong++
	}
	if wrong > 0 {
		fmt.Printf("%d results are WRONG\n", wrong)
		os.Exit(1)
	}
	fmt.Println("all results are the same")
}

func title() string {
	if twins.Run {
		return "bodies as Go functions on iter.Pull"
	}
	return "bodies written by hand, for " + runtime.GOARCH + ", in coroutines whose stacks start small and move as they grow"
}

// row runs a job both ways and prints it.
func (j job) row(rows *tabwriter.Writer) bool {
	start := time.Now()
	got, err := j.native()
	elapsed := time.Since(start)
	if err != nil {
		fmt.Fprintf(rows, "%s\t%v\t\t\t\t\t\t\t\t\n", j.name, err)
		return false
	}
	var want int
	done := make(chan time.Duration)
	go func() {
		start := time.Now()
		want = j.plain()
		done <- time.Since(start)
	}()
	plain := <-done
	s := got.stats
	fmt.Fprintf(rows, "%s\t%d\t%d\t%s\t%s\t%d\t%s\t%v\t%v\t\n", j.name, got.result, want,
		size(min(coro.DefaultFirstSize, s.Peak)), size(s.Peak), s.Moves, size(s.Copied), round(elapsed), round(plain))
	return got.result == want
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// size prints bytes.
func size(n int) string {
	switch {
	case n == 0:
		return "-"
	case n < 10<<10:
		return fmt.Sprintf("%d B", n)
	case n < 10<<20:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// sum resumes a coroutine until it ends. Its result is the sum of what it
// yields and of what its body left in its arguments.
func sum[A any](body *coro.Body[A, int, struct{}], a *A, result func(*A) int) func() (outcome, error) {
	return func() (o outcome, err error) {
		c, err := coro.New(body, a)
		if err != nil {
			return o, err
		}
		defer c.Close()
		for {
			v, ok := c.Resume(struct{}{})
			if !ok {
				break
			}
			o.result += v
		}
		o.result += result(a)
		o.stats = c.Stats()
		return o, c.Err()
	}
}

// calculation is sum for bodies that yield nothing that counts.
func calculation(name string, body *coro.Body[bodies.CalculateArgs, int, struct{}], depth int, plain func(int) int) job {
	return job{
		fmt.Sprintf("%s(%s)", name, thousands(depth)),
		sum(body, &bodies.CalculateArgs{Depth: depth}, func(a *bodies.CalculateArgs) int { return a.Result }),
		func() int { return plain(depth) },
	}
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func jobs() []job {
	return []job{
		{"count(1,000,000)",
			sum(bodies.Counter, &bodies.CounterArgs{N: 1_000_000}, func(*bodies.CounterArgs) int { return 0 }),
			func() (n int) {
				for v := range channel(1_000_000) {
					n += v
				}
				return n
			}},
		{"a(3, 9)",
			sum(bodies.Ackermann, &bodies.AckermannArgs{M: 3, N: 9}, func(a *bodies.AckermannArgs) int { return a.Result }),
			func() int { return bodies.GoAckermann(3, 9) }},
		calculation("Calculate", bodies.Calculate, 1_000_000, bodies.GoCalculate),
		calculation("through **int", bodies.Indirect, 1_000_000, bodies.GoIndirect),
		calculation("2 KB frames", bodies.Wide, 100_000, bodies.GoWide),
		calculation("10 KB frame", bodies.Huge, 0, func(int) int { return 1250 + bodies.GoHuge() }),
		calculation("leaves in the red zone", bodies.Leaves, 1_000_000, bodies.GoLeaves),
		{"moved at depth 10,000", moved, func() (n int) {
			bodies.GoDive(10_000, 10, func(v int) { n += v })
			return n
		}},
		{"100,000 calls of Go",
			sum(bodies.Caller, &bodies.CallerArgs{N: 100_000, Add: add}, func(a *bodies.CallerArgs) int { return a.Result }),
			func() int {
				n := 0
				for i := 100_000; i > 0; i-- {
					add(i, &n)
				}
				return 2 * n
			}},
	}
}

//go:noinline
func add(n int, to *int) { *to += n }

// channel yields 1 to n as a goroutine would.
func channel(n int) <-chan int {
	c := make(chan int)
	go func() {
		for i := range n {
			c <- i + 1
		}
		close(c)
	}()
	return c
}

// moved dives, and has its stack shrunk, and so moved, while it is suspended at
// the bottom and at the top.
func moved() (o outcome, err error) {
	c, err := coro.New(bodies.Dive, &bodies.DiveArgs{Depth: 10_000, Rounds: 10})
	if err != nil {
		return o, err
	}
	defer c.Close()
	for v := range c.All() {
		o.result += v
		for c.Shrink() {
		}
		o.stats = c.Stats()
	}
	return o, c.Err()
}

// endless runs a recursion without end, which must end with an error.
func endless() bool {
	if twins.Run {
		return true
	}
	c, err := coro.New(bodies.Endless, nil)
	if err != nil {
		fmt.Println("endless recursion:", err)
		return false
	}
	start := time.Now()
	c.Resume(struct{}{})
	elapsed := time.Since(start)
	err = c.Close()
	message := strings.SplitN(fmt.Sprint(err), " in ", 2)[0]
	fmt.Printf("\nendless recursion: %s, after %v, with a stack of %s; the program goes on\n(in a goroutine: fatal error, and the program is gone)\n\n",
		message, round(elapsed), size(c.Stats().Peak))
	return errors.Is(err, coro.ErrStackLimit)
}

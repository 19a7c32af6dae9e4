package record

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/morestack/morestack/coro"
)

// Disturbances are what happened to the coroutines of a program while it ran.
type Disturbances struct {
	Rounds        int    // runs of the whole program
	Ticks         int    // of its calls of Tick
	Pauses        int    // of a running coroutine
	Shrinks       int    // of its stack, by Shrink; the shrinker's are not known
	Collections   int    // of the whole process meanwhile
	Interruptions int    // runs that one has ended
	Where         string // a place where a coroutine paused, the last known
}

// Add adds those of another program.
func (a *Disturbances) Add(b Disturbances) {
	a.Rounds += b.Rounds
	a.Ticks += b.Ticks
	a.Pauses += b.Pauses
	a.Shrinks += b.Shrinks
	a.Collections += b.Collections
	a.Interruptions += b.Interruptions
	a.Where = b.Where
}

// noise disturbs the program that runs, nil if nothing does. Only the goroutine
// of Main reads and writes it.
var noise *disturber

// disturber pauses coroutines, shrinks their stacks, collects and interrupts. A
// part of that comes from other goroutines at any time, the rest at steps, which
// are calls of Tick and resumptions that continue a yield: the same in every run.
type disturber struct {
	Disturbances
	steps       *rand.Rand // for what comes at steps
	times       *rand.Rand // for what depends on time
	step        int
	interruptAt int         // the step; 0 for none
	asked       atomic.Bool // an interruption
	caught      int         // collections at pauses

	current   atomic.Pointer[target] // what runs
	stop      atomic.Bool
	others    sync.WaitGroup
	remaining atomic.Int64 // pauses that others may make: those keep a program from its work
}

// target is a coroutine of any type.
type target interface {
	Pause()
	Interrupt(error)
	Shrink() bool
	Err() error
	Frames() []coro.Frame
}

var errNoise = errors.New("noise")

// interrupted is what a program panics with of which a coroutine was interrupted:
// what would come next has no meaning.
type interrupted struct{}

const (
	maxPauses = 3000 // of a round, by others
	maxCaught = 30   // collections of a round at pauses
)

// disturbed runs a program several times, each time with other noise. Every other
// time a coroutine of it is interrupted, and what it did before must be the same
// anyway. t gets what the program did the first time, and a line on every time
// that it did something else.
func disturbed(p Program, t *Transcript, rounds int) Disturbances {
	var sum Disturbances
	steps := 0
	var length time.Duration
	for round := range rounds {
		h := fnv.New64a()
		h.Write([]byte(p.Name[strings.LastIndexByte(p.Name, '/')+1:]))
		d := &disturber{
			steps: rand.New(rand.NewPCG(h.Sum64(), uint64(round))),
			times: rand.New(rand.NewPCG(h.Sum64(), uint64(round)+1000)),
		}
		var delay time.Duration // after which another goroutine interrupts
		switch round % 4 {
		case 1:
			d.interruptAt = 1 + d.steps.IntN(max(1, steps))
		case 3:
			delay = 1 + rand.N(length+1)
		}
		this := &Transcript{}
		if round == 0 {
			this = t
		}
		start := time.Now()
		ended := d.run(p, this, delay)
		if round == 0 {
			steps, length = d.step, time.Since(start)
		}
		sum.Add(d.Disturbances)
		got, want := this.b.String(), t.b.String()
		if round > 0 && (!strings.HasPrefix(want, got) || !ended && got != want) {
			// It is the program's last line, so that it shows where the first run differs
			// from plain Go, if it does.
			t.Logf("noise: round %d differs from round 0, coroutine interrupted: %t: %s", round, ended, firstDifference(got, want))
			break
		}
	}
	return sum
}

// firstDifference shows two lines.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	i := 0
	for i < min(len(g), len(w))-1 && g[i] == w[i] {
		i++
	}
	return fmt.Sprintf("line %d: %q, not %q", i+1, g[i], w[i])
}

// run runs the program once and reports whether an interruption has ended it.
func (d *disturber) run(p Program, t *Transcript, delay time.Duration) (ended bool) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d.Rounds = 1
	d.remaining.Store(maxPauses)
	noise = d
	d.others.Add(2)
	go d.collect()
	go d.pause(rand.New(rand.NewPCG(d.times.Uint64(), 0)), delay)
	defer func() {
		d.stop.Store(true)
		d.others.Wait()
		noise = nil
		runtime.ReadMemStats(&after)
		d.Collections = int(after.NumGC - before.NumGC)
		if r := recover(); r != nil {
			if r != (interrupted{}) {
				panic(r)
			}
			d.Interruptions++
			ended = true
		}
	}()
	p.Run(t)
	return false
}

// collect collects again and again.
func (d *disturber) collect() {
	defer d.others.Done()
	for !d.stop.Load() {
		runtime.GC()
		time.Sleep(50 * time.Microsecond)
	}
}

// pause pauses what runs, again and again, and interrupts it after a delay.
func (d *disturber) pause(r *rand.Rand, delay time.Duration) {
	defer d.others.Done()
	start := time.Now()
	for !d.stop.Load() {
		if c := d.current.Load(); c != nil {
			if d.remaining.Add(-1) > 0 {
				(*c).Pause()
			}
			if delay > 0 && time.Since(start) > delay {
				delay = 0
				d.interrupt(*c)
			}
		}
		// For this long it may get on, at least.
		for until := time.Now().Add(time.Duration(r.IntN(50)) * time.Microsecond); time.Now().Before(until); {
			runtime.Gosched()
		}
	}
}

func (d *disturber) interrupt(c target) {
	d.asked.Store(true)
	c.Interrupt(errNoise)
}

// Tick is called by programs where they call Go. It does nothing unless there is
// noise, which then comes from the inside: a pause here takes effect at the
// coroutine's next prologue or back-edge.
func Tick() {
	d := noise
	if d == nil {
		return
	}
	d.Ticks++
	c := d.current.Load()
	if c == nil {
		return // a function of the program that no coroutine runs
	}
	d.next(*c)
	n := d.steps.IntN(16)
	if n < 8 {
		(*c).Pause()
	}
	if n == 0 || n == 8 {
		runtime.GC()
	}
}

// next counts a step.
func (d *disturber) next(c target) {
	d.step++
	if d.step == d.interruptAt {
		d.interrupt(c)
	}
}

// resume is c.Resume, with noise if there is any.
func resume[Out, In any](t *Transcript, c coro.Coroutine[Out, In], in In) (out Out, ok bool) {
	d := noise
	if d == nil {
		return c.Resume(in)
	}
	var running target = c
	d.next(running)
	d.current.Store(&running)
	defer d.current.Store(nil)
	for {
		out, ok = c.Resume(in)
		if ok || c.Err() != coro.ErrPaused {
			break
		}
		if !reflect.ValueOf(&out).Elem().IsZero() {
			t.Logf("noise: paused with %s", Show(out))
		}
		d.paused(t, c)
		in = *new(In) // goes to no yield
	}
	var interrupt *coro.InterruptError
	if err := c.Err(); !ok && errors.As(err, &interrupt) && d.asked.Load() {
		if interrupt.Cause != errNoise || !errors.Is(err, coro.ErrInterrupted) {
			t.Logf("noise: interrupted with %v", err)
		}
		if _, again := c.Resume(in); again || c.Err() != err {
			t.Logf("noise: after %v: %v", err, c.Err())
		}
		panic(interrupted{})
	}
	if ok {
		d.yielded(c)
	}
	return out, ok
}

// yielded does something to a coroutine that has yielded.
func (d *disturber) yielded(c target) {
	n := d.steps.IntN(32)
	if n < 5 && c.Shrink() {
		d.Shrinks++
	}
	if n == 4 || n == 5 {
		runtime.GC()
	}
}

// paused does something to a coroutine that has paused.
func (d *disturber) paused(t *Transcript, c target) {
	d.Pauses++
	switch n := d.times.IntN(16); {
	case n < 4:
		if c.Shrink() {
			d.Shrinks++
		}
	case n == 4:
		frames := c.Frames()
		if len(frames) == 0 {
			t.Logf("noise: paused without frames")
			return
		}
		d.Where = frames[0].String()
	case n == 5 && d.caught < maxCaught:
		d.caught++
		runtime.GC()
	}
}

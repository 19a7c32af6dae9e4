// Package record runs programs made of coroutine bodies and writes down all that
// can be seen of them: what they yield, what they return and how they end. The
// same program gives the same transcript however its bodies are compiled, or
// one of the ways is wrong.
package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/coro"
)

// Program is a function that drives coroutines and records them.
type Program struct {
	Name string
	Run  func(*Transcript)
}

// Transcript is what happened in one program, one line an event.
type Transcript struct{ b bytes.Buffer }

// Logf adds a line.
func (t *Transcript) Logf(format string, args ...any) {
	fmt.Fprintf(&t.b, format+"\n", args...)
}

// Values adds a line with values, written by Show. It takes the results of a
// function as they come.
func (t *Transcript) Values(values ...any) {
	for i, v := range values {
		if i > 0 {
			t.b.WriteByte(' ')
		}
		t.b.WriteString(Show(v))
	}
	t.b.WriteByte('\n')
}

// Step resumes c once, records what comes of it, and reports whether c can be
// resumed again.
func Step[Out, In any](t *Transcript, c coro.Coroutine[Out, In], in In) (more bool) {
	panicked := true
	defer func() {
		if !panicked {
			return
		}
		r := recover()
		if r == (interrupted{}) {
			panic(r)
		}
		if e, ok := r.(runtime.Error); ok && !morestack.Native {
			// The twin of a build without native code may tell a run-time
			// error from another panic or not.
			t.Logf("trap: %s", message(e))
		} else {
			t.Logf("panic: %T %s", r, Show(r))
		}
		if _, ok := c.Resume(in); ok {
			t.Logf("resumed after a panic")
		}
		more = false
	}()
	out, ok := resume(t, c, in)
	panicked = false
	if ok {
		t.b.WriteString("yield ")
		t.Values(out)
		return true
	}
	var trap *coro.Trap
	switch err := c.Err(); {
	case err == nil:
		t.Logf("end")
	case errors.As(err, &trap):
		t.Logf("trap: %s", message(trap.Cause))
	default:
		t.Logf("error: %v", err)
	}
	return false
}

// message is the text of a run-time error, without what only says that it is one.
func message(err error) string { return strings.TrimPrefix(err.Error(), "runtime error: ") }

// Drive resumes c until it ends, at most limit times, then closes it. answer
// gives what the resumption after n yields brings.
func Drive[Out, In any](t *Transcript, c coro.Coroutine[Out, In], limit int, answer func(n int) In) {
	for n := range limit {
		if !Step(t, c, answer(n)) {
			return
		}
	}
	c.Close()
	t.Logf("closed")
}

// Race drives two coroutines by turns.
func Race[Out, In any](t *Transcript, a, b coro.Coroutine[Out, In], limit int, answer func(n int) In) {
	moreA, moreB := true, true
	for n := 0; n < limit && (moreA || moreB); n++ {
		if moreA {
			moreA = Step(t, a, answer(n))
		}
		if moreB {
			moreB = Step(t, b, answer(n+1))
		}
	}
	a.Close()
	b.Close()
}

// Marks in the output of Main: of a program, each before its name, and before the
// Disturbances in JSON, which follow the transcript if there was noise.
const (
	Begin = "=== begin "
	Noise = "=== noise "
	End   = "=== end "
)

// Main runs the programs and prints their transcripts between marks. With the
// flag -from it starts at a program, with -every it takes only one in so many, and
// with -limit it ends the process when one takes longer. With -noise it runs each
// so often, with noise.
func Main(programs []Program) {
	from := flag.Int("from", 0, "index of the first program")
	every := flag.Int("every", 1, "run those whose index is a multiple of this")
	limit := flag.Duration("limit", 20*time.Second, "time for one program")
	rounds := flag.Int("noise", 0, "how often to run each with noise; 0: once, without")
	flag.Parse()
	for i, p := range programs {
		if i < *from || i%*every != 0 {
			continue
		}
		os.Stdout.WriteString(Begin + p.Name + "\n")
		watchdog := time.AfterFunc(*limit, func() {
			os.Stdout.WriteString("timeout\n")
			os.Exit(3)
		})
		t := &Transcript{}
		if *rounds == 0 {
			p.Run(t)
		} else {
			d, _ := json.Marshal(disturbed(p, t, *rounds))
			fmt.Fprintf(&t.b, "%s%s\n", Noise, d)
		}
		watchdog.Stop()
		os.Stdout.Write(t.b.Bytes())
		os.Stdout.WriteString(End + p.Name + "\n")
	}
}

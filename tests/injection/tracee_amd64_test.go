//go:build linux && !purego

package injection

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

func init() { programs["traced"] = traced }

// What a tracee tells its tracer where it stops.
const (
	aboutToRun uintptr = 0x5709 + iota
	hasEnded
)

// What a tracer tells its tracee about a run.
const (
	nothingInjected = iota
	injected
	enough // and there is to be no other
)

// injectedAddress is what a fault is said to have accessed. It is not canonical, and so
// nobody's own mistake.
const injectedAddress = 0x0bad_0000_0bad_0000

// traced runs a body again and again, as often as the tracer wants. Each time it looks at
// how that has ended, and lets the collector look at what is left.
func traced() {
	s := subjectNamed(os.Getenv("INJECTION_BODY"))
	i := &inspection{collections: collect()}
	s.run(s.start(newSurroundings())) // the code is compared before it changes
	done := make(chan none)
	go func() { // on another thread than the process's first, whose end would be the process's
		defer close(done)
		runtime.LockOSThread()
		fmt.Printf("%d %#x\n", unix.Gettid(), s.entry())
		os.Stdin.Read(make([]byte, 1)) // until it is traced
		for s.runTraced(i) {
		}
	}()
	<-done
}

func (s *subject) runTraced(i *inspection) (goesOn bool) {
	with := newSurroundings()
	r := s.start(with)
	if stop(aboutToRun) == enough {
		must(i.finish())
		return false
	}
	s.run(r)
	answer := stop(hasEnded)
	if answer == injected {
		must(faulted(r.err(), injectedAddress))
	} else if err := r.err(); err != nil {
		must(fmt.Errorf("nothing was injected, and it ended with %v", err))
	}
	must(i.add(with))
	return true
}

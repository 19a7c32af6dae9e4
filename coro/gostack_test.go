//go:build linux && (amd64 || arm64) && !purego

package coro_test

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/again"
	"github.com/morestack/morestack/tests/machine"
)

// promised is how much of its stack Go promises a function that does not check
// for it, in bytes, at the place where it is called: the runtime's stackNosplit.
func promised() int {
	if coro.RaceEnabled {
		return 2 * 800
	}
	return 800
}

// measure sets machine.Room and machine.StackSize. A function value that leads to
// the assembly itself, so that no wrapper uses stack.
var measure = func() func() {
	pc := machine.MeasureAddress()
	p := &pc
	return *(*func())(unsafe.Pointer(&p))
}()

// large is the frame of measureLarge at least.
const large = 600

// measureLarge is measure below a large frame, which Go would not call if less
// than that were left.
//
//go:nosplit
//go:noinline
func measureLarge() {
	var frame [large]byte
	measure()
	runtime.KeepAlive(&frame)
}

// descend calls f where at most room bytes of the goroutine's stack are left.
//
//go:noinline
func descend(room int, f func()) {
	if measure(); machine.Room > room {
		descend(room, f)
	} else {
		f()
	}
	runtime.KeepAlive(room) // not a tail call
}

// pads call a function in frames whose sizes differ by 16 bytes.
var pads = []func(f func()){
	pad[[2]uint64], pad[[4]uint64], pad[[6]uint64], pad[[8]uint64], pad[[10]uint64], pad[[12]uint64],
	pad[[14]uint64], pad[[16]uint64], pad[[18]uint64], pad[[20]uint64], pad[[22]uint64], pad[[24]uint64],
}

//go:noinline
func pad[T any](f func()) {
	var frame T
	f()
	runtime.KeepAlive(&frame)
}

// atEveryDepth calls f, in a goroutine for each, with every amount of stack left
// in steps of 16 bytes: from what makes descend ask for more, to more than Resume
// could use with all that it calls before it asks.
func atEveryDepth(t *testing.T, f func()) {
	least, most := promised()+256, promised()+6<<10
	var rooms []int
	for room := least; room < most; room += 32 {
		for _, pad := range pads {
			done := make(chan bool)
			go func() {
				defer close(done)
				grow(2 * most)
				descend(room, func() {
					pad(func() {
						measure()
						rooms = append(rooms, machine.Room)
						f()
					})
				})
			}()
			<-done
		}
	}
	slices.Sort(rooms)
	if rooms[0] > least {
		t.Errorf("at least %d bytes were left", rooms[0])
	}
	for i, room := range rooms[1:] {
		if last := rooms[i]; room-last > 16 && last >= least && last < most-1<<10 {
			t.Errorf("no depth between those where %d and %d bytes are left", last, room)
		}
	}
}

// muchRoom is more than measure finds anywhere.
const muchRoom = 1 << 20

// nothing is measure without measuring.
func nothing() {}

// leastRoom resumes callBoth at every depth and returns the least that measure
// found, where it was called as the one or the other of both.
func leastRoom(t *testing.T, measure func()) int {
	least := muchRoom
	for _, a := range []machine.CallBothArgs{{F: measure, G: nothing}, {F: nothing, G: measure}} {
		atEveryDepth(t, func() {
			c := coro.Start(callBoth, &a)
			c.Resume(none{})
			least = min(least, machine.Room)
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return least
}

// measureAudit measures where an audit is, and leaves what was measured before.
//
//go:nosplit
func measureAudit() {
	before := machine.Room
	measure()
	leastAudit = min(leastAudit, machine.Room)
	machine.Room = before
}

var leastAudit = muchRoom

// Go functions that bodies call have the stack that Go promises to those which do
// not check for it, however little was left when Resume was called. So has what
// looks at frames in an audit.
func TestStackOfGoFunctions(t *testing.T) {
	inModes(t, func(t *testing.T) {
		defer coro.WatchAudits(measureAudit)()
		room := leastRoom(t, measure)
		t.Logf("at least %d bytes are left, of which Go promises %d", room, promised())
		if used := morestack.StackReserve + promised() - room; used > 0 {
			t.Logf("callers use %d of %d bytes in reserve", used, morestack.StackReserve)
		}
		if room < promised() {
			t.Error("that is too little")
		}
		if room := leastRoom(t, measureLarge); room < addressSize {
			t.Errorf("a function with a frame of %d bytes uses %d bytes below the stack", large, addressSize-room)
		}
		audits := strings.Contains(os.Getenv("MORESTACK"), "audit=1")
		if audits != (leastAudit < muchRoom) {
			t.Errorf("with audits: %t, but %d bytes are left for them", audits, leastAudit)
		}
		if leastAudit < promised() {
			t.Errorf("only %d bytes are left for an audit", leastAudit)
		}
	})
}

// addressSize is what a call of measure puts on the stack, at most.
const addressSize = 8

// The garbage collector halves the stack of a goroutine that waits in a Go function
// which a body has called. What it leaves is enough for the next one that the body
// calls.
func TestStackOfGoFunctionsAfterShrinking(t *testing.T) {
	inModes(t, func(t *testing.T) {
		const grown = 32 << 10
		var waiting atomic.Int32
		var ended []func()
		for frames := range 25 {
			for _, pad := range pads {
				proceed, done := make(chan bool), make(chan bool)
				ended = append(ended, func() { close(proceed); <-done })
				a := &machine.CallBothArgs{F: func() { waiting.Add(1); <-proceed }, G: measure}
				go func() {
					defer close(done)
					grow(grown)
					nest(2*frames, func() {
						pad(func() {
							c := coro.Start(callBoth, a)
							c.Resume(none{})
							if err := c.Close(); err != nil {
								t.Error(err)
							}
						})
					})
				}()
			}
		}
		for int(waiting.Load()) < len(ended) {
			runtime.Gosched()
		}
		for range 10 {
			runtime.GC()
		}
		room, smallest, largest := grown, grown, 0
		for _, end := range ended {
			end()
			room, smallest, largest = min(room, machine.Room), min(smallest, machine.StackSize), max(largest, machine.StackSize)
		}
		t.Logf("of stacks of %d to %d bytes at least %d are left", smallest, largest, room)
		if largest > grown {
			t.Error("a stack was not halved")
		}
		if room < promised() {
			t.Error("that is too little")
		}
	})
}

// grow makes the goroutine's stack larger than size.
//
//go:noinline
func grow(size int) {
	var frame [1 << 10]byte
	if size > 0 {
		grow(size - len(frame))
	}
	runtime.KeepAlive(&frame)
}

// nest calls f some frames further down.
//
//go:noinline
func nest(frames int, f func()) {
	if frames > 0 {
		nest(frames-1, f)
	} else {
		f()
	}
	runtime.KeepAlive(frames) // not a tail call
}

// ReserveStack reserves StackReserve bytes, and hardly more: see there.
func TestReserveStack(t *testing.T) {
	least := muchRoom
	atEveryDepth(t, func() {
		morestack.ReserveStack()
		measure()
		least = min(least, machine.Room)
	})
	if reserved := least - promised(); reserved < morestack.StackReserve || reserved > morestack.StackReserve+128 {
		t.Errorf("at least %d bytes are left, of which Go promises %d", least, promised())
	}
}

// inModes runs test in processes of their own, where MORESTACK makes others call Go
// functions: enterCall for audits, enterRegisters after moves.
func inModes(t *testing.T, test func(t *testing.T)) {
	if os.Getenv("GOSTACK") != "" {
		test(t)
		return
	}
	for _, mode := range []string{"", "stress=move", "audit=1", "stress=move,audit=1"} {
		command := again.Command(t, "", "-test.v", "-test.run=^"+t.Name()+"$")
		command.Env = append(os.Environ(), "GOSTACK=1", "MORESTACK="+mode)
		out, err := command.CombinedOutput()
		t.Logf("MORESTACK=%s\n%s", mode, out)
		if err != nil {
			t.Error(err)
		}
	}
}

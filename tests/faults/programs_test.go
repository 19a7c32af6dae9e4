//go:build linux && (amd64 || arm64) && !purego

package faults

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/morestack/morestack/guard"
	"github.com/morestack/morestack/tests/again"
)

// programs are what this test binary does instead of testing when the variable
// FAULTS_PROGRAM names one.
var programs = map[string]func(){
	"foreign before": foreignBefore,
	"foreign after":  foreignAfter,
	"ignored":        ignored,
	"go fault":       func() { must(install()); dereference() },
	"go fault alone": func() { dereference() },
	"segv":           func() { must(install()); killed() },
	"segv alone":     func() { killed() },
}

// program runs one of them.
func program(t *testing.T, name string) (output string, err error) {
	cmd := again.Command(t, "")
	cmd.Env = append(os.Environ(), "FAULTS_PROGRAM="+name, "GOTRACEBACK=single")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func expect(ok bool, format string, args ...any) {
	if !ok {
		must(fmt.Errorf(format, args...))
	}
}

// kernelAction is struct sigaction of the system call.
type kernelAction struct {
	handler, flags, restorer uintptr
	mask                     uint64
}

// installForeign is what another library does: its handler in front of the one
// that is there.
func installForeign(sig unix.Signal) {
	var act kernelAction
	call := func(act, old *kernelAction) {
		if _, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig),
			uintptr(unsafe.Pointer(act)), uintptr(unsafe.Pointer(old)), 8, 0, 0); errno != 0 {
			must(errno)
		}
	}
	call(nil, &act)
	foreignNext = act.handler
	act.handler = at.foreign
	call(&act, nil)
}

// native makes a fault in native code and one in Go code. It does not use
// testing, for which there is no test here.
func native() {
	s, err := arena.New(guard.TallSize, guard.TallSize)
	must(err)
	c := &Control{lo: s.Lo, hi: s.Hi}
	c.run(at.store, unmapped)
	expect(c.reason == reasonFault && c.address == unmapped, "reason %d, address %#x", c.reason, c.address)
	func() {
		defer func() {
			_, ok := recover().(runtime.Error)
			expect(ok, "Go's own fault is no panic")
		}()
		dereference()
	}()
}

func foreignBefore() {
	installForeign(unix.SIGSEGV)
	must(install())
	native()
	expect(foreignCalls == 1, "%d signals reached the handler before ours, of 1 for it", foreignCalls)
}

func foreignAfter() {
	must(install())
	installForeign(unix.SIGSEGV)
	native()
	expect(foreignCalls == 2, "%d signals passed the handler after ours, of 2", foreignCalls)
}

func ignored() {
	signal.Ignore(unix.SIGURG)
	var e *guard.SignalError
	err := install()
	expect(errors.As(err, &e) && e.Signal == unix.SIGURG, "SIGURG is ignored, and the error is %v", err)
	native()
}

// dereference is a nil pointer dereference in Go code.
//
//go:noinline
func dereference() {
	var p *int
	*p = 1
}

// killed gets a SIGSEGV from a process, which ends it.
func killed() {
	must(unix.Kill(unix.Getpid(), unix.SIGSEGV))
	time.Sleep(10 * time.Second)
}

// Handlers of other libraries, before and after ours.
func TestForeignHandlers(t *testing.T) {
	for _, name := range []string{"foreign before", "foreign after", "ignored"} {
		if out, err := program(t, name); err != nil || out != "ok\n" {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// Programs that die of a signal outside native code die as they did.
func TestSameDeath(t *testing.T) {
	addresses := regexp.MustCompile(`0x[0-9a-f]+|:\d+|main\.|goroutine.*`)
	for _, name := range []string{"go fault", "segv"} {
		with, err1 := program(t, name)
		alone, err2 := program(t, name+" alone")
		if err1 == nil || err2 == nil || err1.Error() != err2.Error() {
			t.Errorf("%s: %v, without our handlers %v", name, err1, err2)
		}
		first := func(out string) string {
			var lines []string
			for line := range strings.Lines(out) {
				if strings.Contains(line, "SIGSEGV") || strings.HasPrefix(line, "panic:") {
					lines = append(lines, addresses.ReplaceAllString(line, "*"))
				}
			}
			return strings.Join(lines, "")
		}
		if first(with) == "" || first(with) != first(alone) {
			t.Errorf("%s:\n%s\nwithout our handlers:\n%s", name, with, alone)
		}
	}
}

//go:build linux

package crashes

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/again"
	"github.com/morestack/morestack/tests/twins"
)

// programs are what this test binary does instead of testing when the variable
// CRASHES_PROGRAM names one.
var programs = map[string]func(){
	"fault":             func() { finish(NewDereference(new(List)).Coroutine) },
	"fault in Go":       func() { finish(NewCall(3, func() { *(*int)(nil) = 1 })) },
	"panic in Go":       func() { finish(NewCall(3, func() { panic("thrown by the test") })) },
	"fatal error in Go": func() { finish(NewCall(3, func() { new(sync.Mutex).Unlock() })) },
	"recovered":         recovered,
	"Goexit":            goexit,
	"dump":              dump,
	"quit":              func() { finish(NewSpin(func() { fmt.Println("ready") }).Coroutine) },
	"notified":          notified,
}

func TestMain(m *testing.M) {
	if name := os.Getenv("CRASHES_PROGRAM"); name != "" {
		programs[name]()
		fmt.Println("ok")
		return
	}
	os.Exit(m.Run())
}

func finish(c coro.Coroutine[int, int]) {
	for range 4 {
		c.Resume(0)
	}
	fmt.Println("err:", c.Err())
}

func expect(ok bool, format string, args ...any) {
	if !ok {
		fmt.Printf(format+"\n", args...)
		os.Exit(1)
	}
}

// recovered catches what Go functions called by bodies do wrong, and goes on.
func recovered() {
	for i := range 1000 {
		c := NewCall(i%20, func() { *(*int)(nil) = i })
		_, ok := c.Resume(0)
		expect(ok, "the first value is missing")
		func() {
			defer func() {
				_, is := recover().(runtime.Error)
				expect(is, "no runtime.Error came out of Resume")
			}()
			c.Resume(0)
		}()
		expect(errors.Is(c.Err(), coro.ErrUnwound), "ended with %v", c.Err())
		d := NewDereference(nil)
		d.Resume(0)
		d.Resume(0)
		var trap *coro.Trap
		expect(errors.As(d.Err(), &trap), "ended with %v", d.Err())
	}
}

// goexit ends a goroutine from a Go function that a body calls: its deferred
// functions run, and the others go on.
func goexit() {
	done := make(chan error, 1)
	c := NewCall(2, runtime.Goexit)
	go func() {
		defer func() { done <- c.Err() }()
		finish(c)
		fmt.Println("the goroutine goes on")
	}()
	<-done
	expect(errors.Is(c.Err(), coro.ErrUnwound), "ended with %v", c.Err())
}

// dump asks for all stacks while one goroutine runs native code.
func dump() {
	ready := make(chan bool)
	c := NewSpin(func() { close(ready) })
	ended := make(chan bool)
	go func() {
		c.Resume(0)
		close(ended)
	}()
	<-ready
	for range 20 {
		text := make([]byte, 1<<16)
		text = text[:runtime.Stack(text, true)]
		expect(strings.Contains(string(text), "crashes.dump"), "a dump without the caller:\n%s", text)
		debug.FreeOSMemory()
	}
	c.Interrupt(nil)
	<-ended
}

// notified is a program that wants the signals itself: those that are sent arrive,
// and faults of bodies do not.
func notified() {
	arrived := make(chan os.Signal, 100)
	signal.Notify(arrived, syscall.SIGSEGV, syscall.SIGURG, syscall.SIGFPE, syscall.SIGBUS)
	c := NewDereference(new(List))
	c.Resume(0)
	c.Resume(0)
	var trap *coro.Trap
	expect(errors.As(c.Err(), &trap), "ended with %v", c.Err())
	signal.Reset(syscall.SIGSEGV)
	signal.Notify(arrived, syscall.SIGSEGV)
	c = NewDereference(new(List))
	c.Resume(0)
	c.Resume(0)
	expect(errors.As(c.Err(), &trap), "after Reset, ended with %v", c.Err())
	syscall.Kill(syscall.Getpid(), syscall.SIGSEGV)
	for {
		select {
		case s := <-arrived:
			if s == syscall.SIGURG {
				continue // the runtime's own may be among them
			}
			expect(s == syscall.SIGSEGV, "%v arrived", s)
			return
		case <-time.After(time.Minute):
			expect(false, "the signal did not arrive")
		}
	}
}

// start prepares one of the programs.
func start(t *testing.T, name string, env ...string) (cmd *exec.Cmd, output *strings.Builder) {
	t.Helper()
	if twins.Run {
		t.Skip("NOT RUN: this is about native code")
	}
	cmd = again.Command(t, "")
	cmd.Env = append(append(os.Environ(), "CRASHES_PROGRAM="+name, "GOTRACEBACK=all"), env...)
	output = new(strings.Builder)
	cmd.Stdout, cmd.Stderr = output, output
	return cmd, output
}

// What a program that ends badly says, and how it ends.
func TestCrashes(t *testing.T) {
	for _, c := range []struct {
		name, env string
		code      int
		want      []string
	}{
		{"fault", "", 0, []string{"err: runtime error: invalid memory address or nil pointer dereference in Dereference (", "bodies.go:20"}},
		{"fault", "MORESTACK=native=1,signals=0", 2, []string{"morestack: MORESTACK=signals=0: no signal handlers are installed", "fatal error", "bodies.go:20"}},
		{"fault in Go", "", 2, []string{"panic: runtime error: invalid memory address or nil pointer dereference", "crashes.init.func", "crashes.finish"}},
		{"panic in Go", "", 2, []string{"panic: thrown by the test", "crashes.init.func", "crashes.finish"}},
		{"fatal error in Go", "", 2, []string{"fatal error: sync: unlock of unlocked mutex", "crashes.finish"}},
		{"recovered", "", 0, []string{"ok"}},
		{"Goexit", "", 0, []string{"ok"}},
		{"dump", "", 0, []string{"ok"}},
		{"notified", "", 0, []string{"ok"}},
	} {
		cmd, output := start(t, c.name, c.env)
		err := cmd.Run()
		if code := cmd.ProcessState.ExitCode(); code != c.code {
			t.Errorf("%s %s: exit code %d (%v), want %d\n%s", c.name, c.env, code, err, c.code, output)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(output.String(), want) {
				t.Errorf("%s %s: %q is missing:\n%s", c.name, c.env, want, output)
			}
		}
	}
}

// SIGQUIT while native code runs: the runtime says so, and shows who resumed.
func TestQuit(t *testing.T) {
	cmd, output := start(t, "quit")
	cmd.Stdout = nil
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(pipe)
	if !lines.Scan() {
		t.Fatal("not ready: ", output)
	}
	time.Sleep(20 * time.Millisecond)
	if err := cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 2 || !strings.Contains(output.String(), "SIGQUIT: quit") {
		t.Errorf("exit code %d\n%s", code, output)
	}
}

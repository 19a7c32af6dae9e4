//go:build linux && amd64 && !purego && !race

package environments

import (
	"os/exec"
	"testing"
)

// cgoModule has a program and a library that run bodies of this module where C
// code does things of its own.
func cgoModule(t *testing.T) module {
	t.Helper()
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("NOT RUN: there is no C compiler")
	}
	m := module{dir: t.TempDir(), env: []string{"CGO_ENABLED=1", "GOFLAGS=-mod=mod", "GOTRACEBACK=all"}}
	m.write(t, "go.mod", "module example.com/cgo\n\ngo 1.25.0\n\nrequire github.com/morestack/morestack v0.0.0\n\nreplace github.com/morestack/morestack => "+root+"\n")
	m.write(t, "go.sum", module{dir: root}.read(t, "go.sum"))
	m.write(t, "work/work.go", `// Package work runs bodies, and looks at what they do.
package work

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/crashes"
	"github.com/morestack/morestack/tests/programs"
)

var tree = programs.NewTree(8)

// Do walks a tree, calls f from within a body, and faults.
func Do(f func()) error {
	n := 0
	for range programs.NewWalk(tree).All() {
		n++
	}
	if n != 255 {
		return fmt.Errorf("%d nodes", n)
	}
	c := crashes.NewCall(10, f)
	for range 3 {
		c.Resume(0)
	}
	if err := c.Err(); err != nil {
		return err
	}
	d := crashes.NewDereference(new(crashes.List))
	d.Resume(0)
	d.Resume(0)
	var trap *coro.Trap
	if !errors.As(d.Err(), &trap) {
		return fmt.Errorf("a fault is %v", d.Err())
	}
	return nil
}

// Loop runs an endless loop, which the collector has to stop, until that is
// interrupted.
func Loop() error {
	c := crashes.NewSpin(func() {})
	go func() {
		runtime.GC()
		c.Interrupt(nil)
	}()
	c.Resume(0)
	if !errors.Is(c.Err(), coro.ErrInterrupted) {
		return fmt.Errorf("an interruption is %v", c.Err())
	}
	return nil
}
`)
	return m
}

// A program whose bodies call Go functions that call C, which calls Go again.
func TestCgo(t *testing.T) {
	t.Parallel()
	m := cgoModule(t)
	m.write(t, "main.go", `package main

/*
extern long back(long);
static long there(long n) { return back(n) + 1; }
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"example.com/cgo/work"
)

//export back
func back(n C.long) C.long {
	if n > 0 {
		if err := errors.Join(work.Loop(), work.Do(func() {})); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	return n * n
}

func main() {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 9 {
				sum := 0
				err := errors.Join(work.Loop(), work.Do(func() { sum = int(C.there(C.long(i % 3))) }))
				if err != nil || sum != i%3*(i%3)+1 {
					fmt.Println(sum, err)
					os.Exit(1)
				}
			}
		})
	}
	all.Wait()
	fmt.Println("ok")
}
`)
	for _, flags := range [][]string{nil, {"-race"}} {
		command := append(append([]string{"go", "run"}, flags...), ".")
		if out := m.with(native).run(t, command...); out != "ok\n" {
			t.Errorf("%v: it prints %s", flags, out)
		}
	}
}

// A shared library in a C program: bodies run on threads that C has made, and a
// SIGSEGV of C code still goes to C's handler, installed before or after ours.
func TestCShared(t *testing.T) {
	t.Parallel()
	m := cgoModule(t)
	m.write(t, "lib/lib.go", `package main

import "C"

import (
	"fmt"

	"example.com/cgo/work"
)

//export Work
func Work() C.int { return report(work.Do(func() {})) }

//export Loop
func Loop() C.int { return report(work.Loop()) }

func report(err error) C.int {
	if err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

func main() {}
`)
	m.write(t, "main.c", `#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "libwork.h"

static __thread sigjmp_buf back;
static struct sigaction before;
static __thread int mine;

static void handler(int sig, siginfo_t *info, void *context) {
	if (mine)
		siglongjmp(back, 1);
	before.sa_sigaction(sig, info, context);
}

static void install(void) {
	struct sigaction act;
	memset(&act, 0, sizeof act);
	act.sa_sigaction = handler;
	act.sa_flags = SA_SIGINFO | SA_ONSTACK;
	sigaction(SIGSEGV, &act, &before);
}

// fault returns 1 if a fault of C came to C's handler.
static int fault(void) {
	mine = 1;
	if (sigsetjmp(back, 1) == 0)
		*(volatile int *)8 = 1;
	else {
		mine = 0;
		return 1;
	}
	return 0;
}

static pthread_barrier_t looped;

static void *thread(void *arg) {
	// Only before a thread has returned from Go, and none has ended whose place
	// in Go it takes: Go 1.26 drops a signal to preempt that arrives in C, and then
	// sends no other, so that no loop is preempted there, of Go code or of bodies.
	int failed = Loop();
	pthread_barrier_wait(&looped);
	if (failed)
		return "failed";
	for (int i = 0; i < 4; i++)
		if (Work() != 0 || !fault())
			return "failed";
	return NULL;
}

int main(int argc, char **argv) {
	int late = argc > 1;
	if (late && Work() != 0)
		return 1;
	install();
	pthread_barrier_init(&looped, NULL, 4);
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, thread, NULL);
	for (int i = 0; i < 4; i++) {
		void *result;
		pthread_join(threads[i], &result);
		if (result) {
			puts(result);
			return 1;
		}
	}
	puts("ok");
	return 0;
}
`)
	m.quiet(t, "go", "build", "-buildmode=c-shared", "-o", "libwork.so", "./lib")
	m.quiet(t, "gcc", "-o", "program", "main.c", "-I.", "-L.", "-lwork", "-lpthread")
	for _, args := range [][]string{{"./program"}, {"./program", "late"}} {
		if out := m.with("LD_LIBRARY_PATH="+m.dir).run(t, args...); out != "ok\n" {
			t.Errorf("%v: it prints %s", args, out)
		}
	}
}

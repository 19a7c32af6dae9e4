//go:build linux && (amd64 || arm64) && !purego

package profiles

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/morestack/morestack/tests/crashes"
	"github.com/morestack/morestack/tests/programs"
)

var stressed = strings.Contains(os.Getenv("MORESTACK"), "stress=move")

// resume is the Go caller to be found above native frames.
//
//go:noinline
func resume() {
	c := programs.NewNBody(20_000)
	for range c.All() {
	}
}

// traces are the stacks of a CPU profile of f, the innermost frame first: function and
// file:line.
func traces(t *testing.T, f func()) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "profile")
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := pprof.StartCPUProfile(out); err != nil {
		t.Fatal(err)
	}
	f()
	pprof.StopCPUProfile()
	text, err := exec.Command("go", "tool", "pprof", "-traces", "-lines", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "-----------+-------")
}

// A sample of a body has its function and line, those of the bodies that called it,
// and above them the Go functions that resumed the coroutine.
func TestCPUProfile(t *testing.T) {
	body := regexp.MustCompile(`coroN\d+_advance \S*nbody\.go:\d+(.*\n)+.*coroN\d+_NBody \S*nbody\.go:\d+(.*\n)+.*\.Resume(.*\n)+.*profiles\.resume \S*profiles_test\.go:\d+(.*\n)+.*testing\.tRunner`)
	if stressed {
		// The return addresses of native frames are barriers, which end a trace.
		body = regexp.MustCompile(`coroN\d+_advance \S*nbody\.go:\d+`)
	}
	for deadline := time.Now().Add(time.Minute); ; {
		all := traces(t, func() {
			for end := time.Now().Add(500 * time.Millisecond); time.Now().Before(end); {
				resume()
			}
		})
		for _, trace := range all {
			if body.MatchString(trace) {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("no sample matches %v:\n%s", body, strings.Join(all, "\n"))
		}
	}
}

// Deeper stacks than a sample can hold, on several threads, while they grow, fault
// and are preempted.
func TestCPUProfileOfDeepStacks(t *testing.T) {
	rounds := 200
	if testing.Short() || stressed || runtime.GOARCH != "amd64" {
		rounds = 10
	}
	traces(t, func() {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for n := range rounds {
					for _, depth := range []int{n % 8, 10 * n, 100 * n} {
						for range programs.NewCalculate(depth).All() {
						}
					}
					list := new(crashes.List)
					crashes.NewDereference(list).Resume(0)
					c := crashes.NewDereference(list)
					c.Resume(0)
					c.Resume(0)
					if n%20 == 0 {
						runtime.GC()
					}
				}
			})
		}
		all.Wait()
	})
}

// What runs while a body does, and what it calls, finds the goroutine's stack in
// order: the unwinder by frame pointers, of traces and of block and mutex profiles,
// and the other.
func TestStacksInGoCalls(t *testing.T) {
	runtime.SetBlockProfileRate(1)
	defer runtime.SetBlockProfileRate(0)
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
	var events bytes.Buffer
	if err := trace.Start(&events); err != nil {
		t.Fatal(err)
	}
	defer trace.Stop()

	var stack string
	ready := make(chan bool)
	c := crashes.NewSpin(func() {
		defer close(ready)
		buf := make([]byte, 64<<10)
		stack = string(buf[:runtime.Stack(buf, false)])
		wait()
		contend()
	})
	ended := make(chan bool)
	go func() {
		c.Resume(0)
		close(ended)
	}()
	<-ready
	buf := make([]byte, 1<<20)
	others := string(buf[:runtime.Stack(buf, true)]) // stops the world, the body with it
	c.Interrupt(nil)
	<-ended
	for _, want := range []string{"TestStacksInGoCalls.func", ".Resume"} {
		if !strings.Contains(stack, want) || !strings.Contains(others, want) {
			t.Errorf("%s is not among the callers:\n%s\nor of the whole program:\n%s", want, stack, others)
		}
	}
	for name, where := range map[string]string{"block": "profiles.wait", "mutex": "profiles.contend"} {
		var text bytes.Buffer
		pprof.Lookup(name).WriteTo(&text, 1)
		for _, want := range []string{where, ".Resume"} {
			if !strings.Contains(text.String(), want) {
				t.Errorf("the %s profile does not have %s:\n%s", name, want, text.String())
			}
		}
	}
}

// wait blocks for a while.
//
//go:noinline
func wait() {
	ch := make(chan bool)
	go func() {
		time.Sleep(time.Millisecond)
		close(ch)
	}()
	<-ch
}

// contend holds a mutex that another goroutine wants.
//
//go:noinline
func contend() {
	var mu sync.Mutex
	mu.Lock()
	done := make(chan bool)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		close(done)
	}()
	time.Sleep(10 * time.Millisecond)
	mu.Unlock()
	<-done
}

//go:build linux && (amd64 || arm64) && !purego

package coro_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/stackcopy"
	"github.com/morestack/morestack/tests/machine"
)

// altered is a package like that of machineCode, with one function and changes.
func altered(name string, change func(c *coro.Code, f *coro.CodeFunc)) *coro.Code {
	f := compiledFunc("keep", machine.KeepAddress(), 24, []stackcopy.Site{{Kind: stackcopy.Call}}, 8)
	c := &coro.Code{Package: "example.com/" + name, File: "altered.s", Funcs: []coro.CodeFunc{f}}
	change(c, &c.Funcs[0])
	return c
}

// changed makes a function one whose machine code has another bit.
func changed(_ *coro.Code, f *coro.CodeFunc) {
	code := append([]byte(nil), codeBytes(f.Entry, f.Size)...)
	code[f.Size/2] ^= 1
	f.Sum = sum(code)
}

// unfit are the ways in which machine code does not fit, with what the error says.
var unfit = []struct {
	name, fn, what string
	change         func(c *coro.Code, f *coro.CodeFunc)
}{
	{"instruction", "keep", "not the code that was generated", changed},
	{"masked", "keep", "not the code that was generated", func(_ *coro.Code, f *coro.CodeFunc) {
		f.Masks = []coro.Mask{{Offset: 4, Size: 4}}
	}},
	{"size", "keep", "other code at its address", func(_ *coro.Code, f *coro.CodeFunc) { f.Size += 1 << 10 }},
	{"entry", "keep", "other code at its address", func(_ *coro.Code, f *coro.CodeFunc) { f.Entry += 4 }},
	{"layout", "", `relies on the layout of T, which had "8 A int" and has "8 A *int"`, func(c *coro.Code, _ *coro.CodeFunc) {
		c.Layouts = []coro.Layout{{Name: "T", Of: new(struct{ B, A *int }), Want: "size 16; 0 B *int; 8 A int"}}
	}},
	{"field", "", `which had "nothing more" and has "8 A *int"`, func(c *coro.Code, _ *coro.CodeFunc) {
		c.Layouts = []coro.Layout{{Name: "T", Of: new(struct{ B, A *int }), Want: "size 8; 0 B *int"}}
	}},
	{"end", "", `which had "size 8" and has "size 16"`, func(c *coro.Code, _ *coro.CodeFunc) {
		c.Layouts = []coro.Layout{{Name: "T", Of: (*struct {
			A int
			_ struct{}
		})(nil), Want: "size 8; 0 A int"}}
	}},
	{"constant", "", "relies on C being int 1, which is int 2", func(c *coro.Code, _ *coro.CodeFunc) {
		c.Constants = []coro.Constant{{Name: "C", Got: 2, Want: "int 1"}}
	}},
	{"package", "", "which has no machine code", func(c *coro.Code, _ *coro.CodeFunc) {
		c.Imports = []coro.Import{{Package: "example.com/nowhere", Func: "f", PC: new(uintptr)}}
	}},
	{"import", "", "does not have it", func(c *coro.Code, _ *coro.CodeFunc) {
		c.Imports = []coro.Import{{Package: machineCode.Package, Func: "nothing", PC: new(uintptr)}}
	}},
	{"maps", "", "two maps", func(*coro.Code, *coro.CodeFunc) {}},
	{"function", "keep", "no such function", func(c *coro.Code, _ *coro.CodeFunc) { c.Funcs = nil }},
}

// Code that does not fit is refused where a coroutine is made, with a way out, if
// MORESTACK=strict=1 or if there is nothing to run in its place.
func TestCodeErrors(t *testing.T) {
	if _, err := coro.New(keep, keeper(0)); err != nil { // which has a map for the function already
		t.Fatal(err)
	}
	for _, strict := range []bool{true, false} {
		defer coro.SetStrict(strict)()
		var twin func(*coro.Yielder[int, none], *machine.KeepArgs)
		if strict {
			twin = func(*coro.Yielder[int, none], *machine.KeepArgs) { t.Error("the twin runs") }
		}
		for _, c := range unfit {
			body := coro.Compiled(altered(c.name, c.change), "keep", twin)
			_, err := coro.New(body, keeper(0))
			var bad *coro.CodeError
			if !errors.As(err, &bad) {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			if bad.Func != c.fn || bad.Package != "example.com/"+c.name || !strings.Contains(bad.Error(), c.what) || !strings.Contains(bad.Error(), "go generate example.com/"+c.name) {
				t.Errorf("%s: %v", c.name, bad)
			}
			if v, _ := panicValue(func() { coro.Start(body, keeper(0)) }).(error); v == nil || v.Error() != err.Error() {
				t.Errorf("%s: Start panics with %v", c.name, v)
			}
		}
	}
}

// said returns what f writes to standard error.
func said(t *testing.T, f func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stderr
	os.Stderr = w
	defer func() { os.Stderr = old }()
	f()
	w.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Code that does not fit gives way to its twin, whose package is told once.
func TestFallback(t *testing.T) {
	defer coro.SetStrict(false)()
	if _, err := coro.New(keep, keeper(0)); err != nil {
		t.Fatal(err)
	}
	for _, c := range unfit {
		code := altered(c.name, c.change)
		twin := func(y *coro.Yielder[int, none], a *machine.KeepArgs) {
			y.Yield(a.Depth)
			a.Sum = 2 * a.Depth
		}
		one, two := coro.Compiled(code, "keep", twin), coro.Compiled(code, "keep", twin)
		var bad *coro.CodeError
		if text := said(t, func() {
			if !errors.As(one.Native(), &bad) || !strings.Contains(bad.Error(), c.what) {
				t.Errorf("%s: Native: %v", c.name, bad)
			}
		}); text != "" {
			t.Errorf("%s: a question is answered with %q", c.name, text)
		}
		text := said(t, func() {
			for _, body := range []*coro.Body[machine.KeepArgs, int, none]{one, two, one} {
				a := &machine.KeepArgs{Depth: 7}
				c := coro.Start(body, a)
				if got := fmt.Sprint(values(c)); got != "[7]" || a.Sum != 14 || c.Err() != nil {
					t.Errorf("yields %s, result %d, %v", got, a.Sum, c.Err())
				}
			}
		})
		if want := "morestack: bodies of package example.com/" + c.name + " run as Go functions, on iter.Pull: " + bad.Error() + "\n"; text != want {
			t.Errorf("%s: says %q, want %q", c.name, text, want)
		}
	}
	if err := keep.Native(); err != nil {
		t.Errorf("a body whose code fits: %v", err)
	}
}

// A package whose bodies call those of another, whose code does not fit, runs with it
// on twins, and has a notice of its own that names the other.
func TestFallbackOfImporters(t *testing.T) {
	defer coro.SetStrict(false)()
	imported := altered("imported", changed)
	coro.Compiled[machine.KeepArgs, int, none](imported, "keep", nil)
	importer := coro.Compiled(&coro.Code{
		Package: "example.com/importer of imported",
		Imports: []coro.Import{{Package: imported.Package, Func: "keep", PC: new(uintptr)}},
	}, "f", func(y *coro.Yielder[int, none], _ *int) { y.Yield(1) })
	text := said(t, func() {
		if got := fmt.Sprint(values(coro.Start(importer, nil))); got != "[1]" {
			t.Errorf("yields %s", got)
		}
	})
	if strings.Count(text, "\n") != 1 || !strings.Contains(text, "package "+"example.com/importer of imported run as Go") || !strings.HasSuffix(text, "go generate example.com/imported\n") {
		t.Errorf("says %q", text)
	}
}

// values are those that a coroutine yields.
func values[Out any](c coro.Coroutine[Out, none]) (all []Out) {
	for v := range c.All() {
		all = append(all, v)
	}
	return all
}

// unfitBody makes a body whose machine code does not fit.
func unfitBody[A, Out, In any](t *testing.T, twin func(*coro.Yielder[Out, In], *A)) *coro.Body[A, Out, In] {
	t.Helper()
	t.Cleanup(coro.SetStrict(false))
	code := altered(t.Name(), changed)
	body := coro.Compiled(code, "keep", twin)
	said(t, func() { coro.Start(body, nil).Close() })
	return body
}

type wide [5]int

// A coroutine in the place of a native one does all that a Coroutine does, as in
// builds without native code.
func TestFallbackMethods(t *testing.T) {
	var running coro.Coroutine[wide, wide]
	body := unfitBody(t, func(y *coro.Yielder[wide, wide], what *string) {
		for i := 1; ; i++ {
			if got := y.Yield(wide{4: i}); got[4] != i+1 && *what != "context" {
				t.Errorf("yield %d returns %d", i, got[4])
			}
			switch *what {
			case "return":
				return
			case "panic":
				panic("on purpose")
			case "exit":
				runtime.Goexit()
			case "trap":
				panic(coro.TrapCode(7))
			case "index":
				_ = (*what)[i*100]
			case "interrupted":
				running.Interrupt(io.EOF)
			case "running":
				for _, f := range []func(){func() { running.Resume(wide{}) }, func() { running.Close() },
					func() { running.Stats() }, func() { running.Frames() }, func() { running.Shrink() }} {
					if v := panicValue(f); v != any(coro.ErrRunning) {
						t.Errorf("while it runs: panic %v", v)
					}
				}
				if running.Pause(); running.Err() != nil {
					t.Error(running.Err())
				}
			}
		}
	})
	ctx, cancel := context.WithCancelCause(t.Context())
	for _, end := range []struct {
		what  string
		end   func()
		check func(error) bool
	}{
		{"return", nil, func(err error) bool { return err == nil }},
		{"panic", nil, func(err error) bool { return err == coro.ErrUnwound }},
		{"exit", nil, func(err error) bool { return err == coro.ErrUnwound }},
		{"trap", nil, func(err error) bool { return errors.Is(err, coro.TrapCode(7)) }},
		{"index", nil, func(err error) bool {
			var trap *coro.Trap
			return errors.As(err, &trap) && strings.HasPrefix(trap.Error(), "runtime error: index out of range")
		}},
		{"interrupted", nil, func(err error) bool { return errors.Is(err, coro.ErrInterrupted) && errors.Is(err, io.EOF) }},
		{"interrupt", func() { running.Interrupt(io.EOF) }, func(err error) bool { return errors.Is(err, io.EOF) }},
		{"close", func() { running.Close() }, func(err error) bool { return err == nil }},
		{"context", func() { cancel(io.ErrNoProgress) }, func(err error) bool { return errors.Is(err, io.ErrNoProgress) }},
	} {
		running = coro.Start(body, &end.what, coro.Context(ctx), coro.TimeSlice(1), coro.Limit(1<<20))
		first, again := running.Resume(wide{}) // what it is given is dropped
		if want := (coro.Stats{Limit: 1 << 20}); !again || first[4] != 1 || running.Stats() != want || running.Frames() != nil || running.Shrink() || running.Err() != nil {
			t.Fatalf("%s: %v, %t, %+v, %v", end.what, first, again, running.Stats(), running.Err())
		}
		if end.end != nil {
			end.end()
			for end.what == "context" && running.Err() == nil && again {
				_, again = running.Resume(wide{}) // the end of a context takes its time
			}
		}
		returned, panicked := make(chan any), any(nil)
		go func() {
			defer close(returned)
			panicked = panicValue(func() { running.Resume(wide{4: 2}) })
		}()
		<-returned
		if (panicked == "on purpose") != (end.what == "panic") {
			t.Errorf("%s: panic %v", end.what, panicked)
		}
		for range 2 {
			if _, ok := running.Resume(wide{}); ok || !end.check(running.Err()) || running.Close() != running.Err() || running.Stats() != (coro.Stats{}) || running.Frames() != nil || running.Shrink() {
				t.Errorf("%s: not ended: %t, %v", end.what, ok, running.Err())
			}
		}
		running.Interrupt(io.ErrClosedPipe)
		running.Pause()
		if !end.check(running.Err()) {
			t.Errorf("%s: interrupted after its end: %v", end.what, running.Err())
		}
	}
	what := "running"
	running = coro.Start(body, &what)
	n := 0
	for v := range running.All() {
		if n++; v[4] != n {
			t.Errorf("value %d is %d", n, v[4])
		}
		break
	}
	if n != 1 || running.Err() != nil || running.Close() != nil {
		t.Errorf("%d values in a loop that ends, %v", n, running.Err())
	}
	running = coro.Start(body, &what)
	for i := range 4 {
		if v, ok := running.Resume(wide{4: i + 1}); !ok || v[4] != i+1 {
			t.Fatal(v, ok, running.Err())
		}
	}
	for _, f := range []coro.Option{coro.FirstSize(3), coro.Growth(9)} {
		if _, err := coro.New(body, &what, f); err == nil {
			t.Error("an option that makes no sense is taken")
		}
	}
	running.Close()
}

// Twins and native coroutines resume each other, to any depth, while the collector runs.
func TestFallbackAmongNative(t *testing.T) {
	defer collect()()
	twin := unfitBody(t, func(y *coro.Yielder[int, none], a *machine.CallArgs) {
		a.F()
		y.Yield(1)
		a.F()
	})
	twins, natives, yields := 0, 0, 0
	var start func(depth int) coro.Coroutine[int, none]
	start = func(depth int) (c coro.Coroutine[int, none]) {
		a := &machine.CallArgs{F: func() {
			if depth > 0 {
				yields += len(values(start(depth - 1)))
			}
		}}
		if depth%2 == 0 {
			twins++
			return coro.Start(twin, a)
		}
		natives++
		return coro.Start(callF, a)
	}
	for top, want := range map[int][3]int{6: {15, 14, 14}, 7: {15, 15, 15}} {
		twins, natives, yields = 0, 0, 0
		c := start(top)
		if native := c.Stats().Native; native != (top%2 == 1) {
			t.Errorf("from %d on: it runs as machine code: %t", top, native)
		}
		all := values(c)
		if got := [3]int{twins, natives, yields}; got != want || len(all) != 1-top%2 || c.Err() != nil {
			t.Errorf("from %d on: %v, want %v; it yields %v; %v", top, got, want, all, c.Err())
		}
	}
}

package answers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unsafe"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/again"
)

// start returns a coroutine that waits for what it is to keep.
func start[T any](c coro.Coroutine[T, T]) coro.Coroutine[T, T] {
	var none T
	c.Resume(none)
	return c
}

// value resumes a coroutine for what it keeps.
func value[T any](c coro.Coroutine[T, T]) T {
	var none T
	v, _ := c.Resume(none)
	return v
}

func address(p *int) uintptr { return uintptr(unsafe.Pointer(p)) }

// grow makes the goroutine's stack larger, and so move.
//
//go:noinline
func grow(depth int) (sum int) {
	var frame [128]int
	if depth > 0 {
		frame[depth%len(frame)] = grow(depth - 1)
	}
	for _, n := range frame {
		sum += n
	}
	return sum
}

// A pointer to a local variable that a coroutine keeps still leads to it when the
// stack of the goroutine has moved. Each variable is a function's own and given as
// directly as can be, so that nothing else makes it escape.
func TestStackMoves(t *testing.T) {
	for name, run := range map[string]func(fail func(string)){
		"pointer": func(fail func(string)) {
			x := 1
			c, before := start(newKeep[*int]()), address(&x)
			c.Resume(&x)
			grow(2000)
			if before != address(&x) {
				fail("it moved")
			} else if p := value(c); p == nil || p != &x {
				fail("it is another")
			} else if *p = 2; x != 2 {
				fail("the write is lost")
			}
		},
		"slice": func(fail func(string)) {
			var x [4]int
			c, before := start(newKeep[[]int]()), address(&x[0])
			c.Resume(x[:])
			grow(2000)
			if before != address(&x[0]) {
				fail("it moved")
			} else if v := value(c); len(v) != 4 || &v[0] != &x[0] {
				fail("it is another")
			} else if v[3] = 2; x[3] != 2 {
				fail("the write is lost")
			}
		},
		"string": func(fail func(string)) {
			var x [8]byte
			c, before := start(newKeep[string]()), uintptr(unsafe.Pointer(&x))
			c.Resume(unsafe.String(&x[0], len(x)))
			grow(2000)
			if before != uintptr(unsafe.Pointer(&x)) {
				fail("it moved")
			} else if v := value(c); len(v) != 8 || unsafe.StringData(v) != &x[0] {
				fail("it is another")
			} else if x[7] = 2; v[7] != 2 {
				fail("the write is lost")
			}
		},
		"any": func(fail func(string)) {
			x := 1
			c, before := start(newKeep[any]()), address(&x)
			c.Resume(&x)
			grow(2000)
			if before != address(&x) {
				fail("it moved")
			} else if p, _ := value(c).(*int); p != &x {
				fail("it is another")
			} else if *p = 2; x != 2 {
				fail("the write is lost")
			}
		},
		"func": func(fail func(string)) {
			x := 1
			c, before := start(newKeep[func() int]()), address(&x)
			c.Resume(func() int { x++; return x })
			grow(2000)
			if before != address(&x) {
				fail("it moved")
			} else if f := value(c); f == nil || f() != 2 || x != 2 {
				fail("the write is lost")
			}
		},
		"struct": func(fail func(string)) {
			x := 1
			c, before := start(newKeep[one]()), address(&x)
			c.Resume(one{&x})
			grow(2000)
			if before != address(&x) {
				fail("it moved")
			} else if v := value(c); v.p != &x {
				fail("it is another")
			} else if *v.p = 2; x != 2 {
				fail("the write is lost")
			}
		},
		"large struct": func(fail func(string)) {
			x := 1
			c, before := start(newKeep[three]()), address(&x)
			c.Resume(three{r: &x})
			grow(2000)
			if before != address(&x) {
				fail("it moved")
			} else if v := value(c); v.r != &x {
				fail("it is another")
			} else if *v.r = 2; x != 2 {
				fail("the write is lost")
			}
		},
		"large struct with a slice": func(fail func(string)) {
			var x [4]int
			c, before := start(newKeep[mixed]()), address(&x[0])
			c.Resume(mixed{1, 2, x[:]})
			grow(2000)
			if before != address(&x[0]) {
				fail("it moved")
			} else if v := value(c); len(v.s) != 4 || &v.s[0] != &x[0] {
				fail("it is another")
			} else if v.s[3] = 2; x[3] != 2 {
				fail("the write is lost")
			}
		},
		"array of interfaces": func(fail func(string)) {
			x := 1
			c, before := start(newKeep[[3]any]()), address(&x)
			c.Resume([3]any{2: &x})
			grow(2000)
			if before != address(&x) {
				fail("it moved")
			} else if p, _ := value(c)[2].(*int); p != &x {
				fail("it is another")
			} else if *p = 2; x != 2 {
				fail("the write is lost")
			}
		},
	} {
		done := make(chan string)
		go func() { // its stack is small, and certain to move
			defer close(done)
			on := 0
			before := address(&on)
			run(func(what string) { done <- what })
			if before == address(&on) {
				done <- "the stack did not move"
			}
		}()
		for what := range done {
			t.Errorf("%s: %s", name, what)
		}
	}
}

// The compiler knows that what Resume is given escapes, in whatever way it builds.
func TestEscapes(t *testing.T) {
	if again.Emulated() {
		t.Log("NOT RUN: the same source is compiled where nothing is emulated")
		return
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var program strings.Builder
	program.WriteString("package escapes\n\nimport \"github.com/morestack/morestack/coro\"\n\n")
	ins := []struct{ in, variable, value string }{
		{"*int", "int", "&x"},
		{"string", "[8]byte", "string(x[:])"},
		{"any", "int", "&x"},
		{"[]int", "[4]int", "x[:]"},
		{"func() *int", "int", "func() *int { return &x }"},
		{"struct{ p *int }", "int", "struct{ p *int }{&x}"},
		{"struct{ p, q, r *int }", "int", "struct{ p, q, r *int }{r: &x}"},
		{"[3]any", "int", "[3]any{&x}"},
	}
	n := 0
	for _, out := range []string{"int", "[4]int"} { // what Resume returns has a part in the way it goes
		for _, c := range ins {
			n++
			fmt.Fprintf(&program, "func f%d(c coro.Coroutine[%s, %s]) {\n\tvar x %s // %d\n\tc.Resume(%s)\n}\n\n", n, out, c.in, c.variable, n, c.value)
		}
	}
	dir := t.TempDir()
	overlay := filepath.Join(dir, "overlay.json")
	file := filepath.Join(root, "tests/answers/escapes/escapes.go")
	if err := os.WriteFile(filepath.Join(dir, "escapes.go"), []byte(program.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, fmt.Appendf(nil, `{"Replace": {%q: %q}}`, file, filepath.Join(dir, "escapes.go")), 0o666); err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^.*escapes\.go:.*\n`)
	escaped := regexp.MustCompile(`(?m)escapes\.go:\d+:\d+: (moved to heap: x|string\(x\[:\]\) escapes to heap)$`)
	for _, mode := range []struct {
		flags  []string
		gcflag string
	}{
		{nil, "-m"},
		{nil, "-m -N -l"},
		{[]string{"-race"}, "-m"},
		{[]string{"-race"}, "-m -N -l"},
		{[]string{"-tags=purego"}, "-m"},
	} {
		args := append([]string{"build", "-overlay=" + overlay, "-gcflags=" + mode.gcflag}, mode.flags...)
		cmd := exec.Command("go", append(args, "./tests/answers/escapes")...)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go %q: %v\n%s", args, err, out)
		}
		if got := len(escaped.FindAll(out, -1)); got != n {
			t.Errorf("go %q: %d of %d values escape:\n%s", args, got, n, lines.FindAll(out, -1))
		}
	}
}

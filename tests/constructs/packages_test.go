package constructs

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/constructs/imported"
)

var packages = []cell{
	{"calls", func(t *transcript) {
		c := newCallImported(10)
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"methods", func(t *transcript) {
		c := newWalkImported([]string{"m", "c", "x", "a", "d", "z", "c"})
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"constructors", func(t *transcript) {
		f := imported.NewFib(15)
		run(t, f)
		t.results(f.Results())
		sum := 0
		w := imported.NewTreeWalk(&imported.Tree{Key: "k"}, &sum)
		run(t, w, 5)
		t.results(w.Results(), sum)
	}},
}

// A trap in a body of another package names that package's file.
func TestFailureInPackage(t *testing.T) {
	c := newFailImported(0)
	c.Resume(0)
	if v, ok := c.Resume(1); ok {
		t.Errorf("yields %d", v)
	}
	var trap *coro.Trap
	if !errors.As(c.Err(), &trap) || trap.Cause.Error() != "runtime error: integer divide by zero" {
		t.Fatal(c.Err())
	}
	if !native {
		return
	}
	if n := len(trap.Frames); n < 2 || filepath.Base(trap.Frames[0].File) != "imported.go" || filepath.Base(trap.Frames[1].File) != "packages.go" {
		t.Error(trap)
	}
}

// Package corotest has what tests of packages with bodies need.
package corotest

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/morestack/morestack/internal/source"
)

// Fresh fails the test if the machine code of the package in the current folder was made
// of other source than what is there: of another body, or of another type, constant or
// inlined function that a body uses. A test that corogen generates calls it. Where the
// source is not at hand, the test is skipped. It takes some milliseconds.
func Fresh(t testing.TB) {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	problems, err := source.Check(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// Package corotest has what tests of packages with bodies need.
package corotest

import (
	"path/filepath"
	"testing"

	"github.com/morestack/morestack/internal/source"
)

// Fresh fails the test if the machine code of the package in the current folder was made
// of other source than what is there: of another body, or of another type, constant or
// inlined function that a body uses. A test that corogen generates calls it. Where there
// is no Go source, the test is skipped. It takes some milliseconds.
func Fresh(t testing.TB) {
	t.Helper()
	if files, err := filepath.Glob("*.go"); len(files) == 0 {
		t.Skip("NOT RUN: the source is not here ", err)
	}
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	problems, err := source.Check(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

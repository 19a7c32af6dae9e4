package fixedbugs

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/tests/fuzz/lab"
)

var arches = flag.String("arch", "amd64,arm64", "architectures to compile for, comma-separated")

// TestFixedBugs runs every program kept here, as plain Go and compiled by
// corogen in every configuration.
func TestFixedBugs(t *testing.T) {
	if err := lab.Available(); err != nil {
		t.Skip("NOT RUN: ", err)
	}
	if !morestack.Native {
		t.Skip("NOT RUN: the build for which this test runs is the native one; it makes purego binaries itself")
	}
	units := kept(t)
	if len(units) == 0 {
		t.Log("no programs are kept yet")
		return
	}
	configs, err := lab.Runnable(strings.Split(*arches, ","), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	l.Logf = t.Logf
	report, err := l.Check(context.Background(), units, configs)
	if errors.Is(err, lab.ErrNoCorogen) {
		t.Skip("NOT RUN: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Failures {
		t.Error(f)
	}
	t.Logf("%d programs, %d configurations", report.Programs, len(configs))
}

// kept makes a unit of each program: they may have names in common.
func kept(t *testing.T) []lab.Unit {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var units []lab.Unit
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(text, []byte("//go:build fixedbug\n")) {
			continue
		}
		name := strings.TrimSuffix(file, ".go")
		units = append(units, lab.Unit{Name: name, Sources: []lab.Source{{Name: name, Text: text}}})
	}
	return units
}

// Package fuzz compares random programs made of coroutine bodies with the same
// programs in plain Go.
//
//	go test ./tests/fuzz -functions 2000 -seed 1 -arch amd64,arm64
//
// A program that fails is made as small as it gets while it still fails, and
// written to tests/fixedbugs, where it stays.
package fuzz

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/tests/fuzz/generate"
	"github.com/morestack/morestack/tests/fuzz/lab"
	"github.com/morestack/morestack/tests/fuzz/reduce"
)

var (
	functions = flag.Int("functions", 150, "functions to generate, about")
	seed      = flag.Uint64("seed", 1, "of the first program; the others follow")
	arches    = flag.String("arch", "amd64,arm64", "architectures to compile for, comma-separated")
	reduction = flag.Duration("reduce", 3*time.Minute, "time to make one failure small; 0: leave it as it is")
	failures  = flag.Int("failures", 3, "how many failures to make small")
	folder    = flag.String("folder", "", "empty folder for the generated module, kept for a look at it")
)

// unitSize is how many programs make a package.
const unitSize = 6

// unsupported are refusals that are right: what bodies cannot do yet, but the
// generator does.
var unsupported = []*regexp.Regexp{}

// programs generates units of programs with about n functions, starting with
// the program of a seed.
func programs(t *testing.T, n int, seed uint64) []lab.Unit {
	t.Helper()
	var units []lab.Unit
	for ; n > 0; seed++ {
		name := fmt.Sprintf("p%d", seed)
		source, functions, err := generate.Program(seed, name)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, source)
		}
		if len(units) == 0 || len(units[len(units)-1].Sources) == unitSize {
			units = append(units, lab.Unit{Name: fmt.Sprintf("u%d", len(units))})
		}
		u := &units[len(units)-1]
		u.Sources = append(u.Sources, lab.Source{Name: name, Text: source})
		n -= functions
	}
	return units
}

// newLab makes a lab, or skips a test that would repeat what it does on another
// architecture or in another build: one run of it compiles for all.
func newLab(t *testing.T) *lab.Lab {
	t.Helper()
	if err := lab.Available(); err != nil {
		t.Skip("NOT RUN: ", err)
	}
	if !morestack.Native {
		t.Skip("NOT RUN: the build for which this test runs is the native one; it makes purego binaries itself")
	}
	dir := *folder
	if dir == "" {
		dir = t.TempDir()
	}
	l, err := lab.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	l.Logf = t.Logf
	return l
}

// TestDeterministic generates a program twice.
func TestDeterministic(t *testing.T) {
	for seed := range uint64(20) {
		a, _, _ := generate.Program(seed, "p")
		b, _, _ := generate.Program(seed, "p")
		if string(a) != string(b) {
			t.Errorf("seed %d gives two programs", seed)
		}
	}
}

// TestPlain runs programs as plain Go only, twice: they must compile, end, do
// the same both times, and do something.
func TestPlain(t *testing.T) {
	l := newLab(t)
	units := programs(t, *functions, *seed)
	first, err := l.Check(context.Background(), units, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range first.Failures {
		t.Error(f)
	}
	second, err := l.Check(context.Background(), units, nil)
	if err != nil {
		t.Fatal(err)
	}
	events := map[string]int{}
	for name, transcript := range first.Transcripts {
		if transcript != second.Transcripts[name] {
			t.Errorf("%s: two runs differ", name)
		}
		for line := range strings.Lines(transcript) {
			event, _, _ := strings.Cut(line, " ")
			events[strings.TrimSpace(event)]++
		}
		if strings.Count(transcript, "\n") < 4 {
			t.Errorf("%s: the transcript is all but empty:\n%s", name, transcript)
		}
	}
	for _, event := range []string{"yield", "end", "closed", "trap:", "panic:"} {
		if first.Programs > 20 && events[event] == 0 {
			t.Errorf("no program has a line with %q", event)
		}
	}
	t.Logf("%d programs: %d yields, %d ends, %d closed, %d traps, %d panics", first.Programs,
		events["yield"], events["end"], events["closed"], events["trap:"], events["panic:"])
}

// TestDifferential compiles programs with corogen and compares them with plain
// Go, for every architecture, with and without stress, and as purego.
func TestDifferential(t *testing.T) {
	l := newLab(t)
	configs, err := lab.Runnable(strings.Split(*arches, ","), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	units := programs(t, *functions, *seed)
	report, err := l.Check(context.Background(), units, configs)
	if errors.Is(err, lab.ErrNoCorogen) {
		t.Skip("NOT RUN: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string][]byte{}
	for _, u := range units {
		for _, s := range u.Sources {
			sources[u.Name+"/"+s.Name] = s.Text
		}
	}
	known, reduced := 0, map[string]bool{}
	for _, f := range report.Failures {
		if f.Kind == lab.Refused && isUnsupported(f.Detail) {
			known++
			continue
		}
		t.Error(f)
		name := f.Unit + "/" + f.Source
		if *reduction == 0 || reduced[name] || len(reduced) == *failures || f.Kind == lab.Plain {
			continue
		}
		reduced[name] = true
		keep(t, l, f, sources[name])
	}
	for c, d := range report.Noise {
		t.Logf("%s: %+v", c, d)
		// One program may be too small for all of it.
		if d.Rounds > 50 && (d.Ticks == 0 || d.Pauses == 0 || d.Shrinks == 0 || d.Collections == 0 || d.Interruptions == 0) {
			t.Errorf("%s: there was hardly any noise: %+v", c, d)
		}
	}
	t.Logf("%d programs in %d packages, %d configurations; %d refused as unsupported", report.Programs, len(units), len(configs), known)
}

func isUnsupported(message string) bool {
	for _, p := range unsupported {
		if p.MatchString(message) {
			return true
		}
	}
	return false
}

// keep makes a failing program small and writes it to tests/fixedbugs.
func keep(t *testing.T, l *lab.Lab, f lab.Failure, source []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), *reduction)
	defer cancel()
	small := reduce.Reduce(ctx, source, func(candidates [][]byte) []bool {
		return stillFails(ctx, l, f, candidates)
	})
	path := filepath.Join(l.Root(), "tests", "fixedbugs", f.Source+".go")
	if err := os.WriteFile(path, reduce.Document(small, f.String()), 0o666); err != nil {
		t.Error(err)
		return
	}
	t.Logf("%s: %d bytes made %d, in %s", f.Source, len(source), len(small), path)
}

// stillFails reports which candidates fail as f does.
func stillFails(ctx context.Context, l *lab.Lab, f lab.Failure, candidates [][]byte) []bool {
	fails := make([]bool, len(candidates))
	units := make([]lab.Unit, len(candidates))
	for i, c := range candidates {
		units[i] = lab.Unit{Name: fmt.Sprintf("c%d", i), Sources: []lab.Source{{Name: f.Source, Text: c}}}
	}
	config := f.Config
	if config.Arch == "" {
		config.Arch = runtime.GOARCH
	}
	quiet := *l
	quiet.Logf = nil
	report, err := quiet.Check(ctx, units, []lab.Config{config})
	if err != nil {
		return fails
	}
	for _, g := range report.Failures {
		if g.Class() == f.Class() {
			i := 0
			fmt.Sscanf(g.Unit, "c%d", &i)
			fails[i] = true
		}
	}
	return fails
}

package gotest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/tests/fuzz/lab"
)

var (
	arches  = flag.String("arch", "amd64,arm64", "architectures to compile for, comma-separated")
	most    = flag.Int("programs", 40, "how many of Go's programs to convert, spread over all; 0: all")
	stress  = flag.Bool("stress", false, "also with stacks that move at every prologue: slow")
	pattern = flag.String("match", "", "only programs whose name this regular expression matches")
)

// folders of GOROOT/test with programs of one file.
var folders = []string{".", "ken", "chan", "interface", "abi", "typeparam"}

// unsuitable are programs that are right to behave otherwise as bodies, or to
// take too long for a test.
var unsuitable = map[string]string{
	"peano.go":             "needs more stack than a goroutine has by default under an emulator",
	"stackobj.go":          "counts on what the collector keeps",
	"stackobj3.go":         "counts on what the collector keeps",
	"deferfin.go":          "counts on what the collector keeps",
	"finprofiled.go":       "counts on what the collector keeps",
	"gcgort.go":            "takes a second by design and is about goroutines only",
	"chan/select3.go":      "waits for time to pass",
	"chan/doubleselect.go": "takes long by design and is about goroutines only",
	"newexpr.go":           "needs a newer language version than this module's",
	"rename.go":            "redefines what the driver uses",
}

// collect reads Go's programs, if this toolchain has them, and ours.
func collect(t *testing.T) []*program {
	t.Helper()
	var programs []*program
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	tests := filepath.Join(strings.TrimSpace(string(root)), "test")
	if _, err := os.Stat(tests); err != nil {
		t.Logf("NOT RUN: Go's own programs: %v; only those in testdata are", err)
	} else {
		passed := map[string]int{}
		for _, folder := range folders {
			programs = append(programs, read(t, tests, folder, passed)...)
		}
		t.Logf("%s: %d programs of %s; passed over: %v", runtime.Version(), len(programs), tests, passed)
		if *most > 0 && len(programs) > *most {
			spread := make([]*program, *most)
			for i := range spread {
				spread[i] = programs[i*len(programs) / *most]
			}
			programs = spread
		}
	}
	return append(programs, read(t, ".", "testdata", map[string]int{})...)
}

// read parses the programs of a folder, and counts why others are none.
func read(t *testing.T, root, folder string, passed map[string]int) []*program {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var programs []*program
	for _, file := range files {
		name := filepath.ToSlash(filepath.Join(folder, filepath.Base(file)))
		if match, err := regexp.MatchString(*pattern, name); err != nil {
			t.Fatal(err)
		} else if !match {
			continue
		}
		if reason, ok := unsuitable[name]; ok {
			passed[reason]++
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := parse(name, source)
		if err != nil {
			passed[err.Error()]++
			continue
		}
		programs = append(programs, p)
	}
	return programs
}

// TestPrograms runs each program as plain Go and as bodies. What corogen refuses
// is left to plain Go function by function, until main itself is refused.
func TestPrograms(t *testing.T) {
	if err := lab.Available(); err != nil {
		t.Skip("NOT RUN: ", err)
	}
	if !morestack.Native {
		t.Skip("NOT RUN: the build for which this test runs is the native one")
	}
	configs, err := lab.Runnable(strings.Split(*arches, ","), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	configs = slices.DeleteFunc(configs, func(c lab.Config) bool {
		return c.Twin || c.Mode != lab.Calm && c.Mode != lab.Collect && !(c.Mode == lab.Stress && *stress)
	})
	l, err := lab.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	l.Logf = t.Logf

	programs := map[string]*program{}
	functions := map[string]int{}
	for _, p := range collect(t) {
		programs[p.unitName()] = p
		functions[p.name] = len(p.bodies)
	}
	refused := map[string]string{} // by program
	unfit := 0
	for round := programs; len(round) > 0; {
		report, err := l.Check(context.Background(), units(round), configs)
		if errors.Is(err, lab.ErrNoCorogen) {
			t.Skip("NOT RUN: ", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		again := map[string]*program{}
		for _, f := range report.Failures {
			p := programs[f.Unit]
			switch f.Kind {
			case lab.Plain:
				unfit++
				refused[p.name] = "does not run as plain Go in this form: " + firstLine(f.Detail)
			case lab.Refused:
				if withdrawAll(p, f.Detail) {
					again[f.Unit] = p
				} else {
					refused[p.name] = firstLine(f.Detail)
				}
			default:
				refused[p.name] = "failed"
				t.Errorf("%s: %s: %s\n%s", p.name, f.Config, f.Kind, f.Detail)
			}
		}
		round = again
	}
	whole, part := 0, 0
	for _, p := range programs {
		if _, bad := refused[p.name]; bad {
			continue
		}
		if len(p.bodies) == functions[p.name] {
			whole++
		} else {
			part++
			t.Logf("in part: %s: %d of %d functions are bodies", p.name, len(p.bodies), functions[p.name])
		}
	}
	for name, reason := range refused {
		t.Logf("refused: %s: %s", name, reason)
	}
	t.Logf("%d programs: %d pass as bodies, %d more in part, %d do not run in this form, %d are refused", len(programs), whole, part, unfit, len(refused)-unfit)
}

// units makes a package of each program.
func units(programs map[string]*program) []lab.Unit {
	var units []lab.Unit
	for name, p := range programs {
		units = append(units, lab.Unit{Name: name, Sources: []lab.Source{{Name: "program", Text: p.convert()}}})
	}
	slices.SortFunc(units, func(a, b lab.Unit) int { return strings.Compare(a.Name, b.Name) })
	return units
}

var position = regexp.MustCompile(`program\.go:(\d+):`)

// withdrawAll withdraws the functions that a refusal names. It reports false if
// there is none that can be.
func withdrawAll(p *program, refusal string) bool {
	var lines []int
	for _, m := range position.FindAllStringSubmatch(refusal, -1) {
		n, err := strconv.Atoi(m[1])
		if err == nil && !slices.Contains(lines, n) {
			lines = append(lines, n)
		}
	}
	// From the last, since each that goes moves up what follows.
	slices.Sort(lines)
	slices.Reverse(lines)
	any := false
	for _, n := range lines {
		any = p.withdraw(n) || any
	}
	return any
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// TestConvert looks at what conversion makes of a program.
func TestConvert(t *testing.T) {
	p, err := parse("x.go", []byte(`// run

package main

type T struct{}

func (T) m() { helper() }

func helper() {}

func unused() {}

func inClosure() {}

func main() {
	T{}.m()
	f := func() { inClosure() }
	f()
}
`))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range p.bodies {
		names = append(names, f.Name.Name)
	}
	if got := fmt.Sprint(names); got != "[main m helper]" {
		t.Errorf("bodies are %s", got)
	}
	lines := strings.Split(string(p.convert()), "\n")
	for i, line := range lines {
		if line == "func helper() {}" {
			if !p.withdraw(i + 1) {
				t.Error("helper cannot be withdrawn")
			}
		}
		if strings.HasPrefix(line, "func programMain") && (lines[i-1] != "//coro:body" || p.withdraw(i)) {
			t.Error("main was withdrawn")
		}
	}
	if len(p.bodies) != 2 {
		t.Errorf("%d bodies are left", len(p.bodies))
	}
}

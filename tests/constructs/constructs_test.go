package constructs

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/tests/twins"
)

// native tells whether coroutines run machine code.
var native = !twins.Run

var update = flag.Bool("update", false, "write the transcripts anew; only with the build tag purego")

const transcripts = "testdata/transcripts.txt"

// A cell is one construct: run runs the bodies that use it.
type cell struct {
	name string
	run  func(*transcript)
}

// groups are all cells, by the files that the bodies are in.
var groups = []struct {
	file  string
	cells []cell
}{
	{"integers", integers},
	{"conversions", conversions},
	{"floats", floats},
	{"complexes", complexes},
	{"bools", bools},
	{"strings", stringCells},
	{"arrays", arrays},
	{"slices", sliceCells},
	{"structs", structs},
	{"pointers", pointers},
	{"recursion", recursions},
	{"loops", loops},
	{"switches", switches},
	{"failures", failures},
	{"panics", panics},
	{"maps", maps},
	{"channels", channels},
	{"interfaces", interfaces},
	{"closures", closures},
	{"closures_yielding", closuresYielding},
	{"yields", yields},
	{"gocalls", goCalls},
	{"heap", heapCells},
	{"frames", frames},
	{"generics", generics},
	{"methods", methods},
	{"packages", packages},
}

// TestConstructs runs each cell and compares its transcript with that of plain
// Go, which is kept in a file: go test -tags purego -update writes it.
func TestConstructs(t *testing.T) {
	if *update && morestack.Native {
		t.Fatal("plain Go writes the transcripts: add -tags purego")
	}
	want := readTranscripts(t)
	failing := readFailing(t)
	var all strings.Builder
	for _, group := range groups {
		for _, cell := range group.cells {
			name := group.file + "/" + cell.name
			t.Run(name, func(t *testing.T) {
				got := &transcript{}
				cell.run(got)
				text := strings.Join(got.lines, "\n")
				fmt.Fprintf(&all, "== %s\n%s\n", name, text)
				if w, ok := want[name]; !ok && !*update {
					t.Fatalf("no transcript: run go test -tags purego -update\n%s", text)
				} else if text != w && !*update {
					t.Errorf("got:\n%s\nwant:\n%s", text, w)
				}
				delete(want, name)
				checkPlace(t, group.file, cell.name, got, failing)
			})
		}
	}
	if *update {
		if err := os.WriteFile(transcripts, []byte(all.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if flag.Lookup("test.run").Value.String() == "" {
		for name := range want {
			t.Errorf("%s has a transcript but does not exist", name)
		}
	}
}

// TestNative fails if machine code was not run that should have been.
func TestNative(t *testing.T) {
	c := newPerIteration()
	c.Resume(0)
	if has := c.Stats().Size > 0; has != native {
		t.Errorf("it has a stack of its own: %t, want %t", has, native)
	}
}

// TestClosed closes the coroutines of each cell while they are suspended.
func TestClosed(t *testing.T) {
	for _, group := range groups {
		for _, cell := range group.cells {
			for limit := 1; limit <= 3; limit += 2 {
				cell.run(&transcript{limit: limit})
			}
		}
	}
}

// TestConcurrent runs all cells at the same time.
func TestConcurrent(t *testing.T) {
	want := readTranscripts(t)
	for _, group := range groups {
		for _, cell := range group.cells {
			name := group.file + "/" + cell.name
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				got := &transcript{}
				cell.run(got)
				if text := strings.Join(got.lines, "\n"); text != want[name] {
					t.Errorf("got:\n%s\nwant:\n%s", text, want[name])
				}
			})
		}
	}
}

// readTranscripts returns the transcript of each cell.
func readTranscripts(t *testing.T) map[string]string {
	all := map[string]string{}
	data, err := os.ReadFile(transcripts)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for section := range strings.SplitSeq("\n"+string(data), "\n== ") {
		name, text, _ := strings.Cut(section, "\n")
		if name != "" {
			all[name] = strings.TrimSuffix(text, "\n")
		}
	}
	return all
}

// readFailing returns the lines that say that they fail, as "FILE.go:LINE" by
// "FILE/NAME".
func readFailing(t *testing.T) map[string]string {
	const mark = "// fails: "
	lines := map[string]string{}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for line := range strings.Lines(string(data)) {
			n++
			if _, name, ok := strings.Cut(line, mark); ok {
				lines[strings.TrimSuffix(file, ".go")+"/"+strings.TrimSpace(name)] = fmt.Sprintf("%s:%d", file, n)
			}
		}
	}
	return lines
}

// checkPlace reports a trap whose innermost frame is not the line that is to
// fail.
func checkPlace(t *testing.T, file, name string, got *transcript, failing map[string]string) {
	if got.trap == nil {
		return
	}
	name, _, _ = strings.Cut(name, "/")
	want, ok := failing[file+"/"+name]
	if !ok {
		t.Errorf("no line says // fails: %s", name)
	}
	if !native {
		return
	}
	if len(got.trap.Frames) == 0 {
		t.Errorf("the trap has no frames: %v", got.trap)
		return
	}
	frame := got.trap.Frames[0]
	if place := fmt.Sprintf("%s:%d", filepath.Base(frame.File), frame.Line); place != want {
		t.Errorf("the trap is at %s, want %s: %v", place, want, got.trap)
	}
}

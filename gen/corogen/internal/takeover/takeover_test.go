package takeover

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// compiled is the listing of a package made of one file, and its functions.
func compiled(t *testing.T, arch, file string) Input {
	t.Helper()
	dir := t.TempDir()
	source, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"go.mod": []byte("module example.com/p\n\ngo 1.25\n"), "p.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "build", "-gcflags=-S", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOEXPERIMENT=preemptibleloops", "GOOS=linux", "GOARCH="+arch, "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	in := Input{
		Arch: arch, GoVersion: "go1", PackagePath: "example.com/p", PackageName: "p", Dir: dir, OutBase: "bodies",
		Shims: map[string]bool{"coroY0": true, "coroG0": true}, Listing: out, Env: os.Environ(),
		Pointers: func(name string) (int64, []int64, bool) {
			return 56, []int64{0, 8, 16, 24, 32, 40}, name == "example.com/p.Wide"
		},
	}
	for _, m := range regexp.MustCompile(`func (coroN\d+_(\w+))`).FindAllSubmatch(source, -1) {
		in.Funcs = append(in.Funcs, Func{Symbol: string(m[1]), Name: string(m[2])})
	}
	return in
}

func TestEverythingIsTakenOver(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		in := compiled(t, arch, "lowered.go.txt")
		out, err := Run(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range out.Problems {
			t.Errorf("%s: %v", arch, p)
		}
		if out.Raw > out.Total/50 {
			t.Errorf("%s: %d of %d instructions as bytes", arch, out.Raw, out.Total)
		}
		again, err := Run(in)
		if err != nil || !bytes.Equal(out.Asm, again.Asm) || !bytes.Equal(out.Tables, again.Tables) {
			t.Errorf("%s: the same listing gave other files (%v)", arch, err)
		}
		for _, left := range []string{"runtime·", "(g)"} {
			for line := range strings.Lines(string(out.Asm)) {
				if code, _, _ := strings.Cut(line, "//"); strings.Contains(code, left) {
					t.Errorf("%s: %s is left in: %s", arch, left, line)
				}
			}
		}
	}
}

func TestProblems(t *testing.T) {
	want := map[string]string{
		"coroN0_call": ProblemCall, "coroN1_indirect": ProblemIndirect, "coroN2_type": ProblemType,
		"coroN3_data": ProblemData, "coroN4_object": ProblemObject,
		"coroN6_passed": ProblemObject, "coroN7_kept": ProblemObject,
	}
	for _, arch := range []string{"amd64", "arm64"} {
		in := compiled(t, arch, "problems.go.txt")
		out, err := Run(in)
		if err != nil {
			t.Fatal(err)
		}
		if out.Asm != nil {
			t.Errorf("%s: a file in spite of problems", arch)
		}
		got := map[string][]string{}
		for _, p := range out.Problems {
			got[p.Func] = append(got[p.Func], p.Kind)
			if p.Line == 0 || filepath.Base(p.File) != "p.go" {
				t.Errorf("%s: no position: %v", arch, p)
			}
		}
		for f, kind := range want {
			if !slices.Contains(got[f], kind) {
				t.Errorf("%s: %s has problems %v, want %s among them", arch, f, got[f], kind)
			}
		}
	}
}

// Code of other packages is refused, unless it is the standard library's.
func TestInlined(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		in := compiled(t, arch, "inlined.go.txt")
		goroot, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			t.Fatal(err)
		}
		for root, want := range map[string]bool{strings.TrimSpace(string(goroot)): false, filepath.Dir(in.Dir): true} {
			in.GOROOT = root
			out, err := Run(in)
			if err != nil {
				t.Fatal(err)
			}
			refused := slices.ContainsFunc(out.Problems, func(p Problem) bool {
				return p.Kind == ProblemInlined && filepath.Base(p.Symbol) == "utf8.go"
			})
			if refused != want || len(out.Problems) > 0 != want {
				t.Errorf("%s, GOROOT %s: %v", arch, root, out.Problems)
			}
		}
	}
}

// The walk of a tree: the node is published before the first call, still is at
// the yield, and is forgotten before the last call, which does not need it.
func TestPublication(t *testing.T) {
	in := compiled(t, "amd64", "lowered.go.txt")
	tk := newTakeover(in, amd64{})
	if err := tk.read(); err != nil {
		t.Fatal(err)
	}
	tk.connect()
	f := tk.bySymbol["coroN0_walk"]
	var got []string
	for _, s := range f.steps {
		if s.publishes() || s.action == returns {
			got = append(got, strings.TrimSpace(s.kind+" "+ints(s.publish)+ints(s.forget)))
		}
	}
	none := ints(nil)
	want := []string{"Call " + ints([]int{24}) + none, "Yield " + none + none, "Call " + none + ints([]int{24}), none + none, none + none}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if !f.yields || !f.roots || f.saves {
		t.Errorf("walk: yields %v, roots %v, saves %v", f.yields, f.roots, f.saves)
	}
	if hold := tk.bySymbol["coroN8_hold"]; !hold.saves {
		t.Error("hold calls Go, but does not save")
	}
}

func TestAssemblerAcceptsTheFinalText(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		in := compiled(t, arch, "lowered.go.txt")
		out, err := Run(in)
		if err != nil {
			t.Fatal(err)
		}
		tk := &takeover{Input: in}
		plain, failed, err := tk.assemble(out.Asm)
		if err != nil || len(failed) > 0 {
			t.Fatalf("%s: %v %v", arch, err, failed)
		}
		s := plain["example.com/p.coroN0_walk"]
		lines := map[int]bool{}
		for _, i := range s.instrs {
			if filepath.Base(i.file) == "p.go" {
				lines[i.line] = true
			}
		}
		// The body of walk, counted in its source.
		source, _ := os.ReadFile(filepath.Join("testdata", "lowered.go.txt"))
		first := strings.Count(string(source[:bytes.Index(source, []byte("func coroN0_walk"))]), "\n") + 1
		for _, line := range []int{first, first + 1, first + 4, first + 5, first + 6} {
			if !lines[line] {
				t.Errorf("%s: no instruction has line %d: %v", arch, line, lines)
			}
		}
	}
}

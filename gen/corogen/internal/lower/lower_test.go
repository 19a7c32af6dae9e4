package lower

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/morestack/morestack/gen/corogen/internal/load"
)

func read(t *testing.T, name string) *load.Package {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	p, err := load.Load(load.Config{Dir: dir, Base: "coro_bodies", GOROOT: strings.TrimSpace(string(root)), Env: os.Environ()})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Refusals {
		t.Errorf("%s: %s", p.Fset.Position(r.Pos), r.Message)
	}
	return p
}

func lowered(t *testing.T, p *load.Package, force Force) *Output {
	t.Helper()
	out, err := Lower(p, "coro_bodies", force)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range out.Refusals {
		t.Errorf("%s: %s", p.Fset.Position(r.Pos), r.Message)
	}
	return out
}

// Lowered bodies that do not yield are ordinary Go, too: they give the same
// results. Once with everything left to the compiler that can be, once with
// nothing.
func TestSameResults(t *testing.T) {
	p := read(t, "constructs")
	all := Force{Lines: map[string]bool{}}
	for line := range 2000 {
		all.Lines[Line(filepath.Join(p.Dir, "constructs.go"), line)] = true
	}
	for name, force := range map[string]Force{"little": {}, "all": all} {
		t.Run(name, func(t *testing.T) { same(t, p, lowered(t, p, force)) })
	}
}

func same(t *testing.T, p *load.Package, out *Output) {
	var test bytes.Buffer
	fmt.Fprintf(&test, "package %s\nimport (\"reflect\"; \"testing\")\n", p.Name)
	for _, f := range out.Funcs {
		for _, b := range p.Bodies {
			sig := b.Signature()
			if f.Entry || f.Name != b.Func.Name() || sig.Params().Len() > 0 || sig.TypeParams().Len() > 0 || sig.Results().Len() == 0 {
				continue
			}
			vars := ""
			for i := range sig.Results().Len() {
				vars += fmt.Sprintf(", r%d", i)
			}
			fmt.Fprintf(&test, "func Test_%s(t *testing.T) {\nlist := func(a ...any) []any { return a }\nwant, got := list(%s()), list(%s())\nif !reflect.DeepEqual(want, got) { t.Errorf(\"lowered %%v\\nGo      %%v\", got, want) }\n}\n", f.Name, f.Name, f.Symbol)
		}
	}
	dir := t.TempDir()
	replace := map[string]string{}
	for name, text := range map[string][]byte{"coro_bodies.go": out.Common, "lowered.go": out.Lowered, "lowered_test.go": test.Bytes()} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, text, 0o666); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(p.Dir, name)] = file
	}
	overlay, _ := json.Marshal(map[string]any{"Replace": replace})
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "test", "-vet=off", "-overlay", list, ".")
	cmd.Dir = p.Dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, text)
		if keep := os.Getenv("COROGEN_KEEP"); keep != "" {
			os.WriteFile(keep, out.Lowered, 0o666)
		}
	}
}

// Each line of a package that says so is refused, and no other.
func TestRefusals(t *testing.T) {
	p := read(t, "refused")
	out, err := Lower(p, "coro_bodies", Force{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[int]string{}
	for _, r := range out.Refusals {
		got[p.Fset.Position(r.Pos).Line] = r.Message
	}
	source, err := os.ReadFile("testdata/refused/a.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(source)) {
		n++
		_, want, _ := strings.Cut(strings.TrimSpace(line), "// refused: ")
		if !strings.HasPrefix(got[n], want) || want == "" && got[n] != "" {
			t.Errorf("line %d: %q, want %q", n, got[n], want)
		}
	}
}

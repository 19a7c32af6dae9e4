package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pkg is a package with a body that was left to inline double.
const pkg = `package p

import "example.com/coro"

// Tree is a tree.
type Tree struct {
	left, right *Tree
	value       weight
}

type weight int

const (
	first = iota
	step
)

var table = [...]int{1, 2, 3}

//coro:body
func (t *Tree) walk(y *coro.Yielder[int, int]) {
	if t != nil {
		y.Yield(double(int(t.value)) + step + table[0])
		called(t)
	}
}

func double(v int) int { return add(v, v) }

func add(a, b int) int { return a + b + bias }

const bias = 0

func called(t *Tree) { println(t.value + unused) }

const unused = 1

//coro:body pinned
func other(y *coro.Yielder[int, int]) { y.Yield(0) }
`

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a [b]* c") // no pattern
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// recordedIn writes the records of a package, as corogen does, and returns its folder.
func recordedIn(t *testing.T, files map[string]string, tags string) string {
	t.Helper()
	dir := folder(t, files)
	records, err := Records(dir, tags, map[string][]string{"Tree.walk": {"double"}})
	if err != nil {
		t.Fatal(err)
	}
	text := Header + "\n\n" + records + "\npackage p\n\nfunc coroGenerated() {}\n"
	if err := os.WriteFile(filepath.Join(dir, "coro_bodies.go"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

func check(t *testing.T, dir string) string {
	t.Helper()
	problems, err := Check(dir)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, p := range problems {
		p.Position.Filename = filepath.Base(p.Position.Filename)
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

const run = ": run go generate"

func TestCheck(t *testing.T) {
	const stale = "p.go:21:16: the machine code of Tree.walk was made of other source than this" + run
	for name, c := range map[string]struct{ old, new, want string }{
		"nothing":                 {"", "", ""},
		"comments and spaces":     {"// Tree is a tree.\ntype Tree struct {\n", "type Tree struct { // A tree.\n\n", ""},
		"what is called":          {"func called(t *Tree) {", "func called(t *Tree) { println();", ""},
		"what that mentions":      {"unused = 1", "unused = 2", ""},
		"another function":        {"const bias", "func unrelated() {}\n\nconst bias", ""},
		"the body":                {"double(int(t.value)) + step", "double(int(t.value)) - step", stale},
		"an option":               {"//coro:body\n", "//coro:body pinned\n", stale},
		"what was inlined":        {"add(v, v)", "add(v, 2*v)", stale},
		"what that inlined":       {"a + b + bias", "a + b", stale},
		"a constant there":        {"bias = 0", "bias = 1", stale},
		"a constant":              {"iota", "iota + 1", stale},
		"a variable's value":      {"1, 2, 3", "2, 2, 3", stale},
		"a field":                 {"value       weight", "value       *weight", stale},
		"a type of a field":       {"weight int", "weight int32", stale},
		"the order of the fields": {"left, right", "right, left", stale},
		"renamed":                 {"func other(", "func another(", "p.go:39:6: another has no machine code" + run + "\ncoro_bodies.go:1: other is no longer a body, and has machine code" + run},
		"no body":                 {"//coro:body pinned\n", "", "coro_bodies.go:1: other is no longer a body, and has machine code" + run},
	} {
		t.Run(name, func(t *testing.T) {
			dir := recordedIn(t, map[string]string{"p.go": pkg}, "")
			if strings.Count(pkg, c.old) != 1 && c.old != "" {
				t.Fatalf("%q is not once in the package", c.old)
			}
			text := strings.Replace(pkg, c.old, c.new, 1)
			if err := os.WriteFile(filepath.Join(dir, "p.go"), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			got := check(t, dir)
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// Files for one architecture, those that tags choose, and what is no part of the package.
func TestFiles(t *testing.T) {
	files := map[string]string{
		"p.go": pkg, "size_amd64.go": "package p\n\nconst weightBits = 3\n", "size_arm64.go": "package p\n\nconst weightBits = 4\n",
		"tagged.go": "//go:build special\n\npackage p\n\nconst more = weightBits\n", "windows.go": "//go:build windows\n\npackage p\n\nconst more = 7\n",
		"p_test.go": "package p\n\nconst step = 7\n", "ignored.go": "//go:build ignore\n\npackage main\n",
	}
	files["p.go"] = strings.Replace(pkg, "table[0]", "table[0] + more", 1)
	for _, c := range []struct{ tags, file, old, new, want string }{
		{"special", "size_amd64.go", "3", "5", "p.go:21:16: the machine code of Tree.walk was made of other source than this" + run},
		{"special", "size_arm64.go", "4", "5", "p.go:21:16: the machine code of Tree.walk was made of other source than this" + run},
		{"", "size_arm64.go", "4", "5", ""},
		{"special", "windows.go", "7", "8", ""},
		{"special", "p_test.go", "7", "8", ""},
	} {
		dir := recordedIn(t, files, c.tags)
		if err := os.WriteFile(filepath.Join(dir, c.file), []byte(strings.Replace(files[c.file], c.old, c.new, 1)), 0o666); err != nil {
			t.Fatal(err)
		}
		if got := check(t, dir); got != c.want {
			t.Errorf("%s with tags %q: %q, want %q", c.file, c.tags, got, c.want)
		}
	}
}

func TestNothingGenerated(t *testing.T) {
	if got, want := check(t, folder(t, map[string]string{"p.go": pkg})), "p.go:21:16: nothing was generated for the bodies of this package"+run; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := check(t, folder(t, map[string]string{"p.go": "package p\n"})); got != "" {
		t.Errorf("of a package without bodies: %s", got)
	}
	late := folder(t, map[string]string{"p_test.go": "package p\n\n//coro:body\nfunc late() {}\n"})
	const misplaced = "p_test.go:4:6: late is in a file of tests, and bodies there get no machine code: move it to another file"
	if got := check(t, late); got != misplaced {
		t.Errorf("in a test: %s", got)
	}
	if _, err := Records(late, "", nil); err == nil || !strings.HasSuffix(err.Error(), misplaced) {
		t.Errorf("in a test: %v", err)
	}
	dir := recordedIn(t, map[string]string{"p.go": pkg}, "")
	text, err := os.ReadFile(filepath.Join(dir, "coro_bodies.go"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "more.go"), text, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Check(dir); err == nil || !strings.Contains(err.Error(), "both generated") {
		t.Errorf("generated twice: %v", err)
	}
}

package compile

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	RunTool()
	os.Exit(m.Run())
}

func TestFlags(t *testing.T) {
	for in, want := range map[string]string{
		"-race -mod=mod":                  "-mod=mod",
		"-gcflags=all=-N -buildvcs=false": "-buildvcs=false",
		"--cover -covermode=atomic":       "",
		"-tags=x -trimpath":               "-tags=x",
		"-tags=x '-gcflags=all=-N -l'":    "-tags=x",
	} {
		if got := flags(in); got != want {
			t.Errorf("flags(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMessages(t *testing.T) {
	got := messages([]byte("# p\np.f STEXT size=3\n\t0x0000 00000 (a.go:1)\tTEXT\n./a.go:3:4: undefined: x\n"))
	if want := "# p\n./a.go:3:4: undefined: x\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A folder with a space; a hidden file and one that is not there; loops that
// poll, on both architectures.
func TestList(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"go.mod": "module m\n\ngo 1.25.0\n", "a.go": "package m\n", "old.s": "nonsense"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	tools := New(dir, "")
	if _, _, err := tools.Version(); err != nil {
		t.Fatal(err)
	}
	b := filepath.Join(dir, "b.go")
	f := []byte("package m\n\nfunc f(n int) (s int) {\n\tfor i := range n {\n\t\ts += i ^ s\n\t}\n\treturn s\n}\n")
	o := Overlay{filepath.Join(dir, "old.s"): nil, b: f}
	for _, arch := range []string{"amd64", "arm64"} {
		l, err := tools.NewLister(arch)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		text, err := l.List(o)
		if err != nil {
			t.Fatal(err)
		}
		// The second time without the go command.
		again, err := l.again(o)
		if err != nil || len(again) < len(text)/2 {
			t.Errorf("%s: again: %s, %v", arch, again, err)
		}
		o[b] = bytes.Replace(f, []byte("^"), []byte("&"), 1)
		if other, err := l.again(o); err != nil || !bytes.Contains(other, []byte("\tAND")) || !bytes.Contains(other, []byte("runtime.goschedguarded")) {
			t.Errorf("%s: of other text: %d bytes of %d, %v", arch, len(other), len(text), err)
		}
		// With what it has not imported before.
		o[b] = bytes.Replace(f, []byte("\n\n"), []byte("\n\nimport \"strings\"\n\nvar g = strings.Clone\n\n"), 1)
		if other, err := l.List(o); err != nil || !bytes.Contains(other, []byte("strings.Clone")) {
			t.Errorf("%s: with another import: %d bytes, %v", arch, len(other), err)
		}
		o[b] = f
		if !bytes.Contains(text, []byte("runtime.goschedguarded")) {
			t.Errorf("%s: no poll in\n%s", arch, text)
		}
	}
	l, err := tools.NewLister("amd64")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	o[b] = []byte("package m\n\nfunc f() { undefined() }\n")
	if _, err := l.List(o); err == nil || !strings.Contains(err.Error(), ":3:12: undefined: undefined") {
		t.Error(err)
	}
}

//go:build linux && amd64 && !purego && !race

package environments

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Made by TestMain: the root of this repository, a folder for what tests share,
// and corogen, which most tests run as it is. TestTool and others have the go
// command build it.
var root, shared, corogen string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if root, err = filepath.Abs("../.."); err != nil {
			log.Fatal(err)
		}
		if shared, err = os.MkdirTemp("", "environments"); err != nil {
			log.Fatal(err)
		}
		defer os.RemoveAll(shared)
		corogen = filepath.Join(shared, "corogen")
		r := module{dir: root}
		for _, command := range [][]string{{"go", "mod", "download"}, {"go", "build", "-o", corogen, "./gen/corogen"}} {
			if out, err := r.try(command...); err != nil {
				log.Fatalf("%v: %v\n%s", command, err, out)
			}
		}
		return m.Run()
	}())
}

// A module is a folder to run commands in, with settings of its own.
type module struct {
	dir string
	env []string
}

func (m module) with(env ...string) module {
	return module{m.dir, slices.Concat(m.env, env)}
}

func (m module) in(dir string) module { return module{filepath.Join(m.dir, dir), m.env} }

// try runs a command. What the environment of the tests says about the go
// command does not count, but for its toolchain. What hangs has to say where.
func (m module) try(command ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // for what go run runs
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGQUIT) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Dir = m.dir
	for _, v := range os.Environ() {
		switch name, _, _ := strings.Cut(v, "="); name {
		case "GOFLAGS", "GOWORK", "GOEXPERIMENT", "GOOS", "GOARCH", "CGO_ENABLED":
		default:
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(append(cmd.Env, "PWD="+m.dir), m.env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (m module) run(t *testing.T, command ...string) string {
	t.Helper()
	out, err := m.try(command...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(append(m.env, command...), " "), err, out)
	}
	return out
}

// fails runs a command that is to fail, and to say what matches want. It returns
// what it says.
func (m module) fails(t *testing.T, want string, command ...string) string {
	t.Helper()
	out, err := m.try(command...)
	if err == nil || !regexp.MustCompile(want).MatchString(out) {
		t.Errorf("%s: %v\n%s\nwant  %s", strings.Join(append(m.env, command...), " "), err, out, want)
	}
	return out
}

func (m module) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func (m module) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(m.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// replace changes a file in one place.
func (m module) replace(t *testing.T, name, old, new string) {
	t.Helper()
	text := m.read(t, name)
	if strings.Count(text, old) != 1 {
		t.Fatalf("%s has %q %d times", name, old, strings.Count(text, old))
	}
	m.write(t, name, strings.Replace(text, old, new, 1))
}

// files returns the text of every file below a folder, or of those with a
// prefix.
func (m module) files(t *testing.T, prefix string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(m.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasPrefix(d.Name(), prefix) {
			var text []byte
			text, err = os.ReadFile(path)
			all[strings.TrimPrefix(path, m.dir)] = string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// same compares what files returned.
func same(t *testing.T, what string, want, got map[string]string) {
	t.Helper()
	if w, g := slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)); !slices.Equal(w, g) {
		t.Errorf("%s: files %q\nwant %q", what, g, w)
	}
	for name, text := range got {
		if w, ok := want[name]; ok && w != text {
			line := 0
			for line < len(text) && line < len(w) && text[line] == w[line] {
				line++
			}
			t.Errorf("%s: %s differs from line %d on", what, name, 1+strings.Count(text[:line], "\n"))
		}
	}
}

// plain makes a folder with the modules user and forest, nothing generated.
var plain = sync.OnceValues(func() (module, error) {
	m := module{dir: filepath.Join(shared, "plain")}
	if err := os.CopyFS(m.dir, os.DirFS("testdata")); err != nil {
		return m, err
	}
	for _, c := range []struct{ name, more string }{
		{"user", ""},
		{"forest", "require example.com/user v0.0.0\n\nreplace example.com/user => ../user\n"},
	} {
		text := fmt.Sprintf("module example.com/%s\n\ngo 1.25.0\n\ntool github.com/morestack/morestack/gen/corogen\n\n"+
			"require github.com/morestack/morestack v0.0.0\n\nreplace github.com/morestack/morestack => %s\n\n%s", c.name, strconv.Quote(root), c.more)
		if err := os.WriteFile(filepath.Join(m.dir, c.name, "go.mod"), []byte(text), 0o666); err != nil {
			return m, err
		}
		// The sums of what corogen needs are known: without a proxy, the go command
		// would ask for them elsewhere.
		sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
		if err != nil {
			return m, err
		}
		if err := os.WriteFile(filepath.Join(m.dir, c.name, "go.sum"), sums, 0o666); err != nil {
			return m, err
		}
		if out, err := m.with("GOPROXY=off").in(c.name).try("go", "mod", "tidy"); err != nil {
			return m, fmt.Errorf("go mod tidy: %w\n%s", err, out)
		}
	}
	return m, nil
})

// bodies are the packages with bodies in an order that generates them.
var bodies = []string{"user/trees", "user/zoo.v2", "forest"}

// made is plain with all generated. Nothing may change it.
var made = sync.OnceValues(func() (module, error) {
	m := module{dir: filepath.Join(shared, "made")}
	p, err := plain()
	if err != nil {
		return m, err
	}
	if err := os.CopyFS(m.dir, os.DirFS(p.dir)); err != nil {
		return m, err
	}
	for _, b := range bodies {
		if out, err := m.in(b).try(corogen); err != nil {
			return m, fmt.Errorf("corogen in %s: %w\n%s", b, err, out)
		}
	}
	return m, nil
})

// modules returns what make makes.
func modules(t *testing.T, make func() (module, error)) module {
	t.Helper()
	m, err := make()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// clone copies what make makes to a new folder, below a folder of that name.
func clone(t *testing.T, name string, make func() (module, error)) module {
	t.Helper()
	c := module{dir: filepath.Join(t.TempDir(), name)}
	if err := os.CopyFS(c.dir, os.DirFS(modules(t, make).dir)); err != nil {
		t.Fatal(err)
	}
	return c
}

// native makes programs run machine code, and fail if it does not fit.
const native = "MORESTACK=strict=1,native=1"

// test runs the tests of the user's module, whose bodies have to be native.
func (m module) test(t *testing.T, flags ...string) {
	t.Helper()
	m.with("NATIVE=1", native).run(t, slices.Concat([]string{"go", "test"}, flags, []string{"./..."})...)
}

// quiet fails if a command says anything.
func (m module) quiet(t *testing.T, command ...string) {
	t.Helper()
	if out := m.run(t, command...); len(bytes.TrimSpace([]byte(out))) > 0 {
		t.Errorf("%v: %s", command, out)
	}
}

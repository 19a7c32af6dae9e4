//go:build linux && amd64 && !purego && !race

package environments

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// What a user has to put right: the error says so, and the files stay as they
// were, those generated before too.
func TestErrors(t *testing.T) {
	t.Parallel()
	const source = "user/trees/trees.go"
	remove := func(t *testing.T, m module, name string) {
		if err := os.Remove(filepath.Join(m.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	add := func(text string) func(*testing.T, module) {
		return func(t *testing.T, m module) { m.write(t, source, m.read(t, source)+"\n"+text+"\n") }
	}
	for name, c := range map[string]struct {
		change func(*testing.T, module)
		env    string
		dir    string // user/trees if empty
		args   []string
		want   string
	}{
		"no go command": {env: "PATH=/nowhere", want: `needs the go command, which is not in PATH`},
		"old toolchain": {env: "GOTOOLCHAIN=go1.24.0", want: `(?s)1\.25.*go1\.24\.0`},
		"old go.mod": {change: func(t *testing.T, m module) { m.replace(t, "user/go.mod", "go 1.25.0", "go 1.24.0") },
			want: `go mod tidy|go 1\.25`},
		"no toolchain": {env: "GOTOOLCHAIN=go1.99.0", want: `1\.99`},
		"no go.mod":    {change: func(t *testing.T, m module) { remove(t, m, "user/go.mod") }, want: `go\.mod file not found|go mod init`},
		"no require": {change: func(t *testing.T, m module) {
			m.write(t, "user/go.mod", "module example.com/user\n\ngo 1.25.0\n")
		}, want: `go get github.com/morestack/morestack`},
		"no go.sum":    {change: func(t *testing.T, m module) { remove(t, m, "user/go.sum") }, want: `missing go\.sum entry(.|\n)*go (get|mod)`},
		"syntax":       {change: add("func broken( {"), want: `trees\.go:71:14: `},
		"types":        {change: add("//coro:body\nfunc broken() int { return \"x\" }"), want: `trees\.go:72:28: cannot use "x"`},
		"types beside": {change: add("func broken() int { return \"x\" }"), want: `trees\.go:71:28: cannot use "x"`},
		"constructors": {change: add("type a int\n\n//coro:body\nfunc (a) b() {}\n\n//coro:body\nfunc aB() {}"),
			want: `trees\.go:77:6: two bodies, a\.b and aB, have the constructor newAB: give one of them another name`},
		"twice": {change: add("//coro:body\nfunc trap() {}"), want: `trees\.go:72:6: trap redeclared`},
		"taken": {change: add("func newTrap() {}"), want: `trees\.go:71:6: newTrap is what corogen generates for the body trap: give one of them another name`},
		"none": {change: func(t *testing.T, m module) {
			m.write(t, source, strings.ReplaceAll(m.read(t, source), "//coro:body", "//"))
		}, want: `trees: no function is marked //coro:body any more: remove .*coro_bodies\.go .*coro_bodies_test\.go`},
		"space": {change: func(t *testing.T, m module) {
			m.write(t, source, strings.ReplaceAll(m.read(t, source), "//coro:body", "// coro:body"))
		}, want: `trees\.go:21:1: // coro:body is a comment and no directive: write //coro:body, without a space`},
		"in a test": {change: func(t *testing.T, m module) {
			m.write(t, "user/trees/more_test.go", "package trees\n\nimport \"testing\"\n\n//coro:body\nfunc late() {}\n\nfunc TestLate(t *testing.T) {}\n")
		}, want: `more_test\.go:6:6: late is in a file of tests`},
		"empty folder": {change: func(t *testing.T, m module) { m.write(t, "user/empty/a.txt", "") }, dir: "user/empty",
			want: `no buildable Go source files in .*user/empty`},
		"no folder":   {args: []string{"nowhere"}, want: `nowhere`},
		"foreign Go":  {change: func(t *testing.T, m module) { m.write(t, "user/trees/coro_bodies.go", "package trees\n") }, want: `coro_bodies\.go: was not written by corogen: rename it, or choose another name with -o`},
		"foreign asm": {change: func(t *testing.T, m module) { m.write(t, "user/trees/coro_bodies_arm64.s", "// Mine.\n") }, want: `coro_bodies_arm64\.s: was not written by corogen`},
		"folder": {change: func(t *testing.T, m module) {
			remove(t, m, "user/trees/coro_bodies_none.go")
			m.write(t, "user/trees/coro_bodies_none.go/a.txt", "")
		}, want: `coro_bodies_none\.go`},
		"two names": {args: []string{"-o", "other"}, want: `coro_bodies\.go.*(?i)remove`},
		"order": {change: func(t *testing.T, m module) {
			for name := range m.in("user/trees").files(t, "coro_") {
				remove(t, m, "user/trees/"+name)
			}
		}, dir: "forest", want: `example\.com/user/trees.*go generate`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := clone(t, "m", made)
			if c.change != nil {
				c.change(t, m)
			}
			before := m.files(t, "")
			dir := c.dir
			if dir == "" {
				dir = "user/trees"
			}
			user := m.in(dir)
			if c.env != "" {
				user = user.with(c.env)
			}
			out := user.fails(t, c.want, append([]string{corogen}, c.args...)...)
			if strings.Contains(out, "lowered") || strings.Contains(out, "bug of corogen") {
				t.Error("that is corogen's business, not a user's:", out)
			}
			same(t, "after an error", before, m.files(t, ""))
		})
	}
}

// A folder that cannot be written in. The superuser can write anywhere, unless
// without the capability to.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	m := clone(t, "m", made)
	trees := m.in("user/trees")
	trees.replace(t, "trees.go", "return s[i]", "return s[i] + 1")
	before := m.files(t, "")
	if err := os.Chmod(trees.dir, 0o555); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and ends with this goroutine
		if os.Getuid() == 0 {
			if err := unix.Prctl(unix.PR_CAPBSET_DROP, unix.CAP_DAC_OVERRIDE, 0, 0, 0); err != nil {
				t.Errorf("NOT RUN: %v", err)
				return
			}
		}
		trees.fails(t, `^cannot write .*user/trees/coro_bodies.*: .*permission denied\n$`, corogen)
	}()
	<-done
	if err := os.Chmod(trees.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	same(t, "after an error", before, m.files(t, ""))
}

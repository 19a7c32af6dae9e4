//go:build linux && amd64 && !purego && !race

package environments

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// builds are the flags that may change machine code, or where it is.
var builds = map[string][]string{
	"plain":    nil,
	"race":     {"-race"},
	"cover":    {"-coverpkg=./...", "-covermode=atomic"},
	"N":        {"-gcflags=all=-N"},
	"N l":      {"-gcflags=all=-N -l"},
	"trimpath": {"-trimpath"},
	"pie":      {"-buildmode=pie"},
	"s w":      {"-ldflags=-s -w"},
}

// Every way to build the package that corogen has generated, with its program.
func TestBuild(t *testing.T) {
	t.Parallel()
	user := modules(t, made).in("user")
	for name, flags := range builds {
		t.Run(name, func(t *testing.T) { user.test(t, flags...) })
	}
	t.Run("v3", func(t *testing.T) { user.with("GOAMD64=v3").test(t) })
	t.Run("no cgo", func(t *testing.T) { user.with("CGO_ENABLED=0").test(t) })
	t.Run("cgo, GOFLAGS", func(t *testing.T) { user.with("CGO_ENABLED=1", "GOFLAGS=-mod=mod").test(t) })
	t.Run("purego", func(t *testing.T) { user.run(t, "go", "test", "-tags=purego", "./...") })
	t.Run("arm64", func(t *testing.T) { user.with("GOARCH=arm64").test(t, "-exec=qemu-aarch64") })
	t.Run("vet", func(t *testing.T) {
		user.quiet(t, "go", "vet", "./...")
		user.with("GOARCH=arm64").quiet(t, "go", "vet", "./...")
		user.quiet(t, "go", "vet", "-tags=purego", "./...")
		user.with("GOOS=windows").quiet(t, "go", "vet", "./...")
	})
	t.Run("program", func(t *testing.T) {
		program := filepath.Join(t.TempDir(), "zoo")
		user.quiet(t, "go", "build", "-trimpath", "-buildmode=pie", "-ldflags=-s -w", "-o", program, "./zoo.v2")
		if out := user.run(t, program); out != "[7 8 15 7] 56 <nil> 3.5 7 ! <nil>\n" {
			t.Errorf("it prints %s", out)
		}
	})
	t.Run("module", func(t *testing.T) { modules(t, made).in("forest").test(t) })
}

// Machine code that is not what corogen recorded is refused, and so is what was
// made for types of another layout. The files are those of an overlay, so that
// nothing is changed.
func TestCode(t *testing.T) {
	t.Parallel()
	user := modules(t, made).in("user")
	const run = "; run: go generate example.com/user/trees"
	for _, c := range []struct{ arch, code string }{{"amd64", "(LONG|QUAD) \\$0x"}, {"arm64", "(WORD) \\$0x"}} {
		t.Run(c.arch, func(t *testing.T) {
			file := "coro_bodies_" + c.arch + ".s"
			text := user.read(t, "trees/"+file)
			at := regexp.MustCompile(c.code).FindStringIndex(text)
			if at == nil {
				t.Fatalf("there is no %s in %s", c.code, file)
			}
			digit := "7"
			if text[at[1]] == '7' {
				digit = "6"
			}
			altered := text[:at[1]] + digit + text[at[1]+1:]
			user.with("GOARCH="+c.arch).overlaid(t, "trees/"+file, altered,
				`a CodeError of "example.com/user/trees", "`+file+`": .*\(`+file+`: .*\): .*`+run, "go", "test", "-exec="+runs[c.arch], "./trees")
		})
	}
	for name, fields := range map[string]string{
		"larger": "more int; Left *Tree; Value int; Right *Tree",
		"order":  "Right *Tree; Value int; Left *Tree",
	} {
		t.Run("layout "+name, func(t *testing.T) {
			text := user.read(t, "trees/trees.go")
			altered := strings.Replace(text, "\tLeft  *Tree\n\tValue int\n\tRight *Tree\n", fields+"\n", 1)
			if altered == text {
				t.Fatal("the fields of Tree were not found")
			}
			user.overlaid(t, "trees/trees.go", altered, `a CodeError of "example.com/user/trees", "coro_bodies_amd64.s": .*Tree.*`+run, "go", "test", "./trees")
			// A package that uses the type was generated for it, too.
			user.overlaid(t, "trees/trees.go", altered, "package example.com/user/zoo.v2 .*Tree.*; run: go generate example.com/user/zoo.v2", "go", "test", "./zoo.v2")
		})
	}
}

// runs are the commands that run programs.
var runs = map[string]string{"amd64": "env", "arm64": "qemu-aarch64"}

// overlaid runs a go command that sees a file with another text, and is to fail.
func (m module) overlaid(t *testing.T, name, text, want string, command ...string) {
	t.Helper()
	o := module{dir: t.TempDir()}
	file := filepath.Base(name)
	o.write(t, file, text)
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(m.dir, name): filepath.Join(o.dir, file)}})
	if err != nil {
		t.Fatal(err)
	}
	o.write(t, "overlay.json", string(list))
	m.with("GOFLAGS=-overlay="+filepath.Join(o.dir, "overlay.json"), "NATIVE=1").fails(t, want, command...)
}

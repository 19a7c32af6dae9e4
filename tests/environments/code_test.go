//go:build linux && amd64 && !purego && !race

package environments

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// runs are the commands that run programs.
var runs = map[string]string{"amd64": "env", "arm64": "env qemu-aarch64"}

// overlaid is m where a file has another text, for the go command alone, so that
// nothing is changed.
func (m module) overlaid(t *testing.T, name, text string) module {
	t.Helper()
	o := module{dir: t.TempDir()}
	file := filepath.Base(name)
	o.write(t, file, text)
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(m.dir, name): filepath.Join(o.dir, file)}})
	if err != nil {
		t.Fatal(err)
	}
	o.write(t, "overlay.json", string(list))
	return m.with("GOFLAGS=-overlay=" + filepath.Join(o.dir, "overlay.json"))
}

// altered is m where the first place in a file that matches old has another text, in
// which $1 is what old found.
func (m module) altered(t *testing.T, name, old, new string) module {
	t.Helper()
	text := m.read(t, name)
	re := regexp.MustCompile(old)
	at := re.FindStringSubmatchIndex(text)
	if at == nil {
		t.Fatalf("there is no %s in %s", old, name)
	}
	return m.overlaid(t, name, text[:at[0]]+string(re.ExpandString(nil, new, text, at))+text[at[1]:])
}

// strict is how to run programs so that code which does not fit is an error, lax so
// that it is none.
func strict(arch string) string {
	return "-exec=" + strings.Replace(runs[arch], "env", "env "+native, 1)
}

func lax(arch string) string {
	return "-exec=" + strings.Replace(runs[arch], "env", "env MORESTACK=native=1", 1)
}

// changes are of an instruction of the bodies of a package.
var changes = map[string][2]string{
	"amd64": {`((?:LONG|QUAD) \$0x)[0-689a-f]`, "${1}7"},
	"arm64": {`(WORD \$0x)[0-689a-f]`, "${1}7"},
}

// Under MORESTACK=strict=1 machine code that is not what corogen recorded is refused,
// and so is what was made for types of another layout.
func TestCode(t *testing.T) {
	t.Parallel()
	user := modules(t, made).in("user")
	const run = "; run: go generate example.com/user/trees"
	for arch, change := range changes {
		t.Run(arch, func(t *testing.T) {
			file := "coro_bodies_" + arch + ".s"
			user.altered(t, "trees/"+file, change[0], change[1]).with("GOARCH="+arch).fails(t,
				`panic: .*machine code of package example.com/user/trees \(`+file+`: .*\): .*`+run, "go", "test", strict(arch), "./trees")
		})
	}
	for name, fields := range map[string]string{
		"larger": "more int; Left *Tree; Value int; Right *Tree",
		"order":  "Right *Tree; Value int; Left *Tree",
	} {
		t.Run("layout "+name, func(t *testing.T) {
			user := user.altered(t, "trees/trees.go", "\tLeft  \\*Tree\n\tValue int\n\tRight \\*Tree\n", fields+"\n")
			user.fails(t, `panic: .*machine code of package example.com/user/trees \(coro_bodies_amd64.s\): .*Tree.*`+run, "go", "test", strict("amd64"), "./trees")
			// A package that uses the type was generated for it, too.
			user.fails(t, "panic: .*package example.com/user/zoo.v2 .*Tree.*; run: go generate example.com/user/zoo.v2", "go", "test", strict("amd64"), "./zoo.v2")
			user.run(t, "go", "test", lax("amd64"), "./...")
		})
	}
}

// A package whose machine code does not fit runs as Go, and so do those whose bodies
// call its bodies. Each says so once.
func TestFallback(t *testing.T) {
	t.Parallel()
	user := modules(t, made).in("user").with("CGO_ENABLED=1") // for -race
	const says = "[7 8 15 7] 56 <nil> 3.5 7 ! <nil>\n"
	notice := func(of, because string) string {
		return fmt.Sprintf(`(?m)^morestack: bodies of package example.com/user/%s run as Go functions, on iter.Pull: .*; run: go generate example.com/user/%s$`, of, because)
	}
	for arch, change := range changes {
		t.Run(arch, func(t *testing.T) {
			user := user.with("GOARCH=" + arch)
			if arch != "amd64" {
				user = user.with("CGO_ENABLED=0")
			}
			run := []string{"go", "run", lax(arch), "./zoo.v2"}
			trees := user.altered(t, "trees/coro_bodies_"+arch+".s", change[0], change[1])
			zoo := user.altered(t, "zoo.v2/coro_bodies_"+arch+".go", `Sum: +0x\w`, "Sum: 0x0")
			for _, c := range []struct {
				what    module
				notices []string
			}{
				{user, nil},
				{trees, []string{notice("trees", "trees"), notice("zoo.v2", "trees")}},
				{zoo, []string{notice("zoo.v2", "zoo.v2")}},
			} {
				out := c.what.run(t, run...)
				for _, n := range c.notices {
					if found := regexp.MustCompile(n).FindAllString(out, -1); len(found) != 1 {
						t.Errorf("%d notices %s in\n%s", len(found), n, out)
					}
				}
				if !strings.HasSuffix(out, says) || strings.Count(out, "\n") != 1+len(c.notices) {
					t.Errorf("it says\n%s", out)
				}
			}
			trees.run(t, "go", "test", lax(arch), "./...")
			zoo.with("NATIVE=1").run(t, "go", "test", lax(arch), "./...")
			if arch == "amd64" {
				trees.run(t, "go", "test", "-race", lax(arch), "./...")
			}
		})
	}
}

// Generated files do not build with a library that is too old or too new for them.
func TestABI(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{"MinABI = 1", "MinABI = 2"}, {"MaxABI = 1", "MaxABI = 0"}} {
		module{dir: root}.altered(t, "coro/abi.go", c[0], c[1]).fails(t, `coro_bodies_amd64\.go:\d+:\d+: .*EnforceABI`, "go", "build", "./tests/ends")
	}
}

// Whole programs compute as Go what they compute as machine code.
func TestFallbackOfPrograms(t *testing.T) {
	t.Parallel()
	const skip = "-skip=^(TestNative|TestStackLimit)$" // they are about machine code
	for arch := range runs {
		programs := module{dir: root}.with("GOARCH="+arch).altered(t, "tests/programs/coro_bodies_"+arch+".go", `Sum: +0x\w`, "Sum: 0x0")
		t.Run(arch, func(t *testing.T) {
			out := programs.run(t, "go", "test", "-v", skip, lax(arch), "./tests/programs")
			if n := strings.Count(out, "morestack: bodies of package github.com/morestack/morestack/tests/programs run as Go functions"); n != 1 {
				t.Errorf("%d notices in\n%s", n, out)
			}
			programs.fails(t, `panic: .*machine code of package github.com/morestack/morestack/tests/programs `, "go", "test", skip, strict(arch), "./tests/programs")
		})
	}
}

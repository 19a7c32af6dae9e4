//go:build linux && amd64 && !purego && !race

package environments

import (
	"archive/zip"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// go generate as the documentation has it, in a module that has replaced the
// library by a folder and imports nothing that corogen needs. Tests use
// constructors that are not there yet.
func TestTool(t *testing.T) {
	t.Parallel()
	m := clone(t, "m", plain)
	user := m.in("user")
	user.quiet(t, "go", "generate", "./trees", "./zoo.v2")
	user.test(t)
	user.quiet(t, "go", "vet", "./...")
	same(t, "go tool corogen", modules(t, made).in("user").files(t, "coro_"), user.files(t, "coro_"))

	t.Run("flags", func(t *testing.T) {
		// What a user has set for the go command changes nothing.
		for _, flags := range []string{"-mod=mod", "-trimpath", "-race -cover '-gcflags=all=-N -l'", "-buildmode=pie '-ldflags=-s -w' -tags=purego"} {
			user.with("GOFLAGS="+flags).in("trees").quiet(t, corogen)
			same(t, "GOFLAGS="+flags, modules(t, made).in("user").files(t, "coro_"), user.files(t, "coro_"))
		}
		user.with("CGO_ENABLED=0", "GOOS=windows", "GOARCH=arm64", "GOAMD64=v3").in("trees").quiet(t, corogen)
		same(t, "with another target", modules(t, made).in("user").files(t, "coro_"), user.files(t, "coro_"))
	})
	t.Run("go run", func(t *testing.T) {
		user.in("trees").quiet(t, "go", "run", "github.com/morestack/morestack/gen/corogen")
		same(t, "go run", modules(t, made).in("user").files(t, "coro_"), user.files(t, "coro_"))
	})
}

// Without the tool line the lines of go.sum that corogen's build needs are
// missing, and the go command says so.
func TestGoRunWithoutTool(t *testing.T) {
	t.Parallel()
	// go mod tidy drops the lines, and without a proxy nobody can vouch for new ones.
	user := clone(t, "m", plain).in("user").with("GOPROXY=off", "GOSUMDB=off")
	user.run(t, "go", "mod", "edit", "-droptool=github.com/morestack/morestack/gen/corogen")
	user.run(t, "go", "mod", "tidy")
	user.in("trees").fails(t, `no such tool "corogen"`, "go", "generate")
	user.in("trees").fails(t, "missing go.sum entry", "go", "run", "github.com/morestack/morestack/gen/corogen")
	user.run(t, "go", "get", "-tool", "github.com/morestack/morestack/gen/corogen")
	user.in("trees").quiet(t, "go", "generate")
}

// A published version of the library, in a module cache of its own; go get -tool
// is all that a user has to do.
func TestPublished(t *testing.T) {
	t.Parallel()
	m := clone(t, "m", plain)
	publish(t, m.in("proxy/github.com/morestack/morestack/@v"), "github.com/morestack/morestack@v0.9.0")
	cache := strings.TrimSpace(m.run(t, "go", "env", "GOMODCACHE"))
	user := m.in("user").with("GOSUMDB=off", "GOFLAGS=-modcacherw", "GOMODCACHE="+filepath.Join(m.dir, "cache"),
		"GOPROXY=file://"+filepath.Join(m.dir, "proxy")+",file://"+filepath.Join(cache, "cache/download"))
	user.write(t, "go.mod", "module example.com/user\n\ngo 1.25.0\n")
	if err := os.Remove(filepath.Join(user.dir, "go.sum")); err != nil {
		t.Fatal(err)
	}
	user.run(t, "go", "get", "-tool", "github.com/morestack/morestack/gen/corogen")
	user.quiet(t, "go", "generate", "./trees", "./zoo.v2")
	user.test(t)
	same(t, "of a published version", modules(t, made).in("user").files(t, "coro_"), user.files(t, "coro_"))
}

// publish makes a folder that is a GOPROXY with a version of this module.
func publish(t *testing.T, at module, version string) {
	t.Helper()
	_, v, _ := strings.Cut(version, "@")
	at.write(t, "list", v+"\n")
	at.write(t, v+".info", `{"Version": "`+v+`"}`)
	at.write(t, v+".mod", module{dir: root}.read(t, "go.mod"))
	f, err := os.Create(filepath.Join(at.dir, v+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	err = fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			return err
		}
		e, err := w.Create(version + "/" + path)
		if err == nil {
			_, err = e.Write(text)
		}
		return err
	})
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Bodies of another module, with all modules in a vendor folder, corogen's too.
func TestVendor(t *testing.T) {
	t.Parallel()
	forest := clone(t, "m", made).in("forest")
	forest.run(t, "go", "mod", "vendor")
	if err := os.RemoveAll(forest.in("../user").dir); err != nil {
		t.Fatal(err)
	}
	forest.with("GOFLAGS=-mod=vendor").quiet(t, "go", "generate")
	forest.test(t, "-mod=vendor")
	forest.quiet(t, "go", "vet")
}

// Modules joined by a go.work, none of which says where the others are.
func TestWork(t *testing.T) {
	t.Parallel()
	m := clone(t, "m", plain)
	for _, name := range []string{"user", "forest"} {
		m.write(t, name+"/go.mod", "module example.com/"+name+"\n\ngo 1.25.0\n\ntool github.com/morestack/morestack/gen/corogen\n")
	}
	m.write(t, "go.work", "go 1.25.0\n\nuse (\n\t./user\n\t./forest\n\t"+strconv.Quote(root)+"\n)\n")
	for _, b := range bodies {
		m.in(b).quiet(t, "go", "generate")
		m.in(b).test(t)
	}
	same(t, "in a workspace", modules(t, made).files(t, "coro_"), m.files(t, "coro_"))
}

// A folder with a space and a letter that is not ASCII. Made twice, and from
// elsewhere, for a folder named on the command line.
func TestPath(t *testing.T) {
	t.Parallel()
	m := clone(t, "my modüle", plain)
	for _, b := range bodies {
		m.in(b).quiet(t, "go", "generate")
	}
	want := modules(t, made).files(t, "coro_")
	same(t, "in another folder", want, m.files(t, "coro_"))
	m.in("user").test(t, "-race")
	m.quiet(t, corogen, "user/trees")
	same(t, "made again", want, m.files(t, "coro_"))
	for name, text := range want {
		if strings.Contains(text, shared) || strings.Contains(text, root) {
			t.Errorf("%s names a folder of this machine", name)
		}
	}
}

// Old generated files are replaced, whatever has become of the bodies.
func TestStale(t *testing.T) {
	t.Parallel()
	trees := clone(t, "m", made).in("user/trees")
	want := modules(t, made).in("user/trees").files(t, "coro_")
	const last = "\n//coro:body\nfunc trap("
	// For a body more, with another name for the type.
	trees.replace(t, "trees.go", last, "\n//coro:body\nfunc more() *Tree { return nil }\n"+last)
	trees.quiet(t, corogen)
	trees.write(t, "trees.go", modules(t, made).in("user/trees").read(t, "trees.go"))
	trees.quiet(t, corogen)
	same(t, "with a body less", want, trees.files(t, "coro_"))
	// What a merge leaves of files that two releases of Go made.
	for name, text := range want {
		head, tail, _ := strings.Cut(text, "\n\n")
		trees.write(t, name, head+"\n\n<<<<<<< ours\n// Made of what go1.25.0 compiled.\n=======\n"+tail+"\n>>>>>>> theirs\n")
	}
	trees.quiet(t, corogen)
	same(t, "after a merge", want, trees.files(t, "coro_"))
}

// Whoever edits what a body is made of, and forgets to generate, is told in every way
// there is. So is whoever never generated.
func TestForgotten(t *testing.T) {
	t.Parallel()
	m := clone(t, "m", made)
	trees := m.in("user/trees")
	text := trees.read(t, "trees.go")
	told := func(want string) {
		t.Helper()
		want += ": run go generate"
		m.in("user").fails(t, want, "go", "test", "-run=CoroBodies", "./trees")
		m.in("user").fails(t, want, "go", "vet", "-vettool="+corogen, "./trees")
		trees.fails(t, want, corogen, "-check")
	}
	trees.quiet(t, corogen, "-check")
	trees.write(t, "trees.go", strings.Replace(text, "y.Yield(s[i])", "y.Yield(s[len(s)-1-i])", 1))
	told(`trees\.go:\d+:6: the machine code of each was made of other source than this`)
	trees.write(t, "trees.go", strings.Replace(text, "\tValue int\n", "\tValue uintptr\n", 1))
	trees.fails(t, `of Walk was(.|\n)*the machine code of Tree\.Sums was`, corogen, "-check")
	trees.write(t, "trees.go", strings.Replace(text, "func trap(", "func snap(", 1))
	trees.fails(t, `snap has no machine code: run go generate\n.*trap is no longer a body, and has machine code`, corogen, "-check")
	trees.write(t, "trees.go", text)
	trees.quiet(t, corogen, "-check")
	for name := range trees.files(t, "coro_") {
		if err := os.Remove(filepath.Join(trees.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	trees.write(t, "coro_test.go", modules(t, made).in("user/trees").read(t, "coro_bodies_test.go"))
	trees.fails(t, "nothing was generated for the bodies of this package: run go generate", corogen, "-check")
}

// Each release of Go generates, and each runs natively what any has generated.
func TestToolchains(t *testing.T) {
	t.Parallel()
	for i, by := range toolchains {
		m := clone(t, "m", plain).in("user").with("GOTOOLCHAIN=" + by)
		m.quiet(t, "go", "generate", "./trees", "./zoo.v2")
		for j, with := range toolchains {
			t.Run(by+" "+with, func(t *testing.T) {
				user := m.with("GOTOOLCHAIN=" + with)
				user.test(t)
				if next := (i+1)%len(toolchains) == j; next || *allBuilds {
					user.with("GOARCH=arm64").test(t, "-exec=qemu-aarch64")
					user.quiet(t, "go", "vet", "./...")
				}
				for name, flags := range builds {
					if *allBuilds {
						t.Run(name, func(t *testing.T) { user.test(t, flags...) })
					}
				}
			})
		}
	}
}

// toolchains are the releases of Go that count.
var toolchains = []string{"go1.25.0", "go1.26.8", "go1.27.3"}

var allBuilds = flag.Bool("builds", false, "every way to build with every toolchain, in TestToolchains")

// Names that are not in the way: of the library, of what generated files import,
// and of bodies that differ in an underscore.
func TestNames(t *testing.T) {
	t.Parallel()
	user := clone(t, "m", plain).in("user")
	user.write(t, "names/names.go", `package names

import co "github.com/morestack/morestack/coro"

type (
	coro    struct{ reflect, unsafe int }
	Yielder int
)

func reflect() int { return 1 }

const unsafe = 2

//coro:body
func (c *coro) B(y *co.Yielder[Yielder, coro]) Yielder {
	answer := y.Yield(Yielder(c.reflect + reflect() + unsafe))
	return Yielder(answer.unsafe)
}

//coro:body
func coro_B[T any](x ...T) []T { return append(x, x[0]) }
`)
	user.write(t, "names/names_test.go", `package names

import "testing"

func Test(t *testing.T) {
	c := newCoroB(&coro{3, 4})
	v, _ := c.Resume(coro{})
	c.Resume(coro{5, 6})
	d := newCoro_B([]string{"x"})
	d.Resume(struct{}{})
	if r := d.Results(); v != 6 || c.Results() != 6 || len(r) != 2 || c.Err() != nil || d.Err() != nil {
		t.Error(v, c.Results(), c.Err(), r, d.Err())
	}
}
`)
	names := user.in("names")
	names.quiet(t, corogen)
	names.test(t)
	names.quiet(t, "go", "vet")
}

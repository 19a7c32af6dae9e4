package load

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	for _, c := range []struct{ receiver, name, constructor, coroutine string }{
		{"", "walk", "newWalk", "walkCoroutine"},
		{"", "Walk", "NewWalk", "WalkCoroutine"},
		{"Tree", "walk", "newTreeWalk", "treeWalkCoroutine"},
		{"tree", "Walk", "newTreeWalk", "treeWalkCoroutine"},
		{"Tree", "Walk", "NewTreeWalk", "TreeWalkCoroutine"},
	} {
		if a, b := Names(c.receiver, c.name); a != c.constructor || b != c.coroutine {
			t.Errorf("%s.%s: %s, %s", c.receiver, c.name, a, b)
		}
	}
}

func load(t *testing.T, dir string) (*Package, error) {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("testdata", dir))
	if err != nil {
		t.Fatal(err)
	}
	return Load(Config{Dir: dir, Base: "coro_bodies", Env: os.Environ()})
}

func instances(p *Package) []string {
	var list []string
	for _, u := range p.Uses {
		list = append(list, u.Body.Func.Name()+" of "+u.Args[0].String())
	}
	return list
}

// Bodies, and the instances that constructors ask for, of a package in this
// module.
func TestLoad(t *testing.T) {
	p, err := load(t, "generic")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Bodies) != 1 || len(p.Refusals) != 0 {
		t.Fatalf("%d bodies, refused %v", len(p.Bodies), p.Refusals)
	}
	name := p.Bodies[0].Func.Name()
	// That of a type of the tests is left out: generated files cannot name it.
	if got, want := instances(p), []string{name + " of int", name + " of string"}; !slices.Equal(got, want) {
		t.Errorf("instances %q", got)
	}
}

// The constructors' types follow from what the aliases stand for.
func TestAliases(t *testing.T) {
	p, err := load(t, "aliases")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"int, string", "[]T, *bytes.Buffer", "[]*tree[T], *bytes.Buffer"} {
		b := p.Bodies[i]
		got := strings.ReplaceAll(b.Out.String()+", "+b.In.String(), p.Path+".", "")
		if b.Yielder == nil || got != want {
			t.Errorf("%s yields %s, want %s", b.Func.Name(), got, want)
		}
	}
	if got, want := instances(p), []string{"walk of bool", "list of string"}; !slices.Equal(got, want) {
		t.Errorf("instances %q", got)
	}
}

// What differs between architectures is refused where a body depends on it.
func TestArches(t *testing.T) {
	_, err := load(t, "arches")
	if err == nil {
		t.Fatal("accepted")
	}
	want := []string{
		"a.go:13:26: this constant is 5 for amd64 and 17 for arm64",
		"a.go:16:40: this constant is \"amd64\" for amd64 and \"arm64\" for arm64",
		"a.go:19:14: the type *registers is not the same",
		"a.go:22:15: the type syscall.Stat_t is not the same",
		"a_amd64.go:8:6: the body amd is not built for arm64",
		"a_arm64.go:8:6: the body arm is not built for amd64",
	}
	got := strings.Split(err.Error(), "\n")
	for i, line := range got {
		if len(got) != len(want) || !strings.HasPrefix(filepath.Base(line), want[i]) {
			t.Fatalf("error:\n%v\nwant:\n%s", err, strings.Join(want, "\n"))
		}
	}
}

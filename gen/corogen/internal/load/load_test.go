package load

import (
	"os"
	"path/filepath"
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

// Bodies, and the instances that constructors ask for, of a package in this
// module.
func TestLoad(t *testing.T) {
	dir, err := filepath.Abs("testdata/generic")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Load(Config{Dir: dir, Base: "coro_bodies", Env: os.Environ()})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Bodies) != 1 || len(p.Refusals) != 0 {
		t.Fatalf("%d bodies, refused %v", len(p.Bodies), p.Refusals)
	}
	var got []string
	for _, u := range p.Uses {
		got = append(got, u.Args[0].String())
	}
	// That of a type of the tests is left out: generated files cannot name it.
	if len(got) != 2 || got[0] != "int" || got[1] != "string" {
		t.Errorf("instances %v", got)
	}
}

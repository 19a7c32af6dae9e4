package trees

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

func Test(t *testing.T) {
	tree := &Tree{Left: &Tree{Value: 1}, Value: 2, Right: &Tree{Value: 3}}
	c := NewTreeSums(tree)
	v, _ := c.Resume("")
	native := os.Getenv("NATIVE") == "1"
	if native != c.Stats().Native {
		t.Errorf("native code is wanted: %t, and there is the opposite", native)
	}
	got := []any{v}
	for v, ok := c.Resume("a"); ok; v, ok = c.Resume("b") {
		runtime.GC()
		got = append(got, v)
	}
	sum, answers := c.Results()
	got = append(got, sum, answers)
	for v := range NewWalk(tree).All() {
		got = append(got, v)
	}
	for v := range newEach([]string{"x", "y"}).All() {
		got = append(got, v)
	}
	w := newWords("b a -x b")
	for v := range w.All() {
		got = append(got, v)
	}
	got = append(got, w.Results())
	const want = "[0.5 1 1.5 6 abb 1 2 3 x y b,a a,b map[a:1 b:2]]"
	if fmt.Sprint(got) != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
	bad := newTrap([]int{1}, 2)
	bad.Resume(struct{}{})
	text := fmt.Sprint(bad.Err())
	if !strings.Contains(text, "index out of range [2] with length 1") || native && !strings.Contains(text, "trees.go:69") {
		t.Error(text)
	}
}

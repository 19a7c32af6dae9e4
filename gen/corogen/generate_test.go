package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/morestack/morestack/gen/corogen/internal/compile"
)

func TestMain(m *testing.M) {
	compile.RunTool()
	os.Exit(m.Run())
}

// module writes files, in txtar's format, into a module that uses this one.
func module(t *testing.T, name, files string) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), name)
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	archive := txtar.Parse([]byte(files))
	archive.Files = append(archive.Files, txtar.File{Name: "go.sum", Data: sum}, txtar.File{Name: "go.mod", Data: []byte(
		"module example.com/user\n\ngo 1.25.0\n\nrequire github.com/morestack/morestack v0.0.0\n\nrequire golang.org/x/sys v0.36.0 // indirect\n\nreplace github.com/morestack/morestack => " + root + "\n")})
	for _, f := range archive.Files {
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func corogen(dir string) (string, error) {
	var log bytes.Buffer
	err := generate(options{dir: dir, base: "coro_bodies", verbose: true, log: &log})
	return log.String(), err
}

func gotest(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("go", append([]string{"test"}, args...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go test %v: %v\n%s", args, err, out)
	}
}

func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			text, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			all[e.Name()] = string(text)
		}
	}
	return all
}

const simple = `
-- a.go --
package user

import "github.com/morestack/morestack/coro"


type list[T any] struct {
	next  *list[T]
	value T
}

//coro:body
func (l *list[T]) all(y *coro.Yielder[T, struct{}]) {
	for ; l != nil; l = l.next {
		y.Yield(l.value)
	}
}

//coro:body
func Count(y *coro.Yielder[int, string], from int, rest ...int) (last string, n int) {
	for i := range from {
		last = y.Yield(i)
		n++
	}
	for _, x := range rest {
		last = y.Yield(x)
	}
	return
}
-- a_test.go --
package user

import "testing"

func Test(t *testing.T) {
	sum := 0
	c := newListAll(&list[int]{&list[int]{nil, 2}, 1})
	for v := range c.All() {
		sum = sum*10 + v
	}
	s := newListAll(&list[string]{nil, "x"})
	v, _ := s.Resume(struct{}{})
	k := NewCount(2, []int{7})
	k.Resume("")
	k.Resume("a")
	k.Resume("b")
	_, ok := k.Resume("c")
	last, n := k.Results()
	if sum != 12 || v != "x" || ok || last != "c" || n != 2 {
		t.Error(sum, v, ok, last, n)
	}
	if b := newListAll[byte](nil); compiled == (b.Err() == nil) {
		t.Error("an instance that is nowhere used before has code:", b.Err())
	}
}
-- native_test.go --
//go:build linux && (amd64 || arm64) && !purego

package user

const compiled = false
-- none_test.go --
//go:build !(linux && (amd64 || arm64) && !purego)

package user

const compiled = false
`

// A package that already uses what is not there yet; in a folder with a space;
// twice, with the same bytes.
func TestGenerate(t *testing.T) {
	dir := module(t, "with space", strings.Replace(simple, "	if b := newListAll[byte](nil); compiled == (b.Err() == nil) {\n		t.Error(\"an instance that is nowhere used before has code:\", b.Err())\n	}\n", "	_ = compiled\n", 1))
	if _, err := corogen(dir); err != nil {
		t.Fatal(err)
	}
	first := files(t, dir)
	gotest(t, dir)
	gotest(t, dir, "-tags=purego")
	if _, err := corogen(dir); err != nil {
		t.Fatal(err)
	}
	for name, text := range files(t, dir) {
		if first[name] != text {
			t.Errorf("%s differs when made again", name)
		}
		if strings.HasPrefix(name, "coro_bodies") && strings.Contains(text, filepath.Dir(dir)) {
			t.Errorf("%s names a folder of this machine", name)
		}
	}
}

// Several run in one folder at the same time.
func TestAtTheSameTime(t *testing.T) {
	dir := module(t, "m", simple)
	results := make(chan error)
	for range 3 {
		go func() {
			_, err := corogen(dir)
			results <- err
		}()
	}
	for range 3 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	gotest(t, dir)
}

// Bodies of one package call those of another, methods too.
func TestPackages(t *testing.T) {
	dir := module(t, "m", `
-- other/a.go --
package other

import "github.com/morestack/morestack/coro"

type Tree struct {
	Left, Right *Tree
	Value       int
}

//coro:body
func (t *Tree) Walk(y *coro.Yielder[int, struct{}]) (n int) {
	if t == nil {
		return 0
	}
	n = t.Left.Walk(y)
	y.Yield(t.Value)
	return n + t.Right.Walk(y) + 1
}

//coro:body
func Twice(x float64) float64 { return x * 2 }
-- a.go --
package user

import (
	"example.com/user/other"
	"github.com/morestack/morestack/coro"
)

//coro:body
func both(y *coro.Yielder[int, struct{}], a, b *other.Tree) int {
	return a.Walk(y) + b.Walk(y) + int(other.Twice(2.5))
}
-- a_test.go --
package user

import (
	"testing"

	"example.com/user/other"
)

func Test(t *testing.T) {
	tree := &other.Tree{Left: &other.Tree{Value: 1}, Value: 2}
	c := newBoth(tree, tree)
	sum := 0
	for v := range c.All() {
		sum = sum*10 + v
	}
	if sum != 1212 || c.Results() != 9 || c.Err() != nil {
		t.Error(sum, c.Results(), c.Err())
	}
}
`)
	for _, d := range []string{filepath.Join(dir, "other"), dir} {
		if _, err := corogen(d); err != nil {
			t.Fatal(err)
		}
	}
	gotest(t, dir)
	gotest(t, dir, "-tags=purego")
}

// Bodies have coroutines of the same package in variables, structs and parameters,
// with results and without: what a body relies on about their types, which are not
// there when it is read, is what they become.
func TestCoroutinesOfThePackage(t *testing.T) {
	dir := module(t, "m", `
-- a.go --
package user

import "github.com/morestack/morestack/coro"

//coro:body
func count(y *coro.Yielder[int, struct{}], n int) {
	for i := range n {
		y.Yield(i)
	}
}

//coro:body
func Sum(y *coro.Yielder[int, struct{}], n int) (sum int, text string) {
	for i := range n {
		y.Yield(i)
		sum += i
	}
	return sum, "sum"
}

//coro:body
func each[T any](y *coro.Yielder[T, struct{}], list []T) (last T) {
	for _, last = range list {
		y.Yield(last)
	}
	return last
}

type pair struct {
	name  string
	sum   SumCoroutine
	each  eachCoroutine[string]
	count coro.Coroutine[int, struct{}]
	after int
}

//coro:body
func locals(y *coro.Yielder[int, struct{}], n int) int {
	c, s, e := newCount(n), NewSum(n), newEach([]int{n, n + 1})
	for {
		v, ok := c.Resume(struct{}{})
		w, more := s.Resume(struct{}{})
		if !ok || !more {
			break
		}
		y.Yield(v*10 + w)
	}
	for v := range e.All() {
		y.Yield(v)
	}
	sum, text := s.Results()
	return sum + len(text) + e.Results()
}

//coro:body
func fields(y *coro.Yielder[int, struct{}], p *pair) (out pair) {
	q := *p
	for {
		v, ok := q.sum.Resume(struct{}{})
		if !ok {
			break
		}
		s, _ := q.each.Resume(struct{}{})
		w, _ := q.count.Resume(struct{}{})
		y.Yield(v*100 + w*10 + len(s) + q.after)
	}
	q.name += q.each.Results()
	return q
}

//coro:body
func params(y *coro.Yielder[int, struct{}], s SumCoroutine, n int, list [2]SumCoroutine, e eachCoroutine[string], m int) int {
	for range n {
		v, _ := s.Resume(struct{}{})
		y.Yield(v)
		v, _ = list[n&1].Resume(struct{}{})
		y.Yield(v + rest(y, s, m))
		e.Resume(struct{}{})
	}
	s.Close()
	return n*10 + m + len(e.Results())
}

//coro:body
func rest(y *coro.Yielder[int, struct{}], s SumCoroutine, m int) int {
	v, _ := s.Resume(struct{}{})
	y.Yield(m)
	return v
}
-- a_test.go --
package user

import (
	"fmt"
	"testing"
)

func Test(t *testing.T) {
	l := newLocals(3)
	var got []int
	for v := range l.All() {
		got = append(got, v)
	}
	if s := fmt.Sprint(got, l.Results(), l.Err()); s != "[0 11 22 3 4] 10 <nil>" {
		t.Error("locals: ", s)
	}
	f := newFields(&pair{"name", NewSum(2), newEach([]string{"x", "yz"}), newCount(9), 7000})
	got = nil
	for v := range f.All() {
		got = append(got, v)
	}
	p := f.Results()
	sum, text := p.sum.Results()
	if s := fmt.Sprintf("%v %v %v %v %v", got, p.name, sum, text, f.Err()); s != "[7001 7112] name 1 sum <nil>" {
		t.Error("fields: ", s)
	}
	e := newEach([]string{"x"})
	c := newParams(NewSum(9), 2, [2]SumCoroutine{NewSum(3), {}}, e, 5)
	got = nil
	for v := range c.All() {
		got = append(got, v)
	}
	if s := fmt.Sprint(got, c.Results(), c.Err()); s != "[0 5 1 2 5 4] 26 <nil>" {
		t.Error("params: ", s)
	}
}
`)
	for range 2 { // the second time the types are there
		if _, err := corogen(dir); err != nil {
			t.Fatal(err)
		}
		gotest(t, dir)
		gotest(t, dir, "-tags=purego")
	}
}

// What is not supported is refused with its position and advice, and leaves no
// file behind.
func TestRefusals(t *testing.T) {
	const header = "package user\n\nimport \"github.com/morestack/morestack/coro\"\n\nvar _ coro.Option\n\n"
	for name, c := range map[string]struct{ code, want string }{
		"defer":       {"//coro:body\nfunc f() {\n\tdefer println()\n}", `a.go:9:2: defer is not supported`},
		"recover":     {"//coro:body\nfunc f() {\n\trecover()\n}", `a.go:9:2: recover is not supported`},
		"literal":     {"//coro:body\nfunc f(y *coro.Yielder[int, int]) {\n\tg := func() { y.Yield(1) }\n\tgo g()\n}", `a.go:10:5: g yields, so it can only be called`},
		"kept":        {"//coro:body\nfunc f(y *coro.Yielder[int, int]) {\n\tz := y\n\t_ = z\n}", `a.go:9:7: y can only be used as y.Yield\(v\)`},
		"no body":     {"func g(y *coro.Yielder[int, int]) {}\n\n//coro:body\nfunc f(y *coro.Yielder[int, int]) {\n\tg(y)\n}", `a.go:11:2: g takes y but is no body: mark it //coro:body`},
		"second":      {"//coro:body\nfunc f(n int, y *coro.Yielder[int, int]) {}", `a.go:8:15: the Yielder must be the first parameter`},
		"option":      {"//coro:body fast\nfunc f() {}", `a.go:7:1: unknown option "fast"`},
		"stray":       {"//coro:body\nvar x int", `a.go:7:1: //coro:body marks nothing here`},
		"goto":        {"//coro:body\nfunc f(s func(func(int) bool)) {\nagain:\n\tfor range s {\n\t\tgoto again\n\t}\n}", `a.go:11:3: goto is not supported in a loop over a function`},
		"local type":  {"//coro:body\nfunc f[T any](x T) {\n\ttype p struct{ x T }\n}", `a.go:9:7: a type cannot be declared in a generic body`},
		"value":       {"//coro:body\nfunc g(y *coro.Yielder[int, int]) {}\n\n//coro:body\nfunc f() {\n\th := g\n\t_ = h\n}", `a.go:12:7: g yields, so it cannot be a function value`},
		"types":       {"//coro:body\nfunc f() int {\n\treturn \"x\"\n}", `a.go:9:9: cannot use "x"`},
		"constructor": {"//coro:body\nfunc f() {}\n\nfunc newF() {}", `a.go:10:6: newF is what corogen generates`},
		"two":         {"type a int\n\n//coro:body\nfunc (a) b() {}\n\n//coro:body\nfunc aB() {}", `a.go:13:6: two bodies, a.b and aB, have the constructor newAB`},
		"twice":       {"//coro:body\nfunc f() {}\n\n//coro:body\nfunc f() {}", `a.go:11:6: f redeclared`},
		"hidden type": {"//coro:body\nfunc f() {\n\tx := coro.Growth(0)\n\t_ = x\n\ty := hidden.Get()\n\t_ = y\n}", `a.go:11:7: a shim cannot name the type`},
		"none":        {"func f() {}", `no function is marked //coro:body`},
	} {
		t.Run(name, func(t *testing.T) {
			head := header
			if name == "hidden type" {
				head = strings.Replace(header, "\nvar _", "import \"example.com/user/hidden\"\n\nvar _", 1)
				head = strings.Replace(head, "\n\nimport \"g", "\nimport \"g", 1)
			}
			dir := module(t, "m", "-- a.go --\n"+head+c.code+"\n-- hidden/h.go --\npackage hidden\n\ntype thing struct{ N int }\n\n//go:noinline\nfunc Get() *thing { return new(thing) }\n")
			before := files(t, dir)
			_, err := corogen(dir)
			if err == nil {
				t.Fatal("accepted")
			}
			if !regexp.MustCompile(c.want).MatchString(err.Error()) {
				t.Errorf("error %q\nwant  %q", err, c.want)
			}
			if after := files(t, dir); len(after) != len(before) {
				t.Errorf("files were left behind: %d, before %d", len(after), len(before))
			}
		})
	}
}

// A file that somebody wrote is not overwritten.
func TestForeignFile(t *testing.T) {
	dir := module(t, "m", simple+"-- coro_bodies.go --\npackage user\n")
	if _, err := corogen(dir); err == nil || !strings.Contains(err.Error(), "was not written by corogen") {
		t.Error(err)
	}
}

func TestFolder(t *testing.T) {
	if os.Getuid() == 0 {
		// Root may write anywhere: a folder in the place of a file will do.
		dir := module(t, "m", simple)
		if err := os.Mkdir(filepath.Join(dir, "coro_bodies_none.go"), 0o777); err != nil {
			t.Fatal(err)
		}
		before := files(t, dir)
		if _, err := corogen(dir); err == nil {
			t.Error("accepted")
		}
		if after := files(t, dir); len(after) != len(before) {
			t.Errorf("%d files, before %d", len(after), len(before))
		}
		return
	}
	dir := module(t, "m", simple)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	if _, err := corogen(dir); err == nil || !strings.Contains(err.Error(), "cannot write") {
		t.Error(err)
	}
}

func TestNoGoCommand(t *testing.T) {
	dir := module(t, "m", simple)
	t.Setenv("PATH", t.TempDir())
	if _, err := corogen(dir); err == nil || !strings.Contains(err.Error(), "not in PATH") {
		t.Error(err)
	}
}

// Dependencies in a vendor folder, and modules joined by a go.work.
func TestModules(t *testing.T) {
	t.Run("vendor", func(t *testing.T) {
		dir := module(t, "m", simple)
		run(t, dir, "go", "mod", "vendor")
		if _, err := corogen(dir); err != nil {
			t.Fatal(err)
		}
		run(t, dir, "go", "mod", "vendor") // the generated test imports what nothing did before
		gotest(t, dir)
		run(t, dir, "go", "vet", ".")
	})
	t.Run("work", func(t *testing.T) {
		root, err := filepath.Abs("../..")
		if err != nil {
			t.Fatal(err)
		}
		dir := module(t, "m", simple)
		run(t, dir, "go", "mod", "edit", "-dropreplace=github.com/morestack/morestack", "-droprequire=github.com/morestack/morestack")
		work := "go 1.25.0\n\nuse (\n\t./m\n\t" + root + "\n)\n"
		if err := os.WriteFile(filepath.Join(filepath.Dir(dir), "go.work"), []byte(work), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := corogen(dir); err != nil {
			t.Fatal(err)
		}
		gotest(t, dir)
	})
}

func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// Corogen -v says what became a shim.
func TestExplain(t *testing.T) {
	dir := module(t, "m", "-- a.go --\npackage user\n\nimport (\n\t\"math\"\n\t\"strconv\"\n)\n\n//coro:body\nfunc f(x float64) string {\n\treturn strconv.Itoa(int(math.Sqrt(x)))\n}\n")
	log, err := corogen(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log, "a.go:10:9: f: strconv.Itoa is called by a shim") || strings.Contains(log, "math.Sqrt") {
		t.Errorf("explained: %q", log)
	}
}

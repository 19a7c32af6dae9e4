package check

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// pkg type-checks a file.
func pkg(t *testing.T, code string) *Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "a.go", code, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	config := types.Config{Importer: coro{t}}
	pkg, err := config.Check("p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	return &Package{Fset: fset, Files: []*ast.File{file}, Types: pkg, Info: info}
}

// find checks a file.
func find(t *testing.T, code string) ([]*Body, []Refusal) {
	t.Helper()
	return Bodies(pkg(t, code))
}

// coro imports what bodies need of package coro.
type coro struct{ *testing.T }

func (c coro) Import(path string) (*types.Package, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "coro.go", "package coro\n\ntype Yielder[Out, In any] struct{}\n\nfunc (*Yielder[Out, In]) Yield(Out) (in In) { return }\n\nfunc (*Yielder[Out, In]) Other() {}\n", 0)
	if err != nil {
		c.Fatal(err)
	}
	return new(types.Config).Check(path, fset, []*ast.File{file}, nil)
}

func TestBodies(t *testing.T) {
	bodies, refusals := find(t, "package p\n\ntype t int\n\n//coro:body pinned\nfunc (t) a(int) {}\n\n//coro:bodyguard\nfunc b() {}\n\n// c is one.\n//\n//coro:body\nfunc c() {}\n")
	if len(refusals) > 0 {
		t.Error(refusals)
	}
	if len(bodies) != 2 || !bodies[0].Pinned || bodies[1].Pinned || len(bodies[0].Params()) != 2 || bodies[1].Func.Name() != "c" {
		t.Errorf("%v", bodies)
	}
}

// Literals are ordinary Go: what a body cannot have, they can.
func TestLiterals(t *testing.T) {
	_, refusals := find(t, "package p\n\n//coro:body\nfunc f() {\n\tg := func() {\n\t\tdefer recover()\n\t}\n\tg()\n}\n")
	if len(refusals) > 0 {
		t.Error(refusals)
	}
	_, refusals = find(t, "package p\n\n//coro:body\nfunc f() {\n\tdefer recover()\n}\n")
	if len(refusals) != 2 || !strings.HasPrefix(refusals[0].Message, "defer") {
		t.Error(refusals)
	}
}

// What is refused where, and what to write instead. Each code begins in line 5.
func TestRefusals(t *testing.T) {
	const y = "(y *coro.Yielder[int, int])"
	for name, c := range map[string]struct{ code, want string }{
		"defer":               {"//coro:body\nfunc f() {\n\tdefer println()\n}", "7:2: defer is not supported in a body"},
		"recover":             {"//coro:body\nfunc f() {\n\trecover()\n}", "7:2: recover is not supported in a body"},
		"goto":                {"//coro:body\nfunc f(s func(func(int) bool)) {\nagain:\n\tfor range s {\n\t\tgoto again\n\t}\n}", "9:3: goto is not supported in a loop over a function"},
		"no code":             {"//coro:body\nfunc f()", "6:1: a body needs Go code"},
		"init":                {"//coro:body\nfunc init() {}", "6:6: init cannot be a body"},
		"option":              {"//coro:body fast\nfunc f() {}", `5:1: unknown option "fast"`},
		"with a space":        {"// coro:body\nfunc f(y *coro.Yielder[int, int]) {}", "5:1: // coro:body is a comment and no directive: write //coro:body, without a space"},
		"stray":               {"//coro:body\nvar x int", "5:1: //coro:body marks nothing here"},
		"second Yielder":      {"//coro:body\nfunc f(n int, y *coro.Yielder[int, int]) {}", "6:15: the Yielder must be the first parameter"},
		"generic local type":  {"//coro:body\nfunc f() {\n\ttype p[T any] struct{ x T }\n}", "7:7: a generic type cannot be declared in a body"},
		"type in generic":     {"//coro:body\nfunc f[T any](x T) {\n\ttype p struct{ x T }\n}", "7:7: a type cannot be declared in a generic body"},
		"loop assigns":        {"//coro:body\nfunc f(i int, x, z []int) {\n\tfor i, x[i] = range z {\n\t}\n}", "7:9: a loop cannot assign to both its key and what is no variable"},
		"kept":                {"//coro:body\nfunc f" + y + " {\n\tz := y\n\t_ = z\n}", "7:7: y can only be used as y.Yield(v)"},
		"other method":        {"//coro:body\nfunc f" + y + " {\n\ty.Other()\n}", "7:2: y.Other can only be called"},
		"method value":        {"//coro:body\nfunc f" + y + " {\n\tg := y.Yield\n\tg(1)\n}", "7:7: y.Yield can only be called"},
		"no body":             {"//coro:body\nfunc f" + y + " {\n\tg(y)\n}\n\nfunc g(any) {}", "7:2: g takes y but is no body: mark it //coro:body"},
		"method expression":   {"//coro:body\nfunc f" + y + " {\n\tt.m(0, y)\n}\n\ntype t int\n\n//coro:body\nfunc (t) m" + y + " {}", "7:2: m is not called as a method here, so y is not its first argument: write x.m(y, ...)"},
		"redeclared":          {"//coro:body\nfunc f() {}\n\nfunc len() {}", "8:6: the package declares len anew"},
		"started":             {"//coro:body\nfunc f" + y + " {\n\tgo f(y)\n}", "7:5: a body cannot be started with go or defer"},
		"interface":           {"//coro:body\nfunc f(y *coro.Yielder[int, int], x interface{ m(any) }) {\n\tx.m(y)\n}", "7:2: m is called through an interface"},
		"function value":      {"//coro:body\nfunc f(y *coro.Yielder[int, int], g func(any)) {\n\tg(y)\n}", "7:2: y cannot be passed to a function value"},
		"literal passed":      {"//coro:body\nfunc f" + y + " {\n\tg(func() { y.Yield(1) })\n}\n\nfunc g(any) {}", "7:13: f cannot yield from a function literal that Go code may call: keep the literal in a variable that is only called"},
		"literal started":     {"//coro:body\nfunc f" + y + " {\n\tgo func() { y.Yield(1) }()\n}", "7:14: f cannot yield from a function literal"},
		"literal in another":  {"//coro:body\nfunc f" + y + " {\n\tg(func() {\n\t\th := func() { y.Yield(1) }\n\t\th()\n\t})\n}\n\nfunc g(any) {}", "8:17: f cannot yield from a function literal"},
		"literal stored":      {"//coro:body\nfunc f" + y + " {\n\tg := func() { y.Yield(1) }\n\tx = g\n}\n\nvar x func()", "8:6: g yields, so it can only be called"},
		"literal called late": {"//coro:body\nfunc f" + y + " {\n\tg := func() { y.Yield(1) }\n\tgo g()\n}", "8:5: g yields, so it can only be called, and not with go or defer"},
		"literal shared":      {"//coro:body\nfunc f" + y + " {\n\tg := func() { y.Yield(1) }\n\tx = func() { g() }\n}\n\nvar x func()", "8:15: g yields, so it can only be called, and not with go or defer or in a literal that Go code may call"},
		"literals of one":     {"//coro:body\nfunc f" + y + " {\n\tvar g func()\n\tg = func() { y.Yield(1) }\n\tg = func() {}\n\tg()\n}", "9:2: g yields, so it can only be called"},
		"literal too late":    {"//coro:body\nfunc f" + y + " {\n\tvar g func()\n\tprintln()\n\tg = func() { y.Yield(1) }\n\tg()\n}", "9:15: f cannot yield from a function literal"},
		"defer in a literal":  {"//coro:body\nfunc f" + y + " {\n\tg := func() {\n\t\tdefer println()\n\t\ty.Yield(1)\n\t}\n\tg()\n}", "8:3: defer is not supported in a body"},
	} {
		t.Run(name, func(t *testing.T) {
			p := pkg(t, "package p\n\nimport \"github.com/morestack/morestack/coro\"; var _ coro.Yielder[int, int]\n\n"+c.code+"\n")
			_, refusals := Bodies(p)
			var got []string
			for _, r := range refusals {
				pos := p.Fset.Position(r.Pos)
				got = append(got, fmt.Sprintf("%d:%d: %s", pos.Line, pos.Column, r.Message))
			}
			if len(got) != 1 || !strings.HasPrefix(got[0], c.want) {
				t.Errorf("refusals %q\nwant %q", got, c.want)
			}
		})
	}
}

// Which literals become native functions, and what they are given.
func TestLifts(t *testing.T) {
	bodies, refusals := find(t, `package p

import "github.com/morestack/morestack/coro"

//coro:body
func leaf() {}

//coro:body
func f(y *coro.Yielder[int, int], a, b int) {
	c, d := 1, 2
	plain := func() int { return a }   // calls no body
	passed := func() { leaf() }        // is given to Go code
	deferring := func() { defer leaf() } // need not be native
	yields := func() { y.Yield(b + plain()) }
	var even, odd func(int)
	even = func(n int) { odd(n - c) }
	odd = func(n int) { even(n); yields() }
	calls := func(x int) {
		inner := func() { leaf(); println(x, d) }
		inner()
	}
	use(passed)
	deferring()
	yields()
	even(1)
	calls(2)
	func() { leaf(); println(d) }()
}

func use(func()) {}
`)
	if len(refusals) > 0 {
		t.Fatal(refusals)
	}
	var got []string
	for _, l := range bodies[1].Lifts {
		name := "-"
		if l.Var != nil {
			name = l.Var.Name()
		}
		for _, v := range l.Captured {
			name += " " + v.Name()
		}
		got = append(got, name)
	}
	want := []string{"yields b plain", "even b c plain", "odd b c plain", "calls d", "inner d x", "- d"}
	if !slices.Equal(got, want) {
		t.Errorf("lifted %q, want %q", got, want)
	}
}

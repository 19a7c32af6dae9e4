package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// find checks a file that has no imports.
func find(t *testing.T, code string) ([]*Body, []Refusal) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "a.go", code, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	pkg, err := new(types.Config).Check("p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	return Bodies(&Package{Fset: fset, Files: []*ast.File{file}, Types: pkg, Info: info})
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

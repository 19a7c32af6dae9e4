package lower

//lint:file-ignore U1000 what counts of the types is their layout

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"strings"
	"testing"

	"github.com/morestack/morestack/gen/corogen/internal/check"
	"github.com/morestack/morestack/gen/corogen/internal/load"
	"github.com/morestack/morestack/internal/facts"
)

// The generator and the program describe types alike: as those of the package, as those
// of another one, and with all fields; and so for both architectures.
func TestLayout(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "layouts_test.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	path := reflect.TypeFor[layoutNode]().PkgPath()
	config := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	own, err := config.Check(path, fset, []*ast.File{file}, &info)
	if err != nil {
		t.Fatal(err)
	}
	elements := file.Decls[len(file.Decls)-1].(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Values[0].(*ast.CompositeLit).Elts
	if len(elements) != len(layoutTypes) {
		t.Fatal(len(elements), len(layoutTypes))
	}
	for i, e := range elements {
		compiled := reflect.TypeOf(layoutTypes[i]).Elem()
		checked := info.Types[e].Type.(*types.Pointer).Elem()
		for _, p := range []*types.Package{own, types.NewPackage("example.com/other", "other")} {
			for _, arch := range arches {
				l := &lowerer{Package: &load.Package{Package: check.Package{Types: p}, Name: p.Name(), Sizes: types.SizesFor("gc", arch)}}
				for _, whole := range []bool{false, true} {
					if got, want := l.layoutOf(checked, whole), facts.Layout(compiled, p.Path(), whole); got != want {
						t.Errorf("%v of package %s, whole %v, for %s:\n%s\nwant\n%s", compiled, p.Path(), whole, arch, got, want)
					}
				}
			}
		}
	}
}

var arches = []string{"amd64", "arm64"}

// What descriptions have to tell apart, and what they need not.
func TestLayoutTells(t *testing.T) {
	type (
		other  struct{ X int }
		hidden struct {
			a uint32
			b float32
			c *other
		}
	)
	own := reflect.TypeFor[other]().PkgPath()
	for name, pair := range map[string][2]any{
		"pointer":    {struct{ a int }{}, struct{ a *int }{}},
		"swapped":    {struct{ a, b int }{}, struct{ b, a int }{}},
		"sign":       {struct{ a int }{}, struct{ a uint }{}},
		"pointee":    {struct{ a *other }{}, struct{ a *hidden }{}},
		"element":    {struct{ a []other }{}, struct{ a []hidden }{}},
		"array":      {struct{ a [2]int32 }{}, struct{ a, b int32 }{}},
		"empty":      {struct{ a any }{}, struct{ a error }{}},
		"parameters": {struct{ a func(int) }{}, struct{ a func(float64) }{}},
	} {
		x, y := reflect.TypeOf(pair[0]), reflect.TypeOf(pair[1])
		if facts.Layout(x, own, false) == facts.Layout(y, own, false) {
			t.Errorf("%s: %v and %v are described alike", name, x, y)
		}
	}
	const want = "size 16; 0 _ int4; 4 _ float4; 8 _ pointer8"
	if got := facts.Layout(reflect.TypeFor[hidden](), "elsewhere", false); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := facts.Layout(reflect.TypeFor[hidden](), "elsewhere", true); !strings.Contains(got, "0 a uint32; 4 b float32; 8 c *") {
		t.Error(got)
	}
}

// Package analyzer reports what corogen would refuse, and where it has to be run again,
// while code is written: for go vet -vettool and for editors.
package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/morestack/morestack/gen/corogen/internal/check"
	"github.com/morestack/morestack/internal/source"
)

// Analyzer reports, for functions marked //coro:body, what corogen does not
// support, and what to write instead. If all is supported, it reports machine code that
// was made of other source.
var Analyzer = &analysis.Analyzer{
	Name:      "corobody",
	Doc:       "report what corogen refuses in functions marked //coro:body",
	URL:       "https://github.com/morestack/morestack",
	Run:       run,
	FactTypes: []analysis.Fact{(*isBody)(nil)},
}

// isBody marks functions that other packages may call as bodies.
type isBody struct{}

func (*isBody) AFact()         {}
func (*isBody) String() string { return "body" }

func run(pass *analysis.Pass) (any, error) {
	p := &check.Package{Fset: pass.Fset, Types: pass.Pkg, Info: pass.TypesInfo}
	for _, f := range pass.Files {
		// A test's variant of a package holds its ordinary files too.
		if filepath.Ext(pass.Fset.Position(f.FileStart).Filename) == ".go" {
			p.Files = append(p.Files, f)
		}
	}
	p.External = func(f *types.Func) bool { return pass.ImportObjectFact(f, new(isBody)) }
	bodies, refusals := check.Bodies(p)
	for _, b := range bodies {
		pass.ExportObjectFact(b.Func, new(isBody))
	}
	for _, r := range refusals {
		if r.Pos != token.NoPos {
			pass.Reportf(r.Pos, "%s", r.Message)
		}
	}
	if len(refusals) > 0 || len(bodies) == 0 && !slices.ContainsFunc(p.Files, generated) {
		return nil, nil
	}
	problems, err := source.Check(filepath.Dir(pass.Fset.PositionFor(p.Files[0].Package, false).Filename))
	for _, problem := range problems {
		pass.Reportf(position(pass.Fset, p.Files, problem.Position), "%s", problem.Message)
	}
	return nil, err
}

// generated reports whether corogen has written a file.
func generated(f *ast.File) bool {
	return len(f.Comments) > 0 && f.Comments[0].List[0].Text == source.Header
}

// position finds a line in one of the files, or else the first of them.
func position(fset *token.FileSet, files []*ast.File, at token.Position) token.Pos {
	for _, f := range files {
		if file := fset.File(f.Package); file.Name() == at.Filename && at.Line <= file.LineCount() {
			return file.LineStart(at.Line) + token.Pos(max(at.Column-1, 0))
		}
	}
	return files[0].Package
}

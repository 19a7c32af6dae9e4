// Package analyzer reports what corogen would refuse, while code is written:
// for go vet -vettool and for editors.
package analyzer

import (
	"go/token"
	"go/types"
	"path/filepath"

	"golang.org/x/tools/go/analysis"

	"github.com/morestack/morestack/gen/corogen/internal/check"
)

// Analyzer reports, for functions marked //coro:body, what corogen does not
// support, and what to write instead.
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
	return nil, nil
}

package reduce

import (
	"go/ast"
	"go/format"
	"go/importer"
	"go/token"
	"go/types"
	"strings"

	"github.com/morestack/morestack/tests/fuzz/lab"
)

// imports are read from source, once.
var imports = importer.ForCompiler(token.NewFileSet(), "source", nil)

// repair makes a candidate compile where only names are no longer used. It
// reports false if more is wrong with it.
func repair(source []byte) ([]byte, bool) {
	for range 6 {
		f, err := parse(source)
		if err != nil {
			return nil, false
		}
		complaints, err := check(source)
		if err != nil {
			return nil, false
		}
		if len(complaints) == 0 {
			formatted, err := format.Source(source)
			return formatted, err == nil
		}
		var edits []edit
		for _, c := range complaints {
			e, ok := f.remedy(c)
			if !ok {
				return nil, false
			}
			edits = append(edits, e)
		}
		source = apply(source, edits)
	}
	return nil, false
}

// check type-checks a candidate together with the constructors of its bodies.
func check(source []byte) ([]types.Error, error) {
	whole, err := lab.WithTwins(source)
	if err != nil {
		return nil, err
	}
	f, err := parse(whole)
	if err != nil {
		return nil, err
	}
	var complaints []types.Error
	config := types.Config{Importer: imports, Error: func(err error) {
		if e, ok := err.(types.Error); ok && !strings.HasPrefix(e.Msg, "\t") {
			complaints = append(complaints, e)
		}
	}}
	config.Check("p", f.fset, []*ast.File{f.File}, nil)
	return complaints, nil
}

// remedy is an edit that answers a complaint.
func (f *file) remedy(c types.Error) (edit, bool) {
	at := c.Fset.Position(c.Pos).Offset
	var found edit
	ok := false
	switch {
	case strings.HasPrefix(c.Msg, "declared and not used: "):
		// After the statement of a block that declares it.
		name := strings.TrimPrefix(c.Msg, "declared and not used: ")
		ast.Inspect(f.File, func(n ast.Node) bool {
			for _, s := range stmts(n) {
				_, declares := s.(*ast.DeclStmt)
				if a, is := s.(*ast.AssignStmt); is && a.Tok == token.DEFINE {
					declares = true
				}
				if declares && f.offset(s.Pos()) <= at && at < f.offset(s.End()) {
					end := f.offset(s.End())
					found, ok = edit{end, end, "\n_ = " + name + "\n"}, true
				}
			}
			return true
		})
		if !ok {
			// A variable of a range: it can go.
			found, ok = edit{at, at + len(name), "_"}, true
		}
	case strings.HasPrefix(c.Msg, "no new variables on left side of :="):
		// A range of which no variable is left.
		ast.Inspect(f.File, func(n ast.Node) bool {
			if r, is := n.(*ast.RangeStmt); is && r.Key != nil && f.offset(r.TokPos) == at {
				found, ok = edit{f.offset(r.Key.Pos()), f.offset(r.Range), ""}, true
			}
			return true
		})
	case strings.HasSuffix(c.Msg, "imported and not used"):
		for _, i := range f.Imports {
			if f.offset(i.Pos()) == at {
				found, ok = f.replace(i, ""), true
			}
		}
	case strings.HasPrefix(c.Msg, "label ") && strings.HasSuffix(c.Msg, "declared and not used"):
		ast.Inspect(f.File, func(n ast.Node) bool {
			if l, is := n.(*ast.LabeledStmt); is && f.offset(l.Pos()) == at {
				found, ok = edit{at, f.offset(l.Colon) + 1, ""}, true
			}
			return true
		})
	}
	return found, ok
}

// Package gotest has Go's own test programs run as coroutine bodies: main and
// the functions it calls become bodies, and must do what they do as plain Go.
package gotest

import (
	"errors"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// program is a test program.
type program struct {
	name   string // for messages: "ken/array.go"
	source []byte
	fset   *token.FileSet
	file   *ast.File
	bodies []*ast.FuncDecl // main first
}

// Reasons why a file is not a program to convert.
var (
	errNotRun    = errors.New("is not a program of one file that needs no flags")
	errPlatform  = errors.New("is for other platforms")
	errSelfAware = errors.New("looks at its own stack, lines or arguments, or needs files")
)

// selfAware are what programs use whose result depends on how they are built and
// started.
var selfAware = []string{
	"os.Args", "os.Exit", "os.Getwd", "os.ReadFile", "exec.", "runtime.Caller", "runtime.Stack", "runtime.FuncForPC", "runtime.CPUProfile",
	"runtime.ReadMemStats", "runtime.Goexit", "runtime.LockOSThread", "runtime.SetFinalizer", "debug.", "errorcheck", "linkname", "import \"C\"", "maymorestack", "flag.", "%T",
}

// parse reads a program, or says why it is none.
func parse(name string, source []byte) (*program, error) {
	first, _, _ := strings.Cut(string(source), "\n")
	if strings.TrimSpace(first) != "// run" {
		return nil, errNotRun
	}
	for line := range strings.Lines(string(source)) {
		if !constraint.IsGoBuild(line) {
			continue
		}
		x, err := constraint.Parse(strings.TrimSpace(line))
		if err != nil || !x.Eval(satisfied) {
			return nil, errPlatform
		}
	}
	for _, s := range selfAware {
		if strings.Contains(string(source), s) {
			return nil, errSelfAware
		}
	}
	p := &program{name: name, source: source, fset: token.NewFileSet()}
	var err error
	p.file, err = parser.ParseFile(p.fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	if p.file.Name.Name != "main" {
		return nil, errNotRun
	}
	return p, p.findBodies()
}

// satisfied says which build tags hold on every platform the programs are built
// for.
func satisfied(tag string) bool {
	return tag == "linux" || tag == "unix" || tag == "gc" || strings.HasPrefix(tag, "go1.") || tag == "goexperiment.regabiargs"
}

// findBodies collects main and the functions and methods that are called from
// there by name: not those that are only used as values, deferred, started as
// goroutines or called from closures, which are Go code.
func (p *program) findBodies() error {
	named := map[string][]*ast.FuncDecl{}
	for _, d := range p.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil && f.Name.Name != "init" && f.Name.Name != "_" {
			named[f.Name.Name] = append(named[f.Name.Name], f)
		}
	}
	if len(named["main"]) == 0 {
		return errNotRun
	}
	p.bodies = named["main"][:1]
	for i := 0; i < len(p.bodies); i++ {
		ast.Inspect(p.bodies[i].Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				_, literal := n.(*ast.FuncLit)
				_, deferred := n.(*ast.DeferStmt)
				_, started := n.(*ast.GoStmt)
				return !literal && !deferred && !started
			}
			name := calleeName(call.Fun)
			for _, f := range named[name] {
				if name != "main" && !slices.Contains(p.bodies, f) {
					p.bodies = append(p.bodies, f)
				}
			}
			return true
		})
	}
	return nil
}

// calleeName is the name of the function or method in a call.
func calleeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.ParenExpr:
		return calleeName(e.X)
	case *ast.IndexExpr:
		return calleeName(e.X)
	case *ast.IndexListExpr:
		return calleeName(e.X)
	}
	return ""
}

// convert returns the program as a program of the lab, in which the functions
// found are bodies. Lines keep their order: lineOf finds them again.
func (p *program) convert() []byte {
	type insertion struct {
		at, drop int
		text     string
	}
	offset := func(pos token.Pos) int { return p.fset.Position(pos).Offset }
	edits := []insertion{{at: offset(p.file.Name.End()),
		text: "; import (\"github.com/morestack/morestack/coro\"; \"github.com/morestack/morestack/tests/fuzz/record\")"}}
	for i, f := range p.bodies {
		edits = append(edits, insertion{at: offset(f.Pos()), text: "//coro:body\n"})
		if i == 0 {
			open, end := offset(f.Name.Pos()), offset(f.Type.Params.End())
			edits = append(edits, insertion{at: open, drop: end - open, text: "programMain(yielder *coro.Yielder[struct{}, struct{}])"})
		}
	}
	slices.SortStableFunc(edits, func(a, b insertion) int { return a.at - b.at })
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(append(out, p.source[at:e.at]...), e.text...)
		at = e.at + e.drop
	}
	out = append(out, p.source[at:]...)
	return append(out, `
func RunProgram(t *record.Transcript) {
	record.Drive(t, newProgramMain(), 1, func(int) struct{} { return struct{}{} })
}
`...)
}

// withdraw makes the function at a line of the converted source an ordinary Go
// function again. It reports whether there is one, and it is not main.
func (p *program) withdraw(line int) bool {
	for i, f := range p.bodies {
		first, last := p.fset.Position(f.Pos()).Line, p.fset.Position(f.End()).Line
		// Each body up to and with f has one line more before it.
		added := 0
		for _, b := range p.bodies {
			if b.Pos() <= f.Pos() {
				added++
			}
		}
		if first+added <= line && line <= last+added {
			if i == 0 {
				return false
			}
			p.bodies = slices.Delete(p.bodies, i, i+1)
			return true
		}
	}
	return false
}

// unitName is a name for a package.
func (p *program) unitName() string {
	var b strings.Builder
	b.WriteByte('t')
	for _, r := range strings.TrimSuffix(p.name, ".go") {
		if r == '/' || r == '-' || r == '.' {
			r = '_'
		}
		b.WriteRune(r)
	}
	return b.String()
}

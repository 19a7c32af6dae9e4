// Package reduce makes a failing program small.
package reduce

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// batch is how many candidates are tested together: a build takes longer than a
// candidate.
const batch = 8

// Reduce returns a program, not larger than source, for which fails is true,
// and from which nothing more can be taken without that changing, or ctx has
// ended. fails is given candidates that compile as plain Go, and says of each
// whether it fails as source does.
func Reduce(ctx context.Context, source []byte, fails func(candidates [][]byte) []bool) []byte {
	r := &reducer{ctx: ctx, best: source, fails: fails}
	for {
		before := len(r.best)
		r.chunks(functions)
		r.chunks(declarations)
		r.chunks(statements)
		r.singles(unwrappings)
		r.singles(simplifications)
		if ctx.Err() != nil || len(r.best) == before {
			return r.best
		}
	}
}

// edit replaces source[from:to].
type edit struct {
	from, to int
	with     string
}

type reducer struct {
	ctx   context.Context
	best  []byte
	fails func([][]byte) []bool
}

// apply makes edits, outer ones first where they overlap.
func apply(source []byte, edits []edit) []byte {
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var out []byte
	at := 0
	for _, e := range edits {
		if e.from < at {
			continue
		}
		out = append(append(out, source[at:e.from]...), e.with...)
		at = e.to
	}
	return append(out, source[at:]...)
}

// chunks leaves out as many of the edits' ranges as it can: large groups first.
func (r *reducer) chunks(find func(*file) []edit) {
	size := 0
	for {
		f, err := parse(r.best)
		if err != nil {
			return
		}
		all := find(f)
		if size == 0 {
			size = max(1, len(all)/4)
		}
		groups := slices.Collect(slices.Chunk(all, size))
		if !r.try(groups) {
			if size == 1 || r.ctx.Err() != nil {
				return
			}
			size = max(1, size/3)
		}
	}
}

// singles makes one edit after the other as long as one is possible.
func (r *reducer) singles(find func(*file) []edit) {
	for r.ctx.Err() == nil {
		f, err := parse(r.best)
		if err != nil || !r.try(slices.Collect(slices.Chunk(find(f), 1))) {
			return
		}
	}
}

// try tests groups of edits until a batch has some with which the program still
// fails. It takes all of these together, if that fails too, or the one that
// makes the program smallest.
func (r *reducer) try(groups [][]edit) bool {
	source := r.best
	for len(groups) > 0 && r.ctx.Err() == nil {
		var candidates [][]byte
		var of [][]edit
		for len(groups) > 0 && len(candidates) < batch {
			if c, ok := repair(apply(source, groups[0])); ok && len(c) < len(source) {
				candidates = append(candidates, c)
				of = append(of, groups[0])
			}
			groups = groups[1:]
		}
		if len(candidates) == 0 {
			continue
		}
		var good []edit
		n := 0
		for i, failed := range r.fails(candidates) {
			if !failed {
				continue
			}
			n++
			good = append(good, of[i]...)
			if len(candidates[i]) < len(r.best) {
				r.best = candidates[i]
			}
		}
		if n > 1 {
			if c, ok := repair(apply(source, good)); ok && r.fails([][]byte{c})[0] {
				r.best = c
			}
		}
		if n > 0 {
			return true
		}
	}
	return false
}

// file is a parsed program.
type file struct {
	source []byte
	fset   *token.FileSet
	*ast.File
}

func parse(source []byte) (*file, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", source, parser.ParseComments|parser.SkipObjectResolution)
	return &file{source, fset, f}, err
}

func (f *file) offset(p token.Pos) int { return f.fset.Position(p).Offset }

func (f *file) text(n ast.Node) string { return string(f.source[f.offset(n.Pos()):f.offset(n.End())]) }

func (f *file) replace(n ast.Node, with string) edit {
	return edit{f.offset(n.Pos()), f.offset(n.End()), with}
}

// functions empties functions: they return zero values.
func functions(f *file) []edit {
	var edits []edit
	for _, d := range f.Decls {
		d, ok := d.(*ast.FuncDecl)
		if !ok || d.Body == nil || strings.HasPrefix(d.Name.Name, "Run") {
			continue
		}
		var decls, names []string
		if d.Type.Results != nil {
			for _, r := range d.Type.Results.List {
				for range max(1, len(r.Names)) {
					name := fmt.Sprintf("zero%d", len(names))
					names = append(names, name)
					decls = append(decls, fmt.Sprintf("var %s %s\n", name, f.text(r.Type)))
				}
			}
		}
		empty := "{\n" + strings.Join(decls, "")
		if len(names) > 0 {
			empty += "return " + strings.Join(names, ", ") + "\n"
		}
		if e := f.replace(d.Body, empty+"}"); len(e.with) < e.to-e.from {
			edits = append(edits, e)
		}
	}
	return edits
}

// declarations leaves out what is declared at the top.
func declarations(f *file) []edit {
	var edits []edit
	for _, d := range f.Decls {
		e := f.replace(d, "")
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Doc != nil {
				e.from = f.offset(d.Doc.Pos())
			}
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				continue
			}
		}
		edits = append(edits, e)
	}
	return edits
}

// statements leaves out statements, cases, what a range assigns, and fields of
// structs.
func statements(f *file) []edit {
	var edits []edit
	ast.Inspect(f.File, func(n ast.Node) bool {
		for _, s := range stmts(n) {
			edits = append(edits, f.replace(s, ""))
		}
		switch n := n.(type) {
		case *ast.IfStmt:
			if n.Else != nil {
				edits = append(edits, edit{f.offset(n.Body.End()), f.offset(n.Else.End()), ""})
			}
		case *ast.RangeStmt:
			if n.Key != nil {
				edits = append(edits, edit{f.offset(n.Key.Pos()), f.offset(n.Range), ""})
			}
			if n.Value != nil {
				edits = append(edits, edit{f.offset(n.Key.End()), f.offset(n.Value.End()), ""})
			}
		case *ast.KeyValueExpr:
			edits = append(edits, edit{f.offset(n.Pos()), afterComma(f.source, f.offset(n.End())), ""})
		case *ast.StructType:
			for _, field := range n.Fields.List {
				edits = append(edits, f.replace(field, ""))
			}
		}
		return true
	})
	return edits
}

// stmts are the statements of a block or a case.
func stmts(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

func afterComma(source []byte, at int) int {
	if at < len(source) && source[at] == ',' {
		return at + 1
	}
	return at
}

// unwrappings replaces a statement by what it holds.
func unwrappings(f *file) []edit {
	var edits []edit
	inner := func(b *ast.BlockStmt) string {
		return string(f.source[f.offset(b.Lbrace)+1 : f.offset(b.Rbrace)])
	}
	ast.Inspect(f.File, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			if n.Init == nil {
				edits = append(edits, f.replace(n, inner(n.Body)))
			}
		case *ast.ForStmt:
			edits = append(edits, f.replace(n, inner(n.Body)))
		case *ast.RangeStmt:
			edits = append(edits, f.replace(n, inner(n.Body)))
		case *ast.SwitchStmt:
			for _, s := range n.Body.List {
				var b strings.Builder
				for _, s := range s.(*ast.CaseClause).Body {
					b.WriteString(f.text(s) + "\n")
				}
				edits = append(edits, f.replace(n, b.String()))
			}
		case *ast.LabeledStmt:
			edits = append(edits, f.replace(n, f.text(n.Stmt)))
		}
		return true
	})
	return edits
}

// simplifications replaces an expression by a part of it or by a constant.
func simplifications(f *file) []edit {
	var edits []edit
	ast.Inspect(f.File, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BinaryExpr:
			edits = append(edits, f.replace(n, f.text(n.X)), f.replace(n, f.text(n.Y)))
		case *ast.ParenExpr:
			edits = append(edits, f.replace(n, f.text(n.X)))
		case *ast.SliceExpr:
			edits = append(edits, f.replace(n, f.text(n.X)))
		case *ast.CallExpr:
			edits = append(edits, f.replace(n, "0"), f.replace(n, `""`), f.replace(n, "nil"), f.replace(n, "false"))
			for _, a := range n.Args {
				edits = append(edits, f.replace(n, f.text(a)))
			}
		case *ast.CompositeLit:
			for _, e := range n.Elts {
				edits = append(edits, f.replace(e, ""))
			}
		case *ast.BasicLit:
			if n.Kind == token.STRING && len(n.Value) > 2 {
				edits = append(edits, f.replace(n, `""`))
			}
		}
		return true
	})
	return edits
}

// Document makes a reduced program a file of tests/fixedbugs: out of the go
// command's sight, since it needs corogen first, and with what was wrong.
func Document(source []byte, failure string) []byte {
	var b bytes.Buffer
	b.WriteString("//go:build fixedbug\n\n")
	for line := range strings.Lines(failure) {
		line = strings.TrimRight(line, "\n")
		if b.Len() > 1500 {
			b.WriteString("// ...\n")
			break
		}
		fmt.Fprintf(&b, "// %s\n", strings.ReplaceAll(line, "\t", "    "))
	}
	b.Write(source)
	text, err := format.Source(b.Bytes())
	if err != nil {
		return b.Bytes()
	}
	return text
}

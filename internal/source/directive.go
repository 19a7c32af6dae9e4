// Package source reads the functions marked //coro:body of a package, and tells whether
// machine code was made of them as they are. It needs no types, and no go command.
package source

import (
	"go/ast"
	"go/token"
	"strings"
)

// Mark makes a function a body.
const Mark = "//coro:body"

// Directive returns the options of a function's //coro:body line, and whether it has one.
func Directive(decl *ast.FuncDecl) (options []string, pos token.Pos, ok bool) {
	if decl.Doc == nil {
		return nil, 0, false
	}
	for _, c := range decl.Doc.List {
		if rest, found := IsMark(c.Text); found {
			return strings.Fields(rest), c.Pos(), true
		}
	}
	return nil, 0, false
}

// IsMark reports whether a comment is a Mark, and what follows it.
func IsMark(comment string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(comment, Mark)
	return rest, ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// Name is what a function is called in records: "walk", or "Tree.walk" for a method of
// Tree or of *Tree.
func Name(decl *ast.FuncDecl) string {
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return decl.Name.Name
	}
	return Receiver(decl.Recv.List[0].Type) + "." + decl.Name.Name
}

// Receiver returns the name of a receiver's type.
func Receiver(t ast.Expr) string {
	for {
		switch e := t.(type) {
		case *ast.StarExpr:
			t = e.X
		case *ast.ParenExpr:
			t = e.X
		case *ast.IndexExpr:
			t = e.X
		case *ast.IndexListExpr:
			t = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}

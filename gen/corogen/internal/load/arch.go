package load

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/morestack/morestack/gen/corogen/internal/check"
)

// alike compares the bodies of the package for amd64, p, with those for arm64,
// q. Lowered code has the values of constants and serves both: what differs is
// an error.
func alike(p, q *Package) error {
	var errs []error
	refuse := func(in *Package, n ast.Node, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", in.Fset.Position(n.Pos()), fmt.Sprintf(format, args...)))
	}
	others := map[token.Position]*check.Body{}
	for _, b := range q.Bodies {
		others[q.Fset.Position(b.Decl.Pos())] = b
	}
	for _, b := range p.Bodies {
		pos := p.Fset.Position(b.Decl.Pos())
		other := others[pos]
		if other == nil {
			refuse(p, b.Decl.Name, "the body %s is not built for arm64: move it to a file that is built for amd64 and arm64", b.Func.Name())
			continue
		}
		delete(others, pos)
		compare(p, q, b, other, refuse)
	}
	for _, b := range q.Bodies {
		if others[q.Fset.Position(b.Decl.Pos())] != nil {
			refuse(q, b.Decl.Name, "the body %s is not built for amd64: move it to a file that is built for amd64 and arm64", b.Func.Name())
		}
	}
	return errors.Join(errs...)
}

// compare compares the constants and types in a body.
func compare(p, q *Package, b, other *check.Body, refuse func(*Package, ast.Node, string, ...any)) {
	theirs := expressions(other.Decl)
	seen := map[types.Type]bool{}
	for i, e := range expressions(b.Decl) {
		mine, yours := p.Info.Types[e], q.Info.Types[theirs[i]]
		if mine.Value != nil && yours.Value != nil && mine.Value.ExactString() != yours.Value.ExactString() {
			refuse(p, e, "this constant is %s for amd64 and %s for arm64, which a body cannot have: keep it in a package variable", mine.Value, yours.Value)
			return
		}
		if mine.Type == nil || yours.Type == nil || seen[mine.Type] {
			continue
		}
		seen[mine.Type] = true
		if layout(mine.Type) != layout(yours.Type) {
			refuse(p, e, "the type %s is not the same for amd64 and arm64, which a body cannot have: use it in a function that is no body", types.TypeString(mine.Type, types.RelativeTo(p.Types)))
			return
		}
	}
}

func expressions(n ast.Node) []ast.Expr {
	var list []ast.Expr
	ast.Inspect(n, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			list = append(list, e)
		}
		return true
	})
	return list
}

// layout describes what code for values of type t, or of what t points to,
// relies on.
func layout(t types.Type) string {
	var b strings.Builder
	seen := map[types.Type]bool{}
	var visit func(types.Type, bool)
	visit = func(t types.Type, deep bool) {
		b.WriteString(types.TypeString(t, nil))
		if seen[t] {
			return
		}
		seen[t] = true
		switch u := t.Underlying().(type) {
		case *types.Struct:
			for v := range u.Fields() {
				b.WriteString(" " + v.Name() + " ")
				visit(v.Type(), false)
			}
		case *types.Array:
			fmt.Fprintf(&b, " [%d] ", u.Len())
			visit(u.Elem(), deep)
		case *types.Pointer:
			if deep {
				visit(u.Elem(), false)
			}
		case *types.Slice:
			if deep {
				visit(u.Elem(), false)
			}
		case *types.Basic:
			b.WriteString(" " + u.Name())
		}
	}
	visit(t, true)
	return b.String()
}

package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/morestack/morestack/internal/source"
)

// Lift is a function literal that becomes a native function of its own: all
// that is done with it is to call it, and it yields or calls bodies.
type Lift struct {
	Lit *ast.FuncLit
	Var *types.Var // that holds it; nil if it is called where it stands

	// Captured are the variables around the literal that it needs: its own, and
	// those of such literals that it calls. They are in the order of their
	// positions. Mentions are its own alone.
	Captured, Mentions []*types.Var
}

// contains reports whether pos is in the literal.
func (l *Lift) contains(pos token.Pos) bool { return l.Lit.Pos() <= pos && pos < l.Lit.End() }

// LiftOf returns the literal that v holds, if that is lifted.
func (b *Body) LiftOf(v *types.Var) *Lift {
	if v != nil {
		for _, l := range b.Lifts {
			if l.Var == v {
				return l
			}
		}
	}
	return nil
}

// Owner returns the lifted literal that pos is in, the innermost, or nil for the
// body's own code.
func (b *Body) Owner(pos token.Pos) *Lift {
	var owner *Lift
	for _, l := range b.Lifts {
		if l.contains(pos) && (owner == nil || owner.contains(l.Lit.Pos())) {
			owner = l
		}
	}
	return owner
}

// literal is what is known about a function literal of a body.
type literal struct {
	Lift
	parent *literal
	direct bool // all that is done with it is to call it
	native bool // it yields, or calls bodies
	yields bool
	calls  []called
}

// called is a literal in a variable, called by another.
type called struct {
	*literal
	pos token.Pos
}

// lifter finds the literals of a body that can be lifted.
type lifter struct {
	*checker
	body     *Body
	literals map[*ast.FuncLit]*literal
	order    []*literal
	byVar    map[*types.Var]*literal
	misuse   map[*types.Var]token.Pos // the first use that is no call
}

// lift sets b.Lifts, and refuses other uses of literals that yield.
func (c *checker) lift(b *Body) {
	l := &lifter{c, b, map[*ast.FuncLit]*literal{}, nil, map[*types.Var]*literal{}, map[*types.Var]token.Pos{}}
	l.find()
	if l.order == nil {
		return
	}
	l.candidates()
	l.uses()
	l.spread()
	l.restrict()
	l.capture()
	for _, x := range l.order {
		if x.lifted() {
			b.Lifts = append(b.Lifts, &x.Lift)
		}
	}
	for _, x := range l.order {
		if p, ok := l.misuse[x.Var]; ok && x.yields && x.Var != nil {
			c.refuse(p, "%s yields, so it can only be called, and not with go or defer or in a literal that Go code may call: make it a %s function, which takes %s", x.Var.Name(), source.Mark, b.Yielder.Name())
			c.refused[x.Lit] = true
		}
	}
}

// find lists the literals, outer ones first.
func (l *lifter) find() {
	var stack []ast.Node
	var around []*literal
	ast.Inspect(l.body.Decl.Body, func(n ast.Node) bool {
		if n == nil {
			if _, ok := stack[len(stack)-1].(*ast.FuncLit); ok {
				around = around[:len(around)-1]
			}
			stack = stack[:len(stack)-1]
			return false
		}
		stack = append(stack, n)
		if lit, ok := n.(*ast.FuncLit); ok {
			x := &literal{Lift: Lift{Lit: lit}}
			if len(around) > 0 {
				x.parent = around[len(around)-1]
			}
			l.literals[lit] = x
			l.order = append(l.order, x)
			around = append(around, x)
		}
		return true
	})
}

// candidates finds the literals that are called where they stand, and those
// whose variable holds nothing else.
func (l *lifter) candidates() {
	started := map[*ast.CallExpr]bool{}
	ast.Inspect(l.body.Decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok && !started[n] {
				l.literals[lit].direct = true
			}
		case *ast.GoStmt:
			started[n.Call] = true
		case *ast.DeferStmt:
			started[n.Call] = true
		case *ast.BlockStmt:
			l.list(n.List)
		case *ast.CaseClause:
			l.list(n.Body)
		case *ast.CommClause:
			l.list(n.Body)
		}
		return true
	})
}

// list looks for variables that hold literals among the statements of a block.
// Between the declaration and the literal there may be nothing that could call
// it: the variable is nil there.
func (l *lifter) list(stmts []ast.Stmt) {
	open := map[*types.Var]bool{}
	bind := func(v *types.Var, e ast.Expr) bool {
		lit, ok := ast.Unparen(e).(*ast.FuncLit)
		if !ok || v == nil {
			return false
		}
		x := l.literals[lit]
		x.direct, x.Var = true, v
		l.byVar[v] = x
		return true
	}
	for _, s := range stmts {
		quiet := false // nothing in it calls anything
		switch s := s.(type) {
		case *ast.AssignStmt:
			if len(s.Lhs) != 1 || len(s.Rhs) != 1 {
				break
			}
			id, ok := s.Lhs[0].(*ast.Ident)
			if !ok {
				break
			}
			if s.Tok == token.DEFINE {
				v, _ := l.Info.Defs[id].(*types.Var)
				quiet = bind(v, s.Rhs[0])
			} else if v, _ := l.Info.Uses[id].(*types.Var); s.Tok == token.ASSIGN && open[v] {
				delete(open, v)
				quiet = bind(v, s.Rhs[0])
			}
		case *ast.DeclStmt:
			quiet = true
			for _, spec := range s.Decl.(*ast.GenDecl).Specs {
				spec, ok := spec.(*ast.ValueSpec)
				if !ok || s.Decl.(*ast.GenDecl).Tok != token.VAR {
					continue
				}
				for i, id := range spec.Names {
					v, _ := l.Info.Defs[id].(*types.Var)
					switch {
					case spec.Values == nil && v != nil:
						open[v] = true
					case len(spec.Values) != len(spec.Names) || !bind(v, spec.Values[i]):
						quiet = false
					}
				}
			}
		}
		if !quiet {
			clear(open)
		}
	}
}

// uses looks at what is done with these variables, with the Yielder and with
// bodies, and what variables the literals share with what is around them.
func (l *lifter) uses() {
	var stack []ast.Node
	ast.Inspect(l.body.Decl.Body, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return false
		}
		stack = append(stack, n)
		if call, ok := n.(*ast.CallExpr); ok {
			if f, _ := typeutil.Callee(l.Info, call).(*types.Func); f != nil && l.isBody(f) {
				l.enclosing(stack, func(x *literal) { x.native = true })
			}
		}
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		v, ok := l.Info.Uses[id].(*types.Var)
		if !ok {
			return true
		}
		if v == l.body.Yielder {
			l.enclosing(stack, func(x *literal) { x.native, x.yields = true, true })
			return true
		}
		if lit := l.byVar[v]; lit != nil {
			switch {
			case isCall(stack, id):
				l.enclosing(stack, func(x *literal) { x.calls = append(x.calls, called{lit, id.Pos()}) })
			case !isInit(stack, lit.Lit):
				l.leave(lit, id.Pos())
			}
		}
		if v.IsField() || v.Pkg() != l.Types || v.Parent() == l.Types.Scope() {
			return true
		}
		l.enclosing(stack, func(x *literal) {
			if !x.contains(v.Pos()) {
				x.Mentions = add(x.Mentions, v)
			}
		})
		return true
	})
}

// leave makes a literal ordinary Go, for what is done with its variable at pos.
func (l *lifter) leave(x *literal, pos token.Pos) {
	x.direct = false
	if _, known := l.misuse[x.Var]; !known && x.Var != nil {
		l.misuse[x.Var] = pos
	}
}

// add adds v to a list in the order of positions.
func add(list []*types.Var, v *types.Var) []*types.Var {
	if slices.Contains(list, v) {
		return list
	}
	list = append(list, v)
	slices.SortStableFunc(list, func(v, w *types.Var) int { return int(v.Pos() - w.Pos()) })
	return list
}

func (l *lifter) enclosing(stack []ast.Node, do func(*literal)) {
	for _, n := range stack {
		if lit, ok := n.(*ast.FuncLit); ok {
			do(l.literals[lit])
		}
	}
}

// above returns the nodes around the last of stack, without parentheses.
func above(stack []ast.Node) []ast.Node {
	stack = stack[:len(stack)-1]
	for len(stack) > 0 {
		if _, ok := stack[len(stack)-1].(*ast.ParenExpr); !ok {
			break
		}
		stack = stack[:len(stack)-1]
	}
	return stack
}

// isCall reports whether id, the last of stack, is called where it stands, by
// the code around it.
func isCall(stack []ast.Node, id *ast.Ident) bool {
	stack = above(stack)
	call, ok := stack[len(stack)-1].(*ast.CallExpr)
	if !ok || ast.Unparen(call.Fun) != id {
		return false
	}
	switch stack[len(stack)-2].(type) {
	case *ast.GoStmt, *ast.DeferStmt:
		return false
	}
	return true
}

// isInit reports whether the last of stack is assigned the literal.
func isInit(stack []ast.Node, lit *ast.FuncLit) bool {
	s, ok := stack[len(stack)-2].(*ast.AssignStmt)
	return ok && len(s.Rhs) == 1 && ast.Unparen(s.Rhs[0]) == lit
}

// lifted reports whether a literal becomes native, as far as is known.
func (x *literal) lifted() bool { return x.direct && x.native }

// spread finds what literals do by calling others.
func (l *lifter) spread() {
	for again := true; again; {
		again = false
		for _, x := range l.order {
			for _, y := range x.calls {
				if y.native && !x.native || y.yields && !x.yields {
					x.native, x.yields, again = true, x.yields || y.yields, true
				}
			}
		}
	}
}

// restrict leaves out literals that ordinary Go code calls, because it is around
// them or around a call; and those that do what a body cannot, if they need not
// yield.
func (l *lifter) restrict() {
	for _, x := range l.order {
		if x.direct && !x.yields {
			scratch := &checker{Package: l.Package, bodies: l.bodies}
			scratch.code(l.body, x.Lit.Body, func(*ast.FuncLit) bool { return false })
			x.direct = len(scratch.refusals) == 0
		}
	}
	for again := true; again; {
		again = false
		for _, x := range l.order {
			if x.lifted() && x.parent != nil && !x.parent.lifted() {
				x.direct, again = false, true
			}
			if x.lifted() {
				continue
			}
			for _, y := range x.calls {
				switch {
				case !y.lifted():
					continue
				case x.contains(y.Lit.Pos()):
					y.direct = false
				default:
					l.leave(y.literal, y.pos)
				}
				again = true
			}
		}
	}
}

// capture finds what lifted literals must be given.
func (l *lifter) capture() {
	for _, x := range l.order {
		x.Mentions = slices.DeleteFunc(x.Mentions, func(v *types.Var) bool { return l.byVar[v] != nil && l.byVar[v].lifted() })
		x.Captured = slices.Clone(x.Mentions)
	}
	for again := true; again; {
		again = false
		for _, x := range l.order {
			n := len(x.Captured)
			for _, y := range x.calls {
				for _, v := range y.Captured {
					if y.lifted() && !x.contains(v.Pos()) {
						x.Captured = add(x.Captured, v)
					}
				}
			}
			again = again || len(x.Captured) > n
		}
	}
}

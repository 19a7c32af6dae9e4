package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"github.com/morestack/morestack/gen/corogen/internal/check"
)

// lift returns what is known about a function literal that becomes native.
func (f *fn) lift(e ast.Expr) *check.Lift {
	for _, l := range f.in.body.Lifts {
		if l.Lit == e {
			return l
		}
	}
	return nil
}

func (f *fn) liftName(l *check.Lift) string {
	for i, x := range f.in.body.Lifts {
		if x == l {
			return fmt.Sprintf("func%d", i+1)
		}
	}
	panic("not a lifted literal")
}

// lifted emits the native function of a literal. What it returns stands where the
// source has the literal: it makes the captured variables count as used.
func (f *fn) lifted(l *check.Lift) string {
	name := f.liftName(l)
	f.note(l.Lit.Pos(), "the function literal is a native function")
	g := &fn{
		lowerer: f.lowerer, in: f.in, symbol: "coroN" + f.in.id + "_" + name,
		vars: f.vars, names: f.names, taken: f.taken, borrowed: map[*types.Var]bool{}, depths: map[string]int{},
	}
	var params []string
	for _, v := range l.Captured {
		t := f.typ(v.Pos(), f.varType(v))
		switch {
		case f.heap(v) && !f.borrowed[v]:
			t = "*" + t
		case f.vars[v].addressed:
			g.borrowed[v] = true
			t = "*" + t
		}
		params = append(params, f.name(v)+" "+t)
	}
	sig := f.Info.TypeOf(l.Lit).(*types.Signature)
	var vars []*types.Var
	for v := range sig.Params().Variables() {
		vars = append(vars, v)
	}
	g.native(f.in.name+"."+name, l.Lit.Pos(), params, vars, sig.Results(), l.Lit.Body)
	var used []string
	for _, v := range l.Mentions {
		used = append(used, "_ = "+f.name(v))
	}
	return strings.Join(used, "\n")
}

// liftedCall calls the native function of a literal.
func (f *fn) liftedCall(e *ast.CallExpr, l *check.Lift) string {
	var captured []string
	for _, v := range l.Captured {
		name := f.name(v)
		if f.vars[v].addressed && !f.heap(v) {
			name = "&" + name
		}
		captured = append(captured, name)
	}
	if captured != nil {
		f.noSpread(e)
	}
	args := append(captured, f.nativeArgs(e, f.typeOf(e.Fun).Underlying().(*types.Signature), 0)...)
	return f.mark(e.Pos()) + "coroN" + f.in.id + "_" + f.liftName(l) + "(" + strings.Join(args, ", ") + ")"
}

// declaresLift reports whether a variable holds a literal that is a function of
// its own, so that there is no variable.
func (f *fn) declaresLift(e ast.Expr) *check.Lift {
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := f.Info.ObjectOf(id).(*types.Var)
	return f.in.body.LiftOf(v)
}

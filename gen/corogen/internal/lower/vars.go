package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// variable is what a function does with one of its variables.
type variable struct {
	addressed bool // its address is taken
	captured  bool // by a function literal that stays ordinary Go
	changed   bool // assigned to after its declaration
	lifted    bool // captured by a function literal that becomes native
}

// analyse finds out about the variables of the body.
func (f *fn) analyse() {
	f.vars = map[*types.Var]*variable{}
	get := func(v *types.Var) *variable {
		if f.vars[v] == nil {
			f.vars[v] = &variable{}
		}
		return f.vars[v]
	}
	for v := range f.in.body.Signature().Results().Variables() {
		get(v).changed = true
	}
	for _, l := range f.in.body.Lifts {
		for _, v := range l.Captured {
			get(v).lifted = true
		}
		for v := range f.Info.TypeOf(l.Lit).(*types.Signature).Results().Variables() {
			get(v).changed = true
		}
	}
	changed := func(e ast.Expr) {
		if v := f.root(e); v != nil {
			get(v).changed = true
			// What a native literal changes around it, it is given the address
			// of. Other variables are passed by value: while the literal runs,
			// the function that they belong to does not.
			if f.in.body.Owner(e.Pos()) != f.in.body.Owner(v.Pos()) {
				get(v).addressed = true
			}
		}
	}
	addressed := func(e ast.Expr) {
		if v := f.root(e); v != nil {
			get(v).addressed = true
		}
	}
	var literals []*ast.FuncLit
	var stack []ast.Node
	ast.Inspect(f.in.body.Decl.Body, func(n ast.Node) bool {
		if n == nil {
			if lit, ok := stack[len(stack)-1].(*ast.FuncLit); ok && f.lift(lit) == nil {
				literals = literals[:len(literals)-1]
			}
			stack = stack[:len(stack)-1]
			return false
		}
		stack = append(stack, n)
		switch n := n.(type) {
		case *ast.FuncLit:
			if f.lift(n) == nil {
				literals = append(literals, n)
			}
		case *ast.Ident:
			if v, ok := f.Info.Uses[n].(*types.Var); ok && len(literals) > 0 && f.isLocal(v) {
				if p := v.Pos(); p < literals[0].Pos() || p > literals[0].End() {
					get(v).captured = true
				}
			}
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				if id, ok := e.(*ast.Ident); ok && n.Tok == token.DEFINE && f.Info.Defs[id] != nil {
					continue
				}
				changed(e)
			}
		case *ast.IncDecStmt:
			changed(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				changed(n.Key)
				if n.Value != nil {
					changed(n.Value)
				}
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				addressed(n.X)
			}
		case *ast.SliceExpr:
			if _, ok := f.typeOf(n.X).Underlying().(*types.Array); ok {
				addressed(n.X)
			}
		case *ast.SelectorExpr:
			if s := f.Info.Selections[n]; s != nil && s.Kind() == types.MethodVal && f.takesAddress(n) {
				addressed(n.X)
			}
		}
		return true
	})
}

// takesAddress reports whether a method of s takes the address of its operand.
func (f *fn) takesAddress(s *ast.SelectorExpr) bool {
	t := f.typeOf(s.X)
	obj, index, indirect := types.LookupFieldOrMethod(t, true, f.Types, s.Sel.Name)
	m, ok := obj.(*types.Func)
	if !ok || indirect || len(index) == 0 {
		return false
	}
	recv := m.Type().(*types.Signature).Recv()
	if recv == nil {
		return false
	}
	_, pointer := types.Unalias(recv.Type()).(*types.Pointer)
	_, already := t.Underlying().(*types.Pointer)
	return pointer && !already
}

// root returns the variable of the body that e is a part of, if any.
func (f *fn) root(e ast.Expr) *types.Var {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.Ident:
			v, ok := f.Info.ObjectOf(x).(*types.Var)
			if ok && f.isLocal(v) {
				return v
			}
			return nil
		case *ast.SelectorExpr:
			s := f.Info.Selections[x]
			if s == nil || s.Kind() != types.FieldVal && s.Kind() != types.MethodVal || s.Indirect() {
				return nil
			}
			e = x.X
		case *ast.IndexExpr:
			if _, ok := f.typeOf(x.X).Underlying().(*types.Array); !ok {
				return nil
			}
			e = x.X
		default:
			return nil
		}
	}
}

func (f *fn) isLocal(v *types.Var) bool {
	return !v.IsField() && v.Parent() != f.Types.Scope() && v.Pkg() == f.Types && v != f.in.body.Yielder
}

// heap reports whether v becomes an explicit heap variable. Its address is
// taken and it holds pointers, which a frame that does not run could not
// publish; or it is shared with a function literal; or the compiler says so.
func (f *fn) heap(v *types.Var) bool {
	if f.borrowed[v] {
		return true // not on the heap, but all the same reached by its address
	}
	t := f.varType(v)
	if v.Name() != "_" && v.Name() != "" && indexed(t) {
		return true
	}
	x := f.vars[v]
	if x == nil {
		return false
	}
	return x.captured && (x.changed || x.addressed) || x.addressed && (pointerful(t) || f.forced(v.Pos()))
}

// name returns the name of a local variable, or of the pointer to one on the
// heap, in generated code.
func (f *fn) name(v *types.Var) string {
	if n, ok := f.names[v]; ok {
		return n
	}
	n := v.Name()
	switch {
	case n == "_" || n == "":
	case f.heap(v) && !f.borrowed[v]:
		for i := 0; ; i++ {
			n = fmt.Sprintf("coroH%d_%s", i, v.Name())
			if !f.taken[n] {
				break
			}
		}
		f.taken[n] = true
	case f.vars[v] != nil && f.vars[v].lifted:
		// Calls of the literal mention it, where another variable may have its
		// name.
		n = fmt.Sprintf("coroC%d_%s", len(f.taken), n)
		f.taken[n] = true
	case f.reserved[n]:
		n = "coroL_" + n
	}
	f.names[v] = n
	return n
}

// use returns the text of a variable.
func (f *fn) use(v *types.Var) string {
	if f.heap(v) {
		return "(*" + f.name(v) + ")"
	}
	return f.name(v)
}

// heapInit declares a heap variable with the value of e.
func (f *fn) heapInit(v *types.Var, e ast.Expr) string {
	t := f.varType(v)
	if lit, ok := ast.Unparen(e).(*ast.CompositeLit); ok && types.Identical(t, f.typeOf(lit)) {
		if _, ok := t.Underlying().(*types.Slice); !ok && !f.isMap(t) {
			f.note(v.Pos(), "%s lives on the heap", v.Name())
			return fmt.Sprintf("%s := %s; _ = %s", f.name(v), f.pointerLit(lit, t), f.name(v))
		}
	}
	if !fit([]types.Type{t}) && types.Identical(t, f.typeOf(e)) && f.movable(e) {
		f.note(v.Pos(), "%s lives on the heap", v.Name())
		return fmt.Sprintf("%s := %s; _ = %s", f.name(v), f.copied(e), f.name(v))
	}
	return f.heapDecl(v, f.value(e, t))
}

func (f *fn) isMap(t types.Type) bool {
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// movable reports whether e lies where a shim can get at it: on the heap, for
// otherwise its address would be taken on the stack.
func (f *fn) movable(e ast.Expr) bool {
	if !f.addressable(e) {
		return false
	}
	v := f.root(e)
	return v == nil || f.heap(v)
}

// copied returns a pointer to a copy of e, which a shim makes.
func (f *fn) copied(e ast.Expr) string {
	t := f.typeOf(e)
	text := f.typ(e.Pos(), t)
	p := types.NewPointer(t)
	a := arg{text: "", typ: p}
	open := "p := new(" + text + "); *p = *"
	if f.movable(e) {
		a.text = f.address(e)
	} else {
		a, open = f.arg(e), "p := new("+text+"); *p = "
	}
	return f.shim("G", []arg{a}, []types.Type{p}, func(n []string) string { return open + n[0] + "; return p" })
}

// heapDecl declares a heap variable with a value, or zero for none.
func (f *fn) heapDecl(v *types.Var, value string) string {
	t := f.varType(v)
	text := f.typ(v.Pos(), t)
	f.note(v.Pos(), "%s lives on the heap", v.Name())
	name := f.name(v)
	p := types.NewPointer(t)
	if value == "" {
		return fmt.Sprintf("%s := %s; _ = %s", name, f.shim("G", nil, []types.Type{p}, func([]string) string {
			return "return new(" + text + ")"
		}), name)
	}
	if !fit([]types.Type{t}) {
		return f.heapDecl(v, "") + "; *" + name + " = " + value
	}
	return fmt.Sprintf("%s := %s; _ = %s", name, f.shim("G", []arg{{text: value, typ: t}}, []types.Type{p}, func(a []string) string {
		return "p := new(" + text + "); *p = " + a[0] + "; return p"
	}), name)
}

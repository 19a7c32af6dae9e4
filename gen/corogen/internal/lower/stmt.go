package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (f *fn) stmts(list []ast.Stmt) string {
	var b strings.Builder
	for _, s := range list {
		b.WriteString(f.stmt(s))
	}
	return b.String()
}

func (f *fn) block(b *ast.BlockStmt) string {
	return "{\n" + f.stmts(b.List) + f.mark(b.Rbrace) + "}"
}

// takeLabel returns the label of the statement being lowered, to be put before
// the loop or switch that break and continue mean.
func (f *fn) takeLabel() string {
	l := f.label
	f.label = ""
	if l == "" {
		return ""
	}
	return l + ":\n"
}

// stmt lowers a statement to one or more, each on a line.
func (f *fn) stmt(s ast.Stmt) string {
	m := f.mark(s.Pos())
	switch s.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		return m + f.compound(s) + "\n"
	}
	if l := f.takeLabel(); l != "" {
		return m + l + "{\n" + f.simple(s) + "\n}\n"
	}
	text := f.simple(s)
	if text == "" {
		return ""
	}
	return m + text + "\n"
}

// simple lowers statements without break or continue of their own.
func (f *fn) simple(s ast.Stmt) string {
	switch s := s.(type) {
	case *ast.EmptyStmt:
		return ""
	case *ast.BlockStmt:
		return f.block(s)
	case *ast.LabeledStmt:
		return f.labeled(s)
	case *ast.BranchStmt:
		if s.Label != nil {
			return f.stops(f.depths[s.Label.Name]) + s.Tok.String() + " " + s.Label.Name
		}
		return s.Tok.String()
	case *ast.ExprStmt:
		return f.exprStmt(s)
	case *ast.AssignStmt:
		return f.assign(s)
	case *ast.IncDecStmt:
		return f.incDec(s)
	case *ast.DeclStmt:
		return f.decl(s.Decl.(*ast.GenDecl))
	case *ast.ReturnStmt:
		return f.returns(s)
	case *ast.IfStmt:
		return f.ifs(s)
	case *ast.SendStmt:
		f.note(s.Pos(), "sending is a shim")
		elem := f.typeOf(s.Chan).Underlying().(*types.Chan).Elem()
		v := f.arg(s.Value)
		if !v.inline && !isInterface(elem) {
			v.typ = elem
		}
		return f.shim("O", []arg{f.arg(s.Chan), v}, nil, func(n []string) string {
			return n[0] + " <- " + n[1]
		})
	case *ast.GoStmt:
		return f.goStmt(s)
	}
	// Refused by the check.
	return ""
}

// compound lowers statements that break or continue refer to.
func (f *fn) compound(s ast.Stmt) string {
	switch s := s.(type) {
	case *ast.ForStmt:
		return f.forLoop(s)
	case *ast.RangeStmt:
		return f.rangeLoop(s)
	case *ast.SwitchStmt:
		return f.switchStmt(s)
	case *ast.TypeSwitchStmt:
		return f.typeSwitch(s)
	case *ast.SelectStmt:
		return f.selectStmt(s)
	}
	panic("not a compound statement")
}

func (f *fn) labeled(s *ast.LabeledStmt) string {
	f.label = s.Label.Name
	f.depths[s.Label.Name] = len(f.pulls)
	switch s.Stmt.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt, *ast.BlockStmt:
		return f.stmt(s.Stmt)
	}
	f.label = ""
	return s.Label.Name + ":\n" + f.stmt(s.Stmt) + ";"
}

func (f *fn) exprStmt(s *ast.ExprStmt) string {
	x := ast.Unparen(s.X)
	if c, ok := x.(*ast.CallExpr); ok {
		if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok {
			if b, ok := f.Info.Uses[id].(*types.Builtin); ok && b.Name() == "panic" {
				// It does not return, which the compiler must know.
				return "for {\n" + f.expr(x) + "\n}"
			}
		}
		if t := f.Info.Types[c.Fun]; !t.IsType() {
			return f.statement(c)
		}
	}
	return f.expr(x)
}

// statement lowers a call whose results are dropped.
func (f *fn) statement(c *ast.CallExpr) string {
	if f.isYield(c) {
		return f.yieldStatement(c)
	}
	text := f.expr(c)
	// Conversions around a yield do not make a statement.
	if n := len(tuple(f.typeOf(c))); n == 1 && !f.Info.Types[c].IsVoid() {
		if b, ok := f.Info.Uses[callName(c)].(*types.Builtin); !ok || b.Name() != "copy" {
			return "_ = " + text
		}
	}
	return text
}

func callName(c *ast.CallExpr) *ast.Ident {
	switch n := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		return n
	case *ast.SelectorExpr:
		return n.Sel
	}
	return nil
}

// mapTarget returns the map that e is an element of.
func (f *fn) mapTarget(e ast.Expr) (*ast.IndexExpr, *types.Map) {
	x, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok {
		return nil, nil
	}
	m, ok := f.typeOf(x.X).Underlying().(*types.Map)
	if !ok {
		return nil, nil
	}
	return x, m
}

func isBlank(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && id.Name == "_"
}

// pair returns the lowered e where it gives two values, or "".
func (f *fn) pair(e ast.Expr) (string, []types.Type) {
	switch x := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		if m, ok := f.typeOf(x.X).Underlying().(*types.Map); ok {
			return f.mark(x.Pos()) + f.mapIndex(x, m, true), []types.Type{m.Elem(), types.Typ[types.Bool]}
		}
	case *ast.TypeAssertExpr:
		return f.mark(x.Pos()) + f.assert(x, true), []types.Type{f.typeOf(x.Type), types.Typ[types.Bool]}
	case *ast.UnaryExpr:
		if x.Op == token.ARROW {
			return f.mark(x.Pos()) + f.receive(x, true), []types.Type{f.typeOf(x.X).Underlying().(*types.Chan).Elem(), types.Typ[types.Bool]}
		}
	}
	return f.expr(e), tuple(f.typeOf(e))
}

// declared returns the variable that e declares in s, if it does.
func (f *fn) declared(tok token.Token, e ast.Expr) *types.Var {
	if id, ok := e.(*ast.Ident); ok && tok == token.DEFINE {
		v, _ := f.Info.Defs[id].(*types.Var)
		return v
	}
	return nil
}

// store assigns text, of a type, to a place.
func (f *fn) store(place ast.Expr, text string, from types.Type) string {
	if isBlank(place) {
		return "_ = " + text
	}
	to := f.typeOf(place)
	text = f.convert(place.Pos(), arg{text: text, typ: from}, to)
	if x, m := f.mapTarget(place); x != nil {
		return f.mapStore(x, m, arg{text: text, typ: to}, "=")
	}
	return f.expr(place) + " = " + text
}

func (f *fn) mapStore(x *ast.IndexExpr, m *types.Map, v arg, op string) string {
	f.note(x.Pos(), "writing a map is a shim")
	k := arg{f.value(x.Index, m.Key()), m.Key(), f.Info.Types[x.Index].Value != nil && !isInterface(m.Key())}
	return f.shim("O", []arg{f.arg(x.X), k, v}, nil, func(n []string) string {
		return n[0] + "[" + n[1] + "] " + op + " " + n[2]
	})
}

func (f *fn) assign(s *ast.AssignStmt) string {
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		return f.opAssign(s)
	}
	if len(s.Lhs) == 1 && len(s.Rhs) == 1 {
		return f.assignOne(s)
	}
	if len(s.Rhs) == 1 {
		text, from := f.pair(s.Rhs[0])
		return f.assignTuple(s, text, from)
	}
	return f.assignMany(s)
}

func (f *fn) assignOne(s *ast.AssignStmt) string {
	lhs, rhs := s.Lhs[0], s.Rhs[0]
	if l := f.declaresLift(lhs); l != nil {
		return f.lifted(l)
	}
	if v := f.declared(s.Tok, lhs); v != nil {
		t := f.varType(v)
		if f.heap(v) {
			return f.heapInit(v, rhs)
		}
		return f.name(v) + " := " + f.value(rhs, t)
	}
	if isBlank(lhs) {
		t := f.typeOf(rhs)
		if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			t = types.Default(t)
		}
		return "_ = " + f.value(rhs, t)
	}
	if x, m := f.mapTarget(lhs); x != nil {
		v := f.arg(rhs)
		if !v.inline && !isInterface(m.Elem()) {
			v.typ = m.Elem()
		}
		return f.mapStore(x, m, v, "=")
	}
	if text := f.appendInPlace(lhs, rhs); text != "" {
		return text
	}
	if text := f.move(lhs, rhs); text != "" {
		return text
	}
	if text := f.assignPieces(lhs, rhs); text != "" {
		return text
	}
	return f.expr(lhs) + " = " + f.value(rhs, f.typeOf(lhs))
}

// move lowers an assignment that the compiler would do with the type's
// descriptor: a shim copies from place to place.
func (f *fn) move(lhs, rhs ast.Expr) string {
	t := f.typeOf(lhs)
	if !f.forced(lhs.Pos()) || !pointerful(t) || !types.Identical(t, f.typeOf(rhs)) || !f.movable(lhs) {
		return ""
	}
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array:
	default:
		return ""
	}
	p := types.NewPointer(t)
	to := arg{text: f.address(lhs), typ: p}
	copy := func(from arg, deref string) string {
		f.note(lhs.Pos(), "the assignment is a shim")
		return f.shim("O", []arg{to, from}, nil, func(n []string) string { return "*" + n[0] + " = " + deref + n[1] })
	}
	lit, literal := ast.Unparen(rhs).(*ast.CompositeLit)
	switch {
	case literal:
		return copy(arg{text: f.pointerLit(lit, t), typ: p}, "*")
	case f.movable(rhs):
		return copy(arg{text: f.address(rhs), typ: p}, "*")
	case fit([]types.Type{p, t}):
		return copy(f.arg(rhs), "")
	}
	// Through a variable, of which the compiler knows that it is not the
	// result area of a call.
	v := f.temp()
	return "{\n" + v + " := " + f.expr(rhs) + "\n" + f.expr(lhs) + " = " + v + "\n}"
}

// appendInPlace lowers s = append(s, x) to a store as long as there is room.
func (f *fn) appendInPlace(lhs, rhs ast.Expr) string {
	c, ok := ast.Unparen(rhs).(*ast.CallExpr)
	if !ok || len(c.Args) != 2 || c.Ellipsis.IsValid() || !f.path(lhs) {
		return ""
	}
	id, ok := ast.Unparen(c.Fun).(*ast.Ident)
	if !ok {
		return ""
	}
	if b, ok := f.Info.Uses[id].(*types.Builtin); !ok || b.Name() != "append" {
		return ""
	}
	text, first := f.expr(lhs), f.expr(c.Args[0])
	if text != first {
		return ""
	}
	t := f.typeOf(lhs)
	slice, ok := t.Underlying().(*types.Slice)
	if !ok {
		return ""
	}
	f.note(c.Pos(), "append is a shim where there is no room")
	elem := slice.Elem()
	v := f.temp()
	grow := f.shim("O", []arg{{text: text, typ: t}, {text: v, typ: elem}}, []types.Type{t}, func(n []string) string {
		return "return append(" + n[0] + ", " + n[1] + ")"
	})
	value := f.value(c.Args[1], elem)
	if f.Info.Types[c.Args[1]].IsNil() {
		value = "(" + f.typ(c.Pos(), elem) + ")(nil)"
	}
	return fmt.Sprintf("{\n%s := %s\n%sif len(%s) < cap(%s) {\n%s = %s[:len(%s)+1]\n%s[len(%s)-1] = %s\n} else {\n%s = %s\n}\n}",
		v, value, f.mark(c.Pos()), text, text, text, text, text, text, text, v, text, grow)
}

// path reports whether e consists of names and fields, so that evaluating it
// twice does nothing.
func (f *fn) path(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e.Name != "_"
	case *ast.SelectorExpr:
		s := f.Info.Selections[e]
		return s == nil || s.Kind() == types.FieldVal && f.path(e.X)
	case *ast.StarExpr:
		return f.path(e.X)
	}
	return false
}

// assignTuple assigns the results of a call, or of an operation with two.
func (f *fn) assignTuple(s *ast.AssignStmt, text string, from []types.Type) string {
	simple := true
	var names []string
	for i, e := range s.Lhs {
		v := f.declared(s.Tok, e)
		switch {
		case isBlank(e):
			names = append(names, "_")
		case v != nil && !f.heap(v):
			names = append(names, f.name(v))
		case v == nil && !f.converts(from[i], f.typeOf(e)) && func() bool { x, _ := f.mapTarget(e); return x == nil }() && !f.heapIdent(e):
			names = append(names, f.expr(e))
		default:
			simple = false
			names = append(names, "")
		}
	}
	tok := s.Tok.String()
	if simple {
		return strings.Join(names, ", ") + " " + tok + " " + text
	}
	var after []string
	var lhs []string
	for i, e := range s.Lhs {
		if isBlank(e) {
			lhs = append(lhs, "_")
			continue
		}
		v := f.declared(s.Tok, e)
		if v != nil && !f.heap(v) {
			lhs = append(lhs, names[i])
			continue
		}
		t := f.temp()
		lhs = append(lhs, t)
		if v != nil {
			after = append(after, f.heapDecl(v, t))
		} else {
			after = append(after, f.store(e, t, from[i]))
		}
	}
	text = strings.Join(lhs, ", ") + " := " + text + "\n" + strings.Join(after, "\n")
	if s.Tok == token.ASSIGN {
		// A goto must not jump over a declaration that the source has not.
		return "{\n" + text + "\n}"
	}
	return text
}

func (f *fn) heapIdent(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := f.Info.ObjectOf(id).(*types.Var)
	return ok && f.isLocal(v) && f.heap(v)
}

// assignMany lowers a, b = x, y.
func (f *fn) assignMany(s *ast.AssignStmt) string {
	simple := true
	for _, e := range s.Lhs {
		if x, _ := f.mapTarget(e); x != nil {
			simple = false
		}
		if v := f.declared(s.Tok, e); v != nil && f.heap(v) {
			simple = false
		}
	}
	var lhs, rhs, after []string
	var before strings.Builder
	define := s.Tok == token.DEFINE
	for i, e := range s.Lhs {
		v := f.declared(s.Tok, e)
		to := f.typeOf(e)
		if v != nil {
			to = f.varType(v)
		}
		if isBlank(e) {
			to = f.typeOf(s.Rhs[i])
			if b, ok := to.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
				to = types.Default(to)
			}
		}
		value := f.value(s.Rhs[i], to)
		rhs = append(rhs, value)
		switch {
		case isBlank(e):
			lhs = append(lhs, "_")
		case v != nil && f.heap(v):
			t := f.temp()
			lhs = append(lhs, t)
			after = append(after, f.heapDecl(v, t))
		case v != nil:
			lhs = append(lhs, f.name(v))
		default:
			if x, m := f.mapTarget(e); x != nil {
				// The operands of the index come before the assignments.
				mv, kv, t := f.temp(), f.temp(), f.temp()
				fmt.Fprintf(&before, "%s := %s\n", mv, f.expr(x.X))
				fmt.Fprintf(&before, "var %s %s = %s\n", kv, f.typ(e.Pos(), m.Key()), f.value(x.Index, m.Key()))
				fmt.Fprintf(&before, "var %s %s\n", t, f.typ(e.Pos(), m.Elem()))
				lhs = append(lhs, t)
				f.note(x.Pos(), "writing a map is a shim")
				after = append(after, f.shim("O", []arg{{text: mv, typ: f.typeOf(x.X)}, {text: kv, typ: m.Key()}, {text: t, typ: m.Elem()}}, nil, func(n []string) string {
					return n[0] + "[" + n[1] + "] = " + n[2]
				}))
				continue
			}
			lhs = append(lhs, f.expr(e))
		}
	}
	tok := " = "
	if define {
		tok = " := "
		// Left of := there can be names only.
		for i, e := range s.Lhs {
			if f.heapIdent(e) && f.declared(s.Tok, e) == nil {
				t := f.temp()
				after = append(after, lhs[i]+" = "+t)
				lhs[i] = t
			}
		}
	}
	text := before.String() + strings.Join(lhs, ", ") + tok + strings.Join(rhs, ", ")
	if len(after) > 0 {
		text += "\n" + strings.Join(after, "\n")
	}
	if !simple && !define {
		text = "{\n" + text + "\n}"
	}
	return text
}

func (f *fn) opAssign(s *ast.AssignStmt) string {
	op := s.Tok.String()
	if x, m := f.mapTarget(s.Lhs[0]); x != nil {
		v := f.arg(s.Rhs[0])
		return f.mapStore(x, m, v, op)
	}
	return f.expr(s.Lhs[0]) + " " + op + " " + f.value(s.Rhs[0], nil)
}

func (f *fn) incDec(s *ast.IncDecStmt) string {
	if x, m := f.mapTarget(s.X); x != nil {
		op := "+="
		if s.Tok == token.DEC {
			op = "-="
		}
		return f.mapStore(x, m, arg{"1", m.Elem(), true}, op)
	}
	return f.expr(s.X) + s.Tok.String()
}

func (f *fn) decl(d *ast.GenDecl) string {
	if d.Tok != token.VAR {
		return "" // constants are folded, types declared at package level
	}
	var lines []string
	for _, spec := range d.Specs {
		s := spec.(*ast.ValueSpec)
		if len(s.Values) == 1 && len(s.Names) > 1 {
			lines = append(lines, f.declTuple(s))
			continue
		}
		for i, id := range s.Names {
			if l := f.declaresLift(id); l != nil {
				if len(s.Values) > 0 {
					lines = append(lines, f.lifted(l))
				}
				continue
			}
			v, _ := f.Info.Defs[id].(*types.Var)
			t := types.Type(nil)
			if v != nil {
				t = f.varType(v)
			} else if s.Type != nil {
				t = f.typeOf(s.Type)
			}
			value := ""
			if len(s.Values) > 0 {
				if t == nil {
					t = types.Default(f.typeOf(s.Values[i]))
				}
				if v == nil || !f.heap(v) {
					value = f.value(s.Values[i], t)
				}
			}
			m := f.mark(id.Pos())
			switch {
			case id.Name == "_" && value == "":
			case id.Name == "_":
				lines = append(lines, m+"_ = "+value)
			case f.heap(v) && len(s.Values) > 0:
				lines = append(lines, m+f.heapInit(v, s.Values[i]))
			case f.heap(v):
				lines = append(lines, m+f.heapDecl(v, ""))
			case value == "":
				lines = append(lines, fmt.Sprintf("%svar %s %s", m, f.name(v), f.typ(id.Pos(), t)))
			default:
				lines = append(lines, fmt.Sprintf("%svar %s %s = %s", m, f.name(v), f.typ(id.Pos(), t), value))
			}
		}
	}
	return strings.Join(lines, "\n")
}

func (f *fn) declTuple(s *ast.ValueSpec) string {
	text, from := f.pair(s.Values[0])
	var lhs, after []string
	for i, id := range s.Names {
		v, _ := f.Info.Defs[id].(*types.Var)
		if id.Name == "_" || v == nil {
			lhs = append(lhs, "_")
			continue
		}
		t := f.temp()
		lhs = append(lhs, t)
		value := f.convert(id.Pos(), arg{text: t, typ: from[i]}, f.varType(v))
		if f.heap(v) {
			after = append(after, f.heapDecl(v, value))
		} else {
			after = append(after, fmt.Sprintf("var %s %s = %s", f.name(v), f.typ(id.Pos(), f.varType(v)), value))
		}
	}
	tok := " := "
	if after == nil {
		tok = " = "
	}
	return strings.Join(lhs, ", ") + tok + text + "\n" + strings.Join(after, "\n")
}

func (f *fn) returns(s *ast.ReturnStmt) string {
	var want []types.Type
	for _, v := range f.results {
		want = append(want, f.varType(v))
	}
	named := func() string {
		var list []string
		for i, v := range f.results {
			if f.heap(v) {
				list = append(list, f.use(v))
			} else {
				list = append(list, f.resultName(i))
			}
		}
		return strings.Join(list, ", ")
	}
	if len(s.Results) == 0 {
		if f.heapRes {
			return f.stops(0) + "return " + named()
		}
		return f.stops(0) + "return"
	}
	var text string
	if len(s.Results) == 1 && len(want) > 1 {
		text = f.convertTuple(s.Pos(), f.expr(s.Results[0]), tuple(f.typeOf(s.Results[0])), want)
	} else {
		var list []string
		for i, e := range s.Results {
			list = append(list, f.value(e, want[i]))
		}
		text = strings.Join(list, ", ")
	}
	if f.heapRes {
		return named() + " = " + text + "\n" + f.stops(0) + "return " + named()
	}
	if len(f.pulls) == 0 {
		return "return " + text
	}
	// The results come before what the loops' functions do at their end.
	var decls, temps []string
	for _, t := range want {
		temps = append(temps, f.temp())
		decls = append(decls, "var "+temps[len(temps)-1]+" "+f.typ(s.Pos(), t)+"\n")
	}
	list := strings.Join(temps, ", ")
	return "{\n" + strings.Join(decls, "") + list + " = " + text + "\n" + f.stops(0) + "return " + list + "\n}"
}

// header lowers the statement before a condition. It comes first, in a block
// of its own, if it is more than one line.
func (f *fn) header(s ast.Stmt) (before, inside string) {
	if s == nil {
		return "", ""
	}
	text := f.simple(s)
	if strings.Contains(text, "\n") || strings.Contains(text, ";") && strings.Contains(text, "_ = coroH") {
		return text + "\n", ""
	}
	return "", text + "; "
}

func wrap(before, text string) string {
	if before == "" {
		return text
	}
	return "{\n" + before + text + "\n}"
}

func (f *fn) ifs(s *ast.IfStmt) string {
	before, init := f.header(s.Init)
	text := "if " + init + f.expr(s.Cond) + " " + f.block(s.Body)
	if s.Else != nil {
		els := strings.TrimSuffix(f.stmt(s.Else), "\n")
		if _, ok := s.Else.(*ast.IfStmt); ok {
			els = "{\n" + els + "\n}"
		}
		text += " else " + els
	}
	return wrap(before, text)
}

func (f *fn) goStmt(s *ast.GoStmt) string {
	f.note(s.Pos(), "go is a shim")
	c := s.Call
	if _, ok := f.Info.Uses[callName(c)].(*types.Builtin); ok {
		f.refuse(s.Pos(), "go with a builtin is not supported in a body: use a function literal")
		return ""
	}
	sig := f.typeOf(c.Fun).Underlying().(*types.Signature)
	if f.spread(c) != nil {
		f.refuse(s.Pos(), "go with the results of a call as arguments is not supported in a body: assign them to variables first")
		return ""
	}
	return f.shimGo(c, []arg{{text: f.expr(c.Fun), typ: sig}}, func(n []string) string {
		return "go " + n[0] + "(" + strings.Join(n[1:], ", ")
	}, types.NewSignatureType(nil, nil, nil, sig.Params(), nil, sig.Variadic()))
}

package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/morestack/morestack/gen/corogen/internal/check"
)

// arg returns the lowered e as an argument of a shim.
func (f *fn) arg(e ast.Expr) arg {
	tv := f.Info.Types[e]
	if tv.IsNil() {
		return arg{"nil", types.Typ[types.UntypedNil], true}
	}
	text := f.expr(e)
	t := f.typeOf(e)
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		t = types.Default(t)
	}
	return arg{text, t, f.constant(e) != ""}
}

// value returns the lowered e as a value of type to.
func (f *fn) value(e ast.Expr, to types.Type) string {
	if f.Info.Types[e].IsNil() {
		return "nil"
	}
	if !f.converts(f.typeOf(e), to) {
		return f.expr(e)
	}
	return f.convert(e.Pos(), f.arg(e), to)
}

// constant returns the text of a constant expression, or "".
func (f *fn) constant(e ast.Expr) string {
	tv := f.Info.Types[e]
	if tv.Value == nil {
		return ""
	}
	// len of an array, for one: the variable counts as used only if it is.
	uses := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			v, ok := f.Info.Uses[id].(*types.Var)
			uses = uses || ok && f.isLocal(v)
		}
		return !uses
	})
	if uses {
		return ""
	}
	t := f.typeOf(e)
	text := ""
	value := tv.Value
	basic, _ := t.Underlying().(*types.Basic)
	if basic == nil {
		return ""
	}
	switch info := basic.Info(); {
	case info&types.IsBoolean != 0:
		text = strconv.FormatBool(constant.BoolVal(value))
	case info&types.IsString != 0:
		text = strconv.Quote(constant.StringVal(value))
	case info&types.IsInteger != 0:
		text = constant.ToInt(value).ExactString()
	case info&types.IsFloat != 0:
		text = number(constant.ToFloat(value))
	case info&types.IsComplex != 0:
		c := constant.ToComplex(value)
		text = fmt.Sprintf("(%s + %s*1i)", number(constant.Real(c)), number(constant.Imag(c)))
	default:
		return ""
	}
	if basic.Info()&types.IsUntyped != 0 {
		if basic.Kind() == types.UntypedRune {
			return "rune(" + text + ")"
		}
		return text
	}
	return f.typ(e.Pos(), t) + "(" + text + ")"
}

func number(v constant.Value) string {
	v = constant.ToFloat(v)
	// Beyond these sizes the exact form is a fraction of a different kind.
	if s := v.ExactString(); !strings.ContainsAny(s, "ep") {
		if n, d, ok := strings.Cut(s, "/"); ok {
			return "(" + n + ".0/" + d + ".0)"
		}
		return s + ".0"
	}
	return v.ExactString()
}

// expr returns the lowered e, an expression of the same type.
func (f *fn) expr(e ast.Expr) string {
	if c := f.constant(e); c != "" {
		return f.mark(e.Pos()) + c
	}
	return f.mark(e.Pos()) + f.plain(e)
}

func (f *fn) plain(e ast.Expr) string {
	if f.Info.Types[e].IsType() {
		return f.typ(e.Pos(), f.typeOf(e))
	}
	switch e := e.(type) {
	case *ast.Ident:
		return f.ident(e)
	case *ast.ParenExpr:
		return "(" + f.expr(e.X) + ")"
	case *ast.BasicLit:
		return e.Value
	case *ast.FuncLit:
		return f.literalFunc(e)
	case *ast.CompositeLit:
		return f.composite(e)
	case *ast.SelectorExpr:
		return f.selector(e)
	case *ast.IndexExpr:
		return f.index(e)
	case *ast.IndexListExpr:
		return f.funcValue(e, e.X)
	case *ast.SliceExpr:
		return f.slice(e)
	case *ast.TypeAssertExpr:
		return f.assert(e, false)
	case *ast.CallExpr:
		return f.call(e)
	case *ast.StarExpr:
		return "(*" + f.expr(e.X) + ")"
	case *ast.UnaryExpr:
		return f.unary(e)
	case *ast.BinaryExpr:
		return f.binary(e)
	}
	f.refuse(e.Pos(), "this expression is not supported in a body")
	return "0"
}

func (f *fn) ident(e *ast.Ident) string {
	switch obj := f.Info.ObjectOf(e).(type) {
	case *types.Var:
		switch {
		case f.isLocal(obj):
			return f.use(obj)
		case obj.Pkg() != f.Types:
			return f.global(obj)
		}
		return obj.Name()
	case *types.Func:
		return f.funcValue(e, e)
	case *types.Nil:
		return "nil"
	}
	return e.Name
}

// global returns the text of a variable of another package.
func (f *fn) global(v *types.Var) string {
	name := f.alias(v.Pkg().Path(), v.Pkg().Name()) + "." + v.Name()
	return "(*" + f.shared("&"+name) + ")"
}

// funcValue returns a function as a value.
func (f *fn) funcValue(e, name ast.Expr) string {
	var obj *types.Func
	switch n := ast.Unparen(name).(type) {
	case *ast.Ident:
		obj, _ = f.Info.Uses[n].(*types.Func)
	case *ast.SelectorExpr:
		obj, _ = f.Info.Uses[n.Sel].(*types.Func)
	}
	if obj == nil {
		f.refuse(e.Pos(), "this function value is not supported in a body")
		return "nil"
	}
	f.noYielder(e, obj)
	return f.shared(f.funcName(name, obj))
}

func (f *fn) noYielder(e ast.Expr, obj *types.Func) {
	if sig := obj.Type().(*types.Signature); sig.Params().Len() > 0 {
		if _, _, ok := check.YielderTypes(sig.Params().At(0).Type()); ok {
			f.refuse(e.Pos(), "%s yields, so it cannot be a function value in a body: call it by its name", obj.Name())
		}
	}
}

// funcName returns the name of a function, with type arguments.
func (f *fn) funcName(e ast.Expr, obj *types.Func) string {
	var id *ast.Ident
	switch n := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = n
	case *ast.SelectorExpr:
		id = n.Sel
	case *ast.IndexExpr:
		return f.funcName(n.X, obj)
	case *ast.IndexListExpr:
		return f.funcName(n.X, obj)
	}
	name := obj.Name()
	if obj.Pkg() != f.Types && obj.Pkg() != nil {
		name = f.alias(obj.Pkg().Path(), obj.Pkg().Name()) + "." + name
	}
	return name + f.typeArgs(e.Pos(), f.instanceArgs(id))
}

func (f *fn) instanceArgs(id *ast.Ident) []types.Type {
	var args []types.Type
	for t := range f.Info.Instances[id].TypeArgs.Types() {
		args = append(args, substitute(t, f.in.types))
	}
	return args
}

func (f *fn) selector(e *ast.SelectorExpr) string {
	s := f.Info.Selections[e]
	if s == nil { // qualified
		switch obj := f.Info.Uses[e.Sel].(type) {
		case *types.Var:
			return f.global(obj)
		case *types.Func:
			return f.funcValue(e, e)
		}
		f.refuse(e.Pos(), "this name is not supported in a body")
		return "0"
	}
	switch s.Kind() {
	case types.FieldVal:
		return f.expr(e.X) + "." + f.fieldName(s.Obj().(*types.Var))
	case types.MethodExpr:
		if m, ok := s.Obj().(*types.Func); ok {
			f.noYielder(e, m)
		}
		return f.shared("(" + f.typ(e.Pos(), f.typeOf(e.X)) + ")." + e.Sel.Name)
	}
	if m, ok := s.Obj().(*types.Func); ok {
		f.noYielder(e, m)
	}
	f.note(e.Pos(), "method value %s is a shim", e.Sel.Name)
	// Of a nil interface there is none, which is the body's fault.
	return f.shim("O", []arg{f.receiver(e)}, []types.Type{f.typeOf(e)}, func(n []string) string {
		return "return " + n[0] + "." + e.Sel.Name
	})
}

// receiver returns what the method of s is called on: the address, if the
// method wants that.
func (f *fn) receiver(s *ast.SelectorExpr) arg {
	if x, ok := ast.Unparen(s.X).(*ast.SelectorExpr); ok && f.Info.Selections[x] == nil {
		if v, ok := f.Info.Uses[x.Sel].(*types.Var); ok {
			// A variable of another package, whose type may have no name
			// here: the shim says it itself.
			return arg{f.alias(v.Pkg().Path(), v.Pkg().Name()) + "." + v.Name(), f.typeOf(s.X), true}
		}
	}
	if f.takesAddress(s) {
		return arg{text: f.address(s.X), typ: types.NewPointer(f.typeOf(s.X))}
	}
	return arg{text: f.expr(s.X), typ: f.typeOf(s.X)}
}

// address returns the address of e.
func (f *fn) address(e ast.Expr) string {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v, ok := f.Info.ObjectOf(x).(*types.Var); ok && f.isLocal(v) && f.heap(v) {
			return f.name(v)
		}
	case *ast.StarExpr:
		return f.expr(x.X)
	}
	return "&" + f.expr(e)
}

func (f *fn) index(e *ast.IndexExpr) string {
	t := f.typeOf(e.X)
	if _, ok := t.(*types.Signature); ok {
		return f.funcValue(e, e.X)
	}
	switch u := t.Underlying().(type) {
	case *types.Map:
		return f.mapIndex(e, u, false)
	case *types.Array:
		// The compiler would put the array into memory of its own.
		if f.Info.Types[e.Index].Value == nil && indexed(t) && f.root(e.X) == nil && !f.addressable(e.X) {
			f.note(e.Pos(), "the indexed array is moved to the heap")
			return f.copied(e.X) + "[" + f.expr(e.Index) + "]"
		}
	}
	return f.expr(e.X) + "[" + f.expr(e.Index) + "]"
}

func (f *fn) addressable(e ast.Expr) bool { return f.Info.Types[e].Addressable() }

func (f *fn) mapIndex(e *ast.IndexExpr, m *types.Map, ok bool) string {
	f.note(e.Pos(), "reading a map is a shim")
	key := f.Info.Types[e.Index]
	k := arg{f.value(e.Index, m.Key()), m.Key(), key.Value != nil && !isInterface(m.Key())}
	results := []types.Type{m.Elem()}
	if ok {
		results = append(results, types.Typ[types.Bool])
	}
	return f.shim("O", []arg{f.arg(e.X), k}, results, func(n []string) string {
		if ok {
			return "v, ok := " + n[0] + "[" + n[1] + "]; return v, ok"
		}
		return "return " + n[0] + "[" + n[1] + "]"
	})
}

func (f *fn) slice(e *ast.SliceExpr) string {
	x := f.expr(e.X)
	if _, ok := f.typeOf(e.X).Underlying().(*types.Array); ok {
		x = "(" + f.address(e.X) + ")"
	}
	part := func(e ast.Expr) string {
		if e == nil {
			return ""
		}
		return f.expr(e)
	}
	s := x + "[" + part(e.Low) + ":" + part(e.High)
	if e.Slice3 {
		s += ":" + part(e.Max)
	}
	return s + "]"
}

// assert lowers x.(T), with the second result if ok.
func (f *fn) assert(e *ast.TypeAssertExpr, ok bool) string {
	t := f.typeOf(e.Type)
	f.note(e.Pos(), "type assertion is a shim")
	results := []types.Type{t}
	if ok {
		results = append(results, types.Typ[types.Bool])
	}
	text := f.typ(e.Pos(), t)
	return f.shim("O", []arg{f.arg(e.X)}, results, func(n []string) string {
		x := asserted(n[0], f.typeOf(e.X), t)
		if ok {
			return "v, ok := " + x + ".(" + text + "); return v, ok"
		}
		return "return " + x + ".(" + text + ")"
	})
}

// asserted returns what to assert to be of type t instead of x. In an instance
// of generic code that may be impossible, which the compiler refuses elsewhere.
func asserted(x string, from, t types.Type) string {
	if i, ok := from.Underlying().(*types.Interface); ok && !types.AssertableTo(i, t) {
		return "interface{}(" + x + ")"
	}
	return x
}

func (f *fn) receive(e *ast.UnaryExpr, ok bool) string {
	f.note(e.Pos(), "receiving is a shim")
	results := []types.Type{f.typeOf(e.X).Underlying().(*types.Chan).Elem()}
	if ok {
		results = append(results, types.Typ[types.Bool])
	}
	return f.shim("O", []arg{f.arg(e.X)}, results, func(n []string) string {
		if ok {
			return "v, ok := <-" + n[0] + "; return v, ok"
		}
		return "return <-" + n[0]
	})
}

func (f *fn) unary(e *ast.UnaryExpr) string {
	switch e.Op {
	case token.ARROW:
		return f.receive(e, false)
	case token.AND:
		if lit, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok {
			return f.pointerLit(lit, f.typeOf(lit))
		}
		return f.address(e.X)
	}
	return e.Op.String() + "(" + f.expr(e.X) + ")"
}

func (f *fn) binary(e *ast.BinaryExpr) string {
	switch e.Op {
	case token.EQL, token.NEQ:
		return f.compare(e)
	case token.SHL, token.SHR:
		return "(" + f.expr(e.X) + " " + e.Op.String() + " " + f.expr(e.Y) + ")"
	}
	if e.Op == token.ADD {
		if list := f.operands(e); len(list) > concatenated {
			return f.concatenate(e, list)
		}
	}
	return "(" + f.expr(e.X) + " " + f.mark(e.OpPos) + e.Op.String() + " " + f.expr(e.Y) + ")"
}

// concatenated is how many strings the compiler concatenates without an array of
// them on the stack.
const concatenated = 5

// operands returns the strings that e concatenates.
func (f *fn) operands(e ast.Expr) []ast.Expr {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok || b.Op != token.ADD || f.Info.Types[e].Value != nil {
		return []ast.Expr{e}
	}
	if t, ok := f.typeOf(e).Underlying().(*types.Basic); !ok || t.Info()&types.IsString == 0 {
		return nil
	}
	return append(f.operands(b.X), f.operands(b.Y)...)
}

// concatenate lowers a long concatenation to shims that take what fits.
func (f *fn) concatenate(e ast.Expr, list []ast.Expr) string {
	f.note(e.Pos(), "the concatenation of %d strings is done by shims", len(list))
	t := f.typeOf(e)
	var args []arg
	flush := func() {
		text := f.shim("G", args, []types.Type{t}, func(n []string) string { return "return " + strings.Join(n, " + ") })
		args = []arg{{text: text, typ: t}}
	}
	passed := 0
	for _, x := range list {
		a := f.arg(x)
		if !a.inline {
			a.typ = t
			if passed++; passed > 4 {
				flush()
				passed = 2
			}
		}
		args = append(args, a)
	}
	flush()
	return args[0].text
}

func (f *fn) compare(e *ast.BinaryExpr) string {
	x, y := f.typeOf(e.X), f.typeOf(e.Y)
	plain := func() string {
		return "(" + f.expr(e.X) + " " + f.mark(e.OpPos) + e.Op.String() + " " + f.expr(e.Y) + ")"
	}
	if f.Info.Types[e.X].IsNil() || f.Info.Types[e.Y].IsNil() {
		return plain()
	}
	if !hasInterface(x) && !hasInterface(y) {
		_, array := x.Underlying().(*types.Array)
		_, structure := x.Underlying().(*types.Struct)
		if !(array || structure) || !f.forced(e.Pos()) && !f.forced(e.OpPos) {
			return plain()
		}
	}
	f.note(e.Pos(), "comparison of %s and %s is a shim", x, y)
	result := f.shim("O", []arg{f.arg(e.X), f.arg(e.Y)}, []types.Type{types.Typ[types.Bool]}, func(n []string) string {
		return "return " + n[0] + " " + e.Op.String() + " " + n[1]
	})
	if t := f.typeOf(e); !types.Identical(t, types.Typ[types.Bool]) && !types.Identical(t, types.Typ[types.UntypedBool]) {
		result = f.typ(e.Pos(), t) + "(" + result + ")"
	}
	return result
}

// hasInterface reports whether comparing values of type t compares interfaces.
func hasInterface(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Array:
		return hasInterface(u.Elem())
	case *types.Struct:
		for v := range u.Fields() {
			if hasInterface(v.Type()) {
				return true
			}
		}
	}
	return false
}

package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/morestack/morestack/gen/corogen/internal/check"
)

// The compiler has routines of the runtime copy and clear memory. Those that stand in
// for them in native code do not poll, so what is larger than this many bytes is done
// in pieces, by loops whose back-edges do.
const piece = 256 << 10

// copyCall lowers copy for elements without pointers. Up to a piece it stays what it
// was, with a comparison before it.
func (f *fn) copyCall(e *ast.CallExpr, plain func() string) string {
	d, s := e.Args[0], e.Args[1]
	elem := f.typeOf(d).Underlying().(*types.Slice).Elem()
	size := f.Sizes.Sizeof(elem)
	if f.within(d, size) || f.within(s, size) || !f.nameable(elem) {
		return plain()
	}
	return f.copySlice(e.Pos(), f.expr(d), f.expr(s), elem, f.typeOf(s))
}

// copySlice lowers the copying of s, which may be of a string type, to d.
func (f *fn) copySlice(pos token.Pos, d, s string, elem, from types.Type) string {
	size := f.Sizes.Sizeof(elem)
	list := "[]" + f.typ(pos, elem)
	source, data := list, "SliceData"
	if isString(from) {
		source, data = "string", "StringData"
	}
	return f.inPieces(pos, "copy", "(d "+list+", s "+source+") int", size, "return %s(d, s)", "return copy(d, s)", func(unsafe string) string {
		// From behind where the source begins before the destination, and in it.
		return fmt.Sprintf("n := min(len(d), len(s)); to, from := %[1]s.Pointer(%[1]s.SliceData(d)), %[1]s.Pointer(%[1]s.%[2]s(s)); end := n * %[3]d; "+
			"if uintptr(to)-uintptr(from) < uintptr(end) { for i := end; i > 0; { j := max(i-%[4]d, 0); copy(%[5]s, %[6]s); i = j } } else "+
			"{ for i := 0; i < end; { j := min(i+%[4]d, end); copy(%[7]s, %[8]s); i = j } }; return n",
			unsafe, data, size, piece, bytesAt("to", "j", "i"), bytesAt("from", "j", "i"), bytesAt("to", "i", "j"), bytesAt("from", "i", "j"))
	}) + "(" + d + ", " + s + ")"
}

// clearCall is copyCall for clear.
func (f *fn) clearCall(e *ast.CallExpr, elem types.Type, plain func() string) string {
	x := e.Args[0]
	if f.within(x, f.Sizes.Sizeof(elem)) || !f.nameable(elem) {
		return plain()
	}
	return f.clearSlice(e.Pos(), f.expr(x), elem)
}

// clearSlice lowers the clearing of x, a slice of elements without pointers.
func (f *fn) clearSlice(pos token.Pos, x string, elem types.Type) string {
	size := f.Sizes.Sizeof(elem)
	return f.inPieces(pos, "clear", "(d []"+f.typ(pos, elem)+")", size, "%s(d); return", "clear(d)", func(unsafe string) string {
		return fmt.Sprintf("to := %[1]s.Pointer(%[1]s.SliceData(d)); end := len(d) * %[2]d; for i := 0; i < end; { j := min(i+%[3]d, end); clear(%[4]s); i = j }",
			unsafe, size, piece, bytesAt("to", "i", "j"))
	}) + "(" + x + ")"
}

// bytesAt is the text of the bytes [from, to) behind a pointer: without a check of
// package unsafe's, which would need the Go runtime.
func bytesAt(p, from, to string) string {
	return "(*[1 << 47]byte)(" + p + ")[" + from + ":" + to + "]"
}

// inPieces returns a function that the compiler inlines: it does all at once up to a
// piece, and else calls a native function for the loop. Both are on the user's line,
// which a trap tells.
func (f *fn) inPieces(pos token.Pos, what, signature string, size int64, call, once string, loop func(unsafe string) string) string {
	p := f.Fset.Position(pos)
	key := fmt.Sprintf("%s %s %d %t %s", what, p.Filename, p.Line, f.in.body.Pinned, signature)
	if name := f.shims[key]; name != "" {
		return name
	}
	n := f.counts["pieces"]
	f.counts["pieces"]++
	name, symbol := fmt.Sprintf("coroPieces%d", n), fmt.Sprintf("coroN%d_%s", len(f.instances)+5000+n, what)
	f.shims[key] = name
	line := fmt.Sprintf("//line %s:%d:1\n", p.Filename, p.Line)
	fmt.Fprintf(&f.bodyText, "\n%sfunc %s%s { if len(d) > %d { "+call+" }; %s }\n", line, name, signature, piece/size, symbol, once)
	fmt.Fprintf(&f.bodyText, "\n//go:noinline\n%sfunc %s%s { %s }\n", line, symbol, signature, loop(f.alias("unsafe", "unsafe")))
	f.out.Funcs = append(f.out.Funcs, Func{Symbol: symbol, Name: what + " in pieces", Pinned: f.in.body.Pinned, Rare: true})
	return name
}

// within reports whether x is known to have no more than a piece, in elements of size.
func (f *fn) within(x ast.Expr, size int64) bool {
	fits := func(n int64) bool { return n*size <= piece }
	x = ast.Unparen(x)
	if v := f.Info.Types[x].Value; v != nil {
		return fits(int64(len(constant.StringVal(v))))
	}
	e, ok := x.(*ast.SliceExpr)
	if !ok {
		return size == 0
	}
	if e.High != nil {
		if v := f.Info.Types[e.High].Value; v != nil {
			n, ok := constant.Int64Val(constant.ToInt(v))
			return ok && fits(n)
		}
	}
	a := arrayOf(f.typeOf(e.X))
	return a != nil && fits(a.Len())
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// arrayOf is the array that t is, or is a pointer to, or nil.
func arrayOf(t types.Type) *types.Array {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	a, _ := t.Underlying().(*types.Array)
	return a
}

// nameable reports whether generated code can name t.
func (f *fn) nameable(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		obj := t.Obj()
		return obj.Pkg() == nil || obj.Pkg() == f.Types || obj.Exported()
	case *types.Array:
		return f.nameable(t.Elem())
	case *types.Struct:
		for v := range t.Fields() {
			if !f.nameable(v.Type()) || !v.Exported() && v.Pkg() != f.Types {
				return false
			}
		}
	}
	return true
}

// copyShim lowers copy where it is left to Go code.
func (f *fn) copyShim(e *ast.CallExpr) string {
	f.note(e.Pos(), "copy is a shim")
	coro, unsafe := f.alias(check.CoroPath, "coro"), f.alias("unsafe", "unsafe")
	return f.shim("O", []arg{f.arg(e.Args[0]), f.arg(e.Args[1])}, []types.Type{types.Typ[types.Int]}, func(n []string) string {
		from := n[1]
		if isString(f.typeOf(e.Args[1])) {
			from = fmt.Sprintf("%s.Slice(%[1]s.StringData(%s), len(%[2]s))", unsafe, from)
		}
		return fmt.Sprintf("return %s.Copy(%s, %s)", coro, n[0], from)
	})
}

// clearShim is copyShim for the clearing of a slice.
func (f *fn) clearShim(e *ast.CallExpr) string {
	f.note(e.Pos(), "clear is a shim")
	coro := f.alias(check.CoroPath, "coro")
	return f.shim("O", []arg{f.arg(e.Args[0])}, nil, func(n []string) string { return coro + ".Clear(" + n[0] + ")" })
}

// clearingLoop lowers a loop that the compiler takes for a clear, and whose length is
// not known to be small. It returns "" for all others.
//
//	for i := range x {
//		x[i] = 0
//	}
func (f *fn) clearingLoop(s *ast.RangeStmt) string {
	if s.Key == nil || isBlank(s.Key) || s.Value != nil && !isBlank(s.Value) || len(s.Body.List) != 1 {
		return ""
	}
	a, ok := s.Body.List[0].(*ast.AssignStmt)
	if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != 1 || len(a.Rhs) != 1 || !f.zero(a.Rhs[0]) {
		return ""
	}
	x, ok := ast.Unparen(a.Lhs[0]).(*ast.IndexExpr)
	if !ok {
		return ""
	}
	if _, ok := ast.Unparen(x.Index).(*ast.Ident); !ok || !f.same(x.Index, s.Key) || !f.same(x.X, x.X) {
		return ""
	}
	text, elem := "", types.Type(nil)
	if array := arrayOf(f.typeOf(x.X)); array != nil {
		// The loop may be over the array, or over its length.
		n := int64(-1)
		if over := arrayOf(f.typeOf(s.X)); over != nil {
			n = over.Len()
		} else if v := f.Info.Types[s.X].Value; v != nil && v.Kind() == constant.Int {
			n, _ = constant.Int64Val(v)
		}
		if n != array.Len() || n*f.Sizes.Sizeof(array.Elem()) <= piece {
			return ""
		}
		text, elem = f.expr(x.X), array.Elem()
		if _, ok := f.typeOf(x.X).Underlying().(*types.Array); ok {
			text = f.address(x.X)
		}
		text = "(" + text + ")[:]"
	} else if slice, ok := f.typeOf(s.X).Underlying().(*types.Slice); ok && f.same(x.X, s.X) {
		text, elem = f.expr(s.X), slice.Elem()
	}
	if text == "" || pointerful(elem) || f.Sizes.Sizeof(elem) == 0 || !f.nameable(elem) || f.forced(s.Pos()) {
		return ""
	}
	label := f.takeLabel()
	if s.Tok == token.DEFINE {
		return label + "{\n" + f.clearSlice(s.Pos(), text, elem) + "\n}"
	}
	v := f.temp()
	last := f.store(s.Key, "len("+v+") - 1", types.Typ[types.Int])
	return fmt.Sprintf("%sif %s := %s; len(%[2]s) > 0 {\n%[4]s\n%[5]s\n}", label, v, text, f.clearSlice(s.Pos(), v, elem), last)
}

// zero reports whether e is the zero value of a type without pointers, as the
// compiler finds it.
func (f *fn) zero(e ast.Expr) bool {
	e = ast.Unparen(e)
	if v := f.Info.Types[e].Value; v != nil {
		switch v.Kind() {
		case constant.Bool:
			return !constant.BoolVal(v)
		case constant.Int, constant.Float, constant.Complex:
			return constant.Sign(constant.Real(v)) == 0 && constant.Sign(constant.Imag(v)) == 0
		}
		return false
	}
	l, ok := e.(*ast.CompositeLit)
	if !ok {
		return false
	}
	for _, x := range l.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			x = kv.Value
		}
		if !f.zero(x) {
			return false
		}
	}
	return true
}

// same reports whether two expressions without calls are the same variable, or the
// same field of one.
func (f *fn) same(a, b ast.Expr) bool {
	a, b = ast.Unparen(a), ast.Unparen(b)
	switch a := a.(type) {
	case *ast.Ident:
		b, ok := b.(*ast.Ident)
		return ok && f.Info.ObjectOf(a) == f.Info.ObjectOf(b)
	case *ast.SelectorExpr:
		b, ok := b.(*ast.SelectorExpr)
		return ok && f.Info.ObjectOf(a.Sel) == f.Info.ObjectOf(b.Sel) && f.same(a.X, b.X)
	case *ast.StarExpr:
		b, ok := b.(*ast.StarExpr)
		return ok && f.same(a.X, b.X)
	}
	return false
}

// assignPieces lowers the assignment of an array that is larger than a piece, and has
// no pointers: of another variable, or of zero.
func (f *fn) assignPieces(lhs, rhs ast.Expr) string {
	t := f.typeOf(lhs)
	a, ok := t.Underlying().(*types.Array)
	if !ok || pointerful(a) || f.Sizes.Sizeof(a) <= piece || !f.nameable(a.Elem()) || f.forced(lhs.Pos()) || !f.addressable(lhs) {
		return ""
	}
	to := "(" + f.address(lhs) + ")[:]"
	switch {
	case f.zero(rhs):
		return f.clearSlice(lhs.Pos(), to, a.Elem())
	case f.addressable(rhs):
		return f.copySlice(lhs.Pos(), to, "("+f.address(rhs)+")[:]", a.Elem(), t)
	}
	return ""
}

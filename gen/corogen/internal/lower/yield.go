package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// yield is how values of a pair of types pass through a yield.
type yield struct {
	format    string // of an expression, with %s for the value
	statement string // the same as a statement, if that is simpler
}

// inline is the size up to which values pass in registers.
const inline = 16

// image is how a value of up to 16 bytes looks in integer registers.
type image int

const (
	imageNone   image = iota // no bytes
	imageSame                // ABIInternal has the memory's words
	imageFloat               // one float64
	imageFloat4              // one float32
	imageWords               // composed in memory
)

func (l *lowerer) image(t types.Type) image {
	if l.Sizes.Sizeof(t) == 0 {
		return imageNone
	}
	if b, ok := t.Underlying().(*types.Basic); ok {
		switch b.Kind() {
		case types.Float64:
			return imageFloat
		case types.Float32:
			return imageFloat4
		}
	}
	// Each word holds exactly one leaf, at its start.
	words := map[int64]int{}
	same := true
	var leaves func(t types.Type, at int64)
	leaf := func(at int64) {
		words[at/8]++
		same = same && at%8 == 0
	}
	leaves = func(t types.Type, at int64) {
		switch u := t.Underlying().(type) {
		case *types.Basic:
			switch {
			case u.Info()&(types.IsFloat|types.IsComplex) != 0:
				same = false
			case u.Info()&types.IsString != 0:
				leaf(at)
				leaf(at + 8)
			default:
				leaf(at)
			}
		case *types.Interface:
			leaf(at)
			leaf(at + 8)
		case *types.Slice:
			leaf(at)
			leaf(at + 8)
			leaf(at + 16)
		case *types.Struct:
			var fields []*types.Var
			for v := range u.Fields() {
				fields = append(fields, v)
			}
			for i, o := range l.Sizes.Offsetsof(fields) {
				leaves(fields[i].Type(), at+o)
			}
		case *types.Array:
			same = same && u.Len() <= 1
			if u.Len() == 1 {
				leaves(u.Elem(), at)
			}
		default:
			leaf(at)
		}
	}
	leaves(t, 0)
	for _, n := range words {
		same = same && n == 1
	}
	if same && int64(len(words)) == (l.Sizes.Sizeof(t)+7)/8 {
		return imageSame
	}
	return imageWords
}

func (f *fn) yieldCall(e *ast.CallExpr) string {
	out := f.in.out
	y := f.yield(e, out, f.in.in)
	value := f.value(e.Args[0], out)
	return f.mark(e.Pos()) + fmt.Sprintf(y.format, value)
}

// yieldStatement is yieldCall without a result.
func (f *fn) yieldStatement(e *ast.CallExpr) string {
	y := f.yield(e, f.in.out, f.in.in)
	if y.statement == "" {
		return "_ = " + f.yieldCall(e)
	}
	return f.mark(e.Pos()) + fmt.Sprintf(y.statement, f.value(e.Args[0], f.in.out))
}

// isYield reports whether e is y.Yield(v).
func (f *fn) isYield(e *ast.CallExpr) bool {
	s, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
	if !ok || f.in.body.Yielder == nil {
		return false
	}
	id, ok := ast.Unparen(s.X).(*ast.Ident)
	return ok && f.Info.Uses[id] == f.in.body.Yielder
}

// yield returns how to yield, and declares what is needed for it once.
func (f *fn) yield(n ast.Node, out, in types.Type) *yield {
	outText, inText := f.typ(n.Pos(), out), f.typ(n.Pos(), in)
	key := outText + "\x00" + inText
	if y := f.yields[key]; y != nil {
		return y
	}
	y := &yield{}
	f.yields[key] = y
	name := f.next("coroY")
	f.out.Shims[name] = true
	word, pointer := types.Typ[types.Uint64], func(t types.Type) types.Type { return types.NewPointer(t) }
	outSize, inSize := f.Sizes.Sizeof(out), f.Sizes.Sizeof(in)
	math := func() string { return f.alias("math", "math") }

	// A helper composes what does not look in registers as in memory.
	helper := outSize > inline || inSize > inline || f.image(out) == imageWords || f.image(in) == imageWords
	if !helper {
		var args, results []types.Type
		format := name + "()"
		switch f.image(out) {
		case imageSame:
			args, format = []types.Type{out}, name+"(%s)"
		case imageFloat:
			args, format = []types.Type{word}, name+"("+math()+".Float64bits(float64(%s)))"
		case imageFloat4:
			args, format = []types.Type{word}, name+"(uint64("+math()+".Float32bits(float32(%s))))"
		}
		switch f.image(in) {
		case imageSame:
			results = []types.Type{in}
		case imageFloat:
			results, format = []types.Type{word}, "("+inText+")("+math()+".Float64frombits("+format+"))"
		case imageFloat4:
			results, format = []types.Type{word}, "("+inText+")("+math()+".Float32frombits(uint32("+format+")))"
		}
		f.leaky(n, name, args, results)
		y.format = format
		if f.image(out) == imageNone || f.image(in) == imageNone {
			f.emptyYield(y, in, outText, inText)
		}
		return y
	}
	unsafe := f.alias("unsafe", "unsafe")
	var b strings.Builder
	var args, results []types.Type
	var passed []string
	switch {
	case outSize > inline:
		args, passed = append(args, pointer(out)), append(passed, "&coroTmpOut")
		b.WriteString("coroTmpOut := v\n")
	case outSize > 0:
		fmt.Fprintf(&b, "var coroTmpOut [2]uint64\n*(*%s)(%s.Pointer(&coroTmpOut)) = v\n", outText, unsafe)
		args, passed = append(args, word), append(passed, "coroTmpOut[0]")
		if outSize > 8 {
			args, passed = append(args, word), append(passed, "coroTmpOut[1]")
		}
	}
	switch {
	case inSize > inline:
		for len(args) < 2 {
			args, passed = append(args, word), append(passed, "0")
		}
		args, passed = append(args, pointer(in)), append(passed, "&coroTmpIn")
		fmt.Fprintf(&b, "var coroTmpIn %s\n%s(%s)\nreturn coroTmpIn\n", inText, name, strings.Join(passed, ", "))
	case inSize > 8:
		results = []types.Type{word, word}
		fmt.Fprintf(&b, "var coroTmpIn [2]uint64\ncoroTmpIn[0], coroTmpIn[1] = %s(%s)\nreturn *(*%s)(%s.Pointer(&coroTmpIn))\n", name, strings.Join(passed, ", "), inText, unsafe)
	case inSize > 0:
		results = []types.Type{word}
		fmt.Fprintf(&b, "var coroTmpIn [1]uint64\ncoroTmpIn[0] = %s(%s)\nreturn *(*%s)(%s.Pointer(&coroTmpIn))\n", name, strings.Join(passed, ", "), inText, unsafe)
	default:
		fmt.Fprintf(&b, "%s(%s)\nreturn %s{}\n", name, strings.Join(passed, ", "), inText)
	}
	f.leakyYield(n, name, args, results, outSize > inline, inSize > inline)
	id := fmt.Sprintf("coroN%d_yield", 2000+f.counts["round"])
	f.counts["round"]++
	fmt.Fprintf(&f.bodyText, "\n//go:noinline\nfunc %s(v %s) %s {\n%s}\n", id, outText, inText, b.String())
	f.lowerer.out.Funcs = append(f.lowerer.out.Funcs, Func{Symbol: id, Name: "Yield"})
	y.format = id + "(%s)"
	return y
}

// emptyYield handles an Out or In of no bytes: its value is not passed, but
// evaluated and returned. The function is inlined.
func (f *fn) emptyYield(y *yield, in types.Type, outText, inText string) {
	name := f.next("coroEmpty")
	call := y.format
	if strings.Contains(call, "%s") {
		y.statement = call
	}
	if strings.Contains(call, "%s") {
		call = fmt.Sprintf(call, "v")
	}
	if f.image(in) == imageNone {
		call += "\nreturn *new(" + inText + ")"
	} else {
		call = "return " + call
	}
	fmt.Fprintf(&f.stubText, "\nfunc %s(v %s) %s {\n%s\n}\n", name, outText, inText, call)
	y.format = name + "(%s)"
}

// leakyYield is leaky for values that pass by address: what they hold escapes,
// the address does not.
func (f *fn) leakyYield(n ast.Node, name string, args, results []types.Type, outPointer, inPointer bool) {
	if !outPointer && !inPointer {
		f.leaky(n, name, args, results)
		return
	}
	var params, returns, values, body []string
	w := &f.stubText
	for i, t := range args {
		params = append(params, fmt.Sprintf("a%d %s", i, f.typ(n.Pos(), t)))
		p, ok := t.(*types.Pointer)
		if !ok {
			continue
		}
		fmt.Fprintf(w, "\nvar %sin%d %s", name, i, f.typ(n.Pos(), p.Elem()))
		if i == 2 {
			body = append(body, fmt.Sprintf("*a2 = %sin2\n", name))
		} else {
			body = append(body, fmt.Sprintf("%sin%d = *a%d\n", name, i, i))
		}
	}
	for i, t := range results {
		text := f.typ(n.Pos(), t)
		returns = append(returns, text)
		values = append(values, fmt.Sprintf("%sout%d", name, i))
		fmt.Fprintf(w, "\nvar %sout%d %s", name, i, text)
	}
	fmt.Fprintf(w, "\n\n//go:noinline\nfunc %s(%s) (%s) {\n%sreturn %s\n}\n", name, strings.Join(params, ", "), strings.Join(returns, ", "), strings.Join(body, ""), strings.Join(values, ", "))
}

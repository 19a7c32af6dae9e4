package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// yield is how values of a pair of types pass through a yield.
type yield struct {
	format    string // an expression, with a hole for the value
	statement string // the same as a statement, if that is simpler
}

// hole is where the value stands in the text of a yield.
const hole = "\x00"

func fill(format, value string) string { return strings.ReplaceAll(format, hole, value) }

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
	return f.mark(e.Pos()) + fill(y.format, value)
}

// yieldStatement is yieldCall without a result.
func (f *fn) yieldStatement(e *ast.CallExpr) string {
	y := f.yield(e, f.in.out, f.in.in)
	if y.statement == "" {
		return "_ = " + f.yieldCall(e)
	}
	return f.mark(e.Pos()) + fill(y.statement, f.value(e.Args[0], f.in.out))
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
	word := types.Typ[types.Uint64]
	outSize, inSize := f.Sizes.Sizeof(out), f.Sizes.Sizeof(in)

	// What does not look in registers as in memory is composed in a variable.
	var compose strings.Builder
	var args, results []passed
	switch image := f.image(out); {
	case outSize > inline:
		compose.WriteString("coroTmpOut := " + hole + "\n")
		args = []passed{{typ: out, text: "&coroTmpOut", address: true}}
	case image == imageSame:
		args = []passed{{typ: out, text: hole}}
	case image == imageFloat:
		args = []passed{{typ: word, text: f.alias("math", "math") + ".Float64bits(float64(" + hole + "))"}}
	case image == imageFloat4:
		args = []passed{{typ: word, text: "uint64(" + f.alias("math", "math") + ".Float32bits(float32(" + hole + ")))"}}
	case image == imageWords:
		args = f.words(n, &compose, "coroTmpOut", out)
		fmt.Fprintf(&compose, "*(*%s)(%s.Pointer(&coroTmpOut)) = %s\n", outText, f.alias("unsafe", "unsafe"), hole)
	}
	var values []string
	for _, a := range args {
		values = append(values, a.text)
	}
	call := name + "(" + strings.Join(values, ", ") + ")"
	value := call // of the yield
	switch image := f.image(in); {
	case inSize > inline:
		// The address comes in the third register.
		used := (outSize + 7) / 8
		if outSize > inline {
			used = 1
		}
		for ; used < 2; used++ {
			args, values = append(args, passed{typ: word}), append(values, "0")
		}
		args, values = append(args, passed{typ: in, address: true, written: true}), append(values, "&coroTmpIn")
		fmt.Fprintf(&compose, "var coroTmpIn %s\n%s(%s)\n", inText, name, strings.Join(values, ", "))
		value = "coroTmpIn"
	case image == imageSame:
		results = []passed{{typ: in}}
	case image == imageFloat:
		results = []passed{{typ: word}}
		value = "(" + inText + ")(" + f.alias("math", "math") + ".Float64frombits(" + call + "))"
	case image == imageFloat4:
		results = []passed{{typ: word}}
		value = "(" + inText + ")(" + f.alias("math", "math") + ".Float32frombits(uint32(" + call + ")))"
	case image == imageWords:
		results = f.words(n, &compose, "coroTmpIn", in)
		var to []string
		for _, r := range results {
			to = append(to, r.text)
		}
		fmt.Fprintf(&compose, "%s = %s\n", strings.Join(to, ", "), call)
		value = fmt.Sprintf("*(*%s)(%s.Pointer(&coroTmpIn))", inText, f.alias("unsafe", "unsafe"))
	case compose.Len() > 0:
		compose.WriteString(call + "\n")
		value = "*new(" + inText + ")"
	}
	f.leaky(n, name, args, results)
	if compose.Len() == 0 {
		y.format = value
		if f.image(out) == imageNone || f.image(in) == imageNone {
			f.emptyYield(y, in, outText, inText)
		}
		return y
	}
	id := fmt.Sprintf("coroN%d_yield", 2000+f.counts["round"])
	f.counts["round"]++
	compose.WriteString("return " + value + "\n")
	fmt.Fprintf(&f.bodyText, "\n//go:noinline\nfunc %s(coroV %s) %s {\n%s}\n", id, outText, inText, fill(compose.String(), "coroV"))
	f.lowerer.out.Funcs = append(f.lowerer.out.Funcs, Func{Symbol: id, Name: "Yield"})
	y.format = id + "(" + hole + ")"
	return y
}

// words declares a variable of a type's words and returns how to pass them.
// Pointers stay pointers: the compiler forgets one stored as an integer.
func (f *fn) words(n ast.Node, w *strings.Builder, variable string, t types.Type) []passed {
	words := make([]passed, (f.Sizes.Sizeof(t)+7)/8)
	for i := range words {
		words[i] = passed{typ: types.Typ[types.Uint64], text: fmt.Sprintf("%s.w%d", variable, i)}
	}
	for _, at := range pointers(f.Sizes, t, 0, nil) {
		words[at/8].typ = types.Typ[types.UnsafePointer]
	}
	fmt.Fprintf(w, "var %s struct {\n", variable)
	for i, p := range words {
		fmt.Fprintf(w, "w%d %s\n", i, f.typ(n.Pos(), p.typ))
	}
	w.WriteString("}\n")
	return words
}

// emptyYield handles an Out or In of no bytes: its value is not passed, but
// evaluated and returned. The function is inlined.
func (f *fn) emptyYield(y *yield, in types.Type, outText, inText string) {
	name := f.next("coroEmpty")
	call := y.format
	if strings.Contains(call, hole) {
		y.statement = call
		call = fill(call, "coroV")
	}
	if f.image(in) == imageNone {
		call += "\nreturn *new(" + inText + ")"
	} else {
		call = "return " + call
	}
	fmt.Fprintf(&f.stubText, "\nfunc %s(coroV %s) %s {\n%s\n}\n", name, outText, inText, call)
	y.format = name + "(" + hole + ")"
}

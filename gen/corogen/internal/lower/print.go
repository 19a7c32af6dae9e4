package lower

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/morestack/morestack/gen/corogen/internal/check"
	"github.com/morestack/morestack/gen/corogen/internal/load"
	"github.com/morestack/morestack/internal/source"
)

// Constraint is the build constraint of files for native code.
const Constraint = "linux && (amd64 || arm64) && !purego"

// print puts the files together.
func (l *lowerer) print() error {
	var err error
	set := func(to *[]byte, text string, final bool) {
		if err == nil {
			*to, err = l.file(text, final)
		}
	}
	l.alias("unsafe", "unsafe")
	l.alias(check.CoroPath, "coro")
	shims := l.shimText.String()
	var values strings.Builder
	var names []string
	for name := range l.out.Shims {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool { return order(names[i]) < order(names[j]) })
	for _, name := range names {
		switch name[4] {
		case 'G', 'O':
			fmt.Fprintf(&values, "var %sFn = %s\n", name, name)
		case 'X':
			fmt.Fprintf(&values, "var %sPC uintptr\n", name)
		}
	}
	coro := l.aliases[check.CoroPath]
	fmt.Fprintf(&values, "\nvar coroLayouts = []%s.Layout{\n%s}\n", coro, l.layouts.String())
	fmt.Fprintf(&values, "\nvar coroConstants = []%s.Constant{\n%s}\n", coro, l.constants.String())
	header := "//lint:file-ignore U1000 assembly uses it\n\npackage " + l.Name + "\n"
	set(&l.out.Native, source.Header+"\n\n//go:build "+Constraint+"\n\n"+header+shims+"\n"+values.String(), true)
	for _, list := range l.bare {
		slices.Sort(list)
	}
	records, err := source.Records(l.Dir, l.Tags, l.bare)
	if err != nil {
		return err
	}
	set(&l.out.Common, source.Header+"\n\n"+records+"\n"+header+l.common(nil), true)
	set(&l.out.Blocks, "package "+l.Name+"\n"+l.common(l.mentioned()), false)
	set(&l.out.Test, source.Header+"\n\npackage "+l.Name+"\n\n"+test, true)
	set(&l.out.None, source.Header+"\n\n//go:build !("+Constraint+")\n\npackage "+l.Name+"\n\nvar coroCode "+coro+".Code\n", true)
	set(&l.out.Lowered, "package "+l.Name+"\n\nvar coroCode "+coro+".Code\n"+shims+l.stubText.String()+l.bodyText.String()+loop, false)
	return err
}

// Loop is a function of Lowered that only shows how the compiler compiles loops.
const Loop = "coroLoop"

const loop = "\n//go:noinline\nfunc " + Loop + "(n int) (s int) {\nfor i := range n {\ns += i ^ s\n}\nreturn s\n}\n"

const test = `import (
	"testing"

	"github.com/morestack/morestack/coro/corotest"
)

// TestCoroBodies fails if a body was edited since and corogen was not run.
func TestCoroBodies(t *testing.T) { corotest.Fresh(t) }
`

func order(name string) string {
	n, _ := strconv.Atoi(name[5:])
	return fmt.Sprintf("%s%08d", name[:5], n)
}

// file adds the imports that text uses, and formats it if it is final.
func (l *lowerer) file(text string, final bool) ([]byte, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("lowered code does not parse, which is a bug of corogen: %w", err)
	}
	used := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok {
				used[id.Name] = true
			}
		}
		return true
	})
	var specs []string
	for path, alias := range l.aliases {
		if used[alias] {
			specs = append(specs, fmt.Sprintf("%s %q", alias, path))
		}
	}
	sort.Slice(specs, func(i, j int) bool {
		_, a, _ := strings.Cut(specs[i], " ")
		_, b, _ := strings.Cut(specs[j], " ")
		return a < b
	})
	for i, s := range specs {
		alias, quoted, _ := strings.Cut(s, " ")
		if path, _ := strconv.Unquote(quoted); path[strings.LastIndex(path, "/")+1:] == alias {
			specs[i] = quoted
		}
	}
	if specs != nil {
		clause := "package " + l.Name + "\n"
		text = strings.Replace(text, clause, clause+"\nimport (\n"+strings.Join(specs, "\n")+"\n)\n", 1)
	}
	if !final {
		return lines([]byte(text), l.base+"_lowered.go"), nil
	}
	out, err := format.Source([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("generated code does not parse, which is a bug of corogen: %w", err)
	}
	return lines(out, l.base+"_native.go"), nil
}

// lines replaces directives that end the effect of others.
func lines(text []byte, name string) []byte {
	if !bytes.Contains(text, []byte(lineBack)) {
		return text
	}
	rows := bytes.Split(text, []byte("\n"))
	for i, r := range rows {
		if string(bytes.TrimSpace(r)) == lineBack {
			rows[i] = fmt.Appendf(nil, "//line %s:%d", name, i+2)
		}
	}
	return bytes.Join(rows, []byte("\n"))
}

// mentioned are the identifiers in the package's own files.
func (l *lowerer) mentioned() map[string]bool {
	names := map[string]bool{}
	for _, f := range l.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				names[id.Name] = true
			}
			return true
		})
	}
	return names
}

// common prints argument blocks, bodies and constructors; if some names are needed, of
// other bodies the block alone. Most of what the compiler makes of a package are the
// methods of coroutines, which the constructors ask for.
func (l *lowerer) common(needed map[string]bool) string {
	var w strings.Builder
	coro := l.alias(check.CoroPath, "coro")
	for _, b := range l.Bodies {
		receiver := ""
		if b.Decl.Recv != nil {
			receiver = source.Receiver(b.Decl.Recv.List[0].Type)
		}
		constructor, coroutine := load.Names(receiver, b.Func.Name())
		var instances []*instance
		for _, in := range l.queue {
			// One with types of a body has a name in that body only.
			if in.body == b && !strings.Contains(l.typeArgs(b.Decl.Pos(), in.args), localPrefix) {
				instances = append(instances, in)
			}
		}
		base := load.BaseName(receiver, b.Func.Name())
		l.block(&w, b, base)
		if needed == nil || needed[constructor] || needed[coroutine] {
			l.commonBody(&w, coro, b, base, constructor, coroutine, instances)
		}
	}
	return w.String()
}

// block prints the type of a body's arguments and results.
func (l *lowerer) block(w *strings.Builder, b *check.Body, base string) {
	pos := b.Decl.Pos()
	decls, _ := l.typeParams(b)
	fmt.Fprintf(w, "\ntype coroBlock_%s%s struct {\n", base, decls)
	names := fields(b)
	for i, v := range b.Params() {
		fmt.Fprintf(w, "%s %s\n", names[i], l.typ(pos, v.Type()))
	}
	i := 0
	for v := range b.Signature().Results().Variables() {
		fmt.Fprintf(w, "r%d %s\n", i, l.typ(pos, v.Type()))
		i++
	}
	w.WriteString("}\n")
}

// typeParams are the type parameters of a body as a declaration has them, and as
// arguments.
func (l *lowerer) typeParams(b *check.Body) (decls, args string) {
	tp := b.TypeParams()
	if tp.Len() == 0 {
		return "", ""
	}
	pos := b.Decl.Pos()
	var ds, as []string
	for p := range tp.TypeParams() {
		as = append(as, l.typ(pos, p))
		ds = append(ds, l.typ(pos, p)+" "+l.typ(pos, p.Constraint()))
	}
	return "[" + strings.Join(ds, ", ") + "]", "[" + strings.Join(as, ", ") + "]"
}

// commonBody prints what belongs to one body besides its block.
func (l *lowerer) commonBody(w *strings.Builder, coro string, b *check.Body, base, constructor, coroutine string, instances []*instance) {
	pos := b.Decl.Pos()
	decls, args := l.typeParams(b)
	out, in := l.typ(pos, b.Out), l.typ(pos, b.In)
	block := "coroBlock_" + base
	names := fields(b)
	results := b.Signature().Results()
	var stored, returned []string
	for i := range results.Len() {
		stored = append(stored, fmt.Sprintf("coroB.r%d", i))
		returned = append(returned, l.typ(pos, results.At(i).Type()))
	}

	// The twin is the function itself, run as ordinary Go.
	call := b.Func.Name()
	rest := names
	if b.Decl.Recv != nil {
		call = "coroB." + names[0] + "." + call
		rest = names[1:]
	} else {
		call += args
	}
	var passed []string
	y := "_"
	if b.Yielder != nil {
		y = "coroY"
		passed = append(passed, y)
	}
	for i, n := range rest {
		dots := ""
		if b.Signature().Variadic() && i == len(rest)-1 {
			dots = "..."
		}
		passed = append(passed, "coroB."+n+dots)
	}
	call += "(" + strings.Join(passed, ", ") + ")"
	if stored != nil {
		call = strings.Join(stored, ", ") + " = " + call
	}
	ptr := "coroB"
	if !strings.Contains(call, ptr+".") {
		ptr = "_"
	}
	compiled := func(args, fn, out, in, code string) string {
		return fmt.Sprintf("%s.Compiled[%s, %s, %s](&coroCode, %s, func(%s *%s.Yielder[%s, %s], %s *%s) { %s })", coro, block+args, out, in, fn, y, coro, out, in, ptr, block+args, code)
	}
	var params, inits []string
	for i, v := range b.Params() {
		n := v.Name()
		if n == "" || n == "_" || n == "opts" || l.reserved[n] {
			n = names[i]
		}
		params = append(params, n+" "+l.typ(pos, v.Type()))
		inits = append(inits, names[i]+": "+n)
	}
	params = append(params, "opts ..."+coro+".Option")
	result := fmt.Sprintf("%s.Coroutine[%s, %s]", coro, out, in)
	if stored != nil {
		fmt.Fprintf(w, "\n// %s is a coroutine that runs %s.\n%s", coroutine, b.Func.Name(), load.CoroutineType(coroutine, decls, result, block+args))
		fmt.Fprintf(w, "\n// Results returns what %s has returned, and zero values before that.\nfunc (coroC %s) Results() (%s) {\ncoroB := coroC.block\nreturn %s\n}\n", b.Func.Name(), coroutine+args, strings.Join(returned, ", "), strings.Join(stored, ", "))
		result = coroutine + args
	}
	var variables []string
	for i, inst := range instances {
		name := "coroBody_" + base
		if args != "" {
			name += strconv.Itoa(i)
		}
		variables = append(variables, name)
		code := call
		if b.Decl.Recv == nil && args != "" {
			code = strings.Replace(call, b.Func.Name()+args+"(", b.Func.Name()+l.typeArgs(pos, inst.args)+"(", 1)
		}
		fmt.Fprintf(w, "\nvar %s = %s\n", name, compiled(l.typeArgs(pos, inst.args), strconv.Quote("coroE"+inst.id), l.typ(pos, inst.out), l.typ(pos, inst.in), code))
	}
	fmt.Fprintf(w, "\n// %s returns a coroutine that will run %s.\nfunc %s%s(%s) %s {\n", constructor, b.Func.Name(), constructor, decls, strings.Join(params, ", "), result)
	fmt.Fprintf(w, "coroArgs := &%s{%s}\n", block+args, strings.Join(inits, ", "))
	start := func(body string) string {
		s := fmt.Sprintf("%s.Start(%s, coroArgs, opts...)", coro, body)
		if stored != nil {
			s = result + "{" + s + ", coroArgs}"
		}
		return s
	}
	if args == "" {
		fmt.Fprintf(w, "return %s\n}\n", start(variables[0]))
		return
	}
	for _, v := range variables {
		fmt.Fprintf(w, "if body, ok := interface{}(%s).(*%s.Body[%s, %s, %s]); ok {\nreturn %s\n}\n", v, coro, block+args, out, in, start("body"))
	}
	// An instance that nothing in this package uses: there is no code for it,
	// and the error says to generate it.
	reflect := l.alias("reflect", "reflect")
	fmt.Fprintf(w, "return %s\n}\n", start(compiled(args, strconv.Quote(b.Func.Name()+" for ")+" + "+reflect+".TypeFor["+block+args+"]().String()", out, in, call)))
}

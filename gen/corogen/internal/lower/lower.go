// Package lower rewrites bodies so that the compiler's code for them needs
// nothing of the Go runtime: what does becomes a call of a shim, an ordinary
// function that runs on the goroutine's stack.
//
// What is printed is Go source in which every statement has the position it
// had in the user's file.
package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/morestack/morestack/gen/corogen/internal/check"
	"github.com/morestack/morestack/gen/corogen/internal/load"
	"github.com/morestack/morestack/internal/source"
)

// Force is what earlier rounds have learned from the compiler's output.
type Force struct {
	// Lines, as file:line of the user's source: operations there that are left
	// to the compiler where it needs no help become shims, variables whose
	// address is taken move to the heap.
	Lines map[string]bool

	// Funcs, by symbol: no call of Go code is left in these to be inlined.
	Funcs map[string]bool

	// Calls are the callees that do not compile to code of their own. Those
	// not in the map are tried, with a probe.
	Calls map[string]bool
}

// Func is a native function.
type Func struct {
	Symbol, Name  string
	Pinned, Entry bool
	Rare          bool
}

// Probe is a function that does nothing but call a callee.
type Probe struct{ Symbol, Callee string }

// Note explains a decision, for corogen -v.
type Note struct {
	Pos  token.Position
	Body string
	Text string
}

// Output is a lowered package.
type Output struct {
	Lowered []byte // for the compiler: native functions and shims
	Common  []byte // argument blocks, bodies, constructors, twins
	Blocks  []byte // what Lowered and the package need of Common
	Test    []byte // that the code is of the source as it is
	Native  []byte // shims
	None    []byte // what builds without native code have in place of tables

	Funcs    []Func
	Shims    map[string]bool
	Probes   []Probe
	Imports  string
	Refusals []check.Refusal
	Notes    []Note

	types map[string]types.Type // by link name
	sizes types.Sizes
}

// instance is a body with its type arguments.
type instance struct {
	body    *check.Body
	args    []types.Type
	types   map[*types.TypeParam]types.Type
	base    string // name of block and body variables
	id      string // index and name: what symbols end in
	name    string // for people
	out, in types.Type
}

type lowerer struct {
	*load.Package
	base  string
	force Force

	bodies    map[*types.Func]*check.Body
	instances map[string]*instance
	queue     []*instance

	aliases   map[string]string // import path -> name in generated files
	reserved  map[string]bool   // names that locals must not have
	locals    map[*types.TypeName]string
	sources   map[string][]byte
	shims     map[string]string // text -> name
	counts    map[string]int
	shimText  strings.Builder // of shims, for both files
	stubText  strings.Builder // declarations only the lowered file needs
	bodyText  strings.Builder // native functions
	probes    map[string]string
	calls     map[string]string // callee -> symbol of its probe
	yields    map[string]*yield
	externals map[string]string
	bare      map[string][]string // functions of the package that are called without a shim, by body
	decls     map[*types.Func]*ast.FuncDecl
	relied    map[string]bool // what is recorded in these
	layouts   strings.Builder // elements of coro.Code.Layouts
	constants strings.Builder // and Constants
	out       Output
	refused   map[check.Refusal]bool
}

// Lower lowers the bodies of p. base is the base name of generated files.
func Lower(p *load.Package, base string, force Force) (*Output, error) {
	l := &lowerer{
		Package: p, base: base, force: force,
		bodies: map[*types.Func]*check.Body{}, instances: map[string]*instance{},
		aliases: map[string]string{}, reserved: map[string]bool{}, locals: map[*types.TypeName]string{},
		sources: map[string][]byte{}, shims: map[string]string{}, counts: map[string]int{},
		probes: map[string]string{}, calls: map[string]string{}, yields: map[string]*yield{},
		externals: map[string]string{}, decls: map[*types.Func]*ast.FuncDecl{}, relied: map[string]bool{}, bare: map[string][]string{}, refused: map[check.Refusal]bool{},
	}
	l.out.Shims = map[string]bool{}
	l.names()
	for _, b := range p.Bodies {
		l.bodies[b.Func] = b
	}
	for _, file := range p.Files {
		for _, d := range file.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok {
				if f, ok := p.Info.Defs[decl.Name].(*types.Func); ok {
					l.decls[f] = decl
				}
			}
		}
	}
	for _, b := range p.Bodies {
		if b.TypeParams().Len() == 0 {
			l.instance(b, nil)
		}
	}
	for _, u := range p.Uses {
		l.instance(u.Body, u.Args)
	}
	for i := 0; i < len(l.queue); i++ {
		if err := l.function(l.queue[i]); err != nil {
			return nil, err
		}
	}
	l.finishProbes()
	return &l.out, l.print()
}

// names fixes how packages are called, and which names locals must not have.
func (l *lowerer) names() {
	for _, n := range l.Types.Scope().Names() {
		l.reserved[n] = true
	}
	for _, n := range types.Universe.Names() {
		l.reserved[n] = true
	}
	var paths []string
	packages := map[string]string{}
	for _, p := range l.Types.Imports() {
		paths = append(paths, p.Path())
		packages[p.Path()] = p.Name()
	}
	for _, p := range []string{"unsafe", "math", "reflect", check.CoroPath} {
		if packages[p] == "" {
			paths = append(paths, p)
			packages[p] = filepath.Base(p)
		}
	}
	sort.Strings(paths)
	for _, p := range paths {
		l.alias(p, packages[p])
	}
}

// alias returns the name of an imported package in generated files.
func (l *lowerer) alias(path, name string) string {
	if a := l.aliases[path]; a != "" {
		return a
	}
	a := name
	for i := 0; l.reserved[a]; i++ {
		a = fmt.Sprintf("coroP%d%s", i, name)
	}
	l.aliases[path] = a
	l.reserved[a] = true
	return a
}

// instance returns an instance of b, and sees to it that it is lowered.
func (l *lowerer) instance(b *check.Body, args []types.Type) *instance {
	receiver := ""
	if b.Decl.Recv != nil {
		receiver = source.Receiver(b.Decl.Recv.List[0].Type)
	}
	key := receiver + "." + b.Func.Name()
	var shown []string
	for _, a := range args {
		key += "," + types.TypeString(a, nil)
		shown = append(shown, types.TypeString(a, types.RelativeTo(l.Types)))
	}
	if in := l.instances[key]; in != nil {
		return in
	}
	in := &instance{body: b, args: args, types: map[*types.TypeParam]types.Type{}}
	for i := range args {
		in.types[b.TypeParams().At(i)] = args[i]
	}
	suffix := ""
	if shown != nil {
		suffix = "[" + strings.Join(shown, ",") + "]"
	}
	in.base, in.name = load.BaseName(receiver, b.Func.Name()), b.Func.Name()+suffix
	if receiver != "" {
		in.name = receiver + suffix + "." + b.Func.Name()
		if _, ok := b.Signature().Recv().Type().(*types.Pointer); ok {
			in.name = "(*" + receiver + suffix + ")." + b.Func.Name()
		}
	}
	in.id = fmt.Sprintf("%d_%s", len(l.queue), in.base)
	in.out, in.in = substitute(b.Out, in.types), substitute(b.In, in.types)
	l.instances[key] = in
	l.queue = append(l.queue, in)
	return in
}

func (l *lowerer) refuse(pos token.Pos, format string, args ...any) {
	r := check.Refusal{Pos: pos, Message: fmt.Sprintf(format, args...)}
	if !l.refused[r] {
		l.refused[r] = true
		l.out.Refusals = append(l.out.Refusals, r)
	}
}

func (l *lowerer) source(file string) []byte {
	if l.sources[file] == nil {
		l.sources[file], _ = os.ReadFile(file)
	}
	return l.sources[file]
}

func (l *lowerer) forced(pos token.Pos) bool {
	p := l.Fset.Position(pos)
	return l.force.Lines[Line(p.Filename, p.Line)]
}

// Line is how Force.Lines names a line.
func Line(file string, line int) string { return file + ":" + strconv.Itoa(line) }

func (l *lowerer) next(kind string) string {
	n := l.counts[kind]
	l.counts[kind]++
	return kind + strconv.Itoa(n)
}

// fn is the lowering of one function.
type fn struct {
	*lowerer
	in      *instance
	symbol  string
	vars    map[*types.Var]*variable
	names   map[*types.Var]string
	taken   map[string]bool
	temps   int
	at      token.Pos // what is being lowered
	label   string    // of the statement that comes next
	results []*types.Var
	heapRes bool // a result lives on the heap

	borrowed map[*types.Var]bool // variables of the functions around a literal, given by address

	pulls  []pull         // the loops over functions around what is lowered
	depths map[string]int // label -> how many of these go on at a jump to it
}

func (f *fn) note(pos token.Pos, format string, args ...any) {
	f.out.Notes = append(f.out.Notes, Note{f.Fset.Position(pos), f.in.name, fmt.Sprintf(format, args...)})
}

func (f *fn) temp() string {
	f.temps++
	return fmt.Sprintf("coroV%d", f.temps)
}

func (f *fn) typeOf(e ast.Expr) types.Type { return substitute(f.Info.TypeOf(e), f.in.types) }
func (f *fn) varType(v *types.Var) types.Type {
	return substitute(v.Type(), f.in.types)
}

// mark stands for a position: finish turns it into a line directive if the line
// differs from the one the compiler would count.
func (f *fn) mark(pos token.Pos) string {
	f.at = pos
	return "\x01" + strconv.Itoa(f.Fset.Position(pos).Line) + "\x02"
}

var marks = regexp.MustCompile("\x01[0-9]+\x02")

// unmark removes positions.
func unmark(text string) string { return marks.ReplaceAllString(text, "") }

// finish prints text, the lines of a function that begins at pos.
func (l *lowerer) finish(pos token.Pos, text string) string {
	p := l.Fset.Position(pos)
	var b strings.Builder
	fmt.Fprintf(&b, "//line %s:%d:1\n", p.Filename, p.Line)
	line := p.Line
	for text != "" {
		i := strings.IndexByte(text, '\x01')
		if i < 0 {
			i = len(text)
		}
		b.WriteString(text[:i])
		line += strings.Count(text[:i], "\n")
		if text = text[i:]; text == "" {
			break
		}
		number, rest, _ := strings.Cut(text[1:], "\x02")
		text = rest
		if n, _ := strconv.Atoi(number); n != line {
			fmt.Fprintf(&b, "/*line :%d:1*/", n)
			line = n
		}
	}
	return b.String()
}

// function lowers one instance.
func (l *lowerer) function(in *instance) error {
	b := in.body
	f := &fn{lowerer: l, in: in, symbol: "coroN" + in.id, names: map[*types.Var]string{}, taken: map[string]bool{}, depths: map[string]int{}}
	f.analyse()
	f.native(in.name, b.Decl.Pos(), nil, b.Params(), b.Signature().Results(), b.Decl.Body)
	f.entry()
	f.mentioned()
	l.relies(b.Decl, in.types)
	l.holds(substitute(b.Signature().Params(), in.types), false)
	l.holds(substitute(b.Signature().Results(), in.types), false)
	l.holds(in.out, false)
	l.holds(in.in, false)
	return nil
}

// native emits the function that code becomes. What it captures is given first.
func (f *fn) native(name string, pos token.Pos, params []string, vars []*types.Var, returns *types.Tuple, code *ast.BlockStmt) {
	var prologue strings.Builder
	for i, v := range vars {
		name := f.name(v)
		if name == "_" || name == "" {
			name = fmt.Sprintf("coroP%d", i)
		}
		t := f.typ(v.Pos(), f.varType(v))
		if f.heap(v) {
			params = append(params, name+"_ "+t)
			prologue.WriteString(f.mark(v.Pos()) + f.heapDecl(v, name+"_") + "\n")
			continue
		}
		params = append(params, name+" "+t)
	}
	var results []string
	for v := range returns.Variables() {
		f.results = append(f.results, v)
		f.heapRes = f.heapRes || f.heap(v)
	}
	for i, v := range f.results {
		t := f.typ(v.Pos(), f.varType(v))
		switch {
		case f.heapRes && v.Name() != "":
			results = append(results, t)
			if f.heap(v) {
				prologue.WriteString(f.mark(v.Pos()) + f.heapDecl(v, "") + "\n")
			} else {
				fmt.Fprintf(&prologue, "var %s %s\n_ = %s\n", f.resultName(i), t, f.resultName(i))
			}
		case v.Name() != "":
			results = append(results, f.resultName(i)+" "+t)
		default:
			results = append(results, t)
		}
	}
	text := f.stmts(code.List)
	last := f.mark(code.Rbrace)
	header := fmt.Sprintf("func %s(%s) (%s) {\n", f.symbol, strings.Join(params, ", "), strings.Join(results, ", "))
	f.bodyText.WriteString("\n//go:noinline\n" + f.finish(pos, header+prologue.String()+text+last+"}\n"))
	f.out.Funcs = append(f.out.Funcs, Func{Symbol: f.symbol, Name: name, Pinned: f.in.body.Pinned})
}

func (f *fn) resultName(i int) string {
	v := f.results[i]
	if v.Name() == "" || v.Name() == "_" {
		return fmt.Sprintf("coroR%d", i)
	}
	return f.name(v)
}

// entry emits the function that a coroutine of the body starts in: it moves
// arguments out of the block and results into it. What a pinned body's arguments lead
// to stays in the block, which alone holds it.
func (f *fn) entry() {
	b := f.in.body
	var text, args strings.Builder
	for i, p := range f.fields() {
		t := f.varType(b.Params()[i])
		if i > 0 {
			args.WriteString(", ")
		}
		fmt.Fprintf(&args, "a%d", i)
		fmt.Fprintf(&text, "a%d := coroB.%s\n", i, p)
		if pointerful(t) && !b.Pinned {
			fmt.Fprintf(&text, "{ var coroZ %s; coroB.%s = coroZ }\n", f.typ(b.Decl.Pos(), t), p)
		}
	}
	call := fmt.Sprintf("%s(%s)", f.symbol, args.String())
	if n := len(f.results); n > 0 {
		var lhs, rhs []string
		for i := range n {
			lhs = append(lhs, fmt.Sprintf("coroB.r%d", i))
			rhs = append(rhs, fmt.Sprintf("r%d", i))
		}
		call = fmt.Sprintf("%s := %s\n%s = %s", strings.Join(rhs, ", "), call, strings.Join(lhs, ", "), strings.Join(rhs, ", "))
	}
	symbol := "coroE" + f.in.id
	text.WriteString(f.mark(b.Decl.Pos()) + call + "\n}\n")
	header := fmt.Sprintf("func %s(coroB *coroBlock_%s) {\n", symbol, f.in.base+f.typeArgs(b.Decl.Pos(), f.in.args))
	f.bodyText.WriteString("\n//go:noinline\n" + f.finish(b.Decl.Pos(), header+text.String()))
	f.out.Funcs = append(f.out.Funcs, Func{Symbol: symbol, Name: f.in.name, Pinned: b.Pinned, Entry: true})
}

// fields names the parameters of a body in its argument block.
func (f *fn) fields() []string { return fields(f.in.body) }

func fields(b *check.Body) []string {
	var names []string
	for i, v := range b.Params() {
		n := v.Name()
		if n == "" || n == "_" {
			n = "arg"
		}
		// Results are r0, r1, ...: a number at the end keeps clear of them.
		names = append(names, fmt.Sprintf("%s_%d", n, i))
	}
	return names
}

func (l *lowerer) typeArgs(pos token.Pos, args []types.Type) string {
	if len(args) == 0 {
		return ""
	}
	var texts []string
	for _, a := range args {
		texts = append(texts, l.typ(pos, a))
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

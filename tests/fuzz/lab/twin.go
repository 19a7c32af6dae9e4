package lab

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// WithTwins returns a source with what corogen would generate for its bodies:
// constructors, which here run it as plain Go on iter.Pull. They are
// written apart from corogen, so that a mistake of its own twins shows as well.
func WithTwins(source []byte) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	text := func(n ast.Node) string {
		return string(source[fset.Position(n.Pos()).Offset:fset.Position(n.End()).Offset])
	}
	out := append([]byte(nil), source...)
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && isBody(f) {
			if y := yielder(f); y != nil {
				out = append(out, twin(f, text(y), text)...)
			}
		}
	}
	return out, nil
}

// isBody reports whether f has the directive.
func isBody(f *ast.FuncDecl) bool {
	if f.Doc == nil || f.Type.TypeParams != nil {
		return false
	}
	for _, c := range f.Doc.List {
		if c.Text == "//coro:body" || strings.HasPrefix(c.Text, "//coro:body ") {
			return true
		}
	}
	return false
}

// yielder is the type that the Yielder parameter of f points to, nil if f has
// no such parameter.
func yielder(f *ast.FuncDecl) ast.Expr {
	if len(f.Type.Params.List) == 0 {
		return nil
	}
	star, ok := f.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return nil
	}
	index, ok := star.X.(*ast.IndexListExpr)
	if !ok {
		return nil
	}
	if sel, ok := index.X.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Yielder" {
		return nil
	}
	return star.X
}

// twin is the constructor of one body.
func twin(f *ast.FuncDecl, yielder string, text func(ast.Node) string) string {
	channel := strings.TrimPrefix(yielder, "coro.Yielder") // [Out, In]
	name, call := f.Name.Name, f.Name.Name
	var fields, params, args, sets []string
	add := func(t string) string {
		a := fmt.Sprintf("a%d", len(fields))
		fields = append(fields, a+" "+t)
		params = append(params, a+" "+t)
		sets = append(sets, a+": "+a)
		return "b." + a
	}
	if f.Recv != nil {
		t := text(f.Recv.List[0].Type)
		name = strings.TrimPrefix(t, "*") + strings.ToUpper(name[:1]) + name[1:]
		call = add(t) + "." + call
	}
	for i, p := range f.Type.Params.List {
		if i == 0 {
			continue
		}
		for range max(1, len(p.Names)) {
			args = append(args, add(text(p.Type)))
		}
	}
	var results, got []string
	if f.Type.Results != nil {
		for _, r := range f.Type.Results.List {
			for range max(1, len(r.Names)) {
				field := fmt.Sprintf("r%d", len(results))
				results = append(results, text(r.Type))
				fields = append(fields, field+" "+text(r.Type))
				got = append(got, "b."+field)
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\ntype %sBlock struct { %s }\n", name, strings.Join(fields, "; "))
	result := "coro.Coroutine" + channel
	made := "c"
	if len(results) > 0 {
		result = name + "Coroutine"
		made = result + "{c, b}"
		fmt.Fprintf(&b, "\ntype %s struct { coro.Coroutine%s; block *%sBlock }\n", result, channel, name)
		fmt.Fprintf(&b, "\nfunc (c %s) Results() (%s) { b := c.block; return %s }\n", result, strings.Join(results, ", "), strings.Join(got, ", "))
	}
	// new for x and New for X.
	prefix := "new"
	if name[0] >= 'A' && name[0] <= 'Z' {
		prefix = "New"
	}
	store := ""
	if len(got) > 0 {
		store = strings.Join(got, ", ") + " = "
	}
	fmt.Fprintf(&b, `
func %s%s(%s) %s {
	b := &%sBlock{%s}
	c, err := coro.New(coro.MustBody(coro.Native{}, func(y *%s, b *%sBlock) { %s%s(%s) }), b, opts...)
	if err != nil {
		panic(err)
	}
	return %s
}
`, prefix, strings.ToUpper(name[:1])+name[1:], strings.Join(append(params, "opts ...coro.Option"), ", "), result,
		name, strings.Join(sets, ", "), yielder, name, store, call, strings.Join(append([]string{"y"}, args...), ", "), made)
	return b.String()
}

package load

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/morestack/morestack/gen/corogen/internal/check"
	"github.com/morestack/morestack/internal/source"
)

// stubs declares constructors, for a package that uses them already.
type stubs struct {
	fset    *token.FileSet
	generic bool // a body is generic

	// yielders are those that the source names by an alias, by body.
	yielders map[string]yielder
}

// yielder is what a stub says of a Yielder.
type yielder struct {
	out, in string
	imports []string // specs
}

// aliases notes what bodies yield whose Yielder is an alias, and reports
// whether there are any.
func (s *stubs) aliases(bodies []*check.Body) bool {
	names := map[string]string{}
	for _, b := range bodies {
		if b.Yielder == nil || spelled(b.Decl.Type.Params.List[0].Type) != nil {
			continue
		}
		var y yielder
		qualifier := func(p *types.Package) string {
			if p == b.Func.Pkg() {
				return ""
			}
			if names[p.Path()] == "" {
				names[p.Path()] = fmt.Sprintf("coro%d", len(names)+1)
			}
			y.imports = append(y.imports, fmt.Sprintf("%s %q", names[p.Path()], p.Path()))
			return names[p.Path()]
		}
		y.out, y.in = types.TypeString(b.Out, qualifier), types.TypeString(b.In, qualifier)
		s.yielders[source.Name(b.Decl)] = y
	}
	return len(s.yielders) > 0
}

// spelled returns Out and In if a type is written as *coro.Yielder[Out, In].
func spelled(e ast.Expr) []ast.Expr {
	star, ok := ast.Unparen(e).(*ast.StarExpr)
	if !ok {
		return nil
	}
	list, ok := ast.Unparen(star.X).(*ast.IndexListExpr)
	if !ok || len(list.Indices) != 2 {
		return nil
	}
	switch x := list.X.(type) {
	case *ast.SelectorExpr:
		if x.Sel.Name == "Yielder" {
			return list.Indices
		}
	case *ast.Ident:
		if x.Name == "Yielder" {
			return list.Indices
		}
	}
	return nil
}

// write declares the constructors of each file's bodies in a file of the
// overlay that has the same imports.
func (s *stubs) write(c Config, listing *build.Package, overlay map[string][]byte) error {
	fset := s.fset
	names := map[string]ast.Node{} // declared in the package and its tests
	var parsed []*ast.File
	for _, name := range append(append([]string{}, listing.GoFiles...), listing.TestGoFiles...) {
		path := filepath.Join(c.Dir, name)
		if overlay[path] != nil {
			continue
		}
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		declared(file, names)
		if !strings.HasSuffix(name, "_test.go") {
			parsed = append(parsed, file)
		}
	}
	if err := collisions(fset, parsed, names); err != nil {
		return err
	}
	for i, file := range parsed {
		var text bytes.Buffer
		var imports []string
		for _, d := range file.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if _, _, ok := source.Directive(decl); ok {
				y := s.yielders[source.Name(decl)]
				s.stub(&text, decl, y)
				imports = append(imports, y.imports...)
			}
		}
		if text.Len() == 0 {
			continue
		}
		var out bytes.Buffer
		fmt.Fprintf(&out, "package %s\n\nimport coro0 %q\n", file.Name.Name, check.CoroPath)
		for _, spec := range file.Imports {
			alias := ""
			if spec.Name != nil {
				alias = spec.Name.Name + " "
			}
			if mentions(text.Bytes(), spec) {
				fmt.Fprintf(&out, "import %s%s\n", alias, spec.Path.Value)
			}
		}
		slices.Sort(imports)
		for _, spec := range slices.Compact(imports) {
			fmt.Fprintf(&out, "import %s\n", spec)
		}
		out.Write(text.Bytes())
		overlay[filepath.Join(c.Dir, fmt.Sprintf("%s_stub%d.go", c.Base, i))] = out.Bytes()
	}
	return nil
}

// declared adds what a file declares at package level.
func declared(file *ast.File, names map[string]ast.Node) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				names[d.Name.Name] = d.Name
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					names[s.Name.Name] = s.Name
				case *ast.ValueSpec:
					for _, n := range s.Names {
						names[n.Name] = n
					}
				}
			}
		}
	}
}

// collisions refuses names that generated files would declare a second time.
func collisions(fset *token.FileSet, files []*ast.File, names map[string]ast.Node) error {
	var errs []error
	bodies := map[string]string{}
	for _, file := range files {
		for _, d := range file.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if _, _, ok := source.Directive(decl); !ok {
				continue
			}
			receiver := ""
			if decl.Recv != nil && len(decl.Recv.List) == 1 {
				receiver = source.Receiver(decl.Recv.List[0].Type)
			}
			constructor, coroutine := Names(receiver, decl.Name.Name)
			generated := []string{constructor}
			if decl.Type.Results != nil {
				generated = append(generated, coroutine)
			}
			for _, n := range generated {
				if other := names[n]; other != nil {
					errs = append(errs, fmt.Errorf("%s: %s is what corogen generates for the body %s: give one of them another name", fset.Position(other.Pos()), n, decl.Name.Name))
				}
			}
			// The same body twice is the type-checker's to report.
			full := strings.TrimPrefix(receiver+"."+decl.Name.Name, ".")
			if other, ok := bodies[constructor]; ok && other != full {
				errs = append(errs, fmt.Errorf("%s: two bodies, %s and %s, have the constructor %s: give one of them another name", fset.Position(decl.Name.Pos()), other, full, constructor))
			}
			bodies[constructor] = full
		}
	}
	return errors.Join(errs...)
}

// mentions reports whether text may refer to an imported package. The name of one
// that has none in the file is guessed from its path.
func mentions(text []byte, spec *ast.ImportSpec) bool {
	var names []string
	if spec.Name != nil {
		names = []string{spec.Name.Name}
	} else {
		path := strings.Trim(spec.Path.Value, `"`)
		for _, e := range strings.Split(path, "/") {
			e, _, _ = strings.Cut(e, ".v")
			names = append(names, e, strings.TrimPrefix(e, "go-"), strings.TrimSuffix(e, "-go"))
		}
	}
	for _, n := range names {
		if n == "." || n != "" && bytes.Contains(text, []byte(n+".")) {
			return true
		}
	}
	return false
}

func printed(fset *token.FileSet, n any) string {
	var b bytes.Buffer
	if format.Node(&b, fset, n) != nil {
		return "any"
	}
	return b.String()
}

// stub declares the constructor of one body. What it yields may be an alias's.
func (s *stubs) stub(w *bytes.Buffer, decl *ast.FuncDecl, alias yielder) {
	fset := s.fset
	var params []string
	out, in := "struct{}", "struct{}"
	var typeParams, typeArgs []string
	receiver := ""
	if decl.Recv != nil && len(decl.Recv.List) == 1 {
		t := decl.Recv.List[0].Type
		receiver = source.Receiver(t)
		param := "_ "
		if star, ok := t.(*ast.StarExpr); ok {
			param += "*"
			t = star.X
		}
		switch t := t.(type) {
		case *ast.IndexExpr:
			typeArgs = append(typeArgs, printed(fset, t.Index))
		case *ast.IndexListExpr:
			for _, e := range t.Indices {
				typeArgs = append(typeArgs, printed(fset, e))
			}
		default:
			param += printed(fset, t)
		}
		for i, a := range typeArgs {
			if a == "_" {
				a = fmt.Sprintf("coroT%d", i)
				typeArgs[i] = a
			}
			// The constraints are not known here, and any will do: errors in
			// stubs are ignored.
			typeParams = append(typeParams, a+" any")
		}
		if typeArgs != nil {
			param += receiver + "[" + strings.Join(typeArgs, ", ") + "]"
		}
		params = append(params, param)
	}
	if decl.Type.TypeParams != nil {
		for _, f := range decl.Type.TypeParams.List {
			for _, n := range f.Names {
				typeParams = append(typeParams, n.Name+" "+printed(fset, f.Type))
				typeArgs = append(typeArgs, n.Name)
			}
		}
	}
	for i, f := range decl.Type.Params.List {
		if i == 0 {
			if list := spelled(f.Type); list != nil {
				out, in = printed(fset, list[0]), printed(fset, list[1])
				continue
			}
			if alias.out != "" {
				out, in = alias.out, alias.in
				continue
			}
		}
		t := printed(fset, f.Type)
		if strings.HasPrefix(t, "...") {
			t = "[]" + t[3:]
		}
		for range max(len(f.Names), 1) {
			params = append(params, "_ "+t)
		}
	}
	params = append(params, "_ ...coro0.Option")
	decls, args := "", ""
	if typeParams != nil {
		s.generic = true
		decls, args = "["+strings.Join(typeParams, ", ")+"]", "["+strings.Join(typeArgs, ", ")+"]"
	}
	constructor, result := Names(receiver, decl.Name.Name)
	coroutine := fmt.Sprintf("coro0.Coroutine[%s, %s]", out, in)
	if decl.Type.Results == nil || len(decl.Type.Results.List) == 0 {
		fmt.Fprintf(w, "func %s%s(%s) %s { panic(0) }\n", constructor, decls, strings.Join(params, ", "), coroutine)
		return
	}
	var results []string
	for _, f := range decl.Type.Results.List {
		for range max(len(f.Names), 1) {
			results = append(results, printed(fset, f.Type))
		}
	}
	block := "coroBlock_" + BaseName(receiver, decl.Name.Name)
	fmt.Fprintf(w, "type %s%s struct{}\n", block, decls)
	w.WriteString(CoroutineType(result, decls, coroutine, block+args))
	fmt.Fprintf(w, "func (%s%s) Results() (%s) { panic(0) }\n", result, args, strings.Join(results, ", "))
	fmt.Fprintf(w, "func %s%s(%s) %s%s { panic(0) }\n", constructor, decls, strings.Join(params, ", "), result, args)
}

// ours reports whether a file was generated.
func ours(path string) bool {
	text, err := os.ReadFile(path)
	return err == nil && bytes.HasPrefix(text, []byte(source.Header))
}

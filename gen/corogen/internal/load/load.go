// Package load reads and type-checks a package that has bodies. What corogen
// wrote before is hidden, and constructors that it will write are declared, so
// that a package that already uses them type-checks.
package load

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/go/packages"

	"github.com/morestack/morestack/gen/corogen/internal/check"
	"github.com/morestack/morestack/internal/source"
)

// Suffixes follow the base name of the files corogen writes.
var Suffixes = []string{".go", "_native.go", "_none.go", "_amd64.go", "_amd64.s", "_arm64.go", "_arm64.s", "_test.go"}

// Config says what to load.
type Config struct {
	Dir  string
	Base string   // base name of generated files
	Tags string   // build tags, separated by commas
	Env  []string // environment of the go command

	GOROOT string // of that
}

// Package is a loaded package.
type Package struct {
	check.Package
	Dir, Path, Name string
	Tags            string // as in Config
	GOROOT          string
	Sizes           types.Sizes
	Other           *Package // the same for arm64
	Hidden          []string // files that are generated
	Bodies          []*check.Body
	Refusals        []check.Refusal

	// Uses are the instances of generic bodies that constructors in the
	// package and its tests ask for.
	Uses []Use

	imports imports
}

// Use is an instance of a generic body.
type Use struct {
	Body *check.Body
	Args []types.Type
}

// Load loads the package in c.Dir. Errors have positions, one a line.
func Load(c Config) (*Package, error) {
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.Dir = "linux", "amd64", c.Dir
	if c.Tags != "" {
		ctx.BuildTags = strings.Split(c.Tags, ",")
	}
	// Generated files are not looked at: what a merge leaves of them is no Go.
	ctx.ReadDir = func(dir string) ([]fs.FileInfo, error) {
		entries, err := os.ReadDir(dir)
		var list []fs.FileInfo
		for _, e := range entries {
			suffix, ok := strings.CutPrefix(e.Name(), c.Base)
			if ok && slices.Contains(Suffixes, suffix) {
				continue
			}
			if f, err := e.Info(); err == nil {
				list = append(list, f)
			}
		}
		return list, err
	}
	listing, err := ctx.ImportDir(c.Dir, 0)
	if err != nil {
		return nil, err
	}
	overlay := map[string][]byte{}
	p := &Package{Dir: c.Dir, Tags: c.Tags, GOROOT: c.GOROOT}
	if err := p.hide(c, listing.Name, overlay); err != nil {
		return nil, err
	}
	s := &stubs{fset: token.NewFileSet(), yielders: map[string]yielder{}}
	if err := s.write(c, listing, overlay); err != nil {
		return nil, err
	}
	other := &Package{Dir: c.Dir, Tags: c.Tags}
	var pkgs []*packages.Package
	var main, otherMain *packages.Package
	read := func() error {
		var g errgroup.Group
		g.Go(func() (err error) {
			pkgs, main, err = p.read(c, "amd64", overlay, s.generic)
			return err
		})
		var otherErr error
		g.Go(func() error {
			_, otherMain, otherErr = other.read(c, "arm64", overlay, false)
			return nil
		})
		return cmp.Or(g.Wait(), otherErr) // which of them counts is not left to chance
	}
	if err := read(); err != nil {
		return nil, err
	}
	if s.aliases(p.Bodies) {
		// Only types tell what these yield. Now the stubs can be right.
		if err := s.write(c, listing, overlay); err != nil {
			return nil, err
		}
		if err := read(); err != nil {
			return nil, err
		}
	}
	if err := failed(main, overlay); err != nil {
		return nil, err
	}
	if err := failed(otherMain, overlay); err != nil {
		return nil, fmt.Errorf("the package does not build for arm64:\n%w", err)
	}
	other.Hidden = p.Hidden
	if err := alike(p, other); err != nil {
		return nil, err
	}
	p.Other = other
	if s.generic {
		for _, q := range pkgs {
			if strings.HasSuffix(q.ID, ".test") {
				continue
			}
			if err := failed(q, overlay); err != nil {
				return nil, err
			}
			p.uses(q)
		}
		sort.SliceStable(p.Uses, func(i, j int) bool { return p.Uses[i].key() < p.Uses[j].key() })
	}
	return p, nil
}

// read loads the package for an architecture, and checks its bodies.
func (p *Package) read(c Config, arch string, overlay map[string][]byte, tests bool) (all []*packages.Package, main *packages.Package, err error) {
	flags := []string{}
	if c.Tags != "" {
		flags = append(flags, "-tags="+c.Tags)
	}
	fset := token.NewFileSet()
	all, err = packages.Load(&packages.Config{
		Mode:       packages.LoadSyntax | packages.NeedModule | packages.NeedTypesSizes | packages.NeedForTest,
		Dir:        c.Dir,
		Env:        append(append([]string{}, c.Env...), "GOOS=linux", "GOARCH="+arch),
		BuildFlags: flags,
		Overlay:    overlay,
		Tests:      tests,
		Fset:       fset,
	}, ".")
	if err != nil {
		return nil, nil, err
	}
	for _, q := range all {
		if q.ForTest == "" && !strings.HasSuffix(q.ID, ".test") {
			main = q
		}
	}
	if main == nil {
		return nil, nil, unlisted(c)
	}
	if err := missing(all); err != nil {
		return nil, nil, err
	}
	p.imports = imported(main)
	p.Path, p.Name, p.Sizes = main.PkgPath, main.Name, main.TypesSizes
	p.Package = check.Package{Fset: fset, Types: main.Types, Info: main.TypesInfo, External: external(fset, c.Base)}
	for _, f := range main.Syntax {
		if name := fset.Position(f.Package).Filename; overlay[name] == nil {
			p.Files = append(p.Files, f)
		}
	}
	p.Bodies, p.Refusals = check.Bodies(&p.Package)
	return all, main, nil
}

// unlisted returns what the go command says about a folder of which go/packages
// finds nothing, and says nothing.
func unlisted(c Config) error {
	cmd := exec.Command("go", "list", ".")
	cmd.Dir, cmd.Env = c.Dir, append(append([]string{}, c.Env...), "PWD="+c.Dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return errors.New(strings.TrimSpace(string(out)))
	}
	return fmt.Errorf("%s: no Go package", c.Dir)
}

// missing tells of packages that are imported and that the go command does not
// find. It also says what to run.
func missing(pkgs []*packages.Package) error {
	var lines []string
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			if e.Kind == packages.ListError && !slices.Contains(pkgs, p) && !strings.HasPrefix(e.Msg, "# ") {
				lines = append(lines, e.Msg) // its position may be in a file of ours
			}
		}
	})
	if lines == nil {
		return nil
	}
	return errors.New(strings.Join(lines, "\n"))
}

func (u Use) key() string {
	s := u.Body.Func.FullName()
	for _, t := range u.Args {
		s += "," + types.TypeString(t, nil)
	}
	return s
}

// hide replaces generated Go files in the overlay, those too that are not there
// yet: another corogen may be about to write them. A file of such a name that
// corogen has not written is an error, before anything overwrites it.
func (p *Package) hide(c Config, name string, overlay map[string][]byte) error {
	for _, suffix := range Suffixes {
		path := filepath.Join(c.Dir, c.Base+suffix)
		text, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if err == nil && !bytes.Contains(text, []byte(source.Header)) {
			return fmt.Errorf("%s: was not written by corogen: rename it, or choose another name with -o", path)
		}
		p.Hidden = append(p.Hidden, path)
		if strings.HasSuffix(suffix, ".go") {
			overlay[path] = []byte("package " + name + "\n")
		}
	}
	return p.others(c.Dir)
}

// others returns an error for files that were generated under another base name: they
// would declare all a second time.
func (p *Package) others(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if ext := filepath.Ext(path); e.Type().IsRegular() && (ext == ".go" || ext == ".s") && !slices.Contains(p.Hidden, path) && ours(path) {
			return fmt.Errorf("%s: was generated under this name: remove such files, or generate them with -o", path)
		}
	}
	return nil
}

// Generated are the files there that corogen has written.
func (p *Package) Generated() []string {
	return slices.DeleteFunc(slices.Clone(p.Hidden), func(path string) bool { return !ours(path) })
}

func failed(p *packages.Package, overlay map[string][]byte) error {
	var lines []string
	for _, e := range p.Errors {
		file, _, _ := strings.Cut(e.Pos, ":")
		// The go command compiles the package too, stubs and all: what it says
		// about that ("# path") type-checking says better.
		if overlay[file] == nil && !strings.HasPrefix(e.Msg, "# ") {
			lines = append(lines, strings.TrimPrefix(e.Error(), "-: "))
		}
	}
	if lines == nil {
		return nil
	}
	return errors.New(strings.Join(lines, "\n"))
}

// Names returns the names of a body's constructor and of what that returns if
// the body has results. Both are exported if the body is.
func Names(receiver, name string) (constructor, coroutine string) {
	exported := token.IsExported(name) && (receiver == "" || token.IsExported(receiver))
	full := upper(receiver) + upper(name)
	if exported {
		return "New" + full, full + "Coroutine"
	}
	return "new" + full, strings.ToLower(full[:1]) + full[1:] + "Coroutine"
}

// BaseName is what generated names of a function or method have in common. A
// single underscore parts receiver and method, so no two are the same.
func BaseName(receiver, name string) string {
	name = strings.ReplaceAll(name, "_", "__")
	if receiver != "" {
		name = strings.ReplaceAll(receiver, "_", "__") + "_" + name
	}
	return name
}

// LinkPath returns the path of a package as symbols and link names of types have it.
func (p *Package) LinkPath(q *types.Package) string {
	if q == p.Types && p.Name == "main" {
		return "main"
	}
	path := q.Path()
	var b strings.Builder
	slash := strings.LastIndexByte(path, '/')
	for i := range len(path) {
		c := path[i]
		if c <= ' ' || i > slash && c == '.' || c == '%' || c == '"' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// CoroutineType declares the type of the coroutines of a body with results, of which
// a block holds these. What stubs declare is laid out like what is generated: other
// bodies of the package may have values of it in their frames.
func CoroutineType(name, typeParams, coroutine, block string) string {
	return fmt.Sprintf("type %s%s struct {\n%s\nblock *%s\n}\n", name, typeParams, coroutine, block)
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// external returns a function that tells bodies of other packages: their source
// has the directive, and a generated file lies beside it.
func external(fset *token.FileSet, base string) func(*types.Func) bool {
	known := map[string]map[int]bool{} // file -> lines of names of bodies
	return func(f *types.Func) bool {
		pos := fset.Position(f.Pos())
		if pos.Filename == "" {
			return false
		}
		lines, ok := known[pos.Filename]
		if !ok {
			known[pos.Filename] = map[int]bool{}
			lines = known[pos.Filename]
			if _, err := os.Stat(filepath.Join(filepath.Dir(pos.Filename), base+".go")); err == nil {
				s := token.NewFileSet()
				if file, err := parser.ParseFile(s, pos.Filename, nil, parser.ParseComments|parser.SkipObjectResolution); err == nil {
					for _, d := range file.Decls {
						if decl, ok := d.(*ast.FuncDecl); ok {
							if _, _, ok := source.Directive(decl); ok {
								lines[s.Position(decl.Name.Pos()).Line] = true
							}
						}
					}
				}
			}
		}
		return lines[pos.Line]
	}
}

// uses collects the instances of constructors in q, which may be a variant of p
// for tests, with types of its own.
func (p *Package) uses(q *packages.Package) {
	constructors := map[string]*check.Body{}
	for _, b := range p.Bodies {
		if b.TypeParams().Len() > 0 {
			receiver := ""
			if b.Decl.Recv != nil {
				receiver = source.Receiver(b.Decl.Recv.List[0].Type)
			}
			name, _ := Names(receiver, b.Func.Name())
			constructors[name] = b
		}
	}
	seen := map[string]bool{}
	for _, u := range p.Uses {
		seen[u.key()] = true
	}
	for id, inst := range q.TypesInfo.Instances {
		b := constructors[id.Name]
		f, ok := q.TypesInfo.Uses[id].(*types.Func)
		if b == nil || !ok || f.Pkg() == nil || f.Pkg().Path() != p.Path {
			continue
		}
		u := Use{Body: b}
		for t := range inst.TypeArgs.Types() {
			t, ok := p.translate(t)
			if !ok {
				u.Args = nil
				break
			}
			u.Args = append(u.Args, t)
		}
		if len(u.Args) == inst.TypeArgs.Len() && !seen[u.key()] {
			seen[u.key()] = true
			p.Uses = append(p.Uses, u)
		}
	}
}

// translate finds the type of p that a type of one of its variants stands for;
// none if it has type parameters or is declared in tests.
func (p *Package) translate(t types.Type) (types.Type, bool) {
	ok := true
	var walk func(types.Type) types.Type
	walk = func(t types.Type) types.Type {
		switch t := types.Unalias(t).(type) {
		case *types.TypeParam:
			ok = false
		case *types.Named:
			obj := t.Obj()
			base := types.Type(t)
			if obj.Pkg() != nil && obj.Pkg().Path() == p.Path {
				o, found := p.Types.Scope().Lookup(obj.Name()).(*types.TypeName)
				if !found || obj.Parent() != obj.Pkg().Scope() {
					ok = false
					return t
				}
				base = o.Type()
			} else if obj.Pkg() != nil && obj.Pkg().Path() == p.Path+"_test" {
				ok = false
				return t
			}
			if t.TypeArgs().Len() > 0 {
				var args []types.Type
				for a := range t.TypeArgs().Types() {
					args = append(args, walk(a))
				}
				if n, isNamed := base.(*types.Named); isNamed {
					inst, err := types.Instantiate(nil, n.Origin(), args, false)
					if err == nil {
						return inst
					}
				}
			}
			return base
		case *types.Pointer:
			return types.NewPointer(walk(t.Elem()))
		case *types.Slice:
			return types.NewSlice(walk(t.Elem()))
		case *types.Array:
			return types.NewArray(walk(t.Elem()), t.Len())
		case *types.Map:
			return types.NewMap(walk(t.Key()), walk(t.Elem()))
		case *types.Chan:
			return types.NewChan(t.Dir(), walk(t.Elem()))
		}
		return t
	}
	return walk(t), ok
}

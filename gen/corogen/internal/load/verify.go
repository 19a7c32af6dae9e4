package load

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Verify type-checks the package with generated files, by path, in each way it will be
// built. That takes much less time than to build it.
func (p *Package) Verify(files map[string][]byte) error {
	for _, b := range []struct {
		p         *Package
		arch, tag string
	}{{p, "amd64", ""}, {p.Other, "arm64", ""}, {p, "amd64", "purego"}} {
		if err := b.p.verify(b.arch, b.tag, files); err != nil {
			return fmt.Errorf("the generated files do not build (%s), and are not written: %w", strings.TrimSpace(b.arch+" "+b.tag), err)
		}
	}
	return nil
}

func (p *Package) verify(arch, tag string, files map[string][]byte) error {
	fset := token.NewFileSet()
	list, err := p.parse(fset, arch, tag, files)
	if err != nil {
		return err
	}
	var errs []error
	config := types.Config{Importer: p.imports, FakeImportC: true, Sizes: p.Sizes, Error: func(err error) { errs = append(errs, err) }}
	config.Check(p.Path, fset, list, nil)
	return errors.Join(errs[:min(len(errs), 10)]...)
}

// parse reads what a build would take of the package's files, and of those that are
// generated.
func (p *Package) parse(fset *token.FileSet, arch, tag string, files map[string][]byte) (list []*ast.File, err error) {
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = "linux", arch, true
	ctx.BuildTags = strings.FieldsFunc(p.Tags+","+tag, func(r rune) bool { return r == ',' })
	ctx.OpenFile = func(path string) (io.ReadCloser, error) {
		if text, ok := files[path]; ok {
			return io.NopCloser(bytes.NewReader(text)), nil
		}
		return os.Open(path)
	}
	entries, err := os.ReadDir(p.Dir)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, e := range entries {
		names[e.Name()] = true
	}
	for _, path := range p.Hidden {
		delete(names, filepath.Base(path))
	}
	for path := range files {
		names[filepath.Base(path)] = true
	}
	for name := range names {
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if match, err := ctx.MatchFile(p.Dir, name); err != nil || !match {
			continue
		}
		path := filepath.Join(p.Dir, name)
		var text any // or nil: from the file
		if t, ok := files[path]; ok {
			text = t
		}
		file, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		list = append(list, file)
	}
	return list, nil
}

// imports are packages by import path.
type imports map[string]*types.Package

func (i imports) Import(path string) (*types.Package, error) {
	if p := i[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("package %s is not among those that were loaded", path)
}

// imported collects what a package imports, itself or through others: generated files
// import what coro does.
func imported(main *packages.Package) imports {
	i := imports{}
	packages.Visit([]*packages.Package{main}, nil, func(p *packages.Package) { i[p.PkgPath] = p.Types })
	for path, p := range main.Imports {
		i[path] = p.Types
	}
	i["unsafe"] = types.Unsafe
	return i
}

package main

import (
	"errors"
	"fmt"
	"go/token"
	"io"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/morestack/morestack/gen/corogen/internal/check"
	"github.com/morestack/morestack/gen/corogen/internal/compile"
	"github.com/morestack/morestack/gen/corogen/internal/load"
	"github.com/morestack/morestack/gen/corogen/internal/lower"
	"github.com/morestack/morestack/gen/corogen/internal/takeover"
	"github.com/morestack/morestack/gen/corogen/internal/write"
	"github.com/morestack/morestack/internal/source"
)

type options struct {
	dir, base, tags string
	verbose         bool
	log             io.Writer
}

// maxRounds bounds how often code is lowered again with what the last listing
// has taught. Each round turns something into a shim, so few are needed.
const maxRounds = 40

var arches = []string{"amd64", "arm64"}

// generate does everything. Nothing is written before all is verified.
func generate(o options) error {
	tools := compile.New(o.dir, o.tags)
	version, root, err := tools.Version()
	if err != nil {
		return err
	}
	p, err := load.Load(load.Config{Dir: o.dir, Base: o.base, Tags: o.tags, GOROOT: root, Env: tools.Env})
	if err != nil {
		return err
	}
	if len(p.Refusals) > 0 {
		return refused(p.Fset, p.Refusals)
	}
	if len(p.Bodies) == 0 {
		return noBodies(p)
	}
	r := &session{options: o, Package: p, tools: tools, version: version}
	r.force = lower.Force{Lines: map[string]bool{}, Funcs: map[string]bool{}, Calls: map[string]bool{}}
	r.listers = map[string]*compile.Lister{}
	for _, arch := range arches {
		l, err := tools.NewLister(arch)
		if err != nil {
			return err
		}
		defer l.Close()
		r.listers[arch] = l
	}
	files, err := r.rounds()
	if err != nil {
		return err
	}
	if err := p.Verify(files); err != nil {
		return err
	}
	return write.Files(files)
}

func noBodies(p *load.Package) error {
	err := fmt.Errorf("%s: no function is marked %s", p.Dir, source.Mark)
	if files := p.Generated(); len(files) > 0 {
		err = fmt.Errorf("%w any more: remove %s", err, strings.Join(files, " "))
	}
	return err
}

func refused(fset *token.FileSet, list []check.Refusal) error {
	sort.SliceStable(list, func(i, j int) bool { return list[i].Pos < list[j].Pos })
	var lines []string
	for _, r := range list {
		lines = append(lines, fmt.Sprintf("%s: %s", fset.Position(r.Pos), r.Message))
	}
	return errors.New(strings.Join(lines, "\n"))
}

type session struct {
	options
	*load.Package
	tools   *compile.Toolchain
	version string
	force   lower.Force
	listers map[string]*compile.Lister // by architecture
}

// rounds lowers and compiles until everything can be taken over.
func (r *session) rounds() (map[string][]byte, error) {
	for range maxRounds {
		low, err := lower.Lower(r.Package, r.base, r.force)
		if err != nil {
			return nil, err
		}
		if len(low.Refusals) > 0 {
			return nil, refused(r.Fset, low.Refusals)
		}
		files := map[string][]byte{
			r.file(".go"):        low.Common,
			r.file("_native.go"): low.Native,
			r.file("_none.go"):   low.None,
			r.file("_test.go"):   low.Test,
		}
		outs, err := r.compile(low)
		if err != nil {
			return nil, err
		}
		var problems []takeover.Problem
		for i, arch := range arches {
			problems = append(problems, outs[i].Problems...)
			files[r.file("_"+arch+".s")], files[r.file("_"+arch+".go")] = outs[i].Asm, outs[i].Tables
		}
		again, err := r.learn(low, problems)
		if err != nil {
			return nil, err
		}
		if !again {
			r.explain(low)
			return files, nil
		}
	}
	return nil, fmt.Errorf("%s: no lowered form of the bodies was found in %d rounds, which is a bug of corogen", r.dir, maxRounds)
}

func (r *session) file(suffix string) string { return filepath.Join(r.dir, r.base+suffix) }

// compile compiles lowered code and takes it over, for all architectures side by side.
func (r *session) compile(low *lower.Output) ([]*takeover.Output, error) {
	outs := make([]*takeover.Output, len(arches))
	var g errgroup.Group
	for i, arch := range arches {
		g.Go(func() (err error) {
			outs[i], err = r.compileFor(arch, low)
			return err
		})
	}
	return outs, g.Wait()
}

func (r *session) compileFor(arch string, low *lower.Output) (*takeover.Output, error) {
	overlay := compile.Overlay{}
	for _, path := range r.Hidden {
		overlay[path] = nil
	}
	overlay[r.file(".go")] = low.Blocks
	overlay[r.file("_lowered.go")] = low.Lowered
	listing, err := r.listers[arch].List(overlay)
	if err != nil {
		return nil, fmt.Errorf("the lowered code does not compile for %s: %w", arch, err)
	}
	in := takeover.Input{
		Arch: arch, GoVersion: r.version, PackagePath: r.LinkPath(r.Types), ImportPath: r.Path, PackageName: r.Name,
		Dir: r.dir, GOROOT: r.GOROOT, OutBase: r.base, Shims: low.Shims, Loop: lower.Loop, Imports: low.Imports,
		Listing: listing, Env: append(append([]string{}, r.tools.Env...), "GOARCH="+arch),
		Pointers: low.Pointers,
	}
	for _, f := range low.Funcs {
		in.Funcs = append(in.Funcs, takeover.Func(f))
	}
	for _, p := range low.Probes {
		in.Funcs = append(in.Funcs, takeover.Func{Symbol: p.Symbol, Name: p.Callee})
	}
	return takeover.Run(in)
}

// learn turns problems into what the next round does differently, and reports
// whether there is to be one. Problems that nothing helps against are refused.
func (r *session) learn(low *lower.Output, problems []takeover.Problem) (again bool, err error) {
	probes := map[string]string{}
	for _, p := range low.Probes {
		probes[p.Symbol] = p.Callee
		if _, known := r.force.Calls[p.Callee]; !known {
			r.force.Calls[p.Callee] = true
			again = true
		}
	}
	var unsolved []string
	for _, p := range problems {
		if callee := probes[p.Func]; callee != "" {
			r.force.Calls[callee] = false
			continue
		}
		if len(low.Probes) > 0 {
			continue // it may vanish with what the probes have shown
		}
		line := lower.Line(p.File, p.Line)
		switch {
		case filepath.Dir(p.File) == r.dir && !r.force.Lines[line]:
			r.force.Lines[line] = true
			again = true
		case !r.force.Funcs[p.Func]:
			r.force.Funcs[p.Func] = true
			again = true
		default:
			unsolved = append(unsolved, r.unsolved(p))
		}
	}
	if len(unsolved) > 0 && !again {
		return false, errors.New(strings.Join(unsolved, "\n"))
	}
	return again, nil
}

func (r *session) unsolved(p takeover.Problem) string {
	what := "the compiler's code for this"
	switch p.Kind {
	case takeover.ProblemCall:
		what += " calls " + p.Symbol
	case takeover.ProblemObject:
		what += " keeps a variable on the stack whose address is taken and that holds pointers (" + p.Symbol + ")"
	case takeover.ProblemAddress:
		what = "an address that was kept in an integer across a call, a yield or a loop's turn is used here (" + p.Symbol + ")"
	case takeover.ProblemInlined:
		what += " includes some of another package (" + p.Symbol + ")"
	default:
		what += " needs " + p.Symbol
	}
	return fmt.Sprintf("%s:%d:1: %s, which a body cannot: move it to a function that is no body", p.File, p.Line, what)
}

// explain prints what became of the bodies.
func (r *session) explain(low *lower.Output) {
	if !r.verbose {
		return
	}
	seen := map[string]bool{}
	for _, n := range low.Notes {
		line := fmt.Sprintf("%s: %s: %s", n.Pos, n.Body, n.Text)
		if !seen[line] {
			seen[line] = true
			fmt.Fprintln(r.log, line)
		}
	}
}

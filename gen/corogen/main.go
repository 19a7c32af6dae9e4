// Corogen compiles functions marked //coro:body so that they run as coroutines
// on stacks of their own. In a package that has such functions:
//
//	//go:generate go tool corogen
//
// after go get -tool github.com/morestack/morestack/gen/corogen. It writes
// coro_bodies.go, which has a typed constructor for each body, and files with
// their machine code for linux/amd64 and linux/arm64; elsewhere the same
// functions run on iter.Pull.
//
// What it does not support is refused, with position and what to write instead.
// go vet -vettool=$(go tool -n corogen) reports the same.
//
// Flags:
//
//	-check write nothing, but tell which bodies have other machine code than their
//	       source would give: it takes milliseconds
//	-v     explain for each body what became a call of Go code, and why
//	-o     base name of the generated files (default coro_bodies)
//	-tags  build tags, separated by commas
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"

	_ "github.com/morestack/morestack/coro" // so that go get -tool gets what generated files import
	_ "github.com/morestack/morestack/coro/corotest"
	"github.com/morestack/morestack/gen/corogen/analyzer"
	"github.com/morestack/morestack/gen/corogen/internal/compile"
	"github.com/morestack/morestack/internal/source"
)

func main() {
	compile.RunTool()
	// go vet asks tools for version and flags, and passes a .cfg file.
	for _, a := range os.Args[1:] {
		if strings.HasPrefix(a, "-V=") || a == "-flags" || strings.HasSuffix(a, ".cfg") {
			redirect(a)
			unitchecker.Main(analyzer.Analyzer)
		}
	}
	var o options
	flag.BoolVar(&o.verbose, "v", false, "explain what became a call of Go code")
	flag.StringVar(&o.base, "o", "coro_bodies", "base `name` of the generated files")
	onlyCheck := flag.Bool("check", false, "write nothing, and tell whether generated files are of the source as it is")
	flag.StringVar(&o.tags, "tags", "", "build `tags`, separated by commas")
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "usage: corogen [-check] [-v] [-o name] [-tags list] [directory]\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	dir := "."
	switch flag.NArg() {
	case 0:
	case 1:
		dir = flag.Arg(0)
	default:
		flag.Usage()
		os.Exit(2)
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		o.dir, o.log = dir, os.Stderr
		if *onlyCheck {
			err = fresh(dir)
		} else {
			err = generate(o)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// fresh returns an error if the machine code of the package in dir is not of its source.
func fresh(dir string) error {
	problems, err := source.Check(dir)
	for _, p := range problems {
		err = errors.Join(err, errors.New(p.String()))
	}
	return err
}

// redirect sends what vet prints to the file that the configuration names. Since
// Go 1.26 the go command reads it there; the x/tools that still builds with Avo
// does not know.
func redirect(configuration string) {
	text, err := os.ReadFile(configuration)
	if err != nil {
		return
	}
	var c struct{ Stdout string }
	if json.Unmarshal(text, &c) != nil || c.Stdout == "" {
		return
	}
	if f, err := os.Create(c.Stdout); err == nil {
		os.Stdout = f
	}
}

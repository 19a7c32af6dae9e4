package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// Record is a line of a generated file: of what the machine code of a body was made.
type Record struct {
	Body    string
	Sum     string
	Inlined []string // see Source.Sum
}

const (
	recordMark = "//coro:source "
	tagsMark   = "//coro:tags "
)

func (r Record) String() string {
	return recordMark + strings.Join(append([]string{r.Body, r.Sum}, r.Inlined...), " ")
}

// Records writes the lines for all bodies of the package in dir. inlined tells what the
// compiler was left to inline, by body.
func Records(dir, tags string, inlined map[string][]string) (string, error) {
	s, err := Read(dir, split(tags))
	if err != nil {
		return "", err
	}
	for _, body := range s.Tests {
		return "", errors.New(misplaced(body).String())
	}
	var b strings.Builder
	if tags != "" {
		fmt.Fprintln(&b, tagsMark+tags)
	}
	for _, body := range s.Bodies {
		fmt.Fprintln(&b, Record{body.Name, s.Sum(body, inlined[body.Name]), inlined[body.Name]})
	}
	return b.String(), nil
}

func misplaced(b Body) Problem {
	return Problem{b.Position, fmt.Sprintf("%s is in a file of tests, and bodies there get no machine code: move it to another file", b.Name)}
}

func split(tags string) []string {
	if tags == "" {
		return nil
	}
	return strings.Split(tags, ",")
}

// Problem is machine code that is not of the source as it is.
type Problem struct {
	Position token.Position
	Message  string // what is wrong, and what to run
}

func (p Problem) String() string { return fmt.Sprintf("%s: %s", p.Position, p.Message) }

// Check compares the generated files of the package in a folder with its source. A
// package for which nothing was generated has one problem if it has bodies.
func Check(dir string) ([]Problem, error) {
	records, file, tags, err := recorded(dir)
	if err != nil {
		return nil, err
	}
	s, err := Read(dir, tags)
	if err != nil {
		return nil, err
	}
	var problems []Problem
	report := func(at token.Position, format string, args ...any) {
		problems = append(problems, Problem{at, fmt.Sprintf(format, args...) + ": run go generate"})
	}
	for _, b := range s.Tests {
		problems = append(problems, misplaced(b))
	}
	if file == "" {
		if len(s.Bodies) > 0 {
			report(s.Bodies[0].Position, "nothing was generated for the bodies of this package")
		}
		return problems, nil
	}
	gone := map[string]bool{}
	for name := range records {
		gone[name] = true
	}
	for _, b := range s.Bodies {
		r, ok := records[b.Name]
		delete(gone, b.Name)
		switch {
		case !ok:
			report(b.Position, "%s has no machine code", b.Name)
		case s.Sum(b, r.Inlined) != r.Sum:
			report(b.Position, "the machine code of %s was made of other source than this", b.Name)
		}
	}
	for name := range gone {
		report(token.Position{Filename: file, Line: 1}, "%s is no longer a body, and has machine code", name)
	}
	return problems, nil
}

// recorded reads the records of a folder, from the one file that has them.
func recorded(dir string) (records map[string]Record, file string, tags []string, err error) {
	paths, err := filepath.Glob(filepath.Join(glob.Replace(dir), "*.go"))
	if err != nil {
		return nil, "", nil, err
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, "", nil, err
		}
		if !bytes.HasPrefix(text, []byte(Header)) || !bytes.Contains(text, []byte("\n"+recordMark)) {
			continue
		}
		if file != "" {
			return nil, "", nil, fmt.Errorf("%s and %s were both generated for this package: remove one of them, and what has its name", file, path)
		}
		file, records = path, map[string]Record{}
		for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
			if rest, ok := strings.CutPrefix(lines.Text(), recordMark); ok {
				if f := strings.Fields(rest); len(f) >= 2 {
					records[f[0]] = Record{f[0], f[1], f[2:]}
				}
			} else if rest, ok := strings.CutPrefix(lines.Text(), tagsMark); ok {
				tags = split(rest)
			}
		}
	}
	return records, file, tags, nil
}

// glob makes a folder's name mean itself in a pattern.
var glob = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`)

// Package lab runs programs made of bodies in every way there is and compares
// the transcripts. It makes a temporary module that uses this repository, runs
// corogen there, and builds all programs together: a build is what takes time.
//
// A program is one Go file. It holds bodies and a function whose name starts
// with Run and that takes a *record.Transcript, which makes coroutines with the
// constructors that corogen generates.
package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/morestack/morestack/tests/fuzz/record"
)

// Source is a program.
type Source struct {
	Name string // of the file without .go, unique in its unit
	Text []byte
}

// runner is the name of the function to call: the last whose name starts so.
func (s Source) runner() string {
	if all := runnerPattern.FindAllSubmatch(s.Text, -1); all != nil {
		return string(all[len(all)-1][1])
	}
	return "Run"
}

var runnerPattern = regexp.MustCompile(`(?m)^func (Run\w*)\(`)

// Unit is a package of programs: what one run of corogen takes.
type Unit struct {
	Name    string
	Sources []Source
}

// Config is one way to compile and run programs.
type Config struct {
	Arch string
	Twin bool // built with the tag purego
	Mode Mode
}

func (c Config) String() string {
	s := c.Arch
	if c.Twin {
		s += "/purego"
	}
	if c.Mode != Calm {
		s += "/" + string(c.Mode)
	}
	return s
}

// Configs is every Config for the architectures.
func Configs(arches ...string) []Config {
	var all []Config
	for _, a := range arches {
		for _, s := range settings {
			all = append(all, Config{Arch: a, Mode: s.mode})
		}
		if a == runtime.GOARCH {
			all = append(all, Config{Arch: a, Twin: true})
		}
	}
	return all
}

// Runnable is Configs for those of the architectures that can run here. One
// that cannot is an error, unless the environment says ARM64=skip, which logf is
// told: skipping it would skip half the test.
func Runnable(arches []string, logf func(format string, args ...any)) ([]Config, error) {
	var found []string
	for _, a := range arches {
		if a != runtime.GOARCH {
			if _, err := exec.LookPath(Emulators[a]); err != nil {
				if os.Getenv("ARM64") != "skip" {
					return nil, fmt.Errorf("lab: programs for %s cannot run: %w (choose with -arch)", a, err)
				}
				logf("NOT RUN for %s: ARM64=skip", a)
				continue
			}
		}
		found = append(found, a)
	}
	return Configs(found...), nil
}

// Kind is what is wrong with a program.
type Kind string

// Kinds of failures.
const (
	Plain   Kind = "plain Go fails"         // the program is at fault, not corogen
	Refused Kind = "refused"                // corogen said so, with the position
	Corogen Kind = "corogen fails"          // with anything else
	Build   Kind = "generated code is bad"  // it does not build
	Crash   Kind = "crash"                  // of the process, or no end
	Differs Kind = "other than in plain Go" // the transcript
)

// Failure is what went wrong with one program in one configuration.
type Failure struct {
	Unit, Source string
	Config       Config
	Kind         Kind
	Detail       string
}

func (f Failure) String() string {
	return fmt.Sprintf("%s/%s: %s: %s\n%s", f.Unit, f.Source, f.Config, f.Kind, f.Detail)
}

// Class is what failures of the same cause have in common, more or less: the
// kind, the configuration, and the first words of what is wrong.
func (f Failure) Class() string {
	class := string(f.Kind)
	switch f.Kind {
	case Differs:
		// yield, end, trap: or panic: and the type of the value
		_, got, _ := strings.Cut(f.Detail, "\tgot ")
		words := strings.Fields(firstLine(got))
		if len(words) > 0 {
			class += " " + words[0]
		}
		if len(words) > 1 && (words[0] == "panic:" || words[0] == "trap:") {
			class += " " + words[1]
		}
	case Crash:
		if m := crashPattern.FindString(f.Detail); m != "" {
			class += " " + m
		}
	case Refused:
		// without position and names
		for _, line := range strings.Split(f.Detail, "\n") {
			if i := strings.LastIndex(line, ": "); i >= 0 {
				return class + line[i:]
			}
		}
	}
	return class
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

var crashPattern = regexp.MustCompile(`(?m)^(fatal error|panic|SIG[A-Z]+|timeout|unexpected fault|runtime:).{0,40}`)

// Lab is a place where programs are built and run.
type Lab struct {
	dir  string // the module
	root string // the repository
	// Logf, if set, is told what takes how long.
	Logf func(format string, args ...any)
	// Limit is how long a program may take as plain Go on this machine.
	// Compiled by corogen, under stress or an emulator, it has more.
	Limit time.Duration
}

// ErrNoCorogen is what Check returns if this repository has no corogen.
var ErrNoCorogen = errors.New("lab: there is no gen/corogen to test")

// Available reports why programs cannot be generated and run here, if so: the
// lab runs on the machine that generates, once, for all architectures.
func Available() error {
	host, err := exec.Command("go", "env", "GOHOSTARCH").Output()
	if err != nil {
		return fmt.Errorf("lab: no go command: %w", err)
	}
	if h := strings.TrimSpace(string(host)); runtime.GOOS != "linux" || h != runtime.GOARCH {
		return fmt.Errorf("lab: programs are generated and run on linux/%s, those for %s/%s too", h, runtime.GOOS, runtime.GOARCH)
	}
	return nil
}

// New makes a lab in an empty folder.
func New(dir string) (*Lab, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/morestack/morestack").Output()
	if err != nil {
		return nil, fmt.Errorf("lab: where is the repository: %w", err)
	}
	l := &Lab{dir: dir, root: strings.TrimSpace(string(out)), Limit: 5 * time.Second}
	return l, l.writeModule()
}

// Root is the folder of the repository.
func (l *Lab) Root() string { return l.root }

const modulePath = "programs.test"

// writeModule writes go.mod and go.sum: what the repository requires, and the
// repository.
func (l *Lab) writeModule() error {
	mod, err := os.ReadFile(filepath.Join(l.root, "go.mod"))
	if err != nil {
		return err
	}
	text := strings.Replace(string(mod), "module github.com/morestack/morestack", "module "+modulePath, 1)
	text += fmt.Sprintf("\nrequire github.com/morestack/morestack v0.0.0\n\nreplace github.com/morestack/morestack => %q\n", l.root)
	if err := l.write("go.mod", []byte(text)); err != nil {
		return err
	}
	sum, err := os.ReadFile(filepath.Join(l.root, "go.sum"))
	if err != nil {
		return err
	}
	return l.write("go.sum", sum)
}

func (l *Lab) write(name string, text []byte) error {
	path := filepath.Join(l.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o666)
}

// command is a go command, or another, in the module.
func (l *Lab) command(ctx context.Context, dir string, env []string, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=mod", "GOWORK=off", "GOEXPERIMENT=", "MORESTACK=strict=1", "PWD="+dir)
	c.Env = append(c.Env, env...)
	c.WaitDelay = time.Second
	return c
}

// timed logs how long something took.
func (l *Lab) timed(what string) func() {
	start := time.Now()
	return func() {
		if l.Logf != nil {
			l.Logf("%7.2fs %s", time.Since(start).Seconds(), what)
		}
	}
}

// corogen builds the generator, if it was not built before.
func (l *Lab) corogen(ctx context.Context) (string, error) {
	path := filepath.Join(l.dir, "corogen")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if _, err := os.Stat(filepath.Join(l.root, "gen", "corogen", "main.go")); err != nil {
		return "", ErrNoCorogen
	}
	defer l.timed("build corogen")()
	c := l.command(ctx, l.root, []string{"GOFLAGS="}, "go", "build", "-o", path, "./gen/corogen")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("lab: building corogen: %w\n%s", err, out)
	}
	return path, nil
}

// Report is what Check found.
type Report struct {
	Programs int // that ran as plain Go
	Failures []Failure
	// Transcripts are those of plain Go on the first architecture, by
	// "unit/source".
	Transcripts map[string]string
	// Noise is what disturbed the programs in each configuration with noise.
	Noise map[Config]record.Disturbances
}

// Check runs the programs as plain Go and in every configuration, and compares.
// Without configurations it only runs plain Go, for the machine at hand. The
// error is ErrNoCorogen or one of the machinery; what is wrong with programs is
// in the report.
func (l *Lab) Check(ctx context.Context, units []Unit, configs []Config) (*Report, error) {
	r := &Report{Noise: map[Config]record.Disturbances{}}
	for _, d := range []string{"plain", "native", "cmd"} {
		if err := os.RemoveAll(filepath.Join(l.dir, d)); err != nil {
			return nil, err
		}
	}
	expected := map[string]map[string]string{}
	arches := []string{runtime.GOARCH}
	for _, c := range configs {
		if _, ok := expected[c.Arch]; !ok {
			expected[c.Arch] = nil
			if c.Arch != runtime.GOARCH {
				arches = append(arches, c.Arch)
			}
		}
	}
	units, err := l.writePlain(r, units)
	if err != nil {
		return nil, err
	}
	for _, a := range arches {
		units, expected[a], err = l.runAll(ctx, r, "plain", units, Config{Arch: a, Twin: true})
		if err != nil {
			return nil, err
		}
		for i, f := range r.Failures {
			if f.Kind != Refused && f.Kind != Corogen {
				r.Failures[i].Kind = Plain
			}
		}
	}
	r.Transcripts = expected[runtime.GOARCH]
	r.Programs = count(units)
	if len(configs) == 0 {
		return r, nil
	}
	if units, err = l.generate(ctx, r, units); err != nil {
		return nil, err
	}
	for _, c := range configs {
		_, got, err := l.runAll(ctx, r, "native", units, c)
		if err != nil {
			return nil, err
		}
		for _, u := range units {
			for _, s := range u.Sources {
				name := u.Name + "/" + s.Name
				g, ok := got[name]
				if !ok {
					continue
				}
				text, noise, disturbed := strings.Cut(g, record.Noise)
				if want := expected[c.Arch][name]; text != want {
					r.Failures = append(r.Failures, Failure{u.Name, s.Name, c, Differs, difference(text, want) + "\n" + noise})
				}
				if disturbed {
					var one record.Disturbances
					if err := json.Unmarshal([]byte(noise), &one); err != nil {
						return nil, fmt.Errorf("lab: %s: %s: noise %q: %w", name, c, noise, err)
					}
					all := r.Noise[c]
					all.Add(one)
					r.Noise[c] = all
				}
			}
		}
	}
	return r, nil
}

// difference shows the first lines in which two transcripts differ.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			return fmt.Sprintf("line %d:\n\tgot  %s\n\twant %s", i+1, a, b)
		}
	}
	return ""
}

// writePlain writes the programs as plain Go.
func (l *Lab) writePlain(r *Report, units []Unit) ([]Unit, error) {
	return each(units, func(u Unit, s Source) (bool, error) {
		text, err := WithTwins(s.Text)
		if err != nil {
			r.Failures = append(r.Failures, Failure{u.Name, s.Name, Config{}, Plain, err.Error()})
			return false, nil
		}
		return true, l.write("plain/"+u.Name+"/"+s.Name+".go", inPackage(u.Name, text))
	})
}

var packagePattern = regexp.MustCompile(`(?m)^package \w+`)

// inPackage changes the package clause. Of what stands before it only the lines
// stay, for positions: a build constraint there keeps the go command from files
// that need corogen first.
func inPackage(name string, text []byte) []byte {
	i := packagePattern.FindIndex(text)
	if i == nil {
		return text
	}
	blank := bytes.Repeat([]byte("\n"), bytes.Count(text[:i[0]], []byte("\n")))
	return append(append(blank, "package "+name...), text[i[1]:]...)
}

// each filters the sources of units.
func each(units []Unit, keep func(Unit, Source) (bool, error)) ([]Unit, error) {
	var kept []Unit
	for _, u := range units {
		k := Unit{Name: u.Name}
		for _, s := range u.Sources {
			ok, err := keep(u, s)
			if err != nil {
				return nil, err
			}
			if ok {
				k.Sources = append(k.Sources, s)
			}
		}
		if len(k.Sources) > 0 {
			kept = append(kept, k)
		}
	}
	return kept, nil
}

// count is the number of programs.
func count(units []Unit) int {
	n := 0
	for _, u := range units {
		n += len(u.Sources)
	}
	return n
}

// generate writes the programs once more and runs corogen on them. Programs it
// refuses are left out, and it is run again for the rest of their unit.
func (l *Lab) generate(ctx context.Context, r *Report, units []Unit) ([]Unit, error) {
	corogen, err := l.corogen(ctx)
	if err != nil {
		return nil, err
	}
	defer l.timed("corogen")()
	done := make([]Unit, len(units))
	failed := make([][]Failure, len(units))
	errs := make([]error, len(units))
	var group sync.WaitGroup
	turns := make(chan struct{}, runtime.NumCPU())
	for i, u := range units {
		group.Add(1)
		go func() {
			defer group.Done()
			turns <- struct{}{}
			defer func() { <-turns }()
			done[i], failed[i], errs[i] = l.generateUnit(ctx, corogen, u)
		}()
	}
	group.Wait()
	for _, f := range failed {
		r.Failures = append(r.Failures, f...)
	}
	kept, _ := each(done, func(Unit, Source) (bool, error) { return true, nil })
	return kept, errors.Join(errs...)
}

// bugPattern is in what corogen says when it is wrong itself, positions or not.
var bugPattern = regexp.MustCompile(`does not compile for|do not build|a bug of corogen|(?m)^panic: |^goroutine `)

func (l *Lab) generateUnit(ctx context.Context, corogen string, u Unit) (Unit, []Failure, error) {
	var failures []Failure
	dir := filepath.Join(l.dir, "native", u.Name)
	for len(u.Sources) > 0 {
		if err := os.RemoveAll(dir); err != nil {
			return u, nil, err
		}
		if err := l.write("native/"+u.Name+"/"+u.Name+".go", []byte("// Package "+u.Name+" holds bodies.\npackage "+u.Name+"\n\n//go:generate corogen\n")); err != nil {
			return u, nil, err
		}
		for _, s := range u.Sources {
			if err := l.write("native/"+u.Name+"/"+s.Name+".go", inPackage(u.Name, s.Text)); err != nil {
				return u, nil, err
			}
		}
		limited, cancel := context.WithTimeout(ctx, 15*time.Minute)
		out, err := l.command(limited, dir, []string{"GOFILE=" + u.Name + ".go", "GOPACKAGE=" + u.Name}, corogen).CombinedOutput()
		cancel()
		if err == nil {
			break
		}
		// Without the programs it names, the rest may pass.
		kind := Refused
		if bugPattern.Match(out) {
			kind = Corogen
		}
		var rest []Source
		for _, s := range u.Sources {
			lines := mentions(string(out), s.Name+".go:")
			if lines == "" {
				rest = append(rest, s)
				continue
			}
			failures = append(failures, Failure{u.Name, s.Name, Config{}, kind, lines})
		}
		if len(rest) == len(u.Sources) {
			for _, s := range rest {
				failures = append(failures, Failure{u.Name, s.Name, Config{}, Corogen, fmt.Sprintf("%v\n%s", err, last(out))})
			}
			rest = nil
			if err := os.RemoveAll(dir); err != nil {
				return u, nil, err
			}
		}
		u.Sources = rest
	}
	return u, failures, nil
}

// mentions gives the lines of text that contain word.
func mentions(text, word string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, word) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return strings.Join(lines, "\n")
}

// last is the end of an output, which is what says why.
func last(out []byte) string {
	const most = 4000
	if len(out) > most {
		return "..." + string(out[len(out)-most:])
	}
	return string(out)
}

// runAll builds and runs the units. It returns transcripts by "unit/source",
// and the units without programs that failed.
func (l *Lab) runAll(ctx context.Context, r *Report, kind string, units []Unit, c Config) ([]Unit, map[string]string, error) {
	binary, units, err := l.build(ctx, r, kind, units, c)
	if err != nil || len(units) == 0 {
		return nil, nil, err
	}
	got, failures, err := l.run(ctx, binary, units, c)
	if err != nil {
		return nil, nil, err
	}
	r.Failures = append(r.Failures, failures...)
	units, err = each(units, func(u Unit, s Source) (bool, error) {
		_, ok := got[u.Name+"/"+s.Name]
		return ok, nil
	})
	return units, got, err
}

// build builds the units into one binary. Units that do not build are reported
// and left out.
func (l *Lab) build(ctx context.Context, r *Report, kind string, units []Unit, c Config) (string, []Unit, error) {
	defer l.timed(fmt.Sprintf("build %s %s", kind, c))()
	binary := filepath.Join(l.dir, kind+"-"+c.Arch)
	args := []string{"build", "-ldflags=-w", "-o", binary}
	if c.Twin {
		binary += "-purego"
		args[len(args)-1] = binary
		args = append(args, "-tags=purego")
	}
	if kind == "plain" {
		args = append(args, "-gcflags=-e") // all errors
	}
	for len(units) > 0 {
		if err := l.write("cmd/"+kind+"/main.go", mainOf(kind, units)); err != nil {
			return "", nil, err
		}
		out, err := l.command(ctx, l.dir, []string{"GOARCH=" + c.Arch}, "go", append(args, "./cmd/"+kind)...).CombinedOutput()
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return "", nil, ctx.Err()
		}
		// Without the programs it names, the rest may build.
		left := 0
		rest, _ := each(units, func(u Unit, s Source) (bool, error) {
			lines := mentions(string(out), kind+"/"+u.Name+"/"+s.Name+".go:")
			if lines != "" {
				r.Failures = append(r.Failures, Failure{u.Name, s.Name, c, Build, lines})
				return false, os.Remove(filepath.Join(l.dir, kind, u.Name, s.Name+".go"))
			}
			left++
			return true, nil
		})
		if left == count(units) {
			// It names what was generated, or nothing.
			rest, _ = each(units, func(u Unit, s Source) (bool, error) {
				header := "# " + modulePath + "/" + kind + "/" + u.Name + "\n"
				_, messages, bad := strings.Cut(string(out), header)
				if bad {
					messages, _, _ = strings.Cut(messages, "\n# ")
					r.Failures = append(r.Failures, Failure{u.Name, s.Name, c, Build, last([]byte(messages))})
				}
				return !bad, nil
			})
		}
		if count(rest) == count(units) {
			return "", nil, fmt.Errorf("lab: build %s %s: %w\n%s", kind, c, err, last(out))
		}
		units = rest
	}
	return binary, units, nil
}

// mainOf is a main package that runs all programs.
func mainOf(kind string, units []Unit) []byte {
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n\t\"github.com/morestack/morestack/tests/fuzz/record\"\n\n")
	for _, u := range units {
		fmt.Fprintf(&b, "\t%q\n", modulePath+"/"+kind+"/"+u.Name)
	}
	b.WriteString(")\n\nfunc main() {\n\trecord.Main([]record.Program{\n")
	for _, u := range units {
		for _, s := range u.Sources {
			fmt.Fprintf(&b, "\t\t{%q, %s.%s},\n", u.Name+"/"+s.Name, u.Name, s.runner())
		}
	}
	b.WriteString("\t})\n}\n")
	return b.Bytes()
}

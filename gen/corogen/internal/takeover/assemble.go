package takeover

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// assembled is what the assembler made of a function.
type assembled struct {
	end   map[int]int // end of the call at a step's offset: its return address
	label map[int]int // where the step at an offset starts
	code  []byte
	masks []reloc
}

var errorLine = regexp.MustCompile(`\.s:(\d+)`)

// settle assembles and writes anew until every instruction is the compiler's
// and every distance is right.
func (t *takeover) settle() error {
	for range 12 {
		again, err := t.attempt()
		if err != nil || !again {
			return err
		}
		if len(t.problems) > 0 {
			return nil
		}
	}
	return fmt.Errorf("takeover: assembly does not settle")
}

func (t *takeover) attempt() (again bool, err error) {
	list, failed, err := t.assemble(t.assembly(nil))
	if err != nil {
		return false, err
	}
	t.assembled = list
	marks := t.text.marks
	if len(failed) > 0 {
		for _, line := range failed {
			m, ok := marks[line.number]
			if !ok || m.s == nil || !m.exact {
				return false, fmt.Errorf("takeover: the assembler refuses what it should not: %s", line.text)
			}
			again = t.asBytes(t.owner(m.s), m.s) || again
		}
		if !again {
			return false, nil // problems
		}
		return true, nil
	}
	for _, f := range t.funcs {
		s := list[t.PackagePath+"."+f.Symbol]
		if s == nil {
			return false, fmt.Errorf("takeover: %s is not in the assembler's listing", f.Symbol)
		}
		if t.compare(f, s, marks) {
			again = true
		}
	}
	return again, nil
}

func (t *takeover) owner(s *step) *function {
	for _, f := range t.funcs {
		for _, o := range f.steps {
			if o == s {
				return f
			}
		}
	}
	return nil
}

// asBytes has the instruction written as bytes the next time. It reports false
// if that is not possible.
func (t *takeover) asBytes(f *function, s *step) bool {
	if f.raw[s.offset] || len(s.relocs) > 0 {
		t.problem(f, s.instr, ProblemInstruction, s.text())
		return false
	}
	f.raw[s.offset] = true
	return true
}

// compare notes where things are in the assembled function and finds what
// differs from the compiler's.
func (t *takeover) compare(f *function, s *symbol, marks map[int]mark) (again bool) {
	type piece struct {
		start, end int
		code       []byte
	}
	pieces := map[int]*piece{}
	for _, i := range s.instrs {
		p := pieces[i.line]
		if p == nil {
			p = &piece{start: i.offset}
			pieces[i.line] = p
		}
		p.code = append(p.code, i.code...)
		p.end = i.end
	}
	shape := &assembled{end: map[int]int{}, label: map[int]int{}, code: s.data, masks: s.relocs}
	// Steps that were written as nothing start where the next one does.
	next := len(s.data)
	for line := f.last; line >= f.first; line-- {
		m, ok := marks[line]
		if p := pieces[line]; p != nil {
			next = p.start
			if m.call {
				shape.end[m.s.offset] = p.end
			}
			if m.exact && !bytes.Equal(p.code, m.s.code) && !t.machine.equivalent(m.s, p.code) {
				again = t.asBytes(f, m.s) || again
			}
		}
		if ok {
			shape.label[m.label] = next
		}
	}
	if f.shape == nil || !bytes.Equal(f.shape.code, shape.code) || !sameShape(f.shape, shape) {
		again = true
	}
	f.shape = shape
	return again
}

func sameShape(a, b *assembled) bool {
	for k, v := range b.end {
		if a.end[k] != v {
			return false
		}
	}
	for k, v := range b.label {
		if a.label[k] != v {
			return false
		}
	}
	return true
}

type failure struct {
	number int
	text   string
}

// assemblerPath is the package's path as the assembler is given it, which escapes it.
func (t *takeover) assemblerPath() string {
	if t.PackageName == "main" {
		return t.PackagePath
	}
	return cmp.Or(t.ImportPath, t.PackagePath)
}

// assemble runs the assembler of the toolchain and returns its listing, or the
// lines that it refuses.
func (t *takeover) assemble(text []byte) (listing, []failure, error) {
	dir, err := os.MkdirTemp("", "corogen")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "bodies.s")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return nil, nil, err
	}
	root := exec.Command("go", "env", "GOROOT")
	root.Env = t.Env
	goroot, err := root.Output()
	if err != nil {
		return nil, nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	include := filepath.Join(strings.TrimSpace(string(goroot)), "pkg", "include")
	cmd := exec.Command("go", "tool", "asm", "-S", "-e", "-p", t.assemblerPath(), "-I", include, "-o", filepath.Join(dir, "bodies.o"), file)
	cmd.Env = append(append([]string{}, t.Env...), "GOOS=linux", "GOARCH="+t.Arch)
	out, err := cmd.CombinedOutput()
	if err == nil {
		return parse(out, func(string) bool { return true }), nil, nil
	}
	var failed []failure
	for line := range strings.Lines(string(out)) {
		if m := errorLine.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[1])
			failed = append(failed, failure{n, strings.TrimSpace(line)})
		}
	}
	if len(failed) == 0 {
		return nil, nil, fmt.Errorf("go tool asm: %w: %s", err, out)
	}
	return nil, failed, nil
}

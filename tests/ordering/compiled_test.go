//go:build linux && amd64 && !purego && !race

package ordering

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Package coro compiles to what the programs of the other tests assume.
func TestCompiled(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		t.Run(arch, func(t *testing.T) {
			functions := disassemble(t, arch)
			for _, f := range []string{"leave", "release", "newCore", "finish", "fail", "discard", "Close"} {
				stores := slices.ContainsFunc(functions[f], regexp.MustCompile(`^STLR `).MatchString)
				if want := arch == "arm64"; stores != want {
					t.Errorf("%s has STLR: %v, want %v", f, stores, want)
				}
			}
			// Nothing that waits, on the short way from the entry to the exit, and
			// behind it the token, which the first comparison names.
			resume := functions["Resume"]
			if slow := slices.IndexFunc(resume, regexp.MustCompile(`LOCK|XCHG|LDAX|STLX|CAS|SWP|LDADD|DMB`).MatchString); slow >= 0 {
				t.Errorf("Resume has %s", resume[slow])
			}
			enter := slices.IndexFunc(resume, regexp.MustCompile(`^CALL \(?\w+\)?$`).MatchString)
			if enter < 0 {
				t.Fatalf("Resume enters nothing:\n%s", strings.Join(resume, "\n"))
			}
			switch arch {
			case "amd64":
				token := regexp.MustCompile(`^CMPQ (0x\w+)\(AX\), BX$`)
				i := slices.IndexFunc(resume, token.MatchString)
				if i < 0 || i > enter {
					t.Fatalf("Resume does not compare the token:\n%s", strings.Join(resume, "\n"))
				}
				offset := token.FindStringSubmatch(resume[i])[1]
				store := regexp.MustCompile(`^MOVQ \w+, ` + offset + `\(\w+\)$`)
				if n := count(resume[:enter], store); n != 1 {
					t.Errorf("Resume stores the token %d times before it enters, want once", n)
				}
				if n := count(resume[enter:returned(resume, enter)], store); n != 1 {
					t.Errorf("Resume stores the token %d times when it has entered, want once", n)
				}
			case "arm64":
				if n := count(resume[:enter], regexp.MustCompile(`^LDARW `)); n != 1 {
					t.Errorf("Resume has %d atomic loads before it enters, want that of attention", n)
				}
				if n := count(resume[:enter], regexp.MustCompile(`^STLR `)); n != 0 {
					t.Errorf("Resume has STLR before it enters")
				}
				if n := count(resume[enter:returned(resume, enter)], regexp.MustCompile(`^STLR R`)); n != 1 {
					t.Errorf("Resume has %d STLR when it has entered, want that of the token", n)
				}
				if n := count(functions["Err"], regexp.MustCompile(`^LDAR `)); n == 0 {
					t.Error("Err loads the token with no LDAR")
				}
			}
		})
	}
}

func count(code []string, re *regexp.Regexp) (n int) {
	for _, c := range code {
		if re.MatchString(c) {
			n++
		}
	}
	return
}

// returned is where the first RET is that follows.
func returned(code []string, from int) int {
	return from + slices.IndexFunc(code[from:], func(c string) bool { return strings.HasPrefix(c, "RET") })
}

// disassemble returns the instructions of package coro's functions in a program, one
// of each name.
func disassemble(t *testing.T, arch string) map[string][]string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "run")
	build := exec.Command("go", "build", "-o", program, "../run")
	build.Env = append(build.Environ(), "GOOS=linux", "GOARCH="+arch)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command("go", "tool", "objdump", "-s", `/coro\.`, program).Output()
	if err != nil {
		t.Fatal(err)
	}
	functions := map[string][]string{}
	name := regexp.MustCompile(`^TEXT .*/coro\.(?:.*\.)?(\w+)\(SB\)`)
	var f string
	for line := range strings.Lines(string(out)) {
		if m := name.FindStringSubmatch(line); m != nil {
			if f = m[1]; functions[f] != nil {
				f = "" // another instance
			}
			continue
		}
		// File and line, address, bytes, instruction.
		if fields := strings.Fields(line); len(fields) > 3 {
			functions[f] = append(functions[f], strings.Join(fields[3:], " "))
		}
	}
	return functions
}

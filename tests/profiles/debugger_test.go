//go:build linux && (amd64 || arm64) && !purego

package profiles

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/morestack/morestack/tests/again"
)

// A debugger stops at a line of a body, which it has changed for that before the
// body's code was compared with what was generated, and shows its callers.
func TestDebugger(t *testing.T) {
	if stressed {
		t.Skip("NOT RUN: return addresses of native frames are barriers, where a backtrace ends")
	}
	if again.Emulated() {
		t.Skip("NOT RUN: emulated programs cannot be debugged from inside")
	}
	gdb, err := exec.LookPath("gdb")
	if err != nil {
		t.Skip("NOT RUN: there is no gdb")
	}
	program := filepath.Join(t.TempDir(), "soak")
	if out, err := exec.Command("go", "build", "-o", program, "../soak").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(gdb, "-batch", "-nx", "-iex", "set auto-load no",
		"-ex", "handle SIGURG SIGPROF SIGSEGV nostop noprint pass",
		"-ex", "break binarytrees.go:36", "-ex", "run", "-ex", "backtrace",
		"--args", program, "-workers", "1", "-time", "1m").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		`it may be that a debugger has set a breakpoint`,
		`(?m)^#0 .*coroN\d+_bottomUpTree.*binarytrees\.go:36$`,
		`(?m)^#1 .*coroN\d+_BinaryTrees.*binarytrees\.go:18$`,
	} {
		if !regexp.MustCompile(want).Match(out) {
			t.Errorf("nothing matches %s:\n%s", want, out)
		}
	}
}

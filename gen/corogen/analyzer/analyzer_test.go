package analyzer

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestVet runs the analyzer as go vet does, which passes on what it has found out
// about packages that are imported.
func TestVet(t *testing.T) {
	tool := filepath.Join(t.TempDir(), "corogen")
	if out, err := exec.Command("go", "build", "-o", tool, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command("go", "vet", "-vettool="+tool, "./testdata/refused").CombinedOutput()
	if err == nil {
		t.Error("nothing is refused")
	}
	source, err := os.ReadFile("testdata/refused/a.go")
	if err != nil {
		t.Fatal(err)
	}
	wanted := 0
	lines := bufio.NewScanner(bytes.NewReader(source))
	for n := 1; lines.Scan(); n++ {
		code, message, ok := strings.Cut(lines.Text(), " // refused: ")
		if !ok {
			continue
		}
		wanted++
		at := fmt.Sprintf("a.go:%d:", n)
		if i := strings.Index(string(out), at); i < 0 || !strings.Contains(strings.SplitN(string(out[i:]), "\n", 2)[0], message) {
			t.Errorf("%s%s\nis not refused with %q", at, code, message)
		}
	}
	if got := strings.Count(string(out), "a.go:"); got != wanted {
		t.Errorf("%d refusals, want %d:\n%s", got, wanted, out)
	}
}

package takeover

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The devices are those of the last Go that has them: the same instructions, hence the
// same registers.
func TestDevices(t *testing.T) {
	cmd := exec.Command("go", "env", "GOROOT")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=go1.25.0")
	root, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	blank := regexp.MustCompile(`\s*(,)\s*|\s+`)
	plain := func(text string) string { return blank.ReplaceAllString(strings.TrimSpace(text), "$1 ") }
	architectures(t, func(t *testing.T, arch string, m machine) {
		source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "src", "runtime", "duff_"+arch+".s"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"duffzero", "duffcopy"} {
			_, rest, _ := strings.Cut(string(source), "TEXT runtime·"+name)
			body, _, ok := strings.Cut(rest, "RET")
			if !ok {
				t.Fatalf("no %s in the runtime", name)
			}
			var want, got []string
			for line := range strings.Lines(body) {
				if text := plain(line); text != "" && !strings.Contains(text, "NOSPLIT") {
					want = append(want, text)
				}
			}
			w := &writer{marks: map[int]mark{}}
			m.device(w, "runtime."+name, 0)
			for line := range strings.Lines(w.String()) {
				for _, text := range strings.Split(line, ";") {
					got = append(got, plain(text))
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d instructions %.120q, the runtime has %d: %.120q", name, len(got), got, len(want), want)
			}
			to, from := m.deviceRegisters("runtime." + name)
			for _, register := range []string{to, from} {
				if !strings.Contains(body, "("+register+")") {
					t.Errorf("%s does not use %s", name, register)
				}
			}
		}
	})
}

package corotest

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// recorder notes what becomes of a test.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper()           {}
func (r *recorder) Error(args ...any) { r.said = append(r.said, "error: "+fmt.Sprint(args...)) }
func (r *recorder) Skip(args ...any) {
	r.said = append(r.said, "skipped: "+fmt.Sprint(args...))
	runtime.Goexit()
}

// fresh returns what Fresh says in a folder with files.
func fresh(t *testing.T, files map[string]string) string {
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	r := &recorder{TB: t}
	done := make(chan bool)
	go func() {
		defer close(done)
		Fresh(r)
	}()
	<-done
	return strings.Join(r.said, "\n")
}

func TestFresh(t *testing.T) {
	if got := fresh(t, nil); !strings.HasPrefix(got, "skipped: ") {
		t.Errorf("without source: %q", got)
	}
	if got := fresh(t, map[string]string{"p.go": "package p\n"}); got != "" {
		t.Errorf("without bodies: %q", got)
	}
	got := fresh(t, map[string]string{"p.go": "package p\n\n//coro:body\nfunc f() {}\n"})
	if !strings.HasPrefix(got, "error: ") || !strings.HasSuffix(got, "run go generate") {
		t.Errorf("never generated: %q", got)
	}
}

package write

import (
	"os"
	"path/filepath"
	"testing"
)

// If one file cannot be written, none is, and no temporary file stays.
func TestAllOrNone(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "a"), filepath.Join(dir, "missing", "b")
	if err := os.WriteFile(good, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Files(map[string][]byte{good: []byte("new"), bad: nil}); err == nil {
		t.Fatal("no error")
	}
	if text, _ := os.ReadFile(good); string(text) != "old" {
		t.Errorf("%q was written", text)
	}
	if err := Files(map[string][]byte{good: []byte("new")}); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(good); string(text) != "new" {
		t.Errorf("%q was written", text)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d files", len(entries))
	}
}

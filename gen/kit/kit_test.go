package kit

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// Everything that a Body can write assembles, for frames of every form, and
// numbers its sites in order. What a body does when it runs is tested with
// tests/bodies/avo.
func TestEveryHelperAssembles(t *testing.T) {
	ctx := build.NewContext()
	var sites []int
	for _, f := range []struct {
		name   string
		locals int
		end    func(*Body)
	}{
		{"small", 16, (*Body).Return},
		{"smallYielding", 120, (*Body).ReturnYielding},
		{"large", 128, (*Body).Return},
		{"largeYielding", 4088, (*Body).ReturnYielding},
		{"huge", 4096, (*Body).Return},
		{"hugeYielding", 10000, (*Body).ReturnYielding},
	} {
		Address(ctx, f.name+"Address", f.name)
		b := NewBody(ctx, f.name, f.locals)
		ctx.MOVQ(b.Local(0), reg.RAX)
		sites = []int{b.Call("·pointer"), b.CallYielding("·pointer"), b.Yield(), b.CallGo(), b.Poll(), b.Trap(7)}
		f.end(b)
		sites = append(sites, b.Grow(reg.RAX, reg.RBX))
		if want := []int{0, 1, 2, 3, 4, 5, 6}; !slices.Equal(sites, want) {
			t.Errorf("%s: sites %v, want %v", f.name, sites, want)
		}
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "bodies_amd64.s")
	if err := Write(ctx, file, "a test", Includes, nil); err != nil {
		t.Fatal(err)
	}
	header, err := os.ReadFile("../bodyheaders/body_amd64.h")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "body_amd64.h"), header, 0o644); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, macro := range []string{"PROLOGUE(128,", "PROLOGUE_LARGE(136,", "PROLOGUE_LARGE(4096,", "PROLOGUE_HUGE(4104,"} {
		if !strings.Contains(string(text), macro) {
			t.Errorf("no %s...) in\n%s", macro, text)
		}
	}
	// What the calls go through, which a package defines in a file of its own.
	text = append(text, "\nPOINTER(·pointer, ·small)\n"...)
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	include := filepath.Join(strings.TrimSpace(string(root)), "pkg", "include")
	asm := exec.Command("go", "tool", "asm", "-p", "bodies", "-I", include, "-I", dir, "-o", filepath.Join(dir, "bodies.o"), file)
	asm.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64")
	if out, err := asm.CombinedOutput(); err != nil {
		t.Errorf("go tool asm: %v\n%s", err, out)
	}
}

// A failed run leaves what there was, and no file of its own.
func TestFailedWriteLeavesTheFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "old_amd64.s")
	if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx := build.NewContext()
	ctx.MOVQ(reg.RAX, reg.RBX) // outside of a function
	if err := Write(ctx, file, "a test", Includes, nil); err == nil {
		t.Error("no error for an instruction outside of a function")
	}
	if text, err := os.ReadFile(file); string(text) != "old" || err != nil {
		t.Errorf("the file is now %q, %v", text, err)
	}
	if files, err := os.ReadDir(dir); len(files) != 1 || err != nil {
		t.Errorf("files left: %v, %v", files, err)
	}
}

//go:build linux && amd64 && !purego && !race

package environments

import (
	"path/filepath"
	"testing"
)

// builds are the flags that may change machine code, or where it is.
var builds = map[string][]string{
	"plain":    nil,
	"race":     {"-race"},
	"cover":    {"-coverpkg=./...", "-covermode=atomic"},
	"N":        {"-gcflags=all=-N"},
	"N l":      {"-gcflags=all=-N -l"},
	"trimpath": {"-trimpath"},
	"pie":      {"-buildmode=pie"},
	"s w":      {"-ldflags=-s -w"},
}

// Every way to build the package that corogen has generated, with its program.
func TestBuild(t *testing.T) {
	t.Parallel()
	user := modules(t, made).in("user")
	for name, flags := range builds {
		t.Run(name, func(t *testing.T) { user.test(t, flags...) })
	}
	t.Run("v3", func(t *testing.T) { user.with("GOAMD64=v3").test(t) })
	t.Run("no cgo", func(t *testing.T) { user.with("CGO_ENABLED=0").test(t) })
	t.Run("cgo, GOFLAGS", func(t *testing.T) { user.with("CGO_ENABLED=1", "GOFLAGS=-mod=mod").test(t) })
	t.Run("race, twins", func(t *testing.T) { user.with("MORESTACK=strict=1").run(t, "go", "test", "-race", "./...") })
	t.Run("purego", func(t *testing.T) { user.run(t, "go", "test", "-tags=purego", "./...") })
	t.Run("arm64", func(t *testing.T) { user.with("GOARCH=arm64").test(t, "-exec=qemu-aarch64") })
	t.Run("vet", func(t *testing.T) {
		user.quiet(t, "go", "vet", "./...")
		user.with("GOARCH=arm64").quiet(t, "go", "vet", "./...")
		user.quiet(t, "go", "vet", "-tags=purego", "./...")
		user.with("GOOS=windows").quiet(t, "go", "vet", "./...")
	})
	t.Run("program", func(t *testing.T) {
		program := filepath.Join(t.TempDir(), "zoo")
		user.quiet(t, "go", "build", "-trimpath", "-buildmode=pie", "-ldflags=-s -w", "-o", program, "./zoo.v2")
		if out := user.run(t, program); out != "[7 8 15 7] 56 <nil> 3.5 7 ! <nil>\n" {
			t.Errorf("it prints %s", out)
		}
	})
	t.Run("module", func(t *testing.T) { modules(t, made).in("forest").test(t) })
}

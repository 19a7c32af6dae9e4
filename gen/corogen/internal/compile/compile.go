// Package compile runs the user's go command on lowered code, for the compiler's
// listing.
package compile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Oldest is the oldest minor version of Go 1 whose listings are understood.
const Oldest = 25

// Toolchain is the go command, as it is used in a package's directory.
type Toolchain struct {
	Dir  string
	Tags string
	Env  []string
}

// New returns the toolchain for the package in dir. Flags of GOFLAGS that would
// change the code are left out.
func New(dir, tags string) *Toolchain {
	var env []string
	experiment := ""
	for _, v := range os.Environ() {
		name, value, _ := strings.Cut(v, "=")
		switch name {
		case "GOFLAGS":
			value = flags(value)
		case "GOEXPERIMENT":
			experiment = value
			continue
		case "GOAMD64", "GOARM64", "GOOS", "GOARCH":
			continue
		}
		env = append(env, name+"="+value)
	}
	env = append(env, "GOAMD64=v1", "GOARM64=v8.0", "GOOS=linux")
	if experiment != "" {
		env = append(env, "GOEXPERIMENT="+experiment)
	}
	return &Toolchain{dir, tags, env}
}

var changesCode = regexp.MustCompile(`^--?(race|trimpath|msan|asan|cover.*|gcflags|asmflags|ldflags|N|pgo|n|x|v|json|o|a|overlay|buildmode|compiler|c|exec)(=|$)`)

// quoted matches the words of GOFLAGS: those with spaces are in quotes.
var quoted = regexp.MustCompile(`'[^']*'|"[^"]*"|[^\s'"]\S*`)

func flags(s string) string {
	var keep []string
	for _, f := range quoted.FindAllString(s, -1) {
		if !changesCode.MatchString(strings.Trim(f, `'"`)) {
			keep = append(keep, f)
		}
	}
	return strings.Join(keep, " ")
}

// Version returns the version of Go and its GOROOT, and an error if it is too old.
func (t *Toolchain) Version() (version, root string, err error) {
	out, errs, err := t.run(nil, "env", "GOVERSION", "GOROOT")
	if err != nil {
		return "", "", fmt.Errorf("go env: %w\n%s", err, errs)
	}
	version, root, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
	if rest, ok := strings.CutPrefix(version, "go1."); ok {
		minor := strings.FieldsFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if n, err := strconv.Atoi(minor[0]); err == nil && n < Oldest {
			return "", "", fmt.Errorf("corogen needs Go 1.%d or later, and the go command here is %s: install a newer one, or set GOTOOLCHAIN", Oldest, version)
		}
	}
	return version, root, nil
}

func (t *Toolchain) run(env []string, args ...string) (stdout, stderr []byte, err error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = t.Dir
	cmd.Env = append(append(append([]string{}, t.Env...), "PWD="+t.Dir), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, nil, errors.New("corogen needs the go command, which is not in PATH")
	}
	return out.Bytes(), errs.Bytes(), err
}

// Overlay gives files to the go command that are not, or not so, in the
// package's directory. A nil file is hidden.
type Overlay map[string][]byte

// write puts the overlay into a folder, and returns the file that describes it. An
// overlay of the same paths is written to the same files.
func (o Overlay) write(folder string) (string, error) {
	replace := map[string]string{}
	for i, path := range slices.Sorted(maps.Keys(o)) {
		text := o[path]
		if text == nil {
			replace[path] = ""
			continue
		}
		file := filepath.Join(folder, strconv.Itoa(i)+filepath.Ext(path))
		if err := os.WriteFile(file, text, 0o666); err != nil {
			return "", err
		}
		replace[path] = file
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	list := filepath.Join(folder, "overlay.json")
	return list, os.WriteFile(list, text, 0o666)
}

// build builds the package with an overlay, which it puts into a folder.
func (t *Toolchain) build(folder, arch string, o Overlay, env []string, args ...string) error {
	list, err := o.write(folder)
	if err != nil {
		return err
	}
	// list builds a package, a main package too, and links nothing.
	command := append([]string{"list", "-export", "-f", "{{.Export}}", "-overlay=" + list}, args...)
	if t.Tags != "" {
		command = append(command, "-tags="+t.Tags)
	}
	if _, stderr, err := t.run(append(env, "GOARCH="+arch), append(command, ".")...); err != nil {
		return fmt.Errorf("%w\n%s", err, messages(stderr))
	}
	return nil
}

var message = regexp.MustCompile(`^(\S.*:\d+(:\d+)?: |go: |asm: |# )`)

// messages drops the listing from what the go command says.
func messages(text []byte) string {
	var out []string
	for line := range strings.Lines(string(text)) {
		if message.MatchString(line) {
			out = append(out, line)
		}
	}
	if out == nil {
		return string(text[:min(len(text), 4096)])
	}
	return strings.Join(out[:min(len(out), 40)], "")
}

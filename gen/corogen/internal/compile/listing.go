package compile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// listingFile names the environment variable that makes this program run tools
// for the go command.
const listingFile = "COROGEN_LISTING"

// RunTool runs a tool in the name of the go command, if this process was started
// for that, and does not return then. Every program that lists must call it first.
//
// A listing is many times larger than what is compiled, and the go command keeps
// whatever a compiler says in its cache. So List does not pass -S to the go command,
// but this program as -toolexec: that adds -S where the package with the overlay's
// files is compiled, and takes the listing away.
func RunTool() {
	file := os.Getenv(listingFile)
	if file == "" || len(os.Args) < 2 {
		return
	}
	tool, args := os.Args[1], os.Args[2:]
	ours := strings.TrimSuffix(filepath.Base(tool), ".exe") == "compile" &&
		slices.ContainsFunc(args, func(a string) bool {
			return strings.HasPrefix(a, filepath.Dir(file)+string(filepath.Separator)) && strings.HasSuffix(a, ".go")
		})
	var err error
	if ours {
		err = list(file, tool, args)
	} else {
		cmd := exec.Command(tool, args...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		err = cmd.Run()
	}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.Exited():
		os.Exit(exit.ExitCode()) // it has said why
	case err != nil:
		fmt.Fprintf(os.Stderr, "corogen: %s: %v\n", tool, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// list compiles with a listing to a file. What the compiler has to say besides is
// printed if it fails.
func list(file, tool string, args []string) error {
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	// Nobody links this: what the go command gets is export data.
	object := filepath.Join(filepath.Dir(file), "object")
	cmd := exec.Command(tool, append([]string{"-S", "-linkobj=" + object}, args...)...)
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	err = cmd.Run()
	if e := out.Close(); err == nil {
		err = e
	}
	if err != nil {
		text, _ := os.ReadFile(file)
		fmt.Print(messages(text))
	}
	return err
}

// List compiles the package for arch with loop polls, and returns the listing.
func (t *Toolchain) List(arch string, o Overlay) ([]byte, error) {
	folder, err := os.MkdirTemp("", "corogen")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	experiment := "preemptibleloops"
	for _, v := range t.Env {
		if e, ok := strings.CutPrefix(v, "GOEXPERIMENT="); ok && e != "" {
			experiment = e + "," + experiment
		}
	}
	// What was compiled before would come out of the cache, without a listing.
	fresh := Overlay{}
	for path, text := range o {
		if text != nil && filepath.Ext(path) == ".go" {
			text = append(bytes.Clone(text), "\n// "+folder+"\n"...)
		}
		fresh[path] = text
	}
	file := filepath.Join(folder, "listing")
	env := []string{"GOEXPERIMENT=" + experiment, listingFile + "=" + file}
	if err := t.build(folder, arch, fresh, env, "", "-toolexec="+quote(self)); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

// quote makes a word of a path for the go command, which splits at spaces.
func quote(path string) string {
	switch {
	case !strings.ContainsAny(path, " \t'\""):
		return path
	case strings.Contains(path, "'"):
		return `"` + path + `"`
	}
	return "'" + path + "'"
}

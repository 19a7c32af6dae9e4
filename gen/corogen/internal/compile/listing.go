package compile

import (
	"bytes"
	"encoding/json"
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
// whatever a compiler says in its cache. So a Lister does not pass -S to the go command,
// but this program as -toolexec: that adds -S where the package with the overlay's
// files is compiled, and takes the listing away, and the command.
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
		if err == nil {
			err = remember(filepath.Dir(file), tool, args)
		}
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
	cmd := lists(filepath.Dir(file), tool, args)
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

// lists is the compiler's command with a listing. Nobody links what it compiles: the go
// command gets export data, and the rest goes to a folder.
func lists(folder, tool string, args []string) *exec.Cmd {
	return exec.Command(tool, append([]string{"-S", "-linkobj=" + filepath.Join(folder, "object")}, args...)...)
}

// A Lister compiles variants of one package for one architecture. The first time the go
// command does, which finds what the package imports; then the compiler alone.
type Lister struct {
	tools  *Toolchain
	arch   string
	folder string
}

// NewLister returns a Lister, whose Close is to be called.
func (t *Toolchain) NewLister(arch string) (*Lister, error) {
	folder, err := os.MkdirTemp("", "corogen")
	return &Lister{t, arch, folder}, err
}

// Close removes what the lister keeps.
func (l *Lister) Close() error { return os.RemoveAll(l.folder) }

// List compiles the package with loop polls, and returns the listing.
func (l *Lister) List(o Overlay) ([]byte, error) {
	if text, err := l.again(o); err == nil {
		return text, nil
	}
	// It imports something else now, or does not compile, which the go command says better.
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	experiment := "preemptibleloops"
	for _, v := range l.tools.Env {
		if e, ok := strings.CutPrefix(v, "GOEXPERIMENT="); ok && e != "" {
			experiment = e + "," + experiment
		}
	}
	// What was compiled before would come out of the cache, without a listing.
	fresh := Overlay{}
	for path, text := range o {
		if text != nil && filepath.Ext(path) == ".go" {
			text = append(bytes.Clone(text), "\n// "+l.folder+"\n"...)
		}
		fresh[path] = text
	}
	file := filepath.Join(l.folder, "listing")
	env := []string{"GOEXPERIMENT=" + experiment, listingFile + "=" + file}
	if err := l.tools.build(l.folder, l.arch, fresh, env, "-toolexec="+quote(self)); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

// command is what the go command has run to compile the package.
type command struct {
	Tool      string
	Args, Env []string
}

// remember keeps the compiler's command in a folder, with the files that the go command
// removes. What the compiler writes goes there, too.
func remember(folder, tool string, args []string) error {
	c := command{Tool: tool, Env: os.Environ()}
	for k := 0; k < len(args); k++ {
		flag, value, joined := strings.Cut(args[k], "=")
		kept := filepath.Join(folder, "kept"+flag)
		switch flag {
		case "-importcfg", "-embedcfg", "-symabis", "-o", "-asmhdr":
			if !joined && k+1 < len(args) {
				k++
				value = args[k]
			}
			if flag != "-o" && flag != "-asmhdr" {
				text, err := os.ReadFile(value)
				if err != nil {
					return err
				}
				if err := os.WriteFile(kept, text, 0o666); err != nil {
					return err
				}
			}
			c.Args = append(c.Args, flag, kept)
		default:
			c.Args = append(c.Args, args[k])
		}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "command"), text, 0o666)
}

// again lists with the command that was remembered.
func (l *Lister) again(o Overlay) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(l.folder, "command"))
	if err != nil {
		return nil, err
	}
	var c command
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, err
	}
	if _, err := o.write(l.folder); err != nil {
		return nil, err
	}
	cmd := lists(l.folder, c.Tool, c.Args)
	cmd.Dir, cmd.Env = l.tools.Dir, c.Env
	return cmd.Output()
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

// Package again runs a test binary again, in a process of its own: with less
// memory, or to die.
package again

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Emulated reports whether this program is for another architecture than the
// machine's.
func Emulated() bool {
	out, err := exec.Command("uname", "-m").Output()
	machine := map[string]string{"x86_64": "amd64", "aarch64": "arm64"}[strings.TrimSpace(string(out))]
	return err == nil && machine != runtime.GOARCH
}

// Command is this program with other arguments, run after first: a command of the
// shell, or nothing. It is killed after five minutes, or when the test ends.
//
// Where an emulator runs us it must run that too. Only a shell can tell: what it
// reads of /proc is the kernel's, for which the program of its parent, this
// process, is the emulator. To us an emulator says that it is our own. The shell
// becomes the program, so that signals reach it, and its exit code is the
// command's.
func Command(t *testing.T, first string, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	script := first + `
		emulator=$(readlink "/proc/$PPID/exe")
		case $emulator in
		*/qemu-*) exec "$emulator" "$0" "$@" ;;
		*) exec "$0" "$@" ;;
		esac`
	return exec.CommandContext(ctx, "sh", append([]string{"-c", script, os.Args[0]}, args...)...)
}

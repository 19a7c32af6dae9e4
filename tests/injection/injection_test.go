//go:build linux && (amd64 || arm64) && !purego

package injection

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/again"
)

// programs are what this test binary does instead of testing when the variable
// INJECTION_PROGRAM names one.
var programs = map[string]func(){
	"bulk": faultInBulk,
}

func TestMain(m *testing.M) {
	if name := os.Getenv("INJECTION_PROGRAM"); name != "" {
		programs[name]()
		fmt.Println("ok")
		return
	}
	os.Exit(m.Run())
}

// program is a process that runs one of them, in these modes.
func program(t *testing.T, name, debug, gc string, env ...string) *exec.Cmd {
	cmd := again.Command(t, "")
	cmd.Env = append(os.Environ(), "INJECTION_PROGRAM="+name, "MORESTACK=strict=1,native=1,"+debug, "GODEBUG="+gc, "GOTRACEBACK=single")
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

var all = flag.Bool("all", false, "inject faults into every body, and not just into a few")

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// faulted returns an error unless the end of a coroutine is a fault at an address, or at
// any if that is 0.
func faulted(end error, address uintptr) error {
	trap, ok := end.(*coro.Trap)
	if !ok {
		return fmt.Errorf("it ended with %v", end)
	}
	at, ok := trap.Cause.(interface{ Addr() uintptr })
	if !ok || address != 0 && at.Addr() != address {
		return fmt.Errorf("it ended with %w", end)
	}
	return nil
}

// faultInBulk moves and zeroes values that are inaccessible from their first word on and from
// some other, either of the two that are moved.
func faultInBulk() {
	page := unix.Getpagesize()
	memory, err := unix.Mmap(-1, 0, 2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	must(err)
	must(unix.Mprotect(memory[page:], unix.PROT_NONE))
	gc := collect()
	defer gc.stop()
	const word = 8
	for words := range int(unsafe.Sizeof(wide{}) / word) {
		bad := (*wide)(unsafe.Pointer(&memory[page-words*word]))
		good := new(wide)
		for _, c := range []coro.Coroutine[int, none]{
			newMoveWide(unsafe.Slice(bad, 1), good, gc.wait),
			newMoveWide(unsafe.Slice(good, 1), bad, gc.wait),
			newZeroWide(unsafe.Slice(bad, 1), gc.wait),
		} {
			c.Resume(none{})
			must(faulted(c.Err(), 0))
		}
	}
	runtime.GC()
	runtime.GC()
}

// The barrier in front of a bulk store looks at what will be overwritten and at what
// will be stored. If it cannot, the coroutine ends, and the collector is given nothing
// that it was given earlier.
func TestFaultsInBulkBarriers(t *testing.T) {
	for _, debug := range []string{"", "audit=1", "stress=move,audit=1"} {
		for _, gc := range []string{"", "clobberfree=1"} {
			if out, err := program(t, "bulk", debug, gc).CombinedOutput(); err != nil || string(out) != "ok\n" {
				t.Errorf("MORESTACK=%s GODEBUG=%s: %v\n%s", debug, gc, err, out)
			}
		}
	}
}

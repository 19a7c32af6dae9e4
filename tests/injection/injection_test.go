//go:build linux && (amd64 || arm64) && !purego

package injection

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/again"
)

// programs are what this test binary does instead of testing when the variable
// INJECTION_PROGRAM names one.
var programs = map[string]func(){
	"bulk": bulk,
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
func program(t *testing.T, name, debug, gc string) (output string, err error) {
	cmd := again.Command(t, "")
	cmd.Env = append(os.Environ(), "INJECTION_PROGRAM="+name, "MORESTACK="+debug, "GODEBUG="+gc, "GOTRACEBACK=single")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// ended makes sure that a coroutine has ended with a fault.
func ended(c interface{ Err() error }) {
	trap, ok := c.Err().(*coro.Trap)
	if !ok {
		must(fmt.Errorf("it ended with %v", c.Err()))
	}
	if _, ok := trap.Cause.(interface{ Addr() uintptr }); !ok && !strings.Contains(trap.Error(), "nil pointer") {
		must(trap)
	}
}

// bulk moves and zeroes values that are inaccessible from their first word on and from
// some other, either of the two that are moved.
func bulk() {
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
			ended(c)
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
			if out, err := program(t, "bulk", debug, gc); err != nil || out != "ok\n" {
				t.Errorf("MORESTACK=%s GODEBUG=%s: %v\n%s", debug, gc, err, out)
			}
		}
	}
}

//go:build linux && (amd64 || arm64)

package guard

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/morestack/morestack/tests/again"
	"golang.org/x/sys/unix"
)

// programs are what this test binary does instead of testing when the variable
// GUARD_PROGRAM names one.
var programs = map[string]func() error{"exhaust": exhaust}

func TestMain(m *testing.M) {
	if name := os.Getenv("GUARD_PROGRAM"); name != "" {
		if err := programs[name](); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("ok")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// exhaust takes stacks of every kind until there is no address space left.
func exhaust() error {
	// The collector might start threads, for which there is no room then.
	debug.SetGCPercent(-1)
	a := NewArena(nil)
	stacks := make([]*Stack, 0, 1<<20)
	take := func(n, size int) error {
		for range n {
			s, err := a.New(size, DefaultLimit)
			if err != nil {
				return err
			}
			*word(s.Lo), *word(s.Hi - 8) = 1, 1
			stacks = append(stacks, s)
		}
		return nil
	}
	for round := range 2 {
		for _, size := range smallSizes {
			if err := take(100, size); err != nil {
				return fmt.Errorf("round %d, %d stacks: %w", round, len(stacks), err)
			}
		}
		for _, size := range []int{1 << 20, TallSize, 32 << 10, 512} {
			err := take(cap(stacks)/8, size)
			var e *MemoryError
			if !errors.As(err, &e) || !errors.Is(err, unix.ENOMEM) {
				return fmt.Errorf("round %d: no end of stacks of %d bytes, or a %T: %w", round, size, err, err)
			}
		}
		if got := a.Stats(); got.Stacks != len(stacks) {
			return fmt.Errorf("%d stacks, but %+v", len(stacks), got)
		}
		for _, s := range stacks {
			a.Free(s)
		}
		stacks = stacks[:0]
		a.Release()
		if got := a.Stats(); got.Stacks != 0 || got.InUse != 0 || got.Cached != 0 {
			return fmt.Errorf("without a stack %+v", got)
		}
	}
	return nil
}

// Under ulimit -v stacks end with an error, not with a crash.
func TestUlimit(t *testing.T) {
	if again.Emulated() {
		t.Log("NOT RUN: an emulator without address space crashes or hangs itself")
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(statm))[0])
	if err != nil {
		t.Fatal(err)
	}
	// What this process has is what the runtime of another takes, be it the race
	// detector's shadow of all memory; in KiB.
	limit := pages*(unix.Getpagesize()>>10) + 512<<10
	cmd := exec.Command("sh", "-c", `ulimit -v "$1"; exec "$0"`, exe, strconv.Itoa(limit))
	cmd.Env = append(os.Environ(), "GUARD_PROGRAM=exhaust")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "ok" {
		t.Errorf("with %d KiB: %v\n%s", limit, err, out)
	}
}

//go:build linux && (amd64 || arm64)

package guard

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/morestack/morestack/tests/again"
	"golang.org/x/sys/unix"
)

func init() { programs["mappings"] = exhaustMappings }

// mappings is how many this process has.
func mappings() (int, error) {
	text, err := os.ReadFile("/proc/self/maps")
	return strings.Count(string(text), "\n"), err
}

// A tall stack is as many mappings as the documentation says, be it at its limit or
// far below; a small one is none.
func TestMappings(t *testing.T) {
	const n = 200
	for _, c := range []struct{ size, limit, want int }{
		{TallSize, TallSize, tallMappings},
		{TallSize, 1 << 20, tallMappings},
		{1 << 20, 1 << 20, tallMappings},
		{1 << 20, 4 << 20, tallMappings},
		{4 << 10, DefaultLimit, 0},
		{TallSize / 2, DefaultLimit, 0},
	} {
		k := watch(t)
		a := NewArena(k)
		newStack(t, a, c.size, c.limit)
		before, err := mappings()
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			newStack(t, a, c.size, c.limit)
		}
		after, err := mappings()
		if err != nil {
			t.Fatal(err)
		}
		// The runtime may make some too, and so does the arena now and then.
		const others = 20
		if got := after - before; got < c.want*n-others || got > c.want*n+others {
			t.Errorf("%d stacks of %d bytes with limit %d are %d mappings, want %d each", n, c.size, c.limit, got, c.want)
		}
	}
}

// exhaustMappings takes tall stacks until the kernel gives this process no more
// mappings.
func exhaustMappings() error {
	text, err := os.ReadFile("/proc/sys/vm/max_map_count")
	if err != nil {
		return err
	}
	most, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return err
	}
	before, err := mappings()
	if err != nil {
		return err
	}
	a := NewArena(nil)
	n := 0
	for ; err == nil; n++ {
		if n > most {
			return fmt.Errorf("%d stacks, and no error", n)
		}
		_, err = a.New(TallSize, TallSize)
	}
	var e *MemoryError
	if !errors.As(err, &e) || !errors.Is(err, unix.ENOMEM) || !strings.Contains(err.Error(), "sysctl -w vm.max_map_count") {
		return fmt.Errorf("after %d stacks a %T that does not help: %w", n, err, err)
	}
	const others = 100
	if want := (most - before) / tallMappings; n > want+others || n < want-others {
		return fmt.Errorf("%d stacks with %d mappings, of which the process has %d: want %d", n, most, before, want)
	}
	return nil
}

// That many tall stacks can a process have, and then an error that says what to do.
func TestMappingsExhausted(t *testing.T) {
	if again.Emulated() {
		t.Log("NOT RUN: an emulator without mappings crashes itself")
		return
	}
	cmd := again.Command(t, "")
	cmd.Env = append(os.Environ(), "GUARD_PROGRAM=mappings", "GOGC=off")
	if out, err := cmd.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "ok" {
		t.Errorf("%v\n%s", err, out)
	}
}

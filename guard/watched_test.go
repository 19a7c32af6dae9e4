//go:build linux && (amd64 || arm64)

package guard

import (
	"runtime/debug"
	"slices"
	"sync"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// watched is the process's own Kernel which checks what it is asked for, can
// refuse it, and takes everything back when the test ends.
type watched struct {
	linux
	t *testing.T

	fail  func(call int) bool // nil: never
	most  uintptr             // bytes that one Reserve gives; 0: any
	total uintptr             // bytes that all of them give; 0: any

	mu        sync.Mutex
	calls     int // numbered from 1; those that most and total refuse do not count
	reserved  uintptr
	ranges    []*pages
	committed uintptr // accessible bytes
}

// pages is a reservation with a flag for every page that is accessible.
type pages struct {
	lo, hi uintptr
	open   []bool
}

func watch(t *testing.T) *watched {
	k := &watched{t: t}
	t.Cleanup(k.unmap)
	return k
}

// unmap ends the use of all stacks.
func (k *watched) unmap() {
	for _, r := range k.ranges {
		if _, _, errno := unix.Syscall(unix.SYS_MUNMAP, r.lo, r.hi-r.lo, 0); errno != 0 {
			k.t.Errorf("munmap: %v", errno)
		}
	}
	k.ranges = nil
}

// accessible is the number of bytes that are.
func (k *watched) accessible() uintptr {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.committed
}

// refuse counts a call and decides about it.
func (k *watched) refuse(op string, size uintptr) error {
	if size == 0 || size%pageSize != 0 {
		k.t.Errorf("%s of %d bytes, which are no whole pages", op, size)
	}
	k.calls++
	if k.fail != nil && k.fail(k.calls) {
		return &MemoryError{Op: op, Size: int(size), Err: unix.ENOMEM}
	}
	return nil
}

// flags are those of the pages from addr on, which must be the arena's.
func (k *watched) flags(op string, addr, size uintptr) []bool {
	for _, r := range k.ranges {
		if addr >= r.lo && addr < r.hi && size <= r.hi-addr && addr%pageSize == 0 {
			first := (addr - r.lo) / pageSize
			return r.open[first : first+size/pageSize]
		}
	}
	k.t.Errorf("%s of %d bytes at %#x, which were not reserved", op, size, addr)
	return nil
}

// set notes what pages have become.
func (k *watched) set(flags []bool, open bool) {
	for i, was := range flags {
		if was && !open {
			k.committed -= pageSize
		} else if !was && open {
			k.committed += pageSize
		}
		flags[i] = open
	}
}

func (k *watched) Reserve(size uintptr) (uintptr, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.most > 0 && size > k.most || k.total > 0 && size > k.total-k.reserved {
		return 0, &MemoryError{Op: "reserve", Size: int(size), Err: unix.ENOMEM}
	}
	if err := k.refuse("reserve", size); err != nil {
		return 0, err
	}
	addr, err := k.linux.Reserve(size)
	if err == nil {
		k.reserved += size
		k.ranges = append(k.ranges, &pages{addr, addr + size, make([]bool, size/pageSize)})
	}
	return addr, err
}

func (k *watched) Commit(addr, size uintptr) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refuse("commit", size); err != nil {
		return err
	}
	flags := k.flags("commit", addr, size)
	err := k.linux.Commit(addr, size)
	if err == nil {
		k.set(flags, true)
	}
	return err
}

func (k *watched) Decommit(addr, size uintptr) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refuse("decommit", size); err != nil {
		return err
	}
	flags := k.flags("decommit", addr, size)
	err := k.linux.Decommit(addr, size)
	if err == nil {
		k.set(flags, false)
	}
	return err
}

func (k *watched) Discard(addr, size uintptr) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refuse("discard", size); err != nil {
		return err
	}
	if slices.Contains(k.flags("discard", addr, size), false) {
		k.t.Errorf("discard of %d bytes at %#x, which are not accessible", size, addr)
	}
	return k.linux.Discard(addr, size)
}

// word is the one at address p.
func word(p uintptr) *uint64 { return *(**uint64)(unsafe.Pointer(&p)) }

// faults reports whether the word at p cannot be accessed, for reading or for
// writing.
func faults(p uintptr) bool {
	return fault(func() { *word(p) = 1 }) && fault(func() { sink = *word(p) })
}

var sink uint64

func fault(access func()) (faulted bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { faulted = recover() != nil }()
	access()
	return false
}

// idle checks an arena that has taken all its stacks back.
func idle(t *testing.T, a *Arena) {
	t.Helper()
	if s := a.Stats(); s.Stacks != 0 || s.InUse != 0 || s.Cached > s.Reserved {
		t.Errorf("without a stack the arena counts %+v", s)
	}
	a.Release()
	if s := a.Stats(); s.Cached != 0 {
		t.Errorf("after Release the arena counts %+v", s)
	}
}

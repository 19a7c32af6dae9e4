package guard

import "fmt"

// MemoryError reports memory that the operating system did not give. It wraps
// the system's error, for example ENOMEM.
type MemoryError struct {
	Op   string // reserve, commit, decommit, discard
	Size int    // bytes asked for
	Err  error
}

func (e *MemoryError) Error() string {
	return fmt.Sprintf("guard: cannot %s %d bytes for a coroutine stack: %v (limits to look at: ulimit -v; vm.overcommit_memory; and vm.max_map_count, of which each stack of %d bytes or more takes %d: sysctl -w vm.max_map_count=1000000 allows more)",
		e.Op, e.Size, e.Err, TallSize, tallMappings)
}

// tallMappings is how many mappings of the process a tall stack is: the stack, and
// what is reserved below it.
const tallMappings = 2

func (e *MemoryError) Unwrap() error { return e.Err }

// SizeError reports a stack size or limit that cannot be used.
type SizeError struct {
	Size, Limit int
	What        string
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("guard: first stack size %d with limit %d: %s", e.Size, e.Limit, e.What)
}

// CheckSizes returns a *SizeError unless a stack may start with size bytes and
// grow to limit.
func CheckSizes(size, limit int) error {
	bad := func(what string) error { return &SizeError{size, limit, what} }
	switch {
	case size <= 0:
		return bad("the size must be positive")
	case size < MinSize:
		return bad(fmt.Sprintf("the size must be at least %d", MinSize))
	case size&(size-1) != 0:
		return bad("the size must be a power of two")
	case limit < size:
		return bad("the limit must not be below the size")
	case uint64(limit) > maxLimit:
		return bad(fmt.Sprintf("the limit must be at most %d", uint64(maxLimit)))
	}
	return nil
}

// maxLimit is an eighth of the address space that Linux gives a process.
const maxLimit = 1 << 44

//go:build linux && (amd64 || arm64)

package guard

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Kernel is what an Arena asks of the operating system. Addresses and sizes are
// multiples of the page size. Tests replace it to make requests fail.
type Kernel interface {
	// Reserve takes size bytes of address space without memory behind it, unless
	// that would leave too little for the rest of the program.
	Reserve(size uintptr) (addr uintptr, err error)
	// Commit makes reserved memory accessible. It reads as zero.
	Commit(addr, size uintptr) error
	// Decommit gives memory back and makes it inaccessible again.
	Decommit(addr, size uintptr) error
	// Discard gives memory back. It stays accessible and reads as zero.
	Discard(addr, size uintptr) error
}

// System is the Kernel of this process.
func System() Kernel { return linux{} }

type linux struct{}

const reserved = unix.MAP_PRIVATE | unix.MAP_ANON | unix.MAP_NORESERVE

// Reserve leaves headroom: with no address space left at all, the Go runtime
// would die of its own next request before ours could return an error.
func (linux) Reserve(size uintptr) (uintptr, error) {
	addr, errno := mapReserved(size)
	if errno != 0 {
		return 0, check("reserve", size, errno)
	}
	room, errno := mapReserved(headroom)
	if errno != 0 {
		unix.Syscall(unix.SYS_MUNMAP, addr, size, 0)
		return 0, check("reserve", size, errno)
	}
	unix.Syscall(unix.SYS_MUNMAP, room, headroom, 0)
	return addr, nil
}

// headroom is two arenas of the Go heap.
const headroom = 128 << 20

func mapReserved(size uintptr) (uintptr, unix.Errno) {
	addr, _, errno := unix.Syscall6(unix.SYS_MMAP, 0, size, unix.PROT_NONE, reserved, ^uintptr(0), 0)
	return addr, errno
}

func (linux) Commit(addr, size uintptr) error {
	_, _, errno := unix.Syscall(unix.SYS_MPROTECT, addr, size, unix.PROT_READ|unix.PROT_WRITE)
	if errno == 0 && size >= hugePage && addr%hugePage == 0 {
		// Stacks that grow by this much are touched from one end to the other,
		// which takes a sixth of the time with huge pages. Where there are
		// none, nothing is lost.
		unix.Syscall(unix.SYS_MADVISE, addr, size, unix.MADV_HUGEPAGE)
	}
	return check("commit", size, errno)
}

// Decommit maps over the range: one call gives the pages back, makes the range
// inaccessible and returns what strict overcommit accounting had charged.
func (linux) Decommit(addr, size uintptr) error {
	_, _, errno := unix.Syscall6(unix.SYS_MMAP, addr, size, unix.PROT_NONE, reserved|unix.MAP_FIXED, ^uintptr(0), 0)
	return check("decommit", size, errno)
}

func (linux) Discard(addr, size uintptr) error {
	_, _, errno := unix.Syscall(unix.SYS_MADVISE, addr, size, unix.MADV_DONTNEED)
	return check("discard", size, errno)
}

func check(op string, size uintptr, errno unix.Errno) error {
	if errno == 0 {
		return nil
	}
	return &MemoryError{Op: op, Size: int(size), Err: errno}
}

// bytes is the memory [lo, hi), which the garbage collector does not own.
func bytes(lo, hi uintptr) []byte {
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&lo)), hi-lo)
}

//go:build linux && (amd64 || arm64) && !purego

package morestack

// StackReserve is how many bytes of the goroutine's stack may lie between the frame
// that calls ReserveStack and a Go function that native code calls.
//
// Not more than that, or what the garbage collector leaves of a stack might not be
// enough: see ReserveStack.
const StackReserve = 1024 * stackMultiplier

// ReserveStack makes sure that the goroutine's stack has room for StackReserve bytes
// below the caller's frame, and below those for what Go promises functions that do
// not check the stack: 800 bytes, and twice that under the race detector. It grows
// the stack if need be.
//
// Whoever enters native code that may call Go calls this before, in the frame from
// which it enters. Enter, what calls it, and the frame under which a Go function
// runs do not check the stack, and that function need not either. Each of the two
// chains keeps within what Go promises, but one begins where the other ends. The
// linker, which adds frames up, does not follow calls of function values.
//
// Once is enough for any number of entries from that frame. While a Go function runs,
// the runtime may move the stack. It makes it larger, or halves it if less than a
// quarter is in use, what it promises included (runtime.shrinkstack). So of a stack of
// size bytes that is used down to the innermost frame, which waits, more than
//
//	size/2 - used > size/2 - (size/4 - promised) = size/4 + promised
//
// bytes are left below that frame afterwards, and more below those above it. A size is
// a power of two and size/4 is more than what is promised: at least 1024 bytes, and
// 2048 under the race detector, which is StackReserve.
func ReserveStack()

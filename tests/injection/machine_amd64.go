//go:build linux && !purego

package injection

// stop gives the tracer its turn, which finds what in AX and leaves the answer there.
func stop(what uintptr) (answer uintptr)

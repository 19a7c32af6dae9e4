//go:build linux && (amd64 || arm64) && !purego

package morestack

// FrameSize is the size of a standard frame with the given bytes of locals, as
// PROLOGUE builds it: the distance from SP to the return address on amd64, to
// the caller's SP on arm64. Maps name frames by this size.
func FrameSize(locals int) int {
	return (locals + frameFixed + frameAlign - 1) &^ (frameAlign - 1)
}

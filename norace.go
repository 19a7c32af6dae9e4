//go:build linux && (amd64 || arm64) && !purego && !race

package morestack

// stackMultiplier is the runtime's StackGuardMultiplier: the race detector doubles
// what is promised to functions that do not check the stack.
const stackMultiplier = 1

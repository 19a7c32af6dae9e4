//go:build linux && (amd64 || arm64) && !purego

package programs

// native reports whether coroutines run machine code.
const native = true

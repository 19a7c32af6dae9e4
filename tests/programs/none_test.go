//go:build !linux || !(amd64 || arm64) || purego

package programs

const native = false

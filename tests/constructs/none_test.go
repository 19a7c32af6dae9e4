//go:build !linux || !(amd64 || arm64) || purego

package constructs

const native = false

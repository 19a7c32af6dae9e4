//go:build !linux || !(amd64 || arm64) || purego

// Package machine is empty in builds without native code.
package machine

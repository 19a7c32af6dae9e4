//go:build !linux || !(amd64 || arm64) || purego

package morestack

// Native reports whether this build can run bodies as machine code on stacks of
// their own. Where it is false, package coro runs their Go twins on iter.Pull.
const Native = false

// Package arches has bodies that cannot be the same for amd64 and arm64.
package arches

import (
	"runtime"
	"syscall"
)

//coro:body
func same() int { return word*8 + len(arch) }

//coro:body
func size() int { return 1 + pages }

//coro:body
func name(s string) bool { return s == runtime.GOARCH }

//coro:body
func typed(r *registers) int { return r.n }

//coro:body
func system(s syscall.Stat_t) int64 { return s.Size }

const word = 8

var arch = runtime.GOARCH

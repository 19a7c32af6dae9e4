//go:build linux && (amd64 || arm64) && !purego

// Package broken holds native functions that must be refused by package verify,
// most with a single mistake each, and two without any to make mistakes in the
// maps of. No coroutine ever runs them.
package broken

import (
	"runtime"
	"unsafe"

	"github.com/morestack/morestack/gen/verify"
	"github.com/morestack/morestack/stackcopy"
)

//go:generate go run ../../../gen/bodyheaders

// Addresses of the exits, and of the table of the functions in broken_*.s: the
// address of each, then 0.
func yieldAddress() uintptr
func goCallAddress() uintptr
func morestackAddress() uintptr
func pollAddress() uintptr
func trapAddress() uintptr
func tableAddress() uintptr

// leafAddress is that of the leaf of package bodies, which has no map.
func leafAddress() uintptr

// Exits are the exits of package morestack.
func Exits() verify.Exits {
	return verify.Exits{
		yieldAddress():     stackcopy.Yield,
		goCallAddress():    stackcopy.CallGo,
		morestackAddress(): stackcopy.Prologue,
		pollAddress():      stackcopy.Poll,
		trapAddress():      stackcopy.Trap,
	}
}

// Leaf is the address of the leaf function of package bodies.
func Leaf() uintptr { return leafAddress() }

// Functions are the addresses of the functions, by name.
func Functions() map[string]uintptr {
	all := map[string]uintptr{}
	table := tableAddress()
	for p := *(**uintptr)(unsafe.Pointer(&table)); *p != 0; p = (*uintptr)(unsafe.Add(unsafe.Pointer(p), unsafe.Sizeof(*p))) {
		all[runtime.FuncForPC(*p).Name()] = *p
	}
	return all
}

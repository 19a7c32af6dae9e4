//go:build linux && (amd64 || arm64) && !purego

//lint:file-ignore U1000 go vet wants a declaration of every function in assembly.

package main

func fibAddress() uintptr
func fibFrameAddress() uintptr
func bareAddress() uintptr
func bareFrameAddress() uintptr

// The functions in bench_*.s. Go code does not call them.
func fib()
func fibFrame()
func bare()
func bareFrame()

//go:build !linux || !(amd64 || arm64) || purego

// Command bench measures native coroutines, which this build does not have.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bench: needs linux/amd64 or linux/arm64 and no build tag purego")
	os.Exit(1)
}

// Command bodyheaders writes body_amd64.h and body_arm64.h, the macros for
// coroutine bodies in assembly, to the current directory or the one it is given.
// The go command looks for included files in the package's own directory, so
// each package with such bodies has a copy:
//
//	//go:generate go run github.com/morestack/morestack/gen/bodyheaders
package main

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
)

//go:embed body_amd64.h body_arm64.h
var headers embed.FS

func main() {
	directory := "."
	switch len(os.Args) {
	case 1:
	case 2:
		directory = os.Args[1]
	default:
		fmt.Fprintln(os.Stderr, "usage: bodyheaders [directory]")
		os.Exit(2)
	}
	for _, name := range []string{"body_amd64.h", "body_arm64.h"} {
		text, err := headers.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(directory, name), text, 0o644)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "bodyheaders:", err)
			os.Exit(1)
		}
	}
}

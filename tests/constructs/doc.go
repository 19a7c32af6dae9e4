// Package constructs holds every construct of the language as a coroutine body
// in ordinary Go, one small body for each. What they yield and return, and what
// ends them, is compared with a transcript of the same source run as plain Go.
//
// A line that is to fail says so: "// fails: NAME". It must be named by the trap
// of the cell NAME, and of cells NAME/ANYTHING.
package constructs

//go:generate go generate ./imported
//go:generate go run ../../gen/corogen

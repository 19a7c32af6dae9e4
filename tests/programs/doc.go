// Package programs holds real programs as coroutine bodies in ordinary Go:
// generators, searches, parsers and the loops that benchmarks are made of. Each
// is tested against plain Go, and the benchmarks use some of them.
package programs

//go:generate go run ../../gen/corogen

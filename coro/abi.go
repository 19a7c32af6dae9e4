package coro

// Generated code and this library agree on where a Control has what, on what registers
// hold, on the routines that code jumps to, and on the tables in generated Go files. The
// agreement has a number. Generated files name the one they were made for, and do not
// compile with a library that knows only others: MinABI to MaxABI are those it knows.
const (
	MinABI = 1
	MaxABI = 1
)

// EnforceABI is the type of constants in generated files. One that would be negative does
// not compile: run go generate, with the corogen of this library. The idea is that of
// protobuf's EnforceVersion.
type EnforceABI uint

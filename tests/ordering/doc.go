// Package ordering checks what package coro promises about the order of its stores,
// where one goroutine resumes a coroutine and others shrink its stack, interrupt it
// or ask for its error, with no lock that all of them take.
//
// What each of them does to the words that they share is written down as a program of
// loads and stores (protocol_test.go). Every order in which a processor may let these
// take effect is tried (machine_test.go), and what should hold is checked in all. That
// the explorer allows what amd64 and ARMv8 allow, no more and no less, litmus tests
// show: the well-known ones, and random ones (litmus_test.go), whose outcomes are those
// of the axioms that define the two memory models (axioms_test.go). That the compiler
// makes of package coro the instructions which the programs assume is looked up in
// what it has compiled (compiled_test.go).
package ordering

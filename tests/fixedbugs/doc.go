// Package fixedbugs holds programs that corogen once got wrong, one a file, as
// the differential fuzzer found and reduced them: see tests/fuzz. Each says
// what was wrong, and with which seed. They run as the fuzzer's programs do,
// compiled by corogen in a temporary module; the constraint "fixedbug" keeps
// them from the go command, which lacks their generated files here.
package fixedbugs

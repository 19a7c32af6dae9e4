//go:build linux && (amd64 || arm64) && !purego

// Package machine holds native functions, written by hand as corogen would have
// written them, for tests of what compiled bodies need: publication of pointers,
// write barriers, failures and faults; and it knows where the leaf routines of the
// machine layer are.
package machine

import (
	"unsafe"

	"github.com/morestack/morestack"
)

//go:generate go run ../../gen/bodyheaders

// What the assembly needs of the Control.
const (
	offsetShadow  = unsafe.Offsetof(morestack.Control{}.Shadow)
	offsetMarking = unsafe.Offsetof(morestack.Control{}.Marking)
)

// KeepArgs are the arguments of keep, which recurses Depth deep. Each frame gets
// an object from New, yields its first word, and adds it to Sum on the way back.
// Nothing but its slot refers to the object.
type KeepArgs struct {
	New        func() *[4]int
	Sum, Depth int
}

// PreserveArgs is the result of preserve, which sets every register and calls
// publish and writeBarrier, while the garbage collector marks. It yields how
// often it did so. Bad is the number of the first register that was changed.
type PreserveArgs struct{ Bad int }

// CallArgs is the argument of call and operate.
type CallArgs struct{ F func() }

// CallBothArgs are the arguments of callBoth, which calls F, then a native function
// that has a prologue, then G.
type CallBothArgs struct{ F, G func() }

// What measure, a Go function as far as its convention goes, has found where it was
// last called: how much is left of the goroutine's stack, which is negative where SP
// is below it, and its size. Both are in bytes.
var Room, StackSize int

// FailArgs are the arguments of fail.
type FailArgs struct{ X, Y, Code uintptr }

// FaultArgs are the arguments of fault, which loads from Address, and move, which
// moves 100 bytes from there.
type FaultArgs struct{ Address uintptr }

// Addresses of the functions in *.s.
func KeepAddress() uintptr
func KeepFrameAddress() uintptr
func PreserveAddress() uintptr
func CallAddress() uintptr
func OperateAddress() uintptr
func CallBothAddress() uintptr
func NestedAddress() uintptr
func MeasureAddress() uintptr
func FailAddress() uintptr
func FaultAddress() uintptr
func MoveAddress() uintptr

// Addresses of the machine layer's routines. Their convention is ABIInternal, as
// far as they go.
func MemequalAddress() uintptr
func CmpstringAddress() uintptr
func MemmoveAddress() uintptr
func MemclrAddress() uintptr

//lint:file-ignore U1000 go vet wants a declaration of every function in assembly.

func keep()
func keepFrame()
func preserve()
func call()
func operate()
func callBoth()
func nested()
func measure()
func fail()
func fault()
func move()

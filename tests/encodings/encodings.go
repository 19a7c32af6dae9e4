// Package encodings holds bodies whose constants and offsets lie around the limits of
// what instructions have room for. Beyond a limit an instruction becomes several, or
// loads the constant from memory, differently from one version of the assemblers to
// the next; what they do must not change.
package encodings

import "unsafe"

//go:generate go run ./generate
//go:generate go run ../../gen/corogen

// reach is more than the largest distance of a body's accesses from where it is
// pointed to, in either direction.
const reach = 17 << 20

// memory is read and written by the bodies, from its middle.
type memory [2 * reach]byte

func (m *memory) middle() unsafe.Pointer { return unsafe.Pointer(&m[reach]) }

// object is on the heap, and only frames refer to it.
type object struct {
	value uint64
	_     [5]uint64
}

//go:noinline
func newObject(value uint64) *object { return &object{value: value} }

// odd makes a sum depend on the order of what is added.
const odd = 0x9e3779b97f4a7c15

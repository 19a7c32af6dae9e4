//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"reflect"
	"sync"
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/stackcopy"
)

//go:generate go run ../gen/bodyheaders

// machineBlock is the argument of machineTest.
type machineBlock struct {
	call      func(registers) registers
	registers registers
	g         uintptr // the goroutine's, as the runtime has it
}

//lint:ignore U1000 assembly uses it
const offsetGoLink = unsafe.Offsetof(morestack.Control{}.GoLink)

//lint:ignore U1000 go vet wants a declaration of every function in assembly.
func machineTest()
func machineTestAddress() uintptr

// machine returns ErrMachine if native code does not get along with the Go runtime that
// the program is built with. What bodies count on is tried, not asked of a version.
var machine = sync.OnceValue(func() error { return tryMachine(pattern(1), pattern(2)) })

// tryMachine has native code call a function. If all is well, that is given pattern(1) and
// answers with pattern(2).
func tryMachine(given, answer registers) error {
	var n native
	frame := morestack.FrameSize(8)
	err := n.written(Native{Entry: stackcopy.Func{
		Name: "machineTest", Entry: machineTestAddress(), Frame: frame,
		Sites: []stackcopy.Site{{Kind: stackcopy.CallGo, Frame: frame}, {Kind: stackcopy.Prologue, Pointers: []int{8}}},
	}}, reflect.TypeFor[struct{}](), reflect.TypeFor[struct{}]())
	if err != nil {
		return ErrMachine
	}
	b := &machineBlock{registers: given}
	b.call = func(r registers) registers {
		if r != pattern(1) {
			return registers{}
		}
		return answer
	}
	k, err := newCore(n.hand, unsafe.Pointer(b), nil)
	if err != nil {
		return nil // no memory, which New will find out, too
	}
	c := Coroutine[struct{}, struct{}]{k, k.token}
	c.Resume(struct{}{})
	// As the runtime's prologues find it: the bounds of the stack, then the guard.
	g := (*[2]uintptr)(address(b.g))
	var local byte
	here := uintptr(unsafe.Pointer(&local))
	if c.Close() != nil || b.registers != pattern(2) || here < g[0] || here >= g[1] {
		return ErrMachine
	}
	return nil
}

// pattern is another value in each register, and for each n.
func pattern(n uintptr) (r registers) {
	words := unsafe.Slice((*uintptr)(unsafe.Pointer(&r)), unsafe.Sizeof(r)/unsafe.Sizeof(n))
	for i := range words {
		words[i] = 1<<62 | n<<32 | uintptr(i) // of a number that is neither tiny nor NaN, too
	}
	return r
}

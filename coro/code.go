package coro

import (
	"fmt"
	"reflect"

	"github.com/morestack/morestack/stackcopy"
)

// Code is what corogen recorded about the native functions of one package. It
// is in generated files only.
type Code struct {
	Package string // import path
	File    string // base name of the assembly file, for messages
	Source  string // Go file of the package whose line says how to generate it again

	Funcs     []CodeFunc
	Imports   []Import
	Layouts   []Layout
	Constants []Constant

	state codeState
}

// CodeFunc is one native function.
type CodeFunc struct {
	stackcopy.Func // Name is that of the function it was made of

	Size   int     // bytes of machine code
	Sum    uint64  // FNV-1a of these, those of Masks being 0
	Masks  []Mask  // what the linker fills in
	Depths []Depth // ascending by offset

	// Roots tells that it, or what it calls, publishes pointers; Saves that it,
	// or what it calls, calls Go functions.
	Roots, Saves bool

	// Inner is the frame of the one native function that it calls, in bytes; 0 if
	// there is none, or more than one.
	Inner int
}

// Mask is a range of bytes that the linker fills in.
type Mask struct{ Offset, Size int }

// Depth says how large a function's frame is from an offset on: 0 before it is
// built and after it was taken down.
type Depth struct{ Offset, Frame int }

// Import is a native function of another package.
type Import struct {
	Package, Func string
	PC            *uintptr // receives its address
}

// Layout is that of a type, or of a variable's, which the machine code relies on.
type Layout struct {
	Name  string // of the type or variable
	Of    any    // a pointer to such a value, or nil of its type
	Want  string // the layout as text
	Whole bool   // of fields too that the package cannot name
}

// Constant is a constant whose value is in the machine code.
type Constant struct {
	Name string
	Got  any
	Want string // kind and value as text
}

// CodeError reports machine code that does not fit the program it is linked
// into: it was changed, or made for other sources, or by another toolchain or in
// another build mode than what the program is built with. To make it again cures it.
// In a process that a debugger watches, changed code is only warned of: breakpoints
// are such changes.
type CodeError struct {
	Package, File string
	Func          string // "" if it is about the whole package
	What          string
}

func (e *CodeError) Error() string {
	place := e.File
	if e.Func != "" {
		place += ": " + e.Func
	}
	return fmt.Sprintf("coro: machine code of package %s (%s): %s; run: go generate %s", e.Package, place, e.What, e.Package)
}

// Compiled makes the body that starts in fn, one of the native functions that
// code describes; twin is the same in Go, for builds without native code.
// Generated files call it.
//
// Nothing is checked before the first New or Start. Then, once for all bodies of
// a package, its machine code is compared with what was recorded about it, and
// joined with that of the packages it calls. If they do not fit, twins run from
// then on, which standard error is told once for each package. Under
// MORESTACK=strict=1 New fails with a *CodeError instead.
func Compiled[A, Out, In any](code *Code, fn string, twin func(*Yielder[Out, In], *A)) *Body[A, Out, In] {
	b := &Body[A, Out, In]{twin: twin}
	b.native.compiled(code, fn, reflect.TypeFor[Out](), reflect.TypeFor[In]())
	return b
}

// Start is New for generated constructors: where New fails, it panics with a
// *CodeError or ErrMachine, for nothing that the caller does can help, and returns a
// coroutine that has ended with any other error.
func Start[A, Out, In any](body *Body[A, Out, In], arg *A, opts ...Option) Coroutine[Out, In] {
	c, err := New(body, arg, opts...)
	if err != nil {
		if _, wrong := err.(*CodeError); wrong || err == ErrMachine {
			panic(err)
		}
		return ended[Out, In](err)
	}
	return c
}

//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/morestack/morestack/guard"
)

// runtimeError is a run-time error of a compiled body, with the runtime's text.
type runtimeError string

func (e runtimeError) Error() string { return "runtime error: " + string(e) }

// RuntimeError makes it a runtime.Error.
func (e runtimeError) RuntimeError() {}

const nilDereference runtimeError = "invalid memory address or nil pointer dereference"

// Codes of failed checks. Those below are the runtime's for bounds, to which
// unsignedIndex is added if the index cannot be negative.
const (
	unsignedIndex = 16
	failDivide    = 32
	failShift     = 33
)

// bounds are the texts of failed bounds checks: for index x and length y, and if
// x is negative.
var bounds = [...]struct{ text, negative string }{
	{"index out of range [%x] with length %y", "index out of range [%x]"},
	{"slice bounds out of range [:%x] with length %y", "slice bounds out of range [:%x]"},
	{"slice bounds out of range [:%x] with capacity %y", "slice bounds out of range [:%x]"},
	{"slice bounds out of range [%x:%y]", "slice bounds out of range [%x:]"},
	{"slice bounds out of range [::%x] with length %y", "slice bounds out of range [::%x]"},
	{"slice bounds out of range [::%x] with capacity %y", "slice bounds out of range [::%x]"},
	{"slice bounds out of range [:%x:%y]", "slice bounds out of range [:%x:]"},
	{"slice bounds out of range [%x:%y:]", "slice bounds out of range [%x::]"},
	{"cannot convert slice with length %y to array or pointer to array with length %x", ""},
}

// failure is the error that a ReasonFail exit stands for.
func failure(code, x, y uintptr) error {
	switch code {
	case failDivide:
		return runtimeError("integer divide by zero")
	case failShift:
		return runtimeError("negative shift amount")
	}
	kind := code &^ unsignedIndex
	if kind >= uintptr(len(bounds)) {
		return runtimeError(fmt.Sprintf("unknown failure %d", code))
	}
	text, index := bounds[kind].text, fmt.Sprint(uint64(x))
	if code&unsignedIndex == 0 {
		index = fmt.Sprint(int64(x))
		if int64(x) < 0 && bounds[kind].negative != "" {
			text = bounds[kind].negative
		}
	}
	return runtimeError(strings.NewReplacer("%x", index, "%y", fmt.Sprint(int64(y))).Replace(text))
}

// faultError is an access to memory that is not there, and not for a nil pointer.
type faultError struct {
	address uintptr
	code    guard.FaultCode
}

func (e faultError) Error() string {
	if e.code == guard.FaultWithoutAddr {
		return "unexpected fault at an address that is not canonical"
	}
	return fmt.Sprintf("unexpected fault address %#x", e.address)
}

// RuntimeError makes it a runtime.Error.
func (e faultError) RuntimeError() {}

// Addr is the address, as in the runtime's errors for faults.
func (e faultError) Addr() uintptr { return e.address }

// nilPage is how far above nil a fault is taken for the dereference of a nil
// pointer, as in the runtime.
const nilPage = 4096

// fault is the error that a ReasonFault exit stands for.
func fault(word, address uintptr) error {
	signal, code := guard.FaultSignal(word)
	switch {
	case signal == unix.SIGFPE:
		return runtimeError("integer divide by zero")
	case signal == unix.SIGSEGV && address < nilPage && (code == guard.FaultUnmapped || code == guard.FaultProtected):
		return nilDereference
	}
	return faultError{address, code}
}

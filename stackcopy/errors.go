package stackcopy

import "fmt"

// MapError reports a map that could not be right.
type MapError struct {
	Func string
	What string
}

func (e *MapError) Error() string { return fmt.Sprintf("stackcopy: map of %s: %s", e.Func, e.What) }

// StackError reports a stack that its maps do not explain. Nothing was written
// to the old stack.
type StackError struct {
	PC   uintptr // of the frame that could not be understood
	SP   uintptr // its SP
	What string
}

func (e *StackError) Error() string {
	return fmt.Sprintf("stackcopy: frame at PC %#x, SP %#x: %s", e.PC, e.SP, e.What)
}

package coro

import (
	"fmt"
	"os"
	"strings"
)

// debugModes are set by the environment variable MORESTACK, a comma-separated
// list:
//
//	debug=1      write to standard error what grows, moves and traps
//	stress=move  move the stack at every prologue
//	poison=1     fill stacks before their first and after their last use, and
//	             make them inaccessible after it
//	audit=1      before each move write to standard error which words look like
//	             pointers into the stack but are in no map
type debugModes struct{ log, move, poison, audit bool }

var debug = parseDebug(os.Getenv("MORESTACK"))

// any reports whether a mode is on under which stacks are not kept for reuse.
func (d *debugModes) any() bool { return d.move || d.poison || d.audit }

func (d *debugModes) logf(format string, args ...any) {
	if d.log {
		fmt.Fprintf(os.Stderr, "morestack: "+format+"\n", args...)
	}
}

func parseDebug(list string) (d debugModes) {
	for setting := range strings.SplitSeq(list, ",") {
		switch setting {
		case "", "debug=0", "poison=0", "audit=0":
		case "debug=1":
			d.log = true
		case "stress=move":
			d.move = true
		case "poison=1":
			d.poison = true
		case "audit=1":
			d.audit = true
		default:
			fmt.Fprintf(os.Stderr, "morestack: environment variable MORESTACK: unknown setting %q; known are debug=1, stress=move, poison=1, audit=1\n", setting)
		}
	}
	return d
}

package coro

import (
	"fmt"
	"os"
	"strings"
)

// debugModes are set by the environment variable MORESTACK: see the package
// documentation.
type debugModes struct {
	log, move, poison, audit, collect bool

	exits bool // every prologue and poll does, for move or collect

	noSignals bool // leave all signals to the runtime

	native bool // bodies run as machine code
	strict bool // where that does not fit, no twin runs in its place

	noReuse bool // one of them wants each coroutine to have a stack of its own
}

var debug = parseDebug(os.Getenv("MORESTACK"))

func (d *debugModes) logf(format string, args ...any) {
	if d.log {
		fmt.Fprintf(os.Stderr, "morestack: "+format+"\n", args...)
	}
}

func parseDebug(list string) (d debugModes) {
	d.native = !raceEnabled
	for setting := range strings.SplitSeq(list, ",") {
		switch setting {
		case "", "debug=0", "poison=0", "audit=0", "collect=0", "strict=0":
		case "debug=1":
			d.log = true
		case "stress=move":
			d.move = true
		case "poison=1":
			d.poison = true
		case "audit=1":
			d.audit = true
		case "collect=1":
			d.collect = true
		case "signals=0":
			d.noSignals = true
		case "signals=1":
		case "native=0":
			d.native = false
		case "native=1":
			d.native = true
		case "strict=1":
			d.strict = true
		default:
			fmt.Fprintf(os.Stderr, "morestack: environment variable MORESTACK: unknown setting %q; known are debug=1, stress=move, poison=1, audit=1, collect=1, signals=0, native=0, native=1, strict=1\n", setting)
		}
	}
	d.exits = d.move || d.collect
	d.noReuse = d.exits || d.poison || d.audit
	return d
}

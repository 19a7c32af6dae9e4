// Package coro runs stackful coroutines: functions that can suspend themselves
// anywhere, at any depth of calls, and be resumed later.
//
//	c, err := coro.New(body, &args)
//	...
//	for v := range c.All() { ... }       // every value it yields
//	v, ok := c.Resume(in)                // or one at a time, with an answer
//	err = c.Close()                      // releases the stack at once
//
// On linux/amd64 and linux/arm64 a body is machine code that runs on a private
// stack. It starts with 2 KB and grows by moving, as a goroutine's does, to a
// limit of 1,000,000,000 bytes; passing that ends the coroutine with an error.
// Everywhere else, and with the build tag purego, the same bodies run as Go
// functions on iter.Pull: as their twins.
//
// # Lifecycle
//
//	            New
//	             |
//	             v      Resume
//	        suspended ---------> running ---> finished: the body returned
//	             |    <---------    |    \--> failed:   Err says why
//	       Close |       yield      |
//	             v                  v
//	          closed           panic in a Go function: failed, and the panic
//	                           goes on to the caller of Resume
//
//	method           suspended  running             ended or closed
//	Resume           runs it    panics, ErrRunning  zero value, false
//	Close            closes it  panics, ErrRunning  Err
//	Frames, Shrink   works      panics, ErrRunning  nothing, false
//	Stats            works      panics, ErrRunning  last figures; zero if closed
//	Err              nil        nil                 the error or nil
//	Interrupt        next time  ends it soon        nothing
//	Pause            nothing    suspends it soon    nothing
//
// Interrupt and Pause may be called by any goroutine at any time, and reach a
// running coroutine at its next prologue or loop back-edge. One that has paused is
// suspended as by a yield, but its Resume had no value to return: that reports
// false, and Err is ErrPaused until the next.
//
// A coroutine may be resumed by different goroutines one after the other. That
// two do so at once is a mistake which is noticed by an unsynchronised check,
// and for certain in race builds.
//
// # Errors
//
// What a body does wrong ends its coroutine and nothing else: Resume reports
// false, and Err is a *Trap. That is so for the stack's limit and memory that the
// system refuses; for run-time errors of a compiled body, such as an index out of
// range or a nil dereference; and for traps that one in assembly raises. A panic
// of a Go function that a body calls, and one that it raises itself by panic,
// goes on to the caller of Resume.
//
// The first use of a compiled body installs handlers for SIGSEGV, SIGBUS, SIGFPE,
// SIGURG and SIGPROF, which look at native code alone and pass on everything else:
// see package guard. MORESTACK=signals=0 leaves them all to the Go runtime. Then a
// fault of a body is fatal to the process, its loops are not preempted, and CPU
// profiles show it without the Go functions that resumed it.
//
// # Twins
//
// Twins also run in the place of a package's bodies where its machine code does not
// fit the program: it was made by another toolchain or for another build mode, it was
// changed, or a type that it uses was. Standard error is told once for each package,
// with the reason and what to run. Body.Native and Stats tell the program.
//
// All bodies run as twins, with one notice, if native code cannot call Go functions as the
// program's toolchain calls them, which the first New tries: see ErrMachine.
//
// In race builds all bodies run as twins, for the race detector sees nothing of what
// machine code reads and writes. MORESTACK=native=1 keeps the machine code. A body that
// has no twin runs as machine code anyway.
//
// Under MORESTACK=strict=1 machine code that does not fit is a defect instead: New
// fails with a *CodeError, and generated constructors panic with it. So it is with
// ErrMachine. Tests should run so.
//
// Twins yield, return and fail with the same values and errors, and native coroutines
// and twins may resume each other. They differ in this:
//
//   - The stack is a goroutine's. Sizes and Growth are checked and not used; recursion
//     without end ends the process. Of Stats only Limit is known; there are no Frames,
//     and nothing to Shrink.
//   - Pause and TimeSlice do nothing, and interruptions take effect where the body
//     yields.
//   - Run-time errors in Go functions that the body calls end the coroutine with a
//     *Trap, as the body's own do.
//   - A goroutine that is locked to its thread can resume only what it has made itself;
//     anything else is fatal.
//   - One that is dropped before its end is not released, nor is what it holds: close
//     it.
//
// # Profiles
//
// CPU profiles show a body by name and line, and above it the bodies that called it
// and the Go functions that called Resume, as far as 64 frames go. A body with frames
// of more than 384 bytes, and one in assembly, is shown alone.
//
// # Debugging
//
// The environment variable MORESTACK takes a comma-separated list:
//
//	debug=1      log growth, shrinking and traps to standard error
//	stress=move  move the stack at every prologue
//	collect=1    collect twice and move the stack at polls and prologues, each the
//	             1st, 2nd, 4th, ... time it is passed
//	poison=1     fill stacks before use; fill and unmap them after it
//	audit=1      report words that look like stack pointers but are in no map;
//	             panic at an exit of a compiled body whose pointers are not
//	             exactly those that the garbage collector sees, or, if it is
//	             pinned, lead to what its arguments do not: see PinnedError; or
//	             which has reserved words of the write barrier's buffer, and
//	             not written them
//	signals=0    install no signal handlers
//	strict=1     run no twins where machine code does not fit: see Twins
//	native=0     run twins wherever there are any
//	native=1     run machine code also in race builds
package coro

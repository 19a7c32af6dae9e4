// Package faults tests the signal handlers of package guard with a machine layer
// of its own, as small as can be: native code that faults, spins or receives
// signals on a stack of an Arena, and every register as it leaves that code.
package faults

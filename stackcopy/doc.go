// Package stackcopy moves stacks. It knows what lies on one from maps, which
// say for every place where a function can be suspended how large its frame is
// and which of its words hold pointers; with them it walks the frames of a
// suspended stack and rewrites what pointed into the old stack after its bytes
// were copied to a new one. The method is that of the Go runtime's copystack.
//
// Everything here is plain arithmetic over memory it is given: it allocates no
// stack and switches to none, so both architectures' layouts can be tested on
// made-up stacks on any machine.
//
// # Frames
//
// S is a Site's Frame: on amd64 the distance from SP to the return address, on
// arm64 from SP to the caller's SP.
//
//	         amd64                          arm64
//
//	SP+S+8   caller's frame: spill slots    caller's frame: spill slots
//	SP+S     return address                 caller's return address
//	SP+S-8   caller's BP                    caller's saved R29
//	...      locals                         locals
//	SP       locals                         return address
//	SP-8     not used                       caller's R29, saved by this function
//
// A function suspended in its prologue has no frame yet: S is 0. Its return
// address is at SP on amd64 and in State.LR on arm64.
package stackcopy

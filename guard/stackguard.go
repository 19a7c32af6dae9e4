package guard

// Sizes in bytes. Small and Large are those of the Go assembler (abi.StackSmall
// and abi.StackBig), because compiled prologues rely on them:
//
//	frame <= Small:  grow if SP <= guard
//	frame <= Large:  grow if SP-(frame-Small) <= guard
//	otherwise:       the same, and grow too if the subtraction wraps around
const (
	Small   = 128
	Large   = 4096
	RedZone = 144 // a leaf that does not compare: its frame, return address and saved frame pointer
	Slack   = Small + RedZone + 16

	MinSize  = 512      // of a stack
	TallSize = 64 << 10 // stacks of this size and above have a slot of their own

	// DefaultLimit is where a stack's growth ends unless an option says
	// otherwise: the Go runtime's limit on 64-bit machines.
	DefaultLimit = 1_000_000_000
)

// Guard is the stackguard of a stack whose lowest address is lo.
func Guard(lo uintptr) uintptr { return lo + Slack }

// Poisoned is a stackguard that fails every prologue and poll. It leaves room
// above it for a prologue's arithmetic, as the runtime's stackPreempt does.
const Poisoned = ^uintptr(0) - 1313

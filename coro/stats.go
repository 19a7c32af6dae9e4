package coro

// Stats are the figures of one coroutine. Sizes are in bytes. Of one that runs as
// Go, on iter.Pull, only Limit is known.
type Stats struct {
	Native  bool // it runs as machine code, and not as the body's twin
	Size    int  // of its stack now; 0 when it has ended
	Peak    int  // the largest it has been
	Used    int  // of that, in use by its frames while suspended
	Limit   int
	Grows   int // times the stack became larger, in place or not
	Moves   int // times its frames were copied, by growing or shrinking
	Copied  int // bytes that all moves copied
	Frames  int // frames that all moves rewrote
	Shrinks int // times the stack became smaller
}

// GlobalStats are the figures of all coroutines of the process. Builds without
// native code report zeroes.
type GlobalStats struct {
	Stacks   int // that exist, those kept for the next coroutines included
	InUse    int // bytes of these
	Cached   int // bytes of freed stacks not given back to the system yet
	Reserved int // bytes of address space
	Grows    uint64
	Moves    uint64
	Copied   uint64 // bytes
	Shrinks  uint64
	Traps    uint64
	Suspects uint64 // words that audit=1 reported
}

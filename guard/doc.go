// Package guard gives out the memory that coroutines run on, and knows how far
// down each may be used.
//
// All stacks lie in an Arena: regions of address space reserved without
// memory, so that an address tells whether it belongs to a coroutine. Small
// stacks are slots of slabs, a power of two from MinSize up, with no mapping
// of their own: a million of them need a handful of mappings. Tall stacks, from
// TallSize up, are each the upper end of a slot of address space as large as
// they may become. They grow downwards in place, and what lies below them is
// not accessible, which makes two mappings each: with the 65,530 that Linux allows a
// process unless vm.max_map_count says otherwise, there can be some 32,700 of them.
//
//	small: a slab of one size class        tall: a slot
//
//	+-------+-------+-- ... --+-------+    Hi -> +---------------------+
//	| stack | stack |         | free  |          | stack, accessible   |
//	+-------+-------+-- ... --+-------+    Lo -> +---------------------+
//	Lo      Hi                                   | guard: reserved     |
//	                                             | address space that  |
//	                                             | the stack may take  |
//	                                             +---------------------+ slot's base
//
// # The stackguard
//
// A prologue compares SP with Guard(Lo), which lies Slack bytes above Lo. Below
// the guard there is room for the frame of a function that compared SP alone
// (Small bytes), for the frame of a leaf that did not compare at all (RedZone
// bytes with its return address), and for the words that a call writes.
package guard

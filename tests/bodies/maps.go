//go:build linux && (amd64 || arm64) && !purego

package bodies

import (
	"github.com/morestack/morestack"
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/stackcopy"
)

// local is the offset of the i-th word of a frame's locals from SP.
func local(i int) int { return morestack.LocalOffset + 8*i }

// function makes a map from the frame's locals in bytes, its sites in the order
// of their numbers, and the pointer slots of its spilled register arguments.
func function(name string, entry uintptr, locals int, sites []stackcopy.Site, spilled ...int) stackcopy.Func {
	size := morestack.FrameSize(locals)
	for i := range sites {
		sites[i].Frame = size
	}
	sites = append(sites, stackcopy.Site{Kind: stackcopy.Prologue, Pointers: spilled})
	return stackcopy.Func{Name: name, Entry: entry, Frame: size, Sites: sites}
}

// Where the first and second register argument are spilled, from the SP of a
// function that has no frame yet.
const (
	spill0 = 8
	spill1 = 16
)

func site(kind stackcopy.Kind, pointers ...int) stackcopy.Site {
	return stackcopy.Site{Kind: kind, Pointers: pointers}
}

type sites = []stackcopy.Site

var (
	nativeCounter = coro.Native{Entry: function("counter", counterAddress(), 16, sites{site(stackcopy.Yield)}, spill0)}

	nativeTriangle = coro.Native{Entry: function("triangle", triangleAddress(), 32, sites{site(stackcopy.Yield)}, spill0)}

	nativeAckermann = coro.Native{
		Entry: function("ackermann", ackermannAddress(), 24, sites{site(stackcopy.Call, local(2))}, spill0),
		Calls: []stackcopy.Func{function("ack", ackAddress(), 24, sites{site(stackcopy.Call)})},
	}

	nativeCalculate = coro.Native{
		Entry: function("calculate", calculateAddress(), 32, sites{site(stackcopy.Call, local(3))}, spill0),
		Calls: []stackcopy.Func{function("calc", calcAddress(), 48, sites{site(stackcopy.Call, local(3))}, spill1)},
	}

	nativeIndirect = coro.Native{
		Entry: withPointer(function("indirect", indirectAddress(), 40, sites{site(stackcopy.Call, local(4))}, spill0)),
		Calls: []stackcopy.Func{withPointer(function("indir", indirAddress(), 40, sites{site(stackcopy.Call, local(4))}, spill1))},
	}

	nativeWide = coro.Native{
		Entry: function("wide", wideAddress(), 24, sites{site(stackcopy.Call, local(2))}, spill0),
		Calls: []stackcopy.Func{function("wideFrame", wideFrameAddress(), 2032, sites{site(stackcopy.Call)})},
	}

	nativeHuge = coro.Native{Entry: function("huge", hugeAddress(), 10032, sites{site(stackcopy.Yield, local(2))}, spill0)}

	nativeLeaves = coro.Native{
		Entry: function("leaves", leavesAddress(), 24, sites{site(stackcopy.Call, local(2))}, spill0),
		Calls: []stackcopy.Func{function("leavesFrame", leavesFrameAddress(), 32, sites{site(stackcopy.Call), site(stackcopy.Call)})},
	}

	nativeDive = coro.Native{
		Entry: function("dive", diveAddress(), 40, sites{site(stackcopy.Call, local(3)), site(stackcopy.Yield, local(3))}, spill0),
		Calls: []stackcopy.Func{function("diveFrame", diveFrameAddress(), 48,
			sites{site(stackcopy.Call, local(3)), site(stackcopy.Yield, local(3))}, spill1)},
	}

	nativeEndless = coro.Native{
		Entry: function("endless", endlessAddress(), 24, sites{site(stackcopy.Call)}, spill0),
		Calls: []stackcopy.Func{function("endlessFrame", endlessFrameAddress(), 24, sites{site(stackcopy.Call)})},
	}

	nativeFail  = coro.Native{Entry: function("fail", failAddress(), 16, sites{site(stackcopy.Trap)}, spill0)}
	nativeStray = coro.Native{
		Entry: function("stray", strayAddress(), 24, sites{site(stackcopy.Call, local(2))}, spill0),
		Calls: []stackcopy.Func{function("strayFrame", strayFrameAddress(), 24, sites{site(stackcopy.Call)}, spill1)},
	}
	nativeCaller = coro.Native{Entry: function("caller", callerAddress(), 24, sites{site(stackcopy.CallGo, local(0)), site(stackcopy.Yield, local(0))}, spill0)}
	nativeEcho   = coro.Native{Entry: function("echo", echoAddress(), 16, sites{site(stackcopy.Yield)}, spill0)}
	nativeEcho3  = coro.Native{Entry: function("echo3", echo3Address(), 24, sites{site(stackcopy.Yield)}, spill0)}
	nativeSpin   = coro.Native{Entry: function("spin", spinAddress(), 16, sites{site(stackcopy.Poll, local(1))}, spill0)}
)

// withPointer adds the stack object of indirect and indir: the pointer in the
// fourth word of the locals, whose address their callee has.
func withPointer(f stackcopy.Func) stackcopy.Func {
	f.Objects = []stackcopy.Object{{Offset: local(3) - f.Frame, Size: 8, Pointers: []int{0}}}
	return f
}

// Natives are all bodies of this package, for tests that look into them.
var Natives = []coro.Native{
	nativeCounter, nativeTriangle, nativeAckermann, nativeCalculate, nativeIndirect, nativeWide, nativeHuge, nativeLeaves,
	nativeDive, nativeEndless, nativeFail, nativeStray, nativeCaller, nativeEcho, nativeEcho3, nativeSpin,
}

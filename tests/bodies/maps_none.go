//go:build !linux || !(amd64 || arm64) || purego

package bodies

import "github.com/morestack/morestack/coro"

// Builds without native code use none of it.
var (
	nativeCounter, nativeTriangle, nativeAckermann, nativeCalculate, nativeIndirect, nativeWide, nativeHuge, nativeLeaves coro.Native
	nativeDive, nativeEndless, nativeFail, nativeStray, nativeCaller, nativeEcho, nativeEcho3, nativeSpin                 coro.Native
)

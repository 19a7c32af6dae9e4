//go:build linux && (amd64 || arm64) && !purego

package coro_test

import (
	"bytes"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"testing"
	"time"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/bodies"
)

// Signals that interrupt native code find a stack which the runtime does not
// know. A profile, a trace and collections at once must not mind.
func TestProfiledAndTraced(t *testing.T) {
	var profile, events bytes.Buffer
	if err := pprof.StartCPUProfile(&profile); err != nil {
		t.Fatal(err)
	}
	defer pprof.StopCPUProfile()
	if err := trace.Start(&events); err != nil {
		t.Fatal(err)
	}
	defer trace.Stop()
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		a := &bodies.AckermannArgs{M: 2, N: depth(300) / 10}
		finish(t, start(t, bodies.Ackermann, a))
		b := &bodies.CalculateArgs{Depth: depth(10000)}
		finish(t, start(t, bodies.Calculate, b))
		w := &bodies.CalculateArgs{Depth: depth(1000)}
		finish(t, start(t, bodies.Wide, w))
		c := start(t, bodies.Counter, &bodies.CounterArgs{N: 100_000})
		finish(t, c)
		if err := workload(depth(1000), coro.FirstSize(512)); err != nil {
			t.Fatal(err)
		}
		g := &bodies.CallerArgs{N: 100, Add: func(n int, sum *int) { *sum += n; runtime.Gosched() }}
		finish(t, start(t, bodies.Caller, g))
	}
}

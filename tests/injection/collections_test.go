//go:build linux && (amd64 || arm64) && !purego

package injection

import (
	"runtime"
	"sync/atomic"
)

// collections runs the collector all the time until it is stopped, and counts.
type collections struct {
	done  chan none
	ended chan none
	count atomic.Int64
}

func collect() *collections {
	c := &collections{done: make(chan none), ended: make(chan none)}
	go func() {
		defer close(c.ended)
		for {
			select {
			case <-c.done:
				return
			default:
				runtime.GC()
				c.count.Add(1)
			}
		}
	}()
	return c
}

func (c *collections) stop() {
	close(c.done)
	<-c.ended
}

// waitForMarking returns when the collector marks. Native code that is entered at once
// most likely finds it so, and then it stays so until that is left.
func waitForMarking() {
	for !marking() {
		runtime.Gosched()
	}
}

// wait returns when the collector marks and what is garbage now is free.
func (c *collections) wait() {
	for n := c.count.Load(); c.count.Load() < n+3; {
		runtime.Gosched()
	}
	waitForMarking()
}

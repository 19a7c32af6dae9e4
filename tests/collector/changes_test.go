//go:build linux && (amd64 || arm64) && !purego

package collector

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// collectAll collects until so many objects are freed that are to be, or for half a
// minute, and then once more, and returns how many are.
func collectAll(want int64) (n int64) {
	for end := time.Now().Add(30 * time.Second); n < want && time.Now().Before(end); {
		n += collect()
	}
	return n + collect()
}

// Exactly what is changed by a deeper frame is lost, and what frames held that have
// returned: at the bottom and on the way back.
func TestDeepChanges(t *testing.T) {
	depth := 10_000
	if stressed {
		depth = 2000 // all frames are moved for each
	}
	collect()
	c := newDeepening(depth)
	freed := int64(depth) // what the frames had before it was changed
	for range depth/1000 + 1 {
		v, ok := c.Resume(none{})
		if !ok {
			t.Fatal(c.Err())
		}
		if n := collectAll(freed); n != freed {
			t.Fatalf("in frame %d: %d objects freed, want %d", v, n, freed)
		}
		freed = 1000
	}
	c.Resume(none{})
	if sum := c.Results(); c.Err() != nil || sum != depth*(depth+1)/2 {
		t.Errorf("result %d, %v", sum, c.Err())
	}
	if n := collectAll(2); n != 2 {
		t.Errorf("%d objects freed at the end, want 2", n)
	}
}

// A body moves objects from where the collector has not looked yet to where it has,
// and none is lost: it is told of every store while it marks. It looks at an array
// of this size in many steps.
func TestMovedWhileMarking(t *testing.T) {
	const objects = 100_000
	collect()
	cells := make([]*object, 2*objects)
	for i := range objects {
		cells[2*i] = newObject(i)
	}
	c := newShuffle(cells, 1)
	var stop atomic.Bool
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for !stop.Load() {
			if v, ok := c.Resume(none{}); !ok || v < 0 || v >= objects {
				t.Error(v, ok, c.Err())
				return
			}
			runtime.Gosched() // sweeping takes turns with this where there is one processor
		}
	}()
	for range 5 {
		if n := collect(); n != 0 {
			t.Errorf("%d objects freed that are held", n)
			break
		}
	}
	stop.Store(true)
	<-ended
	c.Close()
	left := 0
	for _, o := range cells {
		if o != nil {
			left++
		}
	}
	if left < objects-1 { // the body may have held one
		t.Errorf("%d objects of %d are left", left, objects)
	}
	if n := collectAll(objects); n != objects {
		t.Errorf("%d objects of %d freed at the end", n, objects)
	}
}

package constructs

import (
	"runtime"
	"testing"
)

var heapCells = []cell{
	{"globals", func(t *transcript) {
		c := newGlobals()
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"stores", func(t *transcript) {
		c := newStores(10)
		run(t, c, 1, 2)
		t.results(c.Results())
	}},
	{"unreachable", func(t *transcript) {
		c := newUnreachable(10, nil)
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"garbage", func(t *transcript) {
		c := newGarbage(50)
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"interior", func(t *transcript) {
		c := newInterior()
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"bulk copies", func(t *transcript) {
		from := []record{{"a", 1, nil}, {"bb", 2, []byte{1}}, {"ccc", 3, nil}}
		to := make([]record, 4)
		c := newBulkCopies(from, to)
		run(t, c, 5)
		t.results(c.Results(), from, to)
	}},
	{"rotations", func(t *transcript) {
		c := newRotations(10)
		run(t, c)
		t.results(c.Results())
	}},
	{"pinned", func(t *transcript) {
		var root *tree
		for i := range 8 {
			root = insert(root, i*3%8)
		}
		c := newPinnedWalk(root)
		run(t, c)
		t.results(c.Results())
	}},
}

// Collections run while many coroutines are suspended that alone refer to what
// they will need.
func TestCollector(t *testing.T) {
	const n = 20
	coroutines := make([]unreachableCoroutine, n)
	for i := range coroutines {
		coroutines[i] = newUnreachable(i, nil)
	}
	for running := true; running; {
		running = false
		for _, c := range coroutines {
			if _, ok := c.Resume(1); ok {
				running = true
			}
		}
		runtime.GC()
	}
	for i, c := range coroutines {
		want := newUnreachable(i, nil)
		for ok := true; ok; {
			_, ok = want.Resume(1)
		}
		if c.Results() != want.Results() || c.Err() != nil {
			t.Errorf("depth %d: %d, want %d; %v", i, c.Results(), want.Results(), c.Err())
		}
	}
}

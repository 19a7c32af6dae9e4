//go:build linux && (amd64 || arm64) && !purego

package injection

import (
	"fmt"
	"strings"
)

// subject is a body that faults at each instruction in turn.
type subject struct {
	name  string
	quick bool // among those that every run of the tests looks at
	start func(s *surroundings) running
}

// running is a coroutine that has been made.
type running struct {
	resume func() bool
	err    func() error
}

// surroundings is what a body gets: objects that it may rearrange, none of which may be
// lost as long as something leads to it.
type surroundings struct {
	tree  *node
	nodes []*node
	list  []wide
}

const intact = 1000 // in every node

// inspection keeps what bodies had that have ended, and looks at several at a time, when
// the collector has done so: that takes long.
type inspection struct {
	collections *collections
	ended       []*surroundings
}

func (i *inspection) add(s *surroundings) error {
	const several = 16
	if i.ended = append(i.ended, s); len(i.ended) < several {
		return nil
	}
	return i.finish()
}

// finish looks at what is left.
func (i *inspection) finish() error {
	i.collections.wait()
	for _, s := range i.ended {
		if err := s.check(); err != nil {
			return err
		}
	}
	i.ended = i.ended[:0]
	return nil
}

func newSurroundings() *surroundings {
	s := &surroundings{tree: newNode(2), list: make([]wide, 3)}
	for range 4 {
		s.nodes = append(s.nodes, newNode(0))
	}
	for i := range s.list {
		w := &s.list[i]
		w.a, w.b, w.c, w.d, w.n = newNode(1), newNode(0), newNode(0), newNode(0), intact
		w.list = [3]*node{newNode(0), newNode(0), newNode(0)}
	}
	return s
}

func newNode(depth int) *node {
	if depth < 0 {
		return nil
	}
	return &node{newNode(depth - 1), newNode(depth - 1), intact}
}

// check follows every pointer.
func (s *surroundings) check() error {
	seen := map[*node]bool{}
	ok := true
	var follow func(n *node)
	follow = func(n *node) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		if n.value != intact {
			ok = false
			return
		}
		follow(n.left)
		follow(n.right)
	}
	follow(s.tree)
	for _, n := range s.nodes {
		follow(n)
	}
	for _, w := range s.list {
		ok = ok && (w.n == intact || w.n == 0)
		for _, n := range append(w.list[:], w.a, w.b, w.c, w.d) {
			follow(n)
		}
	}
	if !ok {
		return fmt.Errorf("an object that is in use has been overwritten")
	}
	return nil
}

var subjects = []subject{
	{"store", true, func(s *surroundings) running {
		c := newStore(s.tree, s.nodes)
		return running{func() bool { _, ok := c.Resume(none{}); return ok }, c.Err}
	}},
	{"bulk", true, func(s *surroundings) running {
		c := newBulk(s.list, s.nodes)
		return running{func() bool { _, ok := c.Resume(none{}); return ok }, c.Err}
	}},
	{"publish", true, func(s *surroundings) running {
		c := newPublish(2, s.tree, waitForMarking)
		return running{func() bool { _, ok := c.Resume(none{}); return ok }, c.Err}
	}},
	{"exchange", false, func(s *surroundings) running {
		c := newExchange(s.tree)
		return running{func() bool { _, ok := c.Resume(s.nodes[0]); return ok }, c.Err}
	}},
	{"grow", false, func(s *surroundings) running {
		c := newGrow(3, s.tree, s.nodes[0])
		return running{func() bool { _, ok := c.Resume(none{}); return ok }, c.Err}
	}},
	{"full", false, func(s *surroundings) running {
		nodes := append(s.nodes, s.nodes...)
		text := "a text that is longer than sixteen bytes"
		c := newFull(append(nodes, nodes...), text, strings.Clone(text), make([]byte, 64))
		return running{func() bool { _, ok := c.Resume(none{}); return ok }, c.Err}
	}},
}

func subjectNamed(name string) *subject {
	for i := range subjects {
		if subjects[i].name == name {
			return &subjects[i]
		}
	}
	panic("no body " + name)
}

// entry is where the coroutines of a body start.
func (s *subject) entry() uintptr {
	for _, f := range coroCode.Funcs {
		if prefix, ok := strings.CutSuffix(f.Name, "_"+s.name); ok && strings.HasPrefix(prefix, "coroE") {
			return f.Entry
		}
	}
	panic("no body " + s.name)
}

// run resumes until the coroutine ends, each time while the collector marks.
func (s *subject) run(r running) {
	for {
		waitForMarking()
		if !r.resume() {
			return
		}
	}
}

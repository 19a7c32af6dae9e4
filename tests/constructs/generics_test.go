package constructs

var generics = []cell{
	{"constructors", func(t *transcript) {
		i := newEcho(1)
		run(t, i, 2, 3)
		t.results(i.Results())
		s := newEcho("a")
		run(t, s, "b", "")
		t.results(s.Results())
		p := newEcho(point{1, 2})
		run(t, p, point{3, 4})
		t.results(p.Results())
		l := newEcho(large{text: "l"})
		run(t, l, large{})
		t.results(l.Results())
		f := newEcho[float32](1.5)
		run(t, f, 2.5)
		t.results(f.Results())
		e := newEcho[error](nil)
		run[error, error](t, e, errOdd)
		t.results(e.Results())
	}},
	{"functions", func(t *transcript) {
		m := newLargest([]uint8{3, 200, 7})
		run(t, m)
		t.results(m.Results())
		u := newMapped([]int{1, 2}, func(n int) []int { return make([]int, n) })
		run(t, u)
		t.results(u.Results())
	}},
	{"constraints", func(t *transcript) {
		n := newTotal([]int{1, 2, 4})
		run(t, n)
		t.results(n.Results())
		d := newTotal([]celsius{1.5, 2})
		run(t, d)
		t.results(d.Results())
		c := newCompare(monday, tuesday)
		run(t, c)
		t.results(c.Results())
	}},
	{"zero values", func(t *transcript) {
		a := newZero[int8]()
		run(t, a)
		t.results(a.Results())
		b := newZero[record]()
		run(t, b)
		t.results(b.Results())
	}},
	{"instances", func(t *transcript) {
		c := newInstances([]int{3, 9, 4}, []string{"x", "longer", "y"})
		run(t, c, true, true, true, true, false)
		t.results(c.Results())
	}},
	{"methods", func(t *transcript) {
		c := newListEach(listOf(1, 2, 3))
		run(t, c, true)
		t.results(c.Results())
		d := newListLength(*listOf("a", "b"))
		run(t, d)
		t.results(d.Results())
	}},
	{"types", func(t *transcript) {
		c := newSequences()
		run(t, c, "a", "b", "a", "c", "x", "b")
		t.results(c.Results())
	}},
}

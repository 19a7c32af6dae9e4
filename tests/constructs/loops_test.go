package constructs

var loops = []cell{
	{"forms", func(t *transcript) {
		c := newForms(7)
		run(t, c, 100, 3)
		t.results(c.Results())
	}},
	{"range over integer", func(t *transcript) { run(t, newRangeInteger(3, 2)) }},
	{"range over slice", func(t *transcript) {
		words := []string{"a", "b", "c"}
		c := newRangeSlice(words)
		run(t, c, "1", "2")
		t.results(c.Results(), words)
	}},
	{"range over structs", func(t *transcript) {
		ps := []point{{1, 2}, {3, 4}, {5, 6}}
		c := newRangeStructs(ps)
		run(t, c, 10)
		t.results(c.Results(), ps)
	}},
	{"range over large elements", func(t *transcript) {
		last := &wide{"last", 1000, nil}
		list := []wide{{"one", 1, last}, {"two", 2, nil}, {"three", 3, &wide{n: 5000}}}
		c := newRangeLarge(list)
		run(t, c, 10, 20, 30)
		t.results(c.Results(), list[0].n, list[1].n, list[2].n)
	}},
	{"range over large arrays", func(t *transcript) {
		at := [3]wide{{"x", 1, nil}, {"y", 2, nil}, {"z", 3, nil}}
		c := newRangeLargeArrays(&at)
		run(t, c, 1, 2, 3)
		t.results(c.Results(), at[2].n)
	}},
	{"range over nil", func(t *transcript) {
		c := newRangeNilArray(nil)
		run(t, c)
		t.results(c.Results())
	}},
	{"range over large elements, labels", func(t *transcript) {
		lists := [][]wide{{{"a", 1, nil}, {"b", 2, nil}}, {{"c", 3, nil}}, {{"d", 4, nil}, {"e", 5, nil}, {"f", 6, nil}, {"g", 7, nil}}}
		for _, answers := range [][]bool{{false}, {true}, {false, true}} {
			c := newRangeLargeLabels(lists)
			run(t, c, answers...)
			t.results(c.Results())
		}
	}},
	{"per iteration", func(t *transcript) {
		c := newPerIteration()
		run(t, c, 0, 1)
		t.results(c.Results())
	}},
	{"break and continue", func(t *transcript) {
		for _, answers := range [][]bool{{false}, {true}, {true, false, false}} {
			c := newBreaks()
			run(t, c, answers...)
			t.results(c.Results())
		}
	}},
	{"labels", func(t *transcript) {
		c := newLabelsInSelects()
		run(t, c, 1, 2, -5, 3, 0)
		t.results(c.Results())
	}},
	{"goto", func(t *transcript) {
		for n := range 4 {
			c := newGotos(n)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"nested", func(t *transcript) { run(t, newNestedLoops(16)) }},
	{"collatz", func(t *transcript) {
		c := newCollatz(27)
		run(t, c)
		t.results(c.Results())
	}},
	{"long", func(t *transcript) {
		c := newLongLoop(200000)
		run(t, c)
		t.results(c.Results())
	}},
}

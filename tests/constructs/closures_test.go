package constructs

var closures = []cell{
	{"sort.Slice", func(t *transcript) {
		for _, descending := range []bool{false, true} {
			words := []string{"go", "c", "rust", "zig", "ada", "lua"}
			run(t, newSortSlice(words, descending))
			t.results(words)
		}
	}},
	{"slices.SortFunc", func(t *transcript) { run(t, newSortFunc([]point{{9, 1}, {2, 2}, {6, 3}, {4, 4}}), 5) }},
	{"captures", func(t *transcript) {
		c := newCaptures()
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"parameters", func(t *transcript) {
		c := newClosureParameters(func(x int) int { return 3 * x })
		run(t, c, 10, 20)
		t.results(c.Results())
	}},
	{"results", func(t *transcript) {
		c := newClosureResults(3)
		run(t, c, 100, 200, 300)
		for _, f := range c.Results() {
			t.results(f(), f())
		}
	}},
	{"immediate", func(t *transcript) {
		c := newImmediate("aXb")
		run(t, c, "more")
		t.results(c.Results())
	}},
	{"recursive", func(t *transcript) {
		c := newRecursiveClosure()
		run(t, c, 10)
		t.results(c.Results())
	}},
	{"function values", func(t *transcript) {
		c := newFunctionValues()
		run(t, c, 6, 100, 3)
		t.results(c.Results())
	}},
	{"method values", func(t *transcript) {
		k := &counter{1}
		c := newMethodValues(k)
		run(t, c, 10, 20, 30, 40)
		t.results(c.Results(), k)
	}},
	{"locals", func(t *transcript) {
		c := newLocalsInClosures(6)
		run(t, c, 0, 3)
		t.results(c.Results())
	}},
}

package constructs

var sliceCells = []cell{
	{"append", func(t *transcript) {
		c := newAppendInts(9)
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"append kinds", func(t *transcript) {
		c := newAppendKinds("ab")
		run(t, c, 'x', 'y')
		t.results(c.Results())
	}},
	{"append slices", func(t *transcript) {
		a, b := []int{1, 2, 3}, []int{7, 8}
		c := newAppendSlices(a, b)
		run(t, c)
		t.results(c.Results())
		t.results(a, b)
	}},
	{"append structs", func(t *transcript) {
		c := newAppendStructs()
		run(t, c, record{"a", 1, nil}, record{"b", 2, []byte("xyz")})
		t.results(c.Results())
	}},
	{"make", func(t *transcript) {
		for _, n := range []int{0, 1, 4} {
			c := newMakes(n)
			run(t, c, 7, 8)
			t.results(c.Results())
		}
	}},
	{"copy", func(t *transcript) {
		xs, bytes, words := []int{1, 2, 3, 4, 5, 6}, []byte("0123456789"), []string{"a", "b", "c"}
		c := newCopies(xs, bytes, words)
		run(t, c)
		t.results(c.Results())
		t.results(xs, bytes, words)
	}},
	{"slice expressions", func(t *transcript) { run(t, newSliceExpressions([]int{0, 1, 2, 3, 4, 5, 6, 7}), 3) }},
	{"capacities", func(t *transcript) {
		c := newSliceCapacities(make([]int, 4, 9))
		run(t, c)
		t.results(c.Results())
	}},
	{"clear", func(t *transcript) {
		xs, words, m := []int{1, 2, 3, 4}, []string{"a", "b"}, map[string]int{"a": 1}
		run(t, newClearing(xs, words, m))
		t.results(xs, words, len(m))
	}},
	{"reverse", func(t *transcript) {
		xs, words := []int{1, 2, 3, 4}, []string{"a", "b", "c"}
		run(t, newReversals(xs, words))
		t.results(xs, words)
	}},
	{"parameters", func(t *transcript) {
		c := newSliceParameters([]int{1}, []int{1, 2}, nil, []int{})
		run(t, c)
		t.results(c.Results())
	}},
	{"sieve", func(t *transcript) { run(t, newSieve(60)) }},
	{"held", func(t *transcript) {
		c := newHeldSlices(nil, 6)
		run(t, c, 1, 2, 3, 4, 5, 6)
		t.results(c.Results())
	}},
}

package constructs

var recursions = []cell{
	{"factorial", func(t *transcript) {
		c := newFactorial(20)
		run(t, c)
		t.results(c.Results())
	}},
	{"mutual", func(t *transcript) {
		c := newIsEven(101)
		run(t, c)
		t.results(c.Results())
	}},
	{"mutual with yields", func(t *transcript) {
		c := newFemale(7)
		run(t, c)
		t.results(c.Results())
	}},
	{"permutations", func(t *transcript) { run(t, newPermutations([]int{1, 2, 3, 4}, 4)) }},
	{"hanoi", func(t *transcript) {
		c := newHanoi(4, 'a', 'b', 'c')
		run(t, c)
		t.results(c.Results())
	}},
	{"deep", func(t *transcript) {
		c := newDeep(1000)
		run(t, c, 42)
		t.results(c.Results())
	}},
	{"nested calls", func(t *transcript) {
		c := newNestedCalls(7)
		run(t, c)
		t.results(c.Results())
	}},
	{"unused parameters", func(t *transcript) {
		c := newUnusedParameters(1, 3, "a", "b")
		run(t, c)
		t.results(c.Results())
	}},
}

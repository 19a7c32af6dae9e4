package constructs

var closuresYielding = []cell{
	{"recursive", func(t *transcript) {
		leaf := func(name string) *branch { return &branch{nil, nil, name} }
		c := newWalkLiteral(&branch{&branch{leaf("a"), nil, "b"}, &branch{leaf("d"), leaf("f"), "e"}, "c"})
		run(t, c, 1, 2, 3, 4)
		visited, deepest, path, answers := c.Results()
		t.results(visited, deepest, path, answers)
	}},
	{"in turn", func(t *transcript) {
		c := newLiteralsInTurn(5)
		run(t, c, 1, 2)
		t.results(c.Results())
	}},
	{"values", func(t *transcript) {
		c := newValuesOfLiterals([]string{"a", "b", "c"})
		run(t, c, "x", "y")
		t.results(c.Results())
	}},
	{"immediate", func(t *transcript) {
		c := newImmediateLiterals(4)
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"nested", func(t *transcript) {
		c := newNestedLiterals([]int{3, 5, 3})
		run(t, c, 1, 20)
		t.results(c.Results())
	}},
	{"mixed", func(t *transcript) {
		c := newMixedLiterals([]int{9, 4, 7, 1, 3})
		run(t, c, 8, 2)
		t.results(c.Results())
	}},
	{"bodies", func(t *transcript) {
		c := newBodiesInLiterals(5)
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"generic", func(t *transcript) {
		c := newGenericLiterals([]string{"a", "b"}, 1.5)
		run(t, c, 2.5, 3.5)
		n, last := c.Results()
		t.results(n, last)
		d := newGenericLiterals([]int{1, 2}, []string{"z"})
		run(t, d, []string{"y"}, nil)
		k, list := d.Results()
		t.results(k, list)
	}},
	{"control", func(t *transcript) {
		c := newControlInLiterals([]string{"ab", "", "c"})
		run(t, c, 1, 1, 1, 1, -1)
		t.results(c.Results())
	}},
	{"index in a literal", func(t *transcript) { run(t, newFailingLiteral([]int{1, 2})) }},
}

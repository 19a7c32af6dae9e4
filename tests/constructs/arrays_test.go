package constructs

var arrays = []cell{
	{"index", func(t *transcript) {
		c := newArrayIndex()
		run(t, c, 0, 2, 4, 2)
		t.results(c.Results())
	}},
	{"copy", func(t *transcript) {
		c := newArrayCopy([4]int{1, 2, 3, 4})
		run(t, c)
		t.results(c.Results())
	}},
	{"compare", func(t *transcript) {
		a := [3]string{"a", "b", "c"}
		b := a
		for range 2 {
			c := newArrayCompare(a, b, [2][2]int16{{1, 2}, {3, 4}}, [2][2]int16{{1, 2}, {3, 5}})
			run(t, c)
			t.results(c.Results())
			b[2] = "d"
		}
	}},
	{"literals", func(t *transcript) { run(t, newArrayLiterals()) }},
	{"matrix", func(t *transcript) {
		c := newMatrix()
		run(t, c, 1, 2, 3, 4)
		t.results(c.Results())
	}},
	{"range", func(t *transcript) { run(t, newArrayRange([3]int{1, 2, 3})) }},
	{"pointers", func(t *transcript) {
		c := newArrayOfPointers()
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"sliced", func(t *transcript) {
		c := newArraySliced()
		run(t, c, 1, 2, 3, 4)
		t.results(c.Results())
	}},
	{"bytes", func(t *transcript) {
		c := newByteArrays()
		run(t, c, 1, 0, 255)
		t.results(c.Results())
	}},
}

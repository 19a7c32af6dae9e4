package constructs

var frames = []cell{
	{"4 KB", func(t *transcript) {
		c := newFrame4K(5)
		run(t, c, 1, 200, 7)
		t.results(c.Results())
	}},
	{"100 KB", func(t *transcript) {
		c := newFrame100K()
		run(t, c, 3)
		t.results(c.Results())
	}},
	{"pointers", func(t *transcript) {
		c := newFramePointers(4)
		run(t, c, 1, 2)
		t.results(c.Results())
	}},
	{"sizes", func(t *transcript) {
		c := newFrameSizes(40)
		run(t, c, 3, 50, 7)
		t.results(c.Results())
	}},
	{"integers", func(t *transcript) {
		c := newCallManyIntegers(100)
		run(t, c, 7, 1000)
		t.results(c.Results())
		d := newManyIntegers(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)
		run(t, d)
		t.results(d.Results())
	}},
	{"floats", func(t *transcript) {
		c := newCallManyFloatArguments(0.5)
		run(t, c)
		t.results(c.Results())
	}},
	{"strings", func(t *transcript) {
		c := newManyStrings("a", "b", "c", "d", "e", "f", "g", 9)
		run(t, c, "x", "", "yz")
		t.results(c.Results())
	}},
	{"arrays", func(t *transcript) {
		c := newArraysAsArguments([3]int{1, 2, 3}, [2]string{"a", "b"}, 5)
		run(t, c, 10, 20)
		t.results(c.Results())
	}},
	{"structs", func(t *transcript) {
		c := newStructsAsArguments(large{text: "l"}, mixed{e: "m"}, 4)
		run(t, c, 10, 20)
		t.results(c.Results())
	}},
	{"addresses", func(t *transcript) {
		c := newAddressesOfArguments(1, 2, [3]int{3, 4, 5}, "d")
		run(t, c, 10, 20)
		t.results(c.Results())
	}},
	{"named results", func(t *transcript) {
		for _, n := range []int{0, -5, 3, 11} {
			c := newNamedResults(1)
			run(t, c, n)
			t.results(c.Results())
		}
	}},
	{"variadic", func(t *transcript) {
		c := newCallVariadic([]int{7, 8, 9})
		run(t, c)
		t.results(c.Results())
		d := newVariadic(2, []int{1, 2, 3})
		run(t, d)
		t.results(d.Results())
	}},
	{"results as arguments", func(t *transcript) {
		c := newPassedOn(5)
		run(t, c)
		t.results(c.Results())
	}},
}

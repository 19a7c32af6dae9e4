package constructs

var goCalls = []cell{
	{"fmt", func(t *transcript) {
		c := newFormatting(&point{1, 2}, []string{"a", "b"})
		run(t, c, 21)
		text, err := c.Results()
		t.results(text, message(err))
	}},
	{"strconv", func(t *transcript) {
		c := newNumbers()
		run(t, c, "12", "2.5", "x", "-7", "")
		t.results(c.Results())
	}},
	{"strings", func(t *transcript) {
		c := newTextFunctions("go to Morestack")
		run(t, c)
		t.results(c.Results())
	}},
	{"sort", func(t *transcript) {
		c := newSorting([]int{5, 2, 8, 1})
		run(t, c)
		t.results(c.Results())
	}},
	{"locals by address", func(t *transcript) {
		c := newLocalsByAddress(4)
		run(t, c, 3, 1)
		t.results(c.Results())
	}},
	{"locals kept", func(t *transcript) {
		c := newKept()
		run(t, c, 10, 20)
		t.results(c.Results())
	}},
	{"sync", func(t *transcript) {
		c := newSynchronisation()
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"go", func(t *transcript) {
		c := newGoStatement(4)
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"binary", func(t *transcript) {
		c := newBinaryEncoding(0x01020304)
		run(t, c, 0xa0b0c0d0)
		t.results(c.Results())
	}},
	{"leaves", func(t *transcript) {
		c := newLeaves(5)
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"floats", func(t *transcript) {
		c := newFloatsToGo(3)
		run(t, c, 4, 0.5)
		t.results(c.Results())
	}},
	{"many", func(t *transcript) {
		c := newManyToGo(1, 2, 3)
		run(t, c, 10, 20)
		t.results(c.Results())
	}},
}

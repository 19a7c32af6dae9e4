package constructs

var pointers = []cell{
	{"local across yields", func(t *transcript) {
		c := newLocalAcrossYield()
		run(t, c, 3, 5, 7, 11)
		t.results(c.Results())
	}},
	{"local across calls", func(t *transcript) {
		c := newLocalAcrossCalls(7)
		run(t, c)
		t.results(c.Results())
	}},
	{"chain", func(t *transcript) {
		c := newChain(8, nil)
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"pointer to pointer", func(t *transcript) {
		c := newStartPointerToPointer(200)
		run(t, c)
		t.results(c.Results())
	}},
	{"into arrays", func(t *transcript) {
		c := newPointersIntoArrays()
		run(t, c, 2, 3, 5)
		t.results(c.Results())
	}},
	{"into structs", func(t *transcript) {
		c := newPointersIntoStructs(&record{n: 7})
		run(t, c, 3, 5)
		t.results(c.Results())
	}},
	{"swap", func(t *transcript) {
		c := newSwapped("a", "b", 1, 2)
		run(t, c)
		t.results(c.Results())
	}},
	{"comparisons", func(t *transcript) {
		x, z := 1, 1
		for _, q := range []*int{&x, &z, nil} {
			c := newPointerComparisons(&x, q)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"linked list", func(t *transcript) {
		c := newLinkedList(5)
		run(t, c, 10)
		t.results(c.Results())
	}},
	{"new", func(t *transcript) {
		c := newNews()
		run(t, c, 5, 2)
		t.results(c.Results())
	}},
	{"escaping", func(t *transcript) {
		c := newEscaping()
		run(t, c, 10, 20, 30)
		t.results(c.Results())
	}},
	{"changed by callee", func(t *transcript) {
		c := newChangedByCallee(6)
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"address as argument", func(t *transcript) {
		c := newAddressArgument()
		run(t, c, 5, 2)
		t.results(c.Results())
	}},
}

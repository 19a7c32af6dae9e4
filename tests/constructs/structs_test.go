package constructs

var structs = []cell{
	{"fields", func(t *transcript) {
		c := newStructFields()
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"copies", func(t *transcript) {
		c := newStructCopies(record{"r", 7, []byte{1}})
		run(t, c)
		t.results(c.Results())
	}},
	{"compare", func(t *transcript) {
		n := 1
		m := mixed{b: 1, e: "e", h: &n, i: 5}
		for _, other := range []mixed{m, {}, {b: 1, e: "e", h: &n, i: "5"}} {
			c := newStructCompare(point{1, 2}, point{1, 3}, m, other)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"literals", func(t *transcript) { run(t, newStructLiterals(4)) }},
	{"mixed fields", func(t *transcript) {
		c := newMixedFields(mixed{c: 1, d: 3, e: "e", g: 1 + 1i})
		run(t, c, 4, 500, -6*3)
		t.results(c.Results())
	}},
	{"embedding", func(t *transcript) {
		c := newEmbedding(derived{base{3, []string{"a"}}, &point{5, 6}, "extra"})
		run(t, c)
		t.results(c.Results())
	}},
	{"pointers", func(t *transcript) {
		r := &record{"r", 1, nil}
		c := newStructPointers(r)
		run(t, c, 42)
		t.results(c.Results(), r)
	}},
	{"nested", func(t *transcript) { run(t, newNested()) }},
	{"zero size", func(t *transcript) {
		c := newZeroSized()
		run(t, c)
		t.results(c.Results())
	}},
	{"large", func(t *transcript) {
		a := large{text: "a"}
		for i := range a.words {
			a.words[i] = uint64(i)
		}
		c := newLargeStructs(a)
		run(t, c, a, large{text: "b", next: &large{text: "c"}})
		t.results(c.Results())
	}},
}

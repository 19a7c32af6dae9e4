package constructs

import "strings"

var maps = []cell{
	{"operations", func(t *transcript) {
		c := newMapOperations()
		run(t, c, "a", "b", "a", "cc")
		t.results(c.Results())
	}},
	{"literals", func(t *transcript) {
		c := newMapLiterals()
		run(t, c, 6)
		t.results(c.Results())
	}},
	{"kinds of keys", func(t *transcript) {
		c := newMapKeyKinds()
		run(t, c, 3, 1, 4, 1, 5, 9, 2, 6)
		t.results(c.Results())
	}},
	{"range", func(t *transcript) {
		m := map[string]int{"a": 1, "b": 2, "c": 3, "d": 4}
		c := newMapRange(m)
		run(t, c, 10, 2, 1)
		t.results(c.Results())
		t.results(m)
	}},
	{"range with yields", func(t *transcript) {
		c := newMapRangeYields(map[int]int{1: 2, 3: 4, 5: 6})
		run(t, c, 2)
		t.results(c.Results())
	}},
	{"structs", func(t *transcript) {
		c := newMapOfStructs()
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
	{"nil", func(t *transcript) {
		c := newNilMap(nil)
		run(t, c)
		t.results(c.Results())
	}},
	{"many entries", func(t *transcript) {
		c := newManyEntries(1000)
		run(t, c)
		t.results(c.Results())
	}},
	{"word count", func(t *transcript) {
		c := newWordCount(strings.Fields("to be or not to be that is the question to"))
		run(t, c)
		t.results(c.Results())
	}},
}

package constructs

import "strings"

var stringCells = []cell{
	{"bytes", func(t *transcript) {
		c := newStringBytes("a€z")
		run(t, c)
		t.results(c.Results())
	}},
	{"runes", func(t *transcript) {
		c := newStringRunes("aé€😀\xff\xe2\x82z")
		run(t, c)
		t.results(c.Results())
	}},
	{"slices", func(t *transcript) { run(t, newStringSlices("morestack"), 2, 5) }},
	{"comparisons", func(t *transcript) {
		for _, a := range []string{"", "stack", "stacks", "stad", "a longer string, to be compared in steps of sixteen"} {
			for _, b := range []string{"stack", "", "a longer string, to be compared in steps of sixteen"} {
				c := newStringComparisons(a, b)
				run(t, c)
				t.results(c.Results())
			}
		}
	}},
	{"min and max", func(t *transcript) {
		c := newStringMinMax("k")
		run(t, c, "x", "b", "z")
		t.results(c.Results())
	}},
	{"concatenation", func(t *transcript) {
		for _, a := range []string{"", "a", strings.Repeat("long ", 10)} {
			c := newConcatenation(a)
			run(t, c, "b", "", "dd", "€", strings.Repeat("f", 40))
			t.results(c.Results())
		}
	}},
	{"concatenation order", func(t *transcript) {
		c := newConcatenationOrder("ab")
		run(t, c, "1", "2", "3")
		t.results(c.Results())
	}},
	{"appended", func(t *transcript) {
		c := newAppendedString()
		run(t, c, "some", "parts", " of a text that grows", "")
		t.results(c.Results())
	}},
	{"builder", func(t *transcript) {
		c := newBuilder()
		run(t, c, "x", "", "yy")
		t.results(c.Results())
	}},
	{"local builder", func(t *transcript) {
		c := newLocalBuilder()
		run(t, c, "x", "", "yy")
		t.results(c.Results())
	}},
	{"bytes of strings", func(t *transcript) {
		for _, s := range []string{"", "stack", "A st"} {
			c := newBytesOfStrings(s)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"in frames", func(t *transcript) {
		c := newStringsInFrames(4, "s")
		run(t, c, "a", "", "bc")
		t.results(c.Results())
	}},
}

package constructs

import (
	"bytes"
	"errors"
)

var interfaces = []cell{
	{"calls", func(t *transcript) {
		shapes := []shape{square{2}, &rectangle{3, 4}, square{1}}
		c := newInterfaceCalls(shapes)
		run(t, c, 2, 0.5)
		t.results(c.Results(), shapes)
	}},
	{"boxing", func(t *transcript) { run(t, newBoxing(300, "s", &point{1, 2})) }},
	{"assertions", func(t *transcript) {
		for _, v := range []any{5, "s", point{1, 2}, errors.New("e"), nil, new(bytes.Buffer)} {
			c := newAssertions(v)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"comparisons", func(t *transcript) {
		e := errors.New("e")
		for _, pair := range [][2]any{{5, 5}, {5, "five"}, {nil, nil}, {point{1, 2}, point{1, 2}}, {&point{}, &point{}}, {1.5, float32(1.5)}} {
			c := newInterfaceComparisons(pair[0], pair[1], e, errors.New("e"))
			run(t, c)
			t.results(c.Results())
		}
		c := newInterfaceComparisons(5, 5, e, e)
		run(t, c)
		t.results(c.Results())
	}},
	{"conversions", func(t *transcript) {
		c := newInterfaceConversions(&bytes.Buffer{})
		run(t, c)
		t.results(message(c.Results()))
	}},
	{"embedded", func(t *transcript) { run(t, newEmbeddedInterface(&rectangle{2, 5})) }},
	{"errors", func(t *transcript) {
		c := newErrorHandling()
		run(t, c, 10, 8, 7)
		n, err := c.Results()
		t.results(n, message(err), errors.Is(err, errOdd))
	}},
}

package constructs

var bools = []cell{
	{"logic", func(t *transcript) {
		for i := range 4 {
			c := newLogic(i&1 != 0, i&2 != 0)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"short circuit", func(t *transcript) {
		for _, answers := range [][]bool{{true}, {false}, {true, false}, {false, true}, {true, true, false}} {
			c := newShortCircuit()
			run(t, c, answers...)
			t.results(c.Results())
		}
	}},
	{"array", func(t *transcript) {
		c := newBoolArray()
		run(t, c, true, false)
		t.results(c.Results())
	}},
}

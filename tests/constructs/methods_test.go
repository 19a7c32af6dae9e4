package constructs

var methods = []cell{
	{"value", func(t *transcript) {
		m := machine{state: 5}
		c := newMachinePeek(m)
		run(t, c, 10)
		t.results(c.Results(), m)
	}},
	{"pointer", func(t *transcript) {
		m := &machine{state: 5}
		c := newMachineRun(m, []string{"a", "b", "c"})
		run(t, c, 10, 20)
		t.results(c.Results(), m)
	}},
	{"integer", func(t *transcript) {
		c := newWeekdayScale(monday, 3)
		run(t, c, tuesday)
		t.results(c.Results())
	}},
	{"slice", func(t *transcript) {
		c := newVectorDot(vector{1, 2}, vector{3, 4})
		run(t, c)
		t.results(c.Results())
	}},
	{"promoted", func(t *transcript) {
		m := &machine{}
		c := newPromoted(embedded{m, vector{1, 2}})
		run(t, c, 3)
		t.results(c.Results(), m)
	}},
	{"locals", func(t *transcript) {
		c := newMethodsOfLocals()
		run(t, c, 1, 2, 3)
		t.results(c.Results())
	}},
}

package constructs

import "errors"

var switches = []cell{
	{"dense", func(t *transcript) {
		c := newDense(0)
		run(t, c, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, -1, 1<<62, 2, 10)
		t.results(c.Results())
	}},
	{"dense bytes", func(t *transcript) {
		c := newDenseBytes("go 1.26 runs on\tlinux/amd64 \xff")
		run(t, c)
		t.results(c.Results())
	}},
	{"sparse", func(t *transcript) {
		for _, n := range []int64{-1 << 63, 0, 1, 1000, 2500, 3000, 1 << 40, 1<<40 + 1, 1<<63 - 1} {
			c := newSparse(n)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"strings", func(t *transcript) {
		for _, word := range []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "", "eleven", "thref", "a much longer word than all the others"} {
			c := newDenseStrings(word)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"fallthrough", func(t *transcript) {
		for n := range 6 {
			run(t, newFallthroughs(n))
		}
	}},
	{"conditions", func(t *transcript) {
		for _, answers := range [][]int{{7, 7}, {7, 8}, {1, 2, 1}, {1, 2, 3, 5}, {1, 2, 3, 4, 4}, {1, 2, 3, 4, 6, 4}, {1, 2, 3, 4, 6, 7}} {
			c := newConditions(5)
			run(t, c, answers...)
			t.results(c.Results())
		}
	}},
	{"types", func(t *transcript) {
		for _, v := range []any{
			nil, 5, "text", 1.5, float32(1), []int{1, 2}, &point{3, 4}, point{3, 4}, errors.New("e"),
			base{1, []string{"a"}}, &base{2, nil}, func() string { return "f" }, map[string]int{"a": 6}, make(chan int), int8(1), []string{},
		} {
			c := newTypeSwitch(v)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"types of answers", func(t *transcript) {
		c := newTypeSwitchYields()
		run[any, any](t, c, 1, int8(2), "text", nil, 1.5, 3, 40, nil)
		t.results(c.Results())
	}},
}

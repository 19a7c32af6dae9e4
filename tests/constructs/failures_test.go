package constructs

// fails runs a coroutine and records its results, which are zero if it failed.
func fails[R any, C interface {
	coroutine[int, struct{}]
	Results() R
}](t *transcript, c C) {
	run(t, c)
	t.results(c.Results())
}

var (
	three = []int{10, 20, 30}
)

var failures = []cell{
	{"index", func(t *transcript) {
		for _, i := range []int{0, 2, 3, -1, 1 << 62, -1 << 63} {
			fails(t, newFailIndex(three, i))
		}
		fails(t, newFailIndex(nil, 0))
	}},
	{"index by byte", func(t *transcript) { fails(t, newFailIndexUnsigned(three, 200, 1)) }},
	{"index unsigned", func(t *transcript) {
		fails(t, newFailIndexUnsigned(three, 2, 1))
		fails(t, newFailIndexUnsigned(three, 2, 1<<63))
	}},
	{"store", func(t *transcript) { run(t, newFailIndexStore([]string{"a"}, 1)) }},
	{"array", func(t *transcript) {
		fails(t, newFailArray(3))
		fails(t, newFailArray(4))
		fails(t, newFailArray(-1))
	}},
	{"array pointer", func(t *transcript) {
		fails(t, newFailArrayPointer(&[4]int{1, 2, 3, 4}, 3))
		fails(t, newFailArrayPointer(&[4]int{1, 2, 3, 4}, 5))
		fails(t, newFailArrayPointer(nil, 0))
	}},
	{"string index", func(t *transcript) {
		fails(t, newFailString("abc", 2))
		fails(t, newFailString("abc", 3))
		fails(t, newFailString("", 0))
	}},
	{"slice", func(t *transcript) {
		for _, ij := range [][2]int{{0, 3}, {1, 5}, {2, 6}, {3, 2}, {-1, 2}, {0, -1}} {
			fails(t, newFailSlice(append(make([]int, 0, 5), three...), ij[0], ij[1]))
		}
	}},
	{"slice from", func(t *transcript) {
		fails(t, newFailSliceFrom(three, 3))
		fails(t, newFailSliceFrom(three, 4))
	}},
	{"full slice", func(t *transcript) {
		for _, ijk := range [][3]int{{0, 1, 3}, {0, 1, 4}, {0, 3, 2}, {2, 1, 3}, {0, 1, -1}} {
			fails(t, newFailSliceFull(three, ijk[0], ijk[1], ijk[2]))
		}
	}},
	{"string slice", func(t *transcript) {
		for _, ij := range [][2]int{{0, 3}, {1, 4}, {2, 1}, {-1, 1}} {
			fails(t, newFailSliceString("abc", ij[0], ij[1]))
		}
	}},
	{"array slice", func(t *transcript) {
		fails(t, newFailSliceArray(&[4]int{1, 2, 3, 4}, 1, 4))
		fails(t, newFailSliceArray(&[4]int{1, 2, 3, 4}, 1, 5))
		fails(t, newFailSliceArray(nil, 0, 0))
	}},
	{"conversion", func(t *transcript) {
		fails(t, newFailConversion([]int{1, 2, 3, 4, 5}))
		fails(t, newFailConversion(three))
	}},
	{"divide", func(t *transcript) {
		fails(t, newFailDivide(7, -2))
		fails(t, newFailDivide(-1<<63, -1))
		fails(t, newFailDivide(7, 0))
	}},
	{"remainder", func(t *transcript) {
		fails(t, newFailRemainder(7, 4))
		fails(t, newFailRemainder(7, 0))
	}},
	{"divide and assign", func(t *transcript) { run(t, newFailDivideAssign(1000), 3, -4, 0) }},
	{"shift", func(t *transcript) {
		fails(t, newFailShift(3, 62))
		fails(t, newFailShift(3, -1))
	}},
	{"shift right", func(t *transcript) {
		fails(t, newFailShiftRight(1<<31, 31))
		fails(t, newFailShiftRight(1, -128))
	}},
	{"nil read", func(t *transcript) {
		fails(t, newFailNilRead(&point{1, 2}))
		fails(t, newFailNilRead(nil))
	}},
	{"nil write", func(t *transcript) { run(t, newFailNilWrite(nil)) }},
	{"nil pointer write", func(t *transcript) {
		l := &link{}
		run(t, newFailNilPointerWrite(l, l))
		run(t, newFailNilPointerWrite(nil, l))
	}},
	{"nil second", func(t *transcript) { fails(t, newFailNilSecond(&link{value: 5})) }},
	{"nil copy", func(t *transcript) {
		fails(t, newFailNilCopy(&large{text: "l"}))
		fails(t, newFailNilCopy(nil))
	}},
	{"nil far", func(t *transcript) {
		fails(t, newFailNilFar(&huge{last: 3}))
		fails(t, newFailNilFar(nil))
	}},
	{"nil address", func(t *transcript) {
		fails(t, newFailNilAddress(&point{1, 2}))
		fails(t, newFailNilAddress(nil))
	}},
	{"nil array", func(t *transcript) { fails(t, newFailNilArray(nil)) }},
	{"nil function", func(t *transcript) {
		fails(t, newFailNilFunc(func() int { return 3 }))
		fails(t, newFailNilFunc(nil))
	}},
	{"nil interface", func(t *transcript) { fails(t, newFailNilInterface(nil)) }},
	{"nil map", func(t *transcript) {
		run(t, newFailNilMap(map[string]int{}))
		run(t, newFailNilMap(nil))
	}},
	{"assertion", func(t *transcript) {
		fails(t, newFailAssertion(3))
		fails(t, newFailAssertion("three"))
		fails(t, newFailAssertion(nil))
	}},
	{"assertion to interface", func(t *transcript) {
		fails(t, newFailAssertionToInterface("no error"))
		fails(t, newFailAssertionToInterface(nil))
	}},
	{"comparison", func(t *transcript) {
		fails(t, newFailCompare(3, 3))
		fails(t, newFailCompare([]int{1}, []int{1}))
	}},
	{"key", func(t *transcript) {
		fails(t, newFailKey(map[any]int{1: 2}, 1))
		fails(t, newFailKey(map[any]int{1: 2}, []int{1}))
	}},
	{"make", func(t *transcript) {
		fails(t, newFailMake(1, 2))
		fails(t, newFailMake(-1, 2))
		fails(t, newFailMake(3, 2))
		fails(t, newFailMake(0, 1<<62))
	}},
	{"make channel", func(t *transcript) { fails(t, newFailMakeChannel(-1)) }},
	{"close", func(t *transcript) {
		c := make(chan int)
		run(t, newFailClose(c))
		run(t, newFailClose(c))
		run(t, newFailClose(nil))
	}},
	{"send", func(t *transcript) {
		c := make(chan int)
		close(c)
		run(t, newFailSend(c))
	}},
	{"deep", func(t *transcript) { fails(t, newStartFailDeep(8)) }},
	{"loop", func(t *transcript) {
		for n := range 5 {
			c := newFailLoop([]byte{1, 2, 3}, n)
			run(t, c)
			t.results(c.Results())
		}
	}},
}

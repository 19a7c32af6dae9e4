package constructs

import "errors"

var yields = []cell{
	{"bool", func(t *transcript) {
		c := newEchoBool(true)
		run(t, c, true, false)
		t.results(c.Results())
	}},
	{"int8", func(t *transcript) {
		c := newEchoInt8(-1)
		run(t, c, 127, -128)
		t.results(c.Results())
	}},
	{"int16", func(t *transcript) {
		c := newEchoInt16(-1)
		run(t, c, 32767, -32768)
		t.results(c.Results())
	}},
	{"int32", func(t *transcript) {
		c := newEchoInt32(-1)
		run(t, c, 1<<31-1, -1<<31)
		t.results(c.Results())
	}},
	{"int64", func(t *transcript) {
		c := newEchoInt64(-1)
		run(t, c, 1<<63-1, -1<<63)
		t.results(c.Results())
	}},
	{"int", func(t *transcript) {
		c := newEchoInt(-1)
		run(t, c, 1<<63-1, -1<<63)
		t.results(c.Results())
	}},
	{"uint8", func(t *transcript) {
		c := newEchoUint8(1)
		run(t, c, 255, 128)
		t.results(c.Results())
	}},
	{"uint16", func(t *transcript) {
		c := newEchoUint16(1)
		run(t, c, 65535, 32768)
		t.results(c.Results())
	}},
	{"uint32", func(t *transcript) {
		c := newEchoUint32(1)
		run(t, c, 1<<32-1, 1<<31)
		t.results(c.Results())
	}},
	{"uint64", func(t *transcript) {
		c := newEchoUint64(1)
		run(t, c, 1<<64-1, 1<<63)
		t.results(c.Results())
	}},
	{"uint", func(t *transcript) {
		c := newEchoUint(1)
		run(t, c, 1<<64-1, 1<<63)
		t.results(c.Results())
	}},
	{"uintptr", func(t *transcript) {
		c := newEchoUintptr(1)
		run(t, c, 1<<64-1, 1<<63)
		t.results(c.Results())
	}},
	{"float32", func(t *transcript) {
		c := newEchoFloat32(0.1)
		run(t, c, -1e30, 0)
		t.results(c.Results())
	}},
	{"float64", func(t *transcript) {
		c := newEchoFloat64(0.1)
		run(t, c, -1e300, 0)
		t.results(c.Results())
	}},
	{"complex64", func(t *transcript) {
		c := newEchoComplex64(1 - 2i)
		run(t, c, 0.5i, -3)
		t.results(c.Results())
	}},
	{"complex128", func(t *transcript) {
		c := newEchoComplex128(1 - 2i)
		run(t, c, 0.5i, -3)
		t.results(c.Results())
	}},
	{"string", func(t *transcript) {
		c := newEchoString("first")
		run(t, c, "", "a longer string than the others")
		t.results(c.Results())
	}},
	{"weekday", func(t *transcript) {
		c := newEchoNamed(monday)
		run(t, c, tuesday, 5)
		t.results(c.Results())
	}},
	{"*int", func(t *transcript) {
		c := newEchoPointer(new(int))
		run(t, c, nil, &three[1])
		t.results(c.Results())
	}},
	{"[]int", func(t *transcript) {
		c := newEchoSlice([]int{1})
		run(t, c, nil, three)
		t.results(c.Results())
	}},
	{"[]byte", func(t *transcript) {
		c := newEchoBytes([]byte("abc"))
		run(t, c, nil, []byte{0})
		t.results(c.Results())
	}},
	{"map[string]int", func(t *transcript) {
		c := newEchoMap(map[string]int{"a": 1})
		run(t, c, nil, map[string]int{})
		t.results(c.Results())
	}},
	{"chan int", func(t *transcript) {
		c := newEchoChan(make(chan int))
		run(t, c, nil, make(chan int, 3))
		t.results(c.Results())
	}},
	{"func() int", func(t *transcript) {
		c := newEchoFunc(func() int { return 1 })
		run(t, c, nil, func() int { return 2 })
		t.results(c.Results())
	}},
	{"any", func(t *transcript) {
		c := newEchoAny(1)
		run[any, any](t, c, nil, "text", point{1, 2})
		t.results(c.Results())
	}},
	{"error", func(t *transcript) {
		c := newEchoError(errors.New("first"))
		run(t, c, nil, errOdd)
		t.results(c.Results())
	}},
	{"shape", func(t *transcript) {
		c := newEchoShape(square{1})
		run[shape, shape](t, c, nil, &rectangle{1, 2})
		t.results(c.Results())
	}},
	{"struct{}", func(t *transcript) {
		c := newEchoNothing(struct{}{})
		run(t, c, struct{}{})
		t.results(c.Results())
	}},
	{"[0]string", func(t *transcript) {
		c := newEchoNoArray([0]string{})
		run(t, c, [0]string{})
		t.results(c.Results())
	}},
	{"[1]string", func(t *transcript) {
		c := newEchoOneArray([1]string{"a"})
		run(t, c, [1]string{"b"})
		t.results(c.Results())
	}},
	{"wrapped", func(t *transcript) {
		c := newEchoOneField(wrapped{&three[0]})
		run(t, c, wrapped{}, wrapped{&three[2]})
		t.results(c.Results())
	}},
	{"[2]byte", func(t *transcript) {
		c := newEchoBytes2([2]byte{1, 2})
		run(t, c, [2]byte{3, 255}, [2]byte{})
		t.results(c.Results())
	}},
	{"[9]byte", func(t *transcript) {
		c := newEchoBytes9([9]byte{1, 2, 8: 9})
		run(t, c, [9]byte{3, 7: 255}, [9]byte{})
		t.results(c.Results())
	}},
	{"[2]int", func(t *transcript) {
		c := newEchoInts2([2]int{1, 2})
		run(t, c, [2]int{-3, 4}, [2]int{})
		t.results(c.Results())
	}},
	{"[3]int", func(t *transcript) {
		c := newEchoInts3([3]int{1, 2, 3})
		run(t, c, [3]int{-3, 4, 5}, [3]int{})
		t.results(c.Results())
	}},
	{"[2]float64", func(t *transcript) {
		c := newEchoFloats2([2]float64{1.5, 2})
		run(t, c, [2]float64{-3, 4}, [2]float64{})
		t.results(c.Results())
	}},
	{"point", func(t *transcript) {
		c := newEchoPoint(point{1, 2})
		run(t, c, point{-3, 4}, point{})
		t.results(c.Results())
	}},
	{"packed", func(t *transcript) {
		c := newEchoPacked(packed{1, 2, 3, true, 5})
		run(t, c, packed{255, -1, -1, false, 1.5}, packed{})
		t.results(c.Results())
	}},
	{"tight", func(t *transcript) {
		c := newEchoTight(tight{1, 2, 3})
		run(t, c, tight{-1, 255, -1}, tight{})
		t.results(c.Results())
	}},
	{"floatAndInt", func(t *transcript) {
		c := newEchoFloatAndInt(floatAndInt{1.5, 2})
		run(t, c, floatAndInt{-0.5, -1}, floatAndInt{})
		t.results(c.Results())
	}},
	{"pointerAndFloat", func(t *transcript) {
		c := newEchoPointerAndFloat(pointerAndFloat{&three[0], 2})
		run(t, c, pointerAndFloat{nil, -1}, pointerAndFloat{&three[1], 0})
		t.results(c.Results())
	}},
	{"twoPointers", func(t *transcript) {
		c := newEchoTwoPointers(twoPointers{&three[0], &three[1]})
		run(t, c, twoPointers{}, twoPointers{nil, &three[2]})
		t.results(c.Results())
	}},
	{"record", func(t *transcript) {
		c := newEchoRecord(record{"r", 1, []byte{1}})
		run(t, c, record{}, record{"other", -1, nil})
		t.results(c.Results())
	}},
	{"mixed", func(t *transcript) {
		c := newEchoMixed(mixed{a: true, b: -1, c: 3, d: 4.5, e: "e", f: [3]byte{1, 2, 3}, g: 1i, h: &three[0], i: 9})
		run(t, c, mixed{}, mixed{i: "i", f: [3]byte{2: 9}})
		t.results(c.Results())
	}},
	{"large", func(t *transcript) {
		c := newEchoLarge(large{text: "first", words: [20]uint64{1, 19: 20}})
		run(t, c, large{}, large{next: &large{text: "next"}})
		t.results(c.Results())
	}},
	{"[128]int64", func(t *transcript) {
		c := newEchoKilobyte([128]int64{1, 127: 2})
		run(t, c, [128]int64{64: 3}, [128]int64{})
		t.results(c.Results())
	}},
	{"[2]string", func(t *transcript) {
		c := newEchoStrings([2]string{"a", "b"})
		run(t, c, [2]string{}, [2]string{"c", ""})
		t.results(c.Results())
	}},
	{"byte to large", func(t *transcript) {
		c := newByteToLarge(7)
		run(t, c, large{text: "answer", words: [20]uint64{19: 3}}, large{next: &large{}})
		t.results(c.Results())
	}},
	{"large to byte", func(t *transcript) {
		c := newLargeToByte(large{text: "t"})
		run(t, c, 'a', 'b')
		t.results(c.Results())
	}},
	{"float to string", func(t *transcript) {
		c := newFloatToString(1)
		run(t, c, "abc", "")
		t.results(c.Results())
	}},
	{"string to float", func(t *transcript) {
		c := newStringToFloat("s")
		run(t, c, 1, 2.5)
		t.results(c.Results())
	}},
	{"nothing to record", func(t *transcript) {
		c := newNothingToRecord(5)
		run(t, c, record{n: 1}, record{n: 10, name: "r"})
		t.results(c.Results())
	}},
	{"record to nothing", func(t *transcript) {
		c := newRecordToNothing(record{"r", 1, nil})
		run(t, c, struct{}{})
		t.results(c.Results())
	}},
	{"packed to complex", func(t *transcript) {
		c := newPackedToComplex(packed{1, 2, 3, true, 4})
		run(t, c, 1+2i, -3i)
		t.results(c.Results())
	}},
	{"mixed to array", func(t *transcript) {
		c := newMixedToArray(mixed{e: "e", i: 1.5})
		run(t, c, [3]string{"a", "b", "c"}, [3]string{2: "z"})
		t.results(c.Results())
	}},
	{"ignored answers", func(t *transcript) { run(t, newIgnored(5), large{text: "abc"}) }},
	{"places", func(t *transcript) {
		for _, answers := range [][]int{{1, 2, 3}, {0, 3, 3, 1, 4, 1}, {3, 2, 5, 0, 2, 1, 3, 4, 5}} {
			xs := make([]int, 10)
			c := newYieldInPlaces(xs)
			run(t, c, answers...)
			t.results(c.Results())
			t.results(xs)
		}
	}},
}

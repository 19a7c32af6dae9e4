package constructs

var integers = []cell{
	{"arithmetic int8", func(t *transcript) { run(t, newArithmeticInt8(-100, 7), 7, -100, 3) }},
	{"shifts int8", func(t *transcript) { run(t, newShiftsInt8(-100), 0, 1, 0, 7, 0, 8, 0, 31, 0, 33, 0, 64, 0, 100) }},
	{"divisions int8", func(t *transcript) {
		for _, x := range []int8{0, 1, 9, 10, 100, -100, -100 + 5} {
			c := newDivisionsInt8(x)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"comparisons int8", func(t *transcript) {
		for _, x := range []int8{-100, 7, 7 + 1} {
			c := newComparisonsInt8(x, 7)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"assignments int8", func(t *transcript) {
		c := newAssignmentsInt8(7)
		run(t, c, 100, 3, 7, 5, 77)
		t.results(c.Results())
	}},
	{"arithmetic int16", func(t *transcript) { run(t, newArithmeticInt16(-30000, 123), 123, -30000, 3) }},
	{"shifts int16", func(t *transcript) { run(t, newShiftsInt16(-30000), 0, 1, 0, 7, 0, 8, 0, 31, 0, 33, 0, 64, 0, 100) }},
	{"divisions int16", func(t *transcript) {
		for _, x := range []int16{0, 1, 9, 10, 30000, -30000, -30000 + 5} {
			c := newDivisionsInt16(x)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"comparisons int16", func(t *transcript) {
		for _, x := range []int16{-30000, 123, 123 + 1} {
			c := newComparisonsInt16(x, 123)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"assignments int16", func(t *transcript) {
		c := newAssignmentsInt16(123)
		run(t, c, 30000, 3, 123, 5, 77)
		t.results(c.Results())
	}},
	{"arithmetic int32", func(t *transcript) { run(t, newArithmeticInt32(-2000000000, 12345), 12345, -2000000000, 3) }},
	{"shifts int32", func(t *transcript) {
		run(t, newShiftsInt32(-2000000000), 0, 1, 0, 7, 0, 8, 0, 31, 0, 33, 0, 64, 0, 100)
	}},
	{"divisions int32", func(t *transcript) {
		for _, x := range []int32{0, 1, 9, 10, 2000000000, -2000000000, -2000000000 + 5} {
			c := newDivisionsInt32(x)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"comparisons int32", func(t *transcript) {
		for _, x := range []int32{-2000000000, 12345, 12345 + 1} {
			c := newComparisonsInt32(x, 12345)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"assignments int32", func(t *transcript) {
		c := newAssignmentsInt32(12345)
		run(t, c, 2000000000, 3, 12345, 5, 77)
		t.results(c.Results())
	}},
	{"arithmetic int64", func(t *transcript) {
		run(t, newArithmeticInt64(-9000000000000000000, 1234567890123), 1234567890123, -9000000000000000000, 3)
	}},
	{"shifts int64", func(t *transcript) {
		run(t, newShiftsInt64(-9000000000000000000), 0, 1, 0, 7, 0, 8, 0, 31, 0, 33, 0, 64, 0, 100)
	}},
	{"divisions int64", func(t *transcript) {
		for _, x := range []int64{0, 1, 9, 10, 9000000000000000000, -9000000000000000000, -9000000000000000000 + 5} {
			c := newDivisionsInt64(x)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"comparisons int64", func(t *transcript) {
		for _, x := range []int64{-9000000000000000000, 1234567890123, 1234567890123 + 1} {
			c := newComparisonsInt64(x, 1234567890123)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"assignments int64", func(t *transcript) {
		c := newAssignmentsInt64(1234567890123)
		run(t, c, 9000000000000000000, 3, 1234567890123, 5, 77)
		t.results(c.Results())
	}},
	{"arithmetic int", func(t *transcript) {
		run(t, newArithmeticInt(-9000000000000000000, 1234567890123), 1234567890123, -9000000000000000000, 3)
	}},
	{"shifts int", func(t *transcript) {
		run(t, newShiftsInt(-9000000000000000000), 0, 1, 0, 7, 0, 8, 0, 31, 0, 33, 0, 64, 0, 100)
	}},
	{"divisions int", func(t *transcript) {
		for _, x := range []int{0, 1, 9, 10, 9000000000000000000, -9000000000000000000, -9000000000000000000 + 5} {
			c := newDivisionsInt(x)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"comparisons int", func(t *transcript) {
		for _, x := range []int{-9000000000000000000, 1234567890123, 1234567890123 + 1} {
			c := newComparisonsInt(x, 1234567890123)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"assignments int", func(t *transcript) {
		c := newAssignmentsInt(1234567890123)
		run(t, c, 9000000000000000000, 3, 1234567890123, 5, 77)
		t.results(c.Results())
	}},
	{"arithmetic uint8", func(t *transcript) { run(t, newArithmeticUint8(100, 7), 7, 100, 3) }},
	{"shifts uint8", func(t *transcript) { run(t, newShiftsUint8(100), 0, 1, 0, 7, 0, 8, 0, 31, 0, 33, 0, 64, 0, 100) }},
	{"divisions uint8", func(t *transcript) {
		for _, x := range []uint8{0, 1, 9, 10, 100, 100, 100 + 5} {
			c := newDivisionsUint8(x)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"comparisons uint8", func(t *transcript) {
		for _, x := range []uint8{100, 7, 7 + 1} {
			c := newComparisonsUint8(x, 7)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"assignments uint8", func(t *transcript) {
		c := newAssignmentsUint8(7)
		run(t, c, 100, 3, 7, 5, 77)
		t.results(c.Results())
	}},
	{"arithmetic uint16", func(t *transcript) { run(t, newArithmeticUint16(30000, 123), 123, 30000, 3) }},
	{"shifts uint16", func(t *transcript) { run(t, newShiftsUint16(30000), 0, 1, 0, 7, 0, 8, 0, 31, 0, 33, 0, 64, 0, 100) }},
	{"divisions uint16", func(t *transcript) {
		for _, x := range []uint16{0, 1, 9, 10, 30000, 30000, 30000 + 5} {
			c := newDivisionsUint16(x)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"comparisons uint16", func(t *transcript) {
		for _, x := range []uint16{30000, 123, 123 + 1} {
			c := newComparisonsUint16(x, 123)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"assignments uint16", func(t *transcript) {
		c := newAssignmentsUint16(123)
		run(t, c, 30000, 3, 123, 5, 77)
		t.results(c.Results())
	}},
	{"arithmetic uint32", func(t *transcript) { run(t, newArithmeticUint32(2000000000, 12345), 12345, 2000000000, 3) }},
	{"shifts uint32", func(t *transcript) {
		run(t, newShiftsUint32(2000000000), 0, 1, 0, 7, 0, 8, 0, 31, 0, 33, 0, 64, 0, 100)
	}},
	{"divisions uint32", func(t *transcript) {
		for _, x := range []uint32{0, 1, 9, 10, 2000000000, 2000000000, 2000000000 + 5} {
			c := newDivisionsUint32(x)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"comparisons uint32", func(t *transcript) {
		for _, x := range []uint32{2000000000, 12345, 12345 + 1} {
			c := newComparisonsUint32(x, 12345)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"assignments uint32", func(t *transcript) {
		c := newAssignmentsUint32(12345)
		run(t, c, 2000000000, 3, 12345, 5, 77)
		t.results(c.Results())
	}},
	{"arithmetic uint64", func(t *transcript) {
		run(t, newArithmeticUint64(9000000000000000000, 1234567890123), 1234567890123, 9000000000000000000, 3)
	}},
	{"shifts uint64", func(t *transcript) {
		run(t, newShiftsUint64(9000000000000000000), 0, 1, 0, 7, 0, 8, 0, 31, 0, 33, 0, 64, 0, 100)
	}},
	{"divisions uint64", func(t *transcript) {
		for _, x := range []uint64{0, 1, 9, 10, 9000000000000000000, 9000000000000000000, 9000000000000000000 + 5} {
			c := newDivisionsUint64(x)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"comparisons uint64", func(t *transcript) {
		for _, x := range []uint64{9000000000000000000, 1234567890123, 1234567890123 + 1} {
			c := newComparisonsUint64(x, 1234567890123)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"assignments uint64", func(t *transcript) {
		c := newAssignmentsUint64(1234567890123)
		run(t, c, 9000000000000000000, 3, 1234567890123, 5, 77)
		t.results(c.Results())
	}},
	{"arithmetic uint", func(t *transcript) {
		run(t, newArithmeticUint(9000000000000000000, 1234567890123), 1234567890123, 9000000000000000000, 3)
	}},
	{"shifts uint", func(t *transcript) {
		run(t, newShiftsUint(9000000000000000000), 0, 1, 0, 7, 0, 8, 0, 31, 0, 33, 0, 64, 0, 100)
	}},
	{"divisions uint", func(t *transcript) {
		for _, x := range []uint{0, 1, 9, 10, 9000000000000000000, 9000000000000000000, 9000000000000000000 + 5} {
			c := newDivisionsUint(x)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"comparisons uint", func(t *transcript) {
		for _, x := range []uint{9000000000000000000, 1234567890123, 1234567890123 + 1} {
			c := newComparisonsUint(x, 1234567890123)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"assignments uint", func(t *transcript) {
		c := newAssignmentsUint(1234567890123)
		run(t, c, 9000000000000000000, 3, 1234567890123, 5, 77)
		t.results(c.Results())
	}},
	{"arithmetic uintptr", func(t *transcript) {
		run(t, newArithmeticUintptr(9000000000000000000, 1234567890123), 1234567890123, 9000000000000000000, 3)
	}},
	{"shifts uintptr", func(t *transcript) {
		run(t, newShiftsUintptr(9000000000000000000), 0, 1, 0, 7, 0, 8, 0, 31, 0, 33, 0, 64, 0, 100)
	}},
	{"divisions uintptr", func(t *transcript) {
		for _, x := range []uintptr{0, 1, 9, 10, 9000000000000000000, 9000000000000000000, 9000000000000000000 + 5} {
			c := newDivisionsUintptr(x)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"comparisons uintptr", func(t *transcript) {
		for _, x := range []uintptr{9000000000000000000, 1234567890123, 1234567890123 + 1} {
			c := newComparisonsUintptr(x, 1234567890123)
			run(t, c)
			t.results(c.Results())
		}
	}},
	{"assignments uintptr", func(t *transcript) {
		c := newAssignmentsUintptr(1234567890123)
		run(t, c, 9000000000000000000, 3, 1234567890123, 5, 77)
		t.results(c.Results())
	}},
	{"mixed widths", func(t *transcript) {
		c := newMixedWidths(-100, 60000, -2000000000, 1<<63+1<<40)
		run(t, c)
		t.results(c.Results())
	}},
	{"signed shifts", func(t *transcript) {
		run(t, newSignedShifts(-1<<60+12345, 3, 5))
		run(t, newSignedShifts(-1<<60+12345, 64, 127))
	}},
	{"divide by powers", func(t *transcript) {
		for _, x := range []int{-1 << 63, -1025, -1, 0, 7, 1<<63 - 1} {
			run(t, newDivideByPowers(x))
		}
	}},
	{"bit counts", func(t *transcript) {
		for _, x := range []uint64{0, 1, 0xff00ff00, 1 << 63, 1<<64 - 1, 0x0123456789abcdef} {
			c := newBitCounts(x)
			run(t, c)
			t.results(c.Results())
			small := newBitCountsSmall(uint32(x))
			run(t, small)
			t.results(small.Results())
		}
	}},
	{"wide arithmetic", func(t *transcript) {
		c := newWideArithmetic(0xfedcba9876543210, 0xf123456789abcdef)
		run(t, c)
		t.results(c.Results())
	}},
	{"constants", func(t *transcript) { run(t, newConstants()) }},
	{"named integer", func(t *transcript) { run(t, newNamedInteger(), 0, 0, 1) }},
	{"evaluation order", func(t *transcript) {
		c := newEvaluationOrder(10)
		run(t, c, 3, 5, 7, 9)
		t.results(c.Results())
	}},
}

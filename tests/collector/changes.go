package collector

import "github.com/morestack/morestack/coro"

// Bodies that change pointers where the collector may have looked already.

// deepen lets each frame change a pointer of the one above it, as change does, and
// yields in every thousandth frame from the bottom.
//
//coro:body
func deepen(y *coro.Yielder[int, struct{}], depth int, above **object) int {
	mine, sum := newObject(0), 0
	*above = newObject(depth)
	if depth > 0 {
		sum = deepen(y, depth-1, &mine)
	}
	if depth%1000 == 0 {
		y.Yield(depth)
	}
	return sum + mine.value
}

//coro:body
func deepening(y *coro.Yielder[int, struct{}], depth int) int {
	var top *object
	return deepen(y, depth, &top) + top.value
}

// shuffle takes objects out of random cells and puts them into others for ever, one
// at a time, through its frame.
//
//coro:body
func shuffle(y *coro.Yielder[int, struct{}], cells []*object, seed uint32) {
	var held *object
	for {
		for range 64 {
			seed = seed*1664525 + 1013904223
			i := int(uint64(seed) * uint64(len(cells)) >> 32)
			held, cells[i] = cells[i], held
		}
		value := 0
		if held != nil {
			value = held.value
		}
		y.Yield(value)
	}
}

package constructs

import "github.com/morestack/morestack/coro"

//coro:body
func appendInts(y *coro.Yielder[[]int, int], n int) (xs []int, length int) {
	for range n {
		xs = append(xs, y.Yield(xs))
	}
	return xs, len(xs)
}

//coro:body
func appendKinds(y *coro.Yielder[int, byte], text string) ([]byte, []string, []*int, []float32, [][]byte) {
	var (
		bytes  []byte
		words  []string
		ptrs   []*int
		floats []float32
		rows   [][]byte
	)
	for i := range 5 {
		bytes = append(bytes, y.Yield(len(bytes)), byte(i))
		bytes = append(bytes, text...)
		words = append(words, string(bytes[i:]), text)
		ptrs = append(ptrs, &i, nil, new(int))
		floats = append(floats, float32(i)/2)
		rows = append(rows, bytes[i:i+2:i+2])
	}
	return bytes, words, ptrs, floats, rows
}

//coro:body
func appendSlices(a, b []int) (c, d, e []int, shared bool) {
	c = append(a[:1:1], b...)
	d = append([]int(nil), a...)
	e = append(a[:1], b[:1]...)
	return c, d, e, &e[0] == &a[0]
}

//coro:body
func appendStructs(y *coro.Yielder[[]record, record]) (rs []record) {
	for range 4 {
		rs = append(rs, y.Yield(rs), record{name: "literal", n: len(rs)})
	}
	return rs
}

// makes has sizes known and unknown, of elements with pointers and without.
//
//coro:body
func makes(y *coro.Yielder[int, int], n int) ([]int, []string, []byte, [][]int) {
	a := make([]int, n)
	b := make([]string, 2, n+2)
	c := make([]byte, n, 100)
	d := make([][]int, n)
	e := make([]int32, 10)
	for i := range d {
		d[i] = make([]int, i)
		for j := range d[i] {
			d[i][j] = y.Yield(i*10 + j)
		}
		a[i] = len(d[i])
		c[i] = byte(i)
		e[i] = int32(i)
	}
	b = append(b, "end")
	y.Yield(cap(c) + len(e))
	return a, b, c, d
}

//coro:body
func copies(xs []int, bytes []byte, words []string) (n, m, k, l int) {
	n = copy(xs, xs[2:])
	m = copy(bytes[1:], "text")
	k = copy(words[1:], words)
	l = copy(xs[3:], []int{7, 8, 9, 10, 11, 12})
	return n, m, k, l
}

//coro:body
func sliceExpressions(y *coro.Yielder[[]int, int], xs []int) {
	i, j := y.Yield(xs), 5
	y.Yield(xs[i:])
	y.Yield(xs[:i])
	y.Yield(xs[i:j])
	full := xs[i:j:j]
	y.Yield(append(full, 100))
	y.Yield(full[:0])
	y.Yield(xs[len(xs):])
	y.Yield(nil)
	p := &[3]int{1, 2, 3}
	y.Yield(p[1:])
	y.Yield(xs)
}

//coro:body
func sliceCapacities(xs []int) (int, int, int, int, bool, bool) {
	var none []int
	return len(xs[2:4]), cap(xs[2:4]), cap(xs[2:4:5]), cap(none[:0]), none[:0] == nil, xs[:0] == nil
}

//coro:body
func clearing(xs []int, words []string, m map[string]int) {
	clear(xs[1:3])
	clear(words)
	clear(m)
}

//coro:body
func reverse[T any](xs []T) {
	for i, j := 0, len(xs)-1; i < j; i, j = i+1, j-1 {
		xs[i], xs[j] = xs[j], xs[i]
	}
}

//coro:body
func reversals(xs []int, words []string) {
	reverse(xs)
	reverse(words)
}

// sliceParameters are as many as there are registers, and more.
//
//coro:body
func sliceParameters(a, b, c, d []int) (int, []int, []int, []int, []int) {
	return len(a) + len(b)*10 + len(c)*100 + len(d)*1000, d, c, b, a
}

//coro:body
func sieve(y *coro.Yielder[int, struct{}], n int) {
	composite := make([]bool, n)
	for i := 2; i < n; i++ {
		if composite[i] {
			continue
		}
		y.Yield(i)
		for j := i * i; j < n; j += i {
			composite[j] = true
		}
	}
}

// heldSlices keeps slices in frames that later ones append to.
//
//coro:body
func heldSlices(y *coro.Yielder[[]int, int], xs []int, depth int) int {
	if depth == 0 {
		return 0
	}
	mine := append(xs, y.Yield(xs))
	sum := heldSlices(y, mine, depth-1)
	return sum + len(mine)*100 + mine[len(mine)-1]
}

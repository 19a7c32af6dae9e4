package constructs

import "github.com/morestack/morestack/coro"

//coro:body
func frame4K(y *coro.Yielder[byte, byte], depth int) (sum int) {
	var buffer [4096]byte
	for i := range buffer {
		buffer[i] = byte(i * depth)
	}
	buffer[depth] = y.Yield(buffer[100])
	if depth > 0 {
		sum = frame4K(y, depth-1)
	}
	for _, b := range buffer {
		sum += int(b)
	}
	return sum
}

//coro:body
func frame100K(y *coro.Yielder[int, int]) (sum int) {
	var buffer [12800]int
	for i := range buffer {
		buffer[i] = i
	}
	fill(&buffer, y.Yield(buffer[77]))
	for i := 0; i < len(buffer); i += 100 {
		sum += buffer[i]
	}
	return sum
}

//coro:body
func fill(buffer *[12800]int, n int) {
	for i := range buffer {
		buffer[i] *= n
	}
}

// framePointers is large and full of pointers.
//
//coro:body
func framePointers(y *coro.Yielder[int, int], depth int) (sum int) {
	var all [300]*link
	for i := 0; i < len(all); i += 7 {
		all[i] = &link{i * depth, all[max(i-7, 0)]}
	}
	sum = y.Yield(all[294].value)
	if depth > 0 {
		sum += framePointers(y, depth-1)
	}
	for _, l := range all {
		if l != nil {
			sum += l.value
		}
	}
	return sum
}

// frameSizes goes through frames of different sizes.
//
//coro:body
func frameSizes(y *coro.Yielder[int, int], depth int) int {
	if depth == 0 {
		return y.Yield(0)
	}
	switch depth % 3 {
	case 0:
		return frame200(y, depth)
	case 1:
		return frame1000(y, depth)
	}
	return frameSizes(y, depth-1) + 1
}

//coro:body
func frame200(y *coro.Yielder[int, int], depth int) int {
	var a [25]int
	a[depth%25] = y.Yield(depth)
	n := frameSizes(y, depth-1)
	return n + a[depth%25] + a[(depth+1)%25]
}

//coro:body
func frame1000(y *coro.Yielder[int, int], depth int) int {
	var a [125]int
	for i := range a {
		a[i] = i * depth
	}
	return frameSizes(y, depth-1) + a[y.Yield(depth)%125]
}

//coro:body
func manyIntegers(a, b, c, d, e, f, g, h, i, j, k, l int, m int8, n uint16) (int, int, int, int, int, int, int, int, int, int, int, int, int8, uint16) {
	return b, a, d, c, f, e, h, g, j, i, l, k, m + 1, n + 1
}

//coro:body
func callManyIntegers(y *coro.Yielder[int, int], x int) int {
	n := y.Yield(x)
	a, b, c, d, e, f, g, h, i, j, k, l, m, o := manyIntegers(x, n, x+1, n+1, x+2, n+2, x+3, n+3, x+4, n+4, x+5, n+5, int8(x), uint16(n))
	n = y.Yield(a + l)
	return a - b + c - d + e - f + g - h + i*2 - j + k*3 - l + int(m) - int(o) + n
}

//coro:body
func manyFloatArguments(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q float64, r float32) (float64, float32) {
	return a - b + c - d + e - f + g - h + i - j + k - l + m - n + o - p + q, r / 2
}

//coro:body
func callManyFloatArguments(x float64) (float64, float32) {
	return manyFloatArguments(x, 1, 2, 3, x, 5, 6, 7, 8, 9, x, 11, 12, 13, 14, 15, 16, float32(x))
}

// manyStrings passes pointers on the stack.
//
//coro:body
func manyStrings(y *coro.Yielder[string, string], a, b, c, d, e, f, g string, depth int) (string, string, string, string, string, string, string) {
	if depth == 0 {
		return a, b, c, d, e, f, g + y.Yield(c+g)
	}
	p, q, r, s, t, u, v := manyStrings(y, b, c, d, e, f, g, a+y.Yield(g), depth-1)
	y.Yield(v)
	return v, p, q, r, s, t, u
}

//coro:body
func arraysAsArguments(y *coro.Yielder[int, int], a [3]int, b [2]string, depth int) ([2]string, [3]int) {
	a[depth%3] += y.Yield(a[0])
	b[depth%2] += "."
	if depth == 0 {
		return b, a
	}
	c, d := arraysAsArguments(y, a, b, depth-1)
	c[0] += b[1]
	d[1] += a[2]
	return c, d
}

//coro:body
func structsAsArguments(y *coro.Yielder[int, int], l large, m mixed, n int) (large, mixed) {
	l.words[n] += uint64(y.Yield(len(l.text)))
	m.b++
	m.e += l.text
	if n == 0 {
		return l, m
	}
	return structsAsArguments(y, l, m, n-1)
}

// addressesOfArguments takes the address of parameters and results, in registers
// and on the stack.
//
//coro:body
func addressesOfArguments(y *coro.Yielder[int, int], a, b int, c [3]int, d string) (sum int, text string) {
	p, q, r := &a, &c, &sum
	*p += y.Yield(b)
	q[1] += *p
	*r += q[1] + c[2]
	s := &text
	*s = d + "!"
	*r += y.Yield(a) + len(text)
	return
}

// namedResults are set before they are returned, in several ways.
//
//coro:body
func namedResults(y *coro.Yielder[int, int], n int) (a int, b string, err error) {
	a = y.Yield(n)
	switch {
	case a == 0:
		return
	case a < 0:
		return negated(a)
	}
	b = "set"
	if a > 10 {
		a, b := 5, "shadow"
		_ = b
		return a, "returned", errOdd
	}
	return a + 1, b, nil
}

//coro:body
func negated(a int) (int, string, error) { return -a, "called", nil }

//coro:body
func variadic(y *coro.Yielder[int, struct{}], first int, rest ...int) (sum int) {
	y.Yield(len(rest))
	for i, x := range rest {
		sum += x * first * i
	}
	return sum
}

//coro:body
func callVariadic(y *coro.Yielder[int, struct{}], xs []int) (sum int) {
	sum += variadic(y, 1)
	sum += variadic(y, 2, 3)
	sum += variadic(y, 3, 4, 5, 6)
	sum += variadic(y, 4, xs...)
	sum += variadic(y, 5, nil...)
	return sum + len(words("a", "bc")) + len(words())
}

//coro:body
func words(all ...string) (s string) {
	for _, word := range all {
		s += word
	}
	return s
}

// passedOn hands the results of one call to another.
//
//coro:body
func passedOn(n int) (int, int) {
	return order(order(n, n+1))
}

//coro:body
func order(a, b int) (int, int) { return b * 2, a - b }

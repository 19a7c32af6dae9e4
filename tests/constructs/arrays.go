package constructs

import "github.com/morestack/morestack/coro"

//coro:body
func arrayIndex(y *coro.Yielder[int, int]) [5]int {
	var a [5]int
	for range 4 {
		i := y.Yield(a[2])
		a[i] += i * 10
		a[4-i]++
	}
	return a
}

// arrayCopy shows that assignments and parameters are copies.
//
//coro:body
func arrayCopy(a [4]int) (x, y, z [4]int) {
	b := a
	b[0] = 100
	c := changed(b)
	return a, b, c
}

//coro:body
func changed(a [4]int) [4]int {
	a[1] = 200
	return a
}

//coro:body
func arrayCompare(a, b [3]string, c, d [2][2]int16) (bool, bool, bool, bool) {
	return a == b, a != b, c == d, [1]int16{c[0][0]} == [1]int16{d[0][0]}
}

//coro:body
func arrayLiterals(y *coro.Yielder[[6]int, struct{}]) {
	y.Yield([6]int{})
	y.Yield([...]int{5: 1, 0: 2, 3})
	y.Yield([6]int{2: 7, 8})
}

//coro:body
func matrix(y *coro.Yielder[[3][3]int, int]) (trace int) {
	var m [3][3]int
	for i := range m {
		for j := range m[i] {
			m[i][j] = y.Yield(m)
		}
	}
	product := m
	for i := range 3 {
		for j := range 3 {
			product[i][j] = 0
			for k := range 3 {
				product[i][j] += m[i][k] * m[k][j]
			}
		}
		trace += product[i][i]
	}
	return trace
}

//coro:body
func arrayRange(y *coro.Yielder[int, struct{}], a [3]int) {
	for i, x := range a {
		a[2] = 100 // does not change what is ranged over
		y.Yield(i*1000 + x)
	}
	for i, x := range &a {
		a[2] = 200 // does
		y.Yield(i*1000 + x)
	}
	for i := range len(a) {
		y.Yield(a[i])
	}
}

//coro:body
func arrayOfPointers(y *coro.Yielder[*int, int]) (sum int) {
	var a [3]*int
	for i := range a {
		x := y.Yield(a[i])
		a[i] = &x
	}
	for _, p := range a {
		*p += 5
		y.Yield(p)
		sum += *p
	}
	return sum
}

//coro:body
func arraySliced(y *coro.Yielder[[]int, int]) [6]int {
	var a [6]int
	middle := a[1:4]
	for i := range middle {
		middle[i] = y.Yield(a[:])
	}
	_ = append(middle, y.Yield(middle))
	return a
}

//coro:body
func byteArrays(y *coro.Yielder[[16]byte, byte]) (sum int) {
	var a, b [16]byte
	for i := range a {
		a[i] = byte(i * i)
	}
	b = a
	for i := range 3 {
		b[i+5] ^= y.Yield(b)
	}
	for i := range a {
		if a[i] != b[i] {
			sum += i
		}
	}
	return sum
}

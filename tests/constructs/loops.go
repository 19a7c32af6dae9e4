package constructs

import "github.com/morestack/morestack/coro"

//coro:body
func forms(y *coro.Yielder[int, int], n int) (sum int) {
	for i := 0; i < n; i++ {
		sum += y.Yield(i)
	}
	for i := n; i > 0; i -= 2 {
		sum -= i
	}
	for sum > 5 {
		sum /= 2
	}
	for {
		sum++
		if sum > 10 {
			break
		}
	}
	for i, j := 0, 10; i < j; i, j = i+1, j-2 {
		sum += i * j
	}
	return sum
}

//coro:body
func rangeInteger(y *coro.Yielder[int, struct{}], n int, m int8) {
	for i := range n {
		y.Yield(i)
	}
	for i := range m {
		y.Yield(int(i))
	}
	for range n {
		n++ // The number of rounds is known before.
	}
	y.Yield(n)
	for i := range 3 {
		i *= 10
		y.Yield(i)
	}
}

//coro:body
func rangeSlice(y *coro.Yielder[string, string], words []string) []string {
	for i := range words {
		words[i] += y.Yield(words[i])
	}
	for _, word := range words {
		words = append(words, word+"'") // Only the words there are now are ranged over.
	}
	for i, word := range words {
		if i%2 == 0 {
			y.Yield(word)
		}
	}
	for range words {
		words = words[1:]
	}
	return words
}

//coro:body
func rangeStructs(y *coro.Yielder[point, int], ps []point) (sum int) {
	for i, p := range ps {
		p.x += y.Yield(p) // p is a copy
		ps[len(ps)-1-i].y += p.x
		sum += p.y
	}
	return sum
}

// wide is so large that the compiler goes over a slice of them by address.
type wide struct {
	name string
	n    int
	next *wide
}

//coro:body
func rangeLarge(y *coro.Yielder[string, int], list []wide) (sum int) {
	for _, w := range list {
		sum += w.n + len(w.name) // a loop with nothing in it but its poll
		if w.next != nil {
			sum += w.next.n
		}
	}
	for i, w := range list {
		list[(len(list)-1-i)&1].n += y.Yield(w.name) // w is a copy
		sum = sum*3 + w.n
		if i == 1 {
			list = append(list[:1:1], wide{"another", 7, &list[0]}) // what is ranged over stays
		}
	}
	var i int
	var w wide
	for i, w = range list {
		w.n += i
		y.Yield(w.name)
	}
	for _, list[0] = range list {
		y.Yield(list[0].name)
	}
	return sum*100 + i*10 + w.n
}

//coro:body
func rangeLargeArrays(y *coro.Yielder[int, int], at *[3]wide) (sum int) {
	var pairs [4][3]int
	for i, p := range pairs {
		pairs[3][1] = y.Yield(i + p[1]) // not in what is ranged over
	}
	for i, p := range &pairs {
		pairs[3][2] += y.Yield(i*10 + p[1] + p[2]) // but here
	}
	for i, w := range at {
		at[2].n += 100
		y.Yield(i + w.n)
	}
	for i, w := range *at {
		at[2].n += 100
		y.Yield(i + w.n)
	}
	for _, w := range [...]wide{{"a", 1, nil}, {"bc", 2, &at[0]}} {
		sum = sum*10 + w.n + len(w.name)
	}
	return sum
}

// rangeNilArray faults even where there is no element.
//
//coro:body
func rangeNilArray(y *coro.Yielder[int, int], none *[0]wide) (sum int) {
	for range none {
		sum = -1
	}
	y.Yield(sum)
	for _, w := range none { // fails: range over nil
		sum -= w.n
	}
	return sum
}

//coro:body
func rangeLargeLabels(y *coro.Yielder[string, bool], lists [][]wide) (count int) {
outer:
	for i, list := range lists {
		for j, w := range list {
			count++
			if y.Yield(w.name) {
				continue outer
			}
			if i+j == 4 {
				break outer
			}
		}
		count += 100
	}
	return count
}

// perIteration keeps the addresses of variables that are new in each iteration.
//
//coro:body
func perIteration(y *coro.Yielder[int, int]) int {
	var all []*int
	for i := 0; i < 6; i++ {
		all = append(all, &i)
		i += y.Yield(i)
	}
	sum := 0
	for _, p := range all {
		sum = sum*10 + *p
	}
	return sum
}

//coro:body
func breaks(y *coro.Yielder[int, bool]) (count int) {
outer:
	for i := range 5 {
		for j := range 5 {
			switch {
			case j > i:
				continue outer
			case i*j == 6:
				break outer
			case y.Yield(i*10 + j):
				continue
			}
			count++
			if count%4 == 0 {
				break
			}
		}
	}
choice:
	switch {
	case count > 3:
		for {
			break choice
		}
	default:
		count = -count
	}
	return count
}

//coro:body
func labelsInSelects(y *coro.Yielder[int, int]) (n int) {
loop:
	for {
		switch x := y.Yield(n); {
		case x == 0:
			break loop
		case x < 0:
			continue loop
		default:
			n += x
		}
	}
	return n
}

//coro:body
func gotos(y *coro.Yielder[int, struct{}], n int) int {
	i := 0
again:
	if i < n {
		y.Yield(i)
		i++
		goto again
	}
	if n > 2 {
		goto done
	}
	i = -i
done:
	return i
}

//coro:body
func nestedLoops(y *coro.Yielder[int, struct{}], n int) {
	for a := range n {
		for b := a; b < n; b++ {
			for c := b; c < n*2; c++ {
				if a*a+b*b == c*c {
					y.Yield(a*10000 + b*100 + c)
				}
			}
		}
	}
}

//coro:body
func collatz(n uint32) (steps, highest uint32) {
	for n != 1 {
		if n%2 == 0 {
			n /= 2
		} else {
			n = 3*n + 1
		}
		steps++
		highest = max(highest, n)
	}
	return steps, highest
}

// longLoop calls nothing and polls.
//
//coro:body
func longLoop(n int) (h uint64) {
	h = 14695981039346656037
	for i := range n {
		h = (h ^ uint64(i&255)) * 1099511628211
	}
	return h
}

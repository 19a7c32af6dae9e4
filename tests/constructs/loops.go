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

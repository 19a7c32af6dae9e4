package programs

// QuickSort sorts by Hoare's algorithm, the median of three as the pivot.
//
//coro:body
func QuickSort(xs []int) {
	for len(xs) > 1 {
		middle := partition(xs)
		if middle < len(xs)-middle {
			QuickSort(xs[:middle])
			xs = xs[middle:]
		} else {
			QuickSort(xs[middle:])
			xs = xs[:middle]
		}
	}
}

// partition reorders xs, of two or more, and returns an i, 0 < i < len(xs), such
// that no element of xs[:i] is larger than one of xs[i:].
//
//coro:body
func partition(xs []int) int {
	a, b, c := xs[0], xs[len(xs)/2], xs[len(xs)-1]
	pivot := max(min(a, b), min(max(a, b), c))
	i, j := 0, len(xs)-1
	for {
		for xs[i] < pivot {
			i++
		}
		for xs[j] > pivot {
			j--
		}
		if i >= j {
			return max(i, 1)
		}
		xs[i], xs[j] = xs[j], xs[i]
		i++
		j--
	}
}

package programs

// Fannkuch is the fannkuch-redux program of the Computer Language Benchmarks
// Game: over all permutations of 1 to n, in its prescribed order, the largest
// number of pancake flips until 1 comes first, and the sum of these numbers with
// alternating sign.
//
//coro:body
func Fannkuch(n int) (checksum, maxFlips int) {
	perm := make([]int, n)  // the permutation
	work := make([]int, n)  // what is flipped
	count := make([]int, n) // count[i]: rotations of the first i+1 left to do
	for i := range perm {
		perm[i] = i
	}
	sign := 1
	for r := n; ; {
		for ; r > 1; r-- {
			count[r-1] = r
		}
		if perm[0] != 0 {
			copy(work, perm)
			flips := flip(work)
			maxFlips = max(maxFlips, flips)
			checksum += sign * flips
		}
		sign = -sign
		for r = 1; ; r++ {
			if r == n {
				return checksum, maxFlips
			}
			first := perm[0]
			for i := range r {
				perm[i] = perm[i+1]
			}
			perm[r] = first
			count[r]--
			if count[r] > 0 {
				break
			}
		}
	}
}

// flip reverses the first p[0]+1 elements until p[0] is 0 and returns how often.
//
//coro:body
func flip(p []int) int {
	flips := 0
	for top := p[0]; top != 0; top = p[0] {
		for i, j := 0, top; i < j; i, j = i+1, j-1 {
			p[i], p[j] = p[j], p[i]
		}
		flips++
	}
	return flips
}

package constructs

import (
	"sort"

	"github.com/morestack/morestack/coro"
)

//coro:body
func mapOperations(y *coro.Yielder[int, string]) map[string]int {
	m := make(map[string]int)
	for range 4 {
		word := y.Yield(len(m))
		m[word]++
		m[word+"!"] = len(word)
	}
	n, ok := m["a"]
	if ok {
		m["found"] = n
	}
	if _, ok := m["absent"]; !ok {
		m["absent"] -= 5
	}
	delete(m, "b")
	delete(m, "not there")
	m["a"], m["swap"] = m["swap"], m["a"]
	m["a"] |= 64
	m["a"] <<= 2
	return m
}

//coro:body
func mapLiterals(y *coro.Yielder[int, int]) (map[int]string, map[point][]int, map[string]map[string]bool) {
	numbers := map[int]string{1: "one", 2: "two", -3: "minus three"}
	places := map[point][]int{{1, 2}: {3}, {}: nil}
	n := y.Yield(len(numbers))
	places[point{n, n}] = append(places[point{1, 2}], n)
	nested := map[string]map[string]bool{"x": {"y": true}}
	nested["x"]["z"] = n > 5
	nested["new"] = map[string]bool{}
	return numbers, places, nested
}

//coro:body
func mapKeyKinds(y *coro.Yielder[int, int]) (sum int) {
	small := map[int32]int{}
	wide := map[uint64]int{}
	bytes := map[byte]bool{}
	floats := map[float64]int{}
	arrays := map[[2]string]int{}
	faces := map[any]int{}
	pointers := map[*int]int{}
	bools := map[bool]int{}
	x := 0
	for i := range 10 {
		n := y.Yield(i)
		small[int32(n)] += i
		wide[uint64(n)<<40]++
		bytes[byte(n)] = true
		floats[float64(n)/2] = n
		arrays[[2]string{"k", string(rune('a' + n%3))}] += n
		faces[n] = i
		faces[string(rune('a'+n))] = i
		pointers[&x]++
		bools[n > 5]++
	}
	return len(small) + 10*len(wide) + 100*len(bytes) + 1000*len(floats) + 10000*len(arrays) +
		100000*len(faces) + 1000000*pointers[&x] + 10000000*bools[true]
}

//coro:body
func mapRange(y *coro.Yielder[string, int], m map[string]int) (sum, count int) {
	var keys []string
	for key, value := range m {
		keys = append(keys, key)
		sum += value
	}
	sort.Strings(keys)
	for _, key := range keys {
		m[key] += y.Yield(key)
	}
	for key := range m {
		if m[key]%2 == 1 {
			delete(m, key)
		}
	}
	for range m {
		count++
	}
	return sum, count
}

// mapRangeYields yields while it ranges over a map.
//
//coro:body
func mapRangeYields(y *coro.Yielder[int, int], m map[int]int) (sum int) {
	for key, value := range m {
		sum += y.Yield(0) * (key*100 + value)
	}
	for key := range m {
		sum += key
		if y.Yield(1) == 7 {
			break
		}
	}
	return sum
}

//coro:body
func mapOfStructs(y *coro.Yielder[record, int]) map[string]*record {
	values := map[string]record{"a": {name: "a"}}
	pointers := map[string]*record{}
	for range 3 {
		r := values["a"]
		r.n += y.Yield(r)
		values["a"] = r
		pointers[string(rune('a'+r.n))] = &r
	}
	pointers["absent"] = nil
	pointers["b"].n += 100
	return pointers
}

//coro:body
func nilMap(m map[string]int) (int, bool, int, int) {
	n, ok := m["x"]
	count := 0
	for range m {
		count++
	}
	delete(m, "x")
	return n, ok, count, len(m)
}

//coro:body
func manyEntries(n int) (sum, length int) {
	m := make(map[int]int, 10)
	for i := range n {
		m[i*7919] = i
	}
	for i := 0; i < n; i += 3 {
		delete(m, i*7919)
	}
	for key, value := range m {
		if key != value*7919 {
			return -1, key
		}
		sum += value
	}
	return sum, len(m)
}

//coro:body
func wordCount(words []string) (string, int) {
	counts := map[string]int{}
	for _, word := range words {
		counts[word]++
	}
	best, most := "", 0
	for word, n := range counts {
		if n > most || n == most && word < best {
			best, most = word, n
		}
	}
	return best, most
}

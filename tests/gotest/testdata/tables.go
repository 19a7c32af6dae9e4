// run

// Test slices of slices, maps, interfaces and closures.

package main

import "sort"

type shape interface {
	area() int
}

type square int

func (s square) area() int { return int(s * s) }

type rect struct{ w, h int }

func (r *rect) area() int { return r.w * r.h }

func total(shapes []shape) (sum int) {
	for _, s := range shapes {
		switch s := s.(type) {
		case square:
			sum += s.area()
		case *rect:
			sum += s.area() * 2
		}
	}
	return sum
}

func pascal(n int) [][]int {
	rows := make([][]int, n)
	for i := range rows {
		rows[i] = make([]int, i+1)
		rows[i][0], rows[i][i] = 1, 1
		for j := 1; j < i; j++ {
			rows[i][j] = rows[i-1][j-1] + rows[i-1][j]
		}
	}
	return rows
}

func count(words []string) map[string]int {
	m := map[string]int{}
	for _, w := range words {
		m[w]++
	}
	return m
}

func keys(m map[string]int) []string {
	var names []string
	for k := range m {
		names = append(names, k)
	}
	sort.Slice(names, func(i, j int) bool {
		return m[names[i]] > m[names[j]] || m[names[i]] == m[names[j]] && names[i] < names[j]
	})
	return names
}

func main() {
	if n := total([]shape{square(3), &rect{2, 5}, nil, square(1)}); n != 30 {
		println(n)
		panic("total")
	}
	rows := pascal(12)
	sum := 0
	for _, n := range rows[11] {
		sum += n
	}
	if sum != 2048 || rows[10][5] != 252 {
		println(sum, rows[10][5])
		panic("pascal")
	}
	for _, k := range keys(count([]string{"b", "a", "c", "a", "b", "a", "d"})) {
		print(k, " ")
	}
	println()
	n := 0
	add := func(d int) int {
		n += d
		return n
	}
	if add(2)+add(3) != 7 || n != 5 {
		panic("closure")
	}
}

// run

// Test strings: building, slicing, ranging, converting, switching.

package main

import (
	"strconv"
	"strings"
)

func roman(n int) string {
	values := []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
	names := [...]string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}
	s := ""
	for i, v := range values {
		for n >= v {
			s += names[i]
			n -= v
		}
	}
	return s
}

func digit(c byte) int {
	switch c {
	case 'I':
		return 1
	case 'V':
		return 5
	case 'X':
		return 10
	case 'L':
		return 50
	case 'C':
		return 100
	case 'D':
		return 500
	case 'M':
		return 1000
	}
	panic("digit " + string(rune(c)))
}

func arabic(s string) (n int) {
	for i := range len(s) {
		d := digit(s[i])
		if i+1 < len(s) && d < digit(s[i+1]) {
			n -= d
		} else {
			n += d
		}
	}
	return n
}

func backwards(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func day(s string) int {
	switch s {
	case "Mon":
		return 1
	case "Tue":
		return 2
	case "Wed":
		return 3
	case "Thu":
		return 4
	case "Fri":
		return 5
	case "Sat", "Sun":
		return 6
	}
	return 0
}

func main() {
	for n := 1; n < 4000; n += 7 {
		if m := arabic(roman(n)); m != n {
			println(n, roman(n), m)
			panic("fail")
		}
	}
	if s := backwards("größer als €"); s != "€ sla reßörg" {
		println(s)
		panic("backwards")
	}
	sum := 0
	for _, s := range strings.Fields("Mon Tue Wed Thu Fri Sat Sun Xyz") {
		sum = sum*10 + day(s)
	}
	if sum != 12345660 {
		println(sum)
		panic("day")
	}
	n, err := strconv.Atoi("12x")
	if n != 0 || err == nil || err.Error() != `strconv.Atoi: parsing "12x": invalid syntax` {
		panic("Atoi")
	}
	println(roman(1987), strings.Repeat("ab", 3), backwards("abc"))
}

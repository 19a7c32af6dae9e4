package constructs

import "github.com/morestack/morestack/coro"

// dense is made a table of jumps.
//
//coro:body
func dense(y *coro.Yielder[int, int], n int) int {
	for {
		switch n {
		case 0:
			n = y.Yield(100)
		case 1:
			n = y.Yield(111)
		case 2:
			n += 5
		case 3:
			n = y.Yield(n * n)
		case 4:
			n = y.Yield(n + 1000)
		case 5:
			n = y.Yield(-n)
		case 6:
			n = y.Yield(66)
		case 7:
			n--
		case 8:
			n = y.Yield(n << 8)
		case 9:
			n = y.Yield(9)
		case 10:
			return n
		default:
			n = y.Yield(-1000)
		}
	}
}

//coro:body
func denseBytes(text string) (vowels, digits, spaces, others int) {
	for i := range len(text) {
		switch text[i] {
		case 'a', 'e', 'i', 'o', 'u':
			vowels++
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			digits++
		case ' ', '\t', '\n':
			spaces++
		default:
			others++
		}
	}
	return vowels, digits, spaces, others
}

//coro:body
func sparse(n int64) string {
	switch n {
	case -1 << 63, 1<<63 - 1:
		return "extreme"
	case 0:
		return "zero"
	case 1000, 2000, 3000:
		return "thousands"
	case 1 << 40:
		return "large"
	}
	return "other"
}

//coro:body
func denseStrings(word string) int {
	switch word {
	case "zero":
		return 0
	case "one":
		return 1
	case "two":
		return 2
	case "three":
		return 3
	case "four":
		return 4
	case "five":
		return 5
	case "six":
		return 6
	case "seven":
		return 7
	case "eight":
		return 8
	case "nine":
		return 9
	case "ten", "":
		return 10
	case "a much longer word than all the others":
		return 11
	}
	return -1
}

//coro:body
func fallthroughs(y *coro.Yielder[int, struct{}], n int) {
	switch n {
	case 1:
		y.Yield(1)
		fallthrough
	case 2:
		y.Yield(2)
	case 3:
		fallthrough
	default:
		y.Yield(-1)
		fallthrough
	case 4:
		y.Yield(4)
		if n == 3 {
			break
		}
		y.Yield(44)
	}
}

// conditions yields in the cases: their order shows, and where it ends.
//
//coro:body
func conditions(y *coro.Yielder[int, int], n int) string {
	switch x := y.Yield(0); {
	case x == y.Yield(1):
		return "first"
	case x > n, y.Yield(2) == x:
		return "second"
	}
	switch y.Yield(3) {
	case n, y.Yield(4):
		return "third"
	case y.Yield(5):
		return "fourth"
	}
	switch {
	}
	return "none"
}

//coro:body
func typeSwitch(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case int:
		return "int" + string(rune('0'+v))
	case string:
		return "string " + v
	case float64, float32:
		return "float"
	case []int:
		return "slice" + string(rune('0'+len(v)))
	case *point:
		return "pointer" + string(rune('0'+v.x))
	case point:
		return "point" + string(rune('0'+v.y))
	case error:
		return "error " + v.Error()
	case interface{ describe() int }:
		return "describes " + string(rune('0'+v.describe()%10))
	case func() string:
		return "function " + v()
	case map[string]int:
		return "map" + string(rune('0'+v["a"]))
	case chan int:
		return "channel"
	}
	return "other"
}

//coro:body
func typeSwitchYields(y *coro.Yielder[any, any]) (ints int) {
	for {
		switch v := y.Yield(ints).(type) {
		case int:
			ints += v
		case int8:
			ints += int(v)
		case nil:
			return ints
		default:
			_, ok := v.(string)
			y.Yield(ok)
		}
	}
}

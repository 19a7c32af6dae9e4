package constructs

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/morestack/morestack/coro"
)

type shape interface {
	area() float64
	scaled(by float64) shape
}

type square struct{ side float64 }

func (s square) area() float64           { return s.side * s.side }
func (s square) scaled(by float64) shape { return square{s.side * by} }

type rectangle struct{ width, height float64 }

func (r *rectangle) area() float64           { return r.width * r.height }
func (r *rectangle) scaled(by float64) shape { return &rectangle{r.width * by, r.height * by} }

//coro:body
func interfaceCalls(y *coro.Yielder[float64, float64], shapes []shape) (total float64) {
	for i, s := range shapes {
		s = s.scaled(y.Yield(s.area()))
		shapes[i] = s
		total += s.area()
	}
	return total
}

//coro:body
func boxing(y *coro.Yielder[any, struct{}], n int, s string, p *point) {
	y.Yield(n)
	y.Yield(byte(n))
	y.Yield(s)
	y.Yield(*p)
	y.Yield(p)
	y.Yield([]int{n})
	y.Yield(float32(n))
	y.Yield(nil)
	y.Yield(struct{}{})
	y.Yield([3]int{1, 2, n})
	y.Yield(n > 3)
	var e error
	y.Yield(e)
	y.Yield(errors.New(s))
}

//coro:body
func assertions(v any) (n int, isInt bool, s string, isString bool, p point, isPoint bool, e error, isError bool) {
	n, isInt = v.(int)
	s, isString = v.(string)
	p, isPoint = v.(point)
	e, isError = v.(error)
	if isInt {
		n = v.(int) + 1
	}
	if _, ok := v.(fmt.Stringer); ok {
		n = -1
	}
	return n, isInt, s, isString, p, isPoint, e, isError
}

//coro:body
func interfaceComparisons(a, b any, e, f error) (bool, bool, bool, bool, bool, bool) {
	return a == b, a == nil, e == f, e != nil, a == 5, b == "five"
}

//coro:body
func interfaceConversions(y *coro.Yielder[string, struct{}], r io.ReadWriter) (err error) {
	var w io.Writer = r
	_, err = w.Write([]byte("written"))
	y.Yield(fmt.Sprint(err))
	var reader io.Reader = r
	b := make([]byte, 5)
	n, _ := reader.Read(b)
	y.Yield(string(b[:n]))
	if s, ok := w.(fmt.Stringer); ok {
		y.Yield(s.String())
	}
	_, err = strings.NewReader("").Read(b)
	return err
}

// box is an interface's implementation that holds another.
type box struct{ shape }

//coro:body
func embeddedInterface(y *coro.Yielder[float64, struct{}], s shape) {
	b := box{s}
	y.Yield(b.area())
	var outer shape = &b
	y.Yield(outer.scaled(2).area())
	b.shape = square{3}
	y.Yield(outer.area())
}

//coro:body
func errorHandling(y *coro.Yielder[error, int]) (n int, err error) {
	for {
		n, err = halve(y.Yield(err))
		if errors.Is(err, errOdd) {
			return n, fmt.Errorf("wrapped: %w", err)
		}
	}
}

var errOdd = errors.New("odd")

//coro:body
func halve(n int) (int, error) {
	if n%2 != 0 {
		return n, errOdd
	}
	return n / 2, nil
}

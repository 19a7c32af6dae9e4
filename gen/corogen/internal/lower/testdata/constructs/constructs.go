// Package constructs has a body for each construct. The test runs each as
// written and as lowered, and compares.
package constructs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/morestack/morestack/coro"
)

type point struct{ X, Y float64 }

type named int

func (n named) String() string        { return "named " + strconv.Itoa(int(n)) }
func (n *named) add(k int)            { *n += named(k) }
func (p point) scale(f float64) point { return point{p.X * f, p.Y * f} }

type shape interface{ area() float64 }

func (p point) area() float64 { return p.X * p.Y }

type tree[T any] struct {
	left, right *tree[T]
	value       T
}

type embedded struct {
	*bytes.Buffer
	point
	names []string
}

type big struct {
	a, b, c, d, e, f, g, h, i, j string
	arr                          [3]int
}

var global = []int{1, 2, 3}
var failure = errors.New("failure")

func pair(x int) (int, error)            { return x * 2, nil }
func failing(x int) (int, *os.PathError) { return x, &os.PathError{Op: "op", Path: "p", Err: io.EOF} }
func three() (int, string, float64)      { return 1, "two", 3 }
func sum(xs ...int) (s int) {
	for _, x := range xs {
		s += x
	}
	return
}
func bigger(b big, n int, s string) (big, int) { b.a += s; b.arr[n] = n; return b, n }
func apply(f func(int) int, n int) int         { return f(n) }

//coro:body
func appends() []string {
	var s []string
	for i := range 20 {
		s = append(s, strconv.Itoa(i))
	}
	s = append(s, "a", "b")
	t := append([]string(nil), s...)
	t = append(t, s[:3]...)
	b := append([]byte("ab"), "cd"...)
	var e embedded
	e.names = append(e.names, string(b))
	x := []any{}
	x = append(x, 1, "two", nil, e.names[0])
	x = append(x, 3.5)
	return append(t, fmt.Sprint(x), e.names[0])
}

//coro:body
func maps() string {
	m := map[string]int{"a": 1, "b": 2}
	m["c"] = 3
	m["a"] += 10
	m["b"]++
	v, ok := m["zz"]
	delete(m, "c")
	if w, ok := m["a"]; ok {
		v += w
	}
	var sb []string
	for k, v := range m {
		sb = append(sb, k+strconv.Itoa(v))
	}
	sort.Strings(sb)
	for k := range m {
		if k == "a" {
			continue
		}
		sb = append(sb, k)
	}
	n := 0
	for range m {
		n++
	}
	mm := map[point][]int{}
	mm[point{1, 2}] = append(mm[point{1, 2}], 5)
	mm[point{1, 2}][0]++
	var any1 any = "key"
	ma := map[any]any{1: "x", any1: 2.5}
	ma[named(3)] = named(4)
	i := 0
	arr := [3]int{}
	i, arr[i], m["q"] = 2, 7, 9
	clear(mm)
	return fmt.Sprint(sb, v, ok, len(m), n, mm, ma[1], ma["key"], ma[named(3)], i, arr, m["q"])
}

//coro:body
func channels() string {
	c := make(chan int, 3)
	c <- 1
	c <- 2
	x := <-c
	y, ok := <-c
	done := make(chan struct{})
	go func() {
		for v := range c {
			x += v
		}
		close(done)
	}()
	c <- 10
	close(c)
	<-done
	r := make(chan any, 5)
	r <- 1
	r <- "s"
	close(r)
	var got []any
	for v := range r {
		got = append(got, v)
	}
	var e any
	e, ok2 := <-r
	sel := ""
	s := make(chan string, 1)
loop:
	for i := 0; ; i++ {
		select {
		case s <- "sent":
			sel += "s"
		case v, ok := <-s:
			sel += v
			if !ok || i > 3 {
				break loop
			}
			continue loop
		}
	}
	select {
	case e = <-r:
	}
	select {
	case <-time.After(time.Hour):
	default:
		sel += "default"
	}
	return fmt.Sprint(x, y, ok, got, e, ok2, sel)
}

//coro:body
func interfaces() string {
	var s shape = point{2, 3}
	var e error
	out := fmt.Sprint(s.area(), e == nil)
	_, e = failing(1)
	out += fmt.Sprint(e != nil, errors.Is(e, io.EOF), e == failure)
	var pe *os.PathError
	if errors.As(e, &pe) {
		out += pe.Op
	}
	for _, x := range []any{1, "s", 2.5, nil, point{1, 2}, named(3), []int{1}, failure} {
		switch v := x.(type) {
		case nil:
			out += "nil"
		case int, string:
			out += fmt.Sprintf("%T%v", v, v)
		case fmt.Stringer:
			out += v.String()
		case float64:
			v++
			out += strconv.FormatFloat(v, 'g', -1, 64)
		case error:
			out += v.Error()
		case shape:
			out += fmt.Sprint(v.area())
		default:
			out += "other"
		}
		if n, ok := x.(int); ok {
			out += strconv.Itoa(n)
		}
		switch x {
		case 1, "t":
			out += "one"
		case nil:
			out += "nothing"
		case failure:
			out += "fail"
		}
	}
	st := s.(point)
	var w io.Writer = &bytes.Buffer{}
	fmt.Fprintf(w, "%d-%s", 5, "x")
	out += w.(*bytes.Buffer).String()
	var str fmt.Stringer = named(2)
	var a any = str
	return out + fmt.Sprint(st.X, a == str, a == any(named(2)), str.String())
}

//coro:body
func closures() string {
	n := 0
	inc := func() int { n++; return n }
	inc()
	inc()
	k := 5
	add := func(x int) int { return x + k + n }
	r := add(1)
	xs := []int{3, 1, 2}
	sort.Slice(xs, func(i, j int) bool { return xs[i] < xs[j] })
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	for i := range 3 {
		fs = append(fs, func() int { return i })
	}
	for _, x := range xs {
		x *= 2
		fs = append(fs, func() int { x++; return x })
	}
	out := ""
	for _, f := range fs {
		out += fmt.Sprint(f(), ",")
	}
	var fact func(int) int
	fact = func(n int) int {
		if n == 0 {
			return 1
		}
		return n * fact(n-1)
	}
	m := named(4).String
	f := strconv.Itoa
	g := named.String
	h := slices.Max[[]int]
	type local struct{ a, b int }
	l := local{1, 2}
	lf := func() local { l.a++; return local{l.b, l.a} }
	const c = 7
	return out + fmt.Sprint(n, r, xs, fact(5), m(), f(3), g(2), h(xs), lf(), l, func() int { return c }(), apply(func(x int) int { return x + k }, 3))
}

//coro:body
func pointers() string {
	x := 1
	p := &x
	*p = 5
	pp := &p
	**pp += 2
	s := "abc"
	ps := &s
	*ps += "d"
	pt := point{1, 2}
	px := &pt.X
	*px = 9
	var arr [4]int
	q := &arr[2]
	*q = 3
	sl := arr[1:]
	sl[0] = 8
	var nm named = 3
	nm.add(4)
	np := &nm
	np.add(1)
	nd := &tree[int]{value: 1}
	nd.left = &tree[int]{nil, nil, 2}
	nn := new(int)
	*nn = 3
	var names [3]string
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	for i, v := range names {
		names[(i+1)%3] += v
	}
	ptrs := []*point{{1, 2}, {3, 4}}
	b := big{a: "x"}
	b, n := bigger(b, 1, "yy")
	var sb strings.Builder
	sb.WriteString("built")
	fmt.Fprintf(&sb, "%d", n)
	var mu sync.Mutex
	mu.Lock()
	mu.Unlock()
	return fmt.Sprint(x, s, pt, arr, sl, nm, *np, nd.left.value, *nn, names, *ptrs[1], b, sb.String(), *q)
}

//coro:body
func calls() string {
	a, err := pair(3)
	x, s, f := three()
	out := fmt.Sprint(three())
	y, _ := strconv.Atoi("12")
	y2, err2 := strconv.Atoi("zz")
	t := sum(1, 2, 3) + sum() + sum(global...)
	e := embedded{Buffer: &bytes.Buffer{}, point: point{3, 4}}
	e.WriteString("buf")
	fmt.Fprint(e, e.area(), e.scale(2))
	var z, w = pair(9)
	var u int = a
	u, _ = pair(u)
	m := max(a, 3, x) + min(u, 100)
	mf := max(f, 2.5)
	ms := min(s, "zz")
	return fmt.Sprint(a, err, x, s, f, out, y, y2, err2, t, e.String(), z, w, u, m, mf, ms, math.Sqrt(f), math.Floor(2.7), bits.OnesCount(7), math.Float64bits(f), os.Args == nil, len(os.Args) > 0, io.EOF)
}

//coro:body
func control() (out string) {
	for i := 0; i < 10; i++ {
		switch {
		case i == 2:
			continue
		case i == 3:
			out += "three"
			fallthrough
		case i == 4:
			out += "four"
		case i > 6:
			break
		default:
			out += strconv.Itoa(i)
		}
	}
outer:
	for i := range 5 {
		for j := range 5 {
			if j == 3 {
				continue outer
			}
			if i == 3 {
				break outer
			}
			out += strconv.Itoa(i*10 + j)
		}
	}
	i := 0
again:
	i++
	if i < 3 {
		goto again
	}
	switch s := strconv.Itoa(i); s {
	case "1", "2":
		out += "low"
	case "3":
		out += "hit"
	}
	for i, r := range "héllo" {
		out += string(r) + strconv.Itoa(i)
	}
	if x := len(out); x > 5 {
		out += "long"
	} else if y := x + 1; y > 2 {
		out += "short"
	} else {
		out += "none"
	}
	var k, v any
	for k, v = range []string{"p", "q"} {
		out += fmt.Sprint(k, v)
	}
	for i, j := 0, 10; i < j; i, j = i+1, j-2 {
		out += strconv.Itoa(i + j)
	}
	for range 2 {
		out += "."
	}
	defer0 := 3
	{
		defer0 := "shadow"
		out += defer0
	}
	len := 4
	string := "x"
	out += string + strconv.Itoa(len+defer0)
	return
}

//coro:body
func constants() string {
	const a, b = 1 << 40, 2.5
	const s = "str" + "ing"
	type month int
	const (
		jan month = iota + 1
		feb
	)
	var f32 float32 = 1.1
	var c complex128 = 1 + 2i
	u := ^uint8(3)
	r := 'x'
	arr := [...]int{5: 1, 2, 3}
	n := len(arr)
	x := 1e300 * 1e-300
	var y float64 = math.SmallestNonzeroFloat64
	z := math.MaxUint64 - uint64(1)
	var w any = 'r'
	return fmt.Sprint(a, b, s, jan, feb, f32, c*c, u, r, n, x, y, z, w, real(c), -7/2, 7%3, 1<<3|1, math.Pi, cap(arr), complex(f32, 2))
}

//coro:body
func named2() (a int, err error) {
	defer2 := func() { a++ }
	a = 4
	defer2()
	p := &err
	*p = failure
	if a > 3 {
		return a * 2, *p
	}
	return
}

//coro:body
func results() (s string, n int, f float64, e error) {
	s, n = "s", 1
	if n == 1 {
		return "x", 2, 3, failure
	}
	return
}

//coro:body
func total[T int | float64](xs []T) (t T) {
	for _, x := range xs {
		t += x
	}
	return t + 1
}

//coro:body
func (t *tree[T]) collect(f func(T)) {
	if t == nil {
		return
	}
	t.left.collect(f)
	f(t.value)
	t.right.collect(f)
}

//coro:body
func show[T fmt.Stringer](x T) string {
	var i any = x
	if _, ok := i.(fmt.Stringer); !ok {
		return "no"
	}
	zero := func() T { var z T; return z }
	return x.String() + zero().String()
}

//coro:body
func generics() string {
	tr := &tree[string]{&tree[string]{nil, nil, "l"}, nil, "m"}
	out := ""
	tr.collect(func(s string) { out += s })
	return out + fmt.Sprint(total([]int{1, 2}), total([]float64{1.5}), show(named(3)), slices.Index([]int{4, 5}, 5), slices.Sorted(slices.Values([]int{3, 1})))
}

//coro:body
func spread() string {
	f := func(a int, e error) string { return fmt.Sprint(a, e) }
	b := strings.NewReplacer("a", "b")
	return f(pair(2)) + b.Replace("aa") + fmt.Sprintln(pair(4)) + must(strconv.Atoi("5"))
}

func must(n int, err error) string { return strconv.Itoa(n) }

//coro:body
func yields(y *coro.Yielder[point, string]) string {
	a := y.Yield(point{1, 2})
	y.Yield(point{3, 4}.scale(2))
	inner(y, 3)
	return a
}

//coro:body
func inner(y *coro.Yielder[point, string], n int) {
	if n > 0 {
		y.Yield(point{X: float64(n)})
		inner(y, n-1)
	}
}

//coro:body
func many(y *coro.Yielder[big, [4]int], n int) { _ = y.Yield(big{a: "x"}); k := y.Yield(big{}); _ = k }

//coro:body
func floats(y *coro.Yielder[float64, float32], n int) { f := y.Yield(float64(y.Yield(1))); _ = f }

//coro:body
func empty(y *coro.Yielder[struct{}, struct{}]) { y.Yield(struct{}{}); _ = y.Yield(struct{}{}) }

//coro:body
func functions() (out string) {
	n := 0
	count := func(yield func(int) bool) {
		defer func() { n++ }()
		for i := range 5 {
			if !yield(i) {
				return
			}
		}
	}
	for i := range count {
		if i == 3 {
			break
		}
		out += strconv.Itoa(i)
	}
	for k, v := range maps2() {
		out += fmt.Sprint(k, v)
	}
	for range count {
		out += "."
	}
	times := func(yield func() bool) { _ = yield() && yield() }
	for range times {
		out += "t"
	}
outer:
	for i := range 3 {
		for j := range count {
			for k := range count {
				if k == 2 {
					continue outer
				}
				if i == 1 {
					break outer
				}
				out += strconv.Itoa(i + j*10 + k*100)
			}
		}
	}
	var fs []func() int
	for i := range count {
		fs = append(fs, func() int { i++; return i })
	}
	out += strconv.Itoa(fs[1]())
	for i := range count {
		if i == 2 {
			return out + strconv.Itoa(n) + strconv.Itoa(len(make(chan int, 3)))
		}
	}
	return "never"
}

func maps2() func(func(string, int) bool) {
	return func(yield func(string, int) bool) { _ = yield("a", 1) && yield("b", 2) }
}

//coro:body
func twice(x int) int { return 2 * x }

//coro:body
func split(x int) (int, string) { return x / 2, strconv.Itoa(x) }

// lifts has literals that call bodies, and so become native functions.
//
//coro:body
func lifts() (out string, calls int) {
	k, words, total := 3, []string{"a"}, 0.5
	var even, odd func(n int) bool
	even = func(n int) bool { calls++; return n == 0 || odd(n-1) }
	odd = func(n int) bool { calls += twice(1); return n != 0 && even(n-1) }
	out = strconv.FormatBool(even(5)) + strconv.FormatBool(odd(5))
	add := func(xs ...int) (n int, err error) {
		for _, x := range xs {
			n += twice(x) * k
			words = append(words, strconv.Itoa(n))
			total += float64(x)
		}
		return n, failure
	}
	k++
	n, err := add(1, 2, 3)
	_, _ = add()
	{
		k, words, total := "shadow", 1, 2
		m, _ := add(words, total)
		out += k + strconv.Itoa(m)
	}
	outer := func(x int) string {
		arr := [3]string{}
		inner := func(i int) {
			arr[i], x = strconv.Itoa(x), twice(x)
			next := func() int { x++; return i }
			arr[i] += strconv.Itoa(next())
		}
		for i := range arr {
			inner(i)
		}
		return strings.Join(arr[:], ",")
	}
	for i := 0; i < 3; i++ {
		step := func() { i += twice(0); out += outer(i) }
		step()
	}
	switch x := any(k).(type) {
	case int:
		show := func(s string) { out += s + strconv.Itoa(twice(x)) }
		show("x")
	}
	plain := func() string { return out + "!" }
	last := func() string { half, s := split(calls); return plain() + strconv.Itoa(half) + s }()
	return last + fmt.Sprint(n, err, words, total, calls), calls
}

package constructs

import (
	"cmp"
	"fmt"

	"github.com/morestack/morestack/coro"
)

// echo is echoInt8 and its like for any type.
//
//coro:body
func echo[T any](y *coro.Yielder[T, T], v T) T {
	first := v
	for range 3 {
		v = y.Yield(v)
	}
	y.Yield(first)
	return v
}

//coro:body
func largest[T cmp.Ordered](xs []T) (best T) {
	for i, x := range xs {
		if i == 0 || x > best {
			best = x
		}
	}
	return best
}

//coro:body
func mapped[T, U any](xs []T, f func(T) U) []U {
	all := make([]U, 0, len(xs))
	for _, x := range xs {
		all = append(all, f(x))
	}
	return all
}

type numeric interface {
	~int | ~int32 | ~float64
}

//coro:body
func total[T numeric](y *coro.Yielder[T, struct{}], xs ...T) (sum T) {
	for _, x := range xs {
		sum += x
		y.Yield(sum)
	}
	return sum / 2
}

//coro:body
func zero[T any]() (v T, p *T, size string) {
	return v, &v, fmt.Sprintf("%T", v)
}

// list is a generic type with methods that are bodies.
type list[T any] struct {
	value T
	next  *list[T]
}

//coro:body
func (l *list[T]) each(y *coro.Yielder[T, bool]) (count int) {
	for ; l != nil; l = l.next {
		count++
		if !y.Yield(l.value) {
			break
		}
	}
	return count
}

//coro:body
func (l list[T]) length() int {
	if l.next == nil {
		return 1
	}
	return l.next.length() + 1
}

//coro:body
func listOf[T any](values ...T) (l *list[T]) {
	for i := len(values) - 1; i >= 0; i-- {
		l = &list[T]{values[i], l}
	}
	return l
}

// instances calls generic bodies with several types.
//
//coro:body
func instances(y *coro.Yielder[string, bool], xs []int, names []string) int {
	y.Yield(fmt.Sprint(largest(xs), largest(names), largest([]float64{1, 2.5}), largest([]weekday{})))
	y.Yield(fmt.Sprint(mapped(xs, func(x int) string { return fmt.Sprint(x) + "!" })))
	y.Yield(fmt.Sprint(mapped(names, func(s string) int { return len(s) })))
	l := listOf(names...)
	return l.each(y) + l.length() + listOf(1.5, 2.5).length()
}

type sequence[K comparable, V any] struct {
	keys   []K
	values map[K]V
}

//coro:body
func (s *sequence[K, V]) put(key K, value V) bool {
	_, there := s.values[key]
	if !there {
		s.keys = append(s.keys, key)
	}
	if s.values == nil {
		s.values = map[K]V{}
	}
	s.values[key] = value
	return there
}

//coro:body
func (s *sequence[K, V]) all(y *coro.Yielder[V, K]) {
	for _, key := range s.keys {
		if y.Yield(s.values[key]) == key {
			return
		}
	}
}

//coro:body
func sequences(y *coro.Yielder[int, string]) int {
	s := &sequence[string, int]{}
	n := 0
	for i := range 4 {
		if s.put(y.Yield(i), i) {
			n++
		}
	}
	s.all(y)
	t := &sequence[[2]int, struct{}]{}
	t.put([2]int{1, 2}, struct{}{})
	t.put([2]int{1, 2}, struct{}{})
	return n*100 + len(s.keys)*10 + len(t.keys)
}

// compare uses an operator and a method of a constraint.
//
//coro:body
func compare[T interface {
	comparable
	String() string
}](a, b T) (bool, string) {
	return a == b, a.String() + b.String()
}

func (d weekday) String() string { return "day" + string(rune('0'+d)) }

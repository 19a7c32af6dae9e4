package constructs

import (
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/constructs/imported"
)

//coro:body
func callImported(y *coro.Yielder[int, int], n int) int {
	sum := imported.Count(y, n)
	local := imported.Square(sum) + y.Yield(sum)
	return local + imported.Fib(n) + imported.Count(y, 2)
}

//coro:body
func walkImported(y *coro.Yielder[string, int], keys []string) (int, int) {
	var t *imported.Tree
	for _, key := range keys {
		t = t.Insert(key)
	}
	sum := 0
	n := t.Walk(y, &sum)
	return n, sum
}

//coro:body
func failImported(y *coro.Yielder[int, int], n int) int { return imported.Fail(y, n) + 1 }

package bodies

import (
	"iter"
	"testing"

	"github.com/morestack/morestack/coro"
)

func BenchmarkResume(b *testing.B) {
	c, _ := coro.New(Counter, &CounterArgs{1 << 62})
	for i := 0; i < b.N; i++ {
		c.Resume(struct{}{})
	}
}
func BenchmarkPull(b *testing.B) {
	next, stop := iter.Pull(func(y func(int) bool) {
		for i := 0; ; i++ {
			if !y(i) {
				return
			}
		}
	})
	defer stop()
	for i := 0; i < b.N; i++ {
		next()
	}
}
func BenchmarkCreate(b *testing.B) {
	b.ReportAllocs()
	a := &CounterArgs{0}
	for i := 0; i < b.N; i++ {
		c, _ := coro.New(Counter, a)
		c.Resume(struct{}{})
		c.Close()
	}
}
func BenchmarkGo(b *testing.B) {
	ch := make(chan struct{})
	f := func() { ch <- struct{}{} }
	for i := 0; i < b.N; i++ {
		go f()
		<-ch
	}
}

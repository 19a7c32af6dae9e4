package constructs

import (
	"time"

	"github.com/morestack/morestack/coro"
)

//coro:body
func buffered(y *coro.Yielder[int, int]) (sum int) {
	c := make(chan int, 3)
	c <- y.Yield(cap(c))
	c <- y.Yield(len(c))
	c <- 5
	close(c)
	sum += <-c
	for v := range c {
		sum = sum*10 + v
	}
	v, ok := <-c
	if !ok {
		sum += 1000 + v
	}
	return sum
}

// pingPong talks to a goroutine of the test.
//
//coro:body
func pingPong(y *coro.Yielder[int, int], to chan<- int, from <-chan int) (sum int) {
	for i := range 5 {
		to <- i + y.Yield(i)
		sum += <-from
	}
	close(to)
	for v := range from {
		sum += v
	}
	return sum
}

//coro:body
func channelKinds(y *coro.Yielder[string, int]) (point, string, struct{}, []int, *int) {
	points, words, signals := make(chan point, 1), make(chan string, 1), make(chan struct{}, 1)
	slices, pointers := make(chan []int, 1), make(chan *int, 1)
	n := y.Yield("send")
	points <- point{n, n}
	words <- "word"
	signals <- struct{}{}
	slices <- []int{n}
	pointers <- &n
	y.Yield("receive")
	return <-points, <-words, <-signals, <-slices, <-pointers
}

// selects has one ready case at most, so that it is known which is taken.
//
//coro:body
func selects(y *coro.Yielder[string, int]) (received []int) {
	a, b, full := make(chan int, 1), make(chan int, 1), make(chan int)
	var never chan int
	for range 6 {
		switch n := y.Yield("next"); n {
		case 0:
		case 1:
			a <- n
		default:
			b <- n
		}
		select {
		case v := <-a:
			received = append(received, v)
			y.Yield("a")
		case v, ok := <-b:
			received = append(received, v*10)
			if ok {
				y.Yield("b")
			}
		case full <- 1:
			y.Yield("impossible")
		case <-never:
			y.Yield("never")
		default:
			y.Yield("nothing")
		}
	}
	return received
}

//coro:body
func selectBlocks(y *coro.Yielder[int, struct{}], a, b chan int, done chan struct{}) (sum int) {
	for {
		select {
		case v := <-a:
			sum += v
			y.Yield(v)
		case v := <-b:
			sum += v * 10
			if v > 3 {
				break
			}
			y.Yield(-v)
		case <-done:
			return sum
		}
	}
}

//coro:body
func selectSends(y *coro.Yielder[int, int], c chan int) (sent, dropped int) {
	for i := range 5 {
		select {
		case c <- y.Yield(i):
			sent++
		default:
			dropped++
		}
	}
	return sent, dropped
}

//coro:body
func selectTimeout(y *coro.Yielder[string, struct{}], c chan int) bool {
	y.Yield("before")
	select {
	case <-c:
		return false
	case <-time.After(time.Microsecond):
		return true
	}
}

//coro:body
func channelComparisons(a, b chan int) (bool, bool, bool, int, int) {
	var receive <-chan int = a
	return a == b, receive == b, a == nil, len(a), cap(b)
}

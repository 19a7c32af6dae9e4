package reliance

import (
	"bytes"
	"io"
	"math"
	"math/bits"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/morestack/morestack/coro"
)

const (
	debug  = false
	inBody = 1
	inCode = 2
	unused = 3
)

var counter = 4

type (
	point  struct{ x, y int }
	inside struct{ p *point }
	never  struct{ x int }
)

// Code of the package itself, of the standard library's functions of basic types,
// and of sync/atomic.
func lastsAlone(x int) int              { return x + inCode }
func lastsBits(x uint) int              { return bits.Len(x) + lastsAlone(1) }
func lastsAtomic(x *atomic.Int64) int   { return int(x.Load()) }
func lastsDuration(d time.Duration) int { return int(d.Nanoseconds()) }
func lastsDebug(x int) int {
	if debug {
		print(os.Getpid(), strings.NewReader("").Len())
	}
	return x
}
func lastsGeneric[T int | uint](x T) T { return x &^ T(inside{&point{}}.p.x) }
func lastsRecursive(x int) int         { return lastsAlso(x - 1) }
func lastsAlso(x int) int              { return lastsRecursive(x - 1) }

// What knows a type of another package, itself or through others.
func staleBuilder(b *strings.Builder) int { return b.Len() }
func staleThrough(b *strings.Builder) int { return staleBuilder(b) }
func staleTime(t time.Time) int           { return t.Nanosecond() }
func staleInterface() int {
	var r interface{ Len() int } = new(bytes.Buffer)
	return r.Len()
}
func staleEmbedded(x struct{ *bytes.Buffer }) int                       { return x.Len() }
func staleValue(r *bytes.Reader) int                                    { f := (*bytes.Reader).Len; return f(r) }
func staleGeneric[T any](x *atomic.Pointer[T], r *io.SectionReader) int { return int(r.Size()) }
func staleLibrary(c coro.Coroutine[int, int]) int                       { return c.Stats().Size }

//coro:body
func body(a *atomic.Int64, b *strings.Builder, t time.Time, c coro.Coroutine[int, int]) int {
	n := lastsAlone(inBody) + lastsBits(1) + lastsAtomic(a) + lastsDuration(1) + lastsDebug(1) + lastsGeneric(1) + lastsRecursive(1)
	n += staleBuilder(b) + staleThrough(b) + staleTime(t) + staleInterface() + staleEmbedded(struct{ *bytes.Buffer }{}) + staleValue(nil)
	n += staleGeneric[int](nil, nil) + staleLibrary(c) + counter
	if t == (time.Time{}) {
		n += int(math.MaxInt8)
	}
	return n + int((*never)(nil).get())
}

func (*never) get() int { return 0 }

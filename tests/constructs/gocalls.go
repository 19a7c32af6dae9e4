package constructs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/morestack/morestack/coro"
)

//coro:body
func formatting(y *coro.Yielder[string, int], p *point, words []string) (string, error) {
	n := y.Yield(fmt.Sprintf("%d %s %v %+v", p.x, words, *p, p))
	y.Yield(fmt.Sprint(n, 1.5, "text", nil, true))
	var a, b int
	count, err := fmt.Sscanf("12:34", "%d:%d", &a, &b)
	y.Yield(fmt.Sprintln(count, a+b, err))
	return fmt.Sprintf("%08.3f|%-5s|%x", float64(n)/8, words[0], words), fmt.Errorf("number %d: %w", n, errOdd)
}

//coro:body
func numbers(y *coro.Yielder[string, string]) (sum float64) {
	for text := y.Yield(""); text != ""; {
		n, err := strconv.Atoi(text)
		if err == nil {
			sum += float64(n)
			text = y.Yield(strconv.Itoa(n * 2))
			continue
		}
		f, err := strconv.ParseFloat(text, 64)
		if errors.Is(err, strconv.ErrSyntax) {
			text = y.Yield(strconv.Quote(text))
			continue
		}
		sum += f
		text = y.Yield(strconv.FormatFloat(f, 'e', 3, 64))
	}
	return sum
}

//coro:body
func textFunctions(y *coro.Yielder[string, struct{}], s string) (n int) {
	for _, field := range strings.Fields(s) {
		y.Yield(strings.ToUpper(field[:1]) + field[1:])
		n += strings.Index(s, field)
	}
	y.Yield(strings.Join(strings.Split(s, "o"), "0"))
	before, after, found := strings.Cut(s, " ")
	if found {
		y.Yield(after + before)
	}
	y.Yield(strings.Repeat(before, 3))
	for i, r := range s {
		if unicode.IsUpper(r) {
			n += i * 1000
		}
	}
	var buffer bytes.Buffer
	buffer.WriteString(s)
	fmt.Fprintf(&buffer, "/%d", buffer.Len())
	y.Yield(buffer.String())
	r, size := utf8.DecodeRuneInString(s)
	return n + int(r) + size
}

//coro:body
func sorting(y *coro.Yielder[int, struct{}], xs []int) (int, bool, int) {
	sort.Ints(xs)
	i := sort.SearchInts(xs, 5)
	slices.Reverse(xs)
	for _, x := range xs {
		y.Yield(x)
	}
	j, found := slices.BinarySearch([]int{1, 3, 5}, 5)
	return i, found, j + slices.Max(xs)
}

// localsByAddress hands Go functions the addresses of locals, which they change
// and do not keep.
//
//coro:body
func localsByAddress(y *coro.Yielder[int, int], n int) (sum int) {
	var x int
	var words [4]uint64
	text := "before"
	p := point{1, 2}
	for i := range n {
		setInt(&x, y.Yield(x)+i)
		fillWords(words[:], uint64(x))
		setText(&text, x)
		movePoint(&p)
		sum += x + int(words[3]) + len(text) + p.x*p.y
	}
	return sum
}

//go:noinline
func setInt(p *int, n int) { *p += n }

//go:noinline
func fillWords(words []uint64, n uint64) {
	for i := range words {
		words[i] = n + uint64(i)
	}
}

//go:noinline
func setText(s *string, n int) { *s += strconv.Itoa(n) }

//go:noinline
func movePoint(p *point) { p.x, p.y = p.y+1, p.x }

// kept lets Go code keep the addresses of its locals.
//
//coro:body
func kept(y *coro.Yielder[int, int]) (sum int) {
	var keeper registry
	x, z := 1, 2
	keeper.keep(&x)
	keeper.keep(&z)
	x += y.Yield(keeper.sum())
	keeper.increment()
	z += y.Yield(keeper.sum())
	keeper.increment()
	return x*100 + z
}

type registry struct{ all []*int }

func (r *registry) keep(p *int) { r.all = append(r.all, p) }

func (r *registry) increment() {
	for _, p := range r.all {
		*p++
	}
}

func (r *registry) sum() (n int) {
	for _, p := range r.all {
		n = n*10 + *p
	}
	return n
}

//coro:body
func synchronisation(y *coro.Yielder[int64, int64]) int64 {
	var (
		mutex sync.Mutex
		once  sync.Once
		total atomic.Int64
		plain int64
	)
	for range 3 {
		mutex.Lock()
		plain += y.Yield(total.Load())
		mutex.Unlock()
		total.Add(plain)
		once.Do(func() { total.Add(1000) })
		atomic.AddInt64(&plain, 1)
	}
	if atomic.CompareAndSwapInt64(&plain, 9, 90) {
		total.Store(-total.Load())
	}
	return total.Load() + plain
}

// goStatement starts goroutines.
//
//coro:body
func goStatement(y *coro.Yielder[int, int], n int) (sum int) {
	var group sync.WaitGroup
	results := make([]int, n)
	for i := range n {
		group.Add(1)
		go storeSquare(results, i, y.Yield(i), &group)
	}
	group.Wait()
	done := make(chan int)
	go func() { done <- len(results) }()
	sum += <-done
	for _, r := range results {
		sum = sum*10 + r
	}
	return sum
}

func storeSquare(results []int, i, n int, group *sync.WaitGroup) {
	results[i] = n * n
	group.Done()
}

//coro:body
func binaryEncoding(y *coro.Yielder[[]byte, uint32], n uint32) (uint32, uint64) {
	b := make([]byte, 8)
	binary.LittleEndian.PutUint32(b, n)
	binary.BigEndian.PutUint32(b[4:], y.Yield(b))
	y.Yield(binary.AppendUvarint(b, 300))
	return binary.BigEndian.Uint32(b), binary.LittleEndian.Uint64(b)
}

// leaves calls functions that the compiler can inline, and ones it cannot.
//
//coro:body
func leaves(y *coro.Yielder[int, int], n int) int {
	for range 3 {
		n = small(n) + notInlined(n, y.Yield(n)) + constant() + (&counter{n}).get()
	}
	nothing()
	return n
}

func small(n int) int { return n*2 + 1 }

//go:noinline
func notInlined(a, b int) int { return a - b }

func constant() int { return 7 }

//go:noinline
func nothing() {}

// floatsToGo passes and receives floats.
//
//coro:body
func floatsToGo(y *coro.Yielder[float64, float64], x float64) float32 {
	x = math.Round(math.Hypot(x, y.Yield(x)))
	whole, rest := split(x/8, 2)
	return whole + float32(y.Yield(rest))
}

//go:noinline
func split(x float64, n int) (float32, float64) {
	whole := math.Floor(x * float64(n))
	return float32(whole), x*float64(n) - whole
}

// manyToGo passes more than fits into registers, and gets as much back.
//
//coro:body
func manyToGo(y *coro.Yielder[int, int], a, b, c int) (sum int) {
	for range 2 {
		n := y.Yield(sum)
		p, q, r, s, text, l := shuffle(a, b, c, n, "text", []int{1, 2}, 5, large{text: "l"}, 6, 7.5, [3]int{8, 9, n})
		sum += p + q*2 + r[2]*3 + int(s) + len(text) + len(l.text)
	}
	return sum
}

//go:noinline
func shuffle(a, b, c, d int, s string, xs []int, e int, l large, f int, g float64, h [3]int) (int, int, [3]int, float64, string, large) {
	l.text += s
	return f + e, d + c + len(xs), [3]int{b, a, h[2]}, g * 2, s + l.text, l
}

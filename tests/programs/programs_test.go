package programs

import (
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/twins"
)

// coroutine is what all constructors return, whether or not it has results.
type coroutine[Out, In any] interface {
	Resume(In) (Out, bool)
	Err() error
}

// finish runs a coroutine that does not need answers to its end and returns what
// it yields.
func finish[Out, In any](t *testing.T, c coroutine[Out, In]) (yields []Out) {
	t.Helper()
	var none In
	for {
		v, ok := c.Resume(none)
		if !ok {
			break
		}
		yields = append(yields, v)
	}
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
	return yields
}

// equal reports the difference of two values.
func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func upTo(n int) []int {
	xs := make([]int, n)
	for i := range xs {
		xs[i] = i
	}
	return xs
}

// Machine code is run where it should be.
func TestNative(t *testing.T) {
	c := NewCount(1)
	c.Resume(struct{}{})
	equal(t, "it has a stack of its own", c.Stats().Size > 0, !twins.Run)
}

func TestFib(t *testing.T) {
	c := NewFib(20)
	finish(t, c)
	equal(t, "fib(20)", c.Results(), 6765)
	equal(t, "fib(20) in plain Go", Fib(20), 6765)
}

func TestAckermann(t *testing.T) {
	c := NewAckermann(2, 60)
	finish(t, c)
	equal(t, "a(2, 60)", c.Results(), Ackermann(2, 60))
	c = NewAckermann(3, 4)
	finish(t, c)
	equal(t, "a(3, 4)", c.Results(), 125)
}

func TestCalculate(t *testing.T) {
	for _, depth := range []int{0, 1, 10, 1000, 2000} {
		c := NewCalculate(depth)
		finish(t, c)
		equal(t, fmt.Sprintf("Calculate(%d)", depth), c.Results(), Calculate(depth))
	}
}

func TestCalculateYielding(t *testing.T) {
	const depth = 300
	c := NewCalculateYielding(depth)
	yields := finish(t, c)
	equal(t, "result", c.Results(), Calculate(depth))

	var want []int
	value := 0
	var calculate func(depth int, prev *int)
	calculate = func(depth int, prev *int) {
		local := *prev + depth
		want = append(want, local)
		if depth > 0 {
			calculate(depth-1, &local)
		}
		*prev += local
		want = append(want, *prev)
	}
	calculate(depth, &value)
	if !slices.Equal(yields, want) {
		t.Errorf("yields %v, want %v", yields, want)
	}
}

func TestCallNop(t *testing.T) { finish(t, NewCallNop(1000)) }

func TestCount(t *testing.T) {
	if got := finish(t, NewCount(1000)); !slices.Equal(got, upTo(1000)) {
		t.Errorf("yields %v", got)
	}
	for v := range NewCount(10).All() {
		if v == 5 {
			break
		}
	}
}

func TestTree(t *testing.T) {
	const depth = 9
	tree := NewTree(depth)
	want := upTo(1<<depth - 1)
	if got := finish(t, NewWalk(tree)); !slices.Equal(got, want) {
		t.Errorf("Walk yields %v", got)
	}
	if got := finish(t, NewWalkPinned(tree)); !slices.Equal(got, want) {
		t.Errorf("WalkPinned yields %v", got)
	}
	c := NewTreeSum(tree)
	finish(t, c)
	equal(t, "TreeSum", c.Results(), TreeSum(tree))
	if got := finish(t, NewWalk(nil)); got != nil {
		t.Errorf("Walk of no tree yields %v", got)
	}
}

// A list tree is as deep as it has nodes.
func TestWalkDeep(t *testing.T) {
	const n = 1000
	var tree *Node
	for i := range n {
		tree = &Node{Left: tree, Value: i}
	}
	if got := finish(t, NewWalk(tree)); !slices.Equal(got, upTo(n)) {
		t.Errorf("%d values, want %d", len(got), n)
	}
}

// What only a coroutine refers to survives collections, in Go called by the body
// and while it is suspended.
func TestHold(t *testing.T) {
	const n = 200
	c := NewHold(n)
	for i := range n + 1 {
		v, ok := c.Resume(struct{}{})
		want := i
		if i == n {
			want = n * (n - 1) / 2
		}
		if !ok || v != want {
			t.Fatalf("%d, %t; want %d", v, ok, want)
		}
		if i%20 == 0 {
			runtime.GC()
		}
	}
}

// Closing a coroutine in the middle, and leaving one to the collector.
func TestAbandoned(t *testing.T) {
	tree := NewTree(6)
	for i := range 100 {
		c := NewWalk(tree)
		for range i % 10 {
			c.Resume(struct{}{})
		}
		if i%2 == 0 {
			continue
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if v, ok := c.Resume(struct{}{}); ok {
			t.Fatalf("a closed coroutine yields %d", v)
		}
	}
	runtime.GC()
}

// Coroutines of one body, resumed in turns.
func TestInterleaved(t *testing.T) {
	tree := NewTree(6)
	var all []coro.Coroutine[int, struct{}]
	for range 20 {
		all = append(all, NewWalk(tree), NewWalkPinned(tree), NewCount(63))
	}
	for i := range 63 {
		for _, c := range all {
			if v, ok := c.Resume(struct{}{}); !ok || v != i {
				t.Fatalf("%d, %t; want %d", v, ok, i)
			}
		}
	}
}

func TestStackLimit(t *testing.T) {
	if twins.Run {
		t.Skip("NOT RUN: only native coroutines have a limit of their own")
	}
	c := NewCalculate(1_000_000, coro.Limit(1<<15))
	if _, ok := c.Resume(struct{}{}); ok || !errors.Is(c.Err(), coro.ErrStackLimit) {
		t.Fatalf("%t, %v", ok, c.Err())
	}
	if got := c.Err().Error(); !strings.Contains(got, "calculate (") || !strings.Contains(got, "recursion.go:") {
		t.Errorf("the error does not say where: %s", got)
	}
	equal(t, "result", c.Results(), 0)
}

func TestNBody(t *testing.T) {
	c := NewNBody(1000)
	finish(t, c)
	before, after := c.Results()
	equal(t, "energy", fmt.Sprintf("%.9f %.9f", before, after), "-0.169075164 -0.169087605")
	plainBefore, plainAfter := NBody(1000)
	equal(t, "energy before", before, plainBefore)
	equal(t, "energy after", after, plainAfter)
}

func TestFannkuch(t *testing.T) {
	for n, want := range map[int][2]int{1: {0, 0}, 2: {-1, 1}, 7: {228, 16}} {
		c := NewFannkuch(n)
		finish(t, c)
		checksum, flips := c.Results()
		equal(t, fmt.Sprintf("fannkuch(%d)", n), [2]int{checksum, flips}, want)
	}
}

func TestBalance(t *testing.T) {
	list := NewLedger(1000)
	c := NewBalance(list, 3)
	finish(t, c)
	equal(t, "balance", c.Results(), Balance(list, 3))
}

func TestSpectralNorm(t *testing.T) {
	c := NewSpectralNorm(100)
	finish(t, c)
	equal(t, "norm", fmt.Sprintf("%.9f", c.Results()), "1.274219991")
	equal(t, "norm", c.Results(), SpectralNorm(100))
}

func TestBinaryTrees(t *testing.T) {
	want := `stretch tree of depth 9	 check: 1023
256	 trees of depth 4	 check: 7936
64	 trees of depth 6	 check: 8128
16	 trees of depth 8	 check: 8176
long lived tree of depth 8	 check: 511`
	equal(t, "report", strings.Join(finish(t, NewBinaryTrees(8)), "\n"), want)
}

func TestMandelbrot(t *testing.T) {
	const n = 64
	var want []byte
	for row := range n {
		for column := 0; column < n; column += 8 {
			var bits byte
			for i := range 8 {
				if stays(complex(2*float64(column+i)/n-1.5, 2*float64(row)/n-1)) {
					bits |= 0x80 >> i
				}
			}
			want = append(want, bits)
		}
	}
	got := finish(t, NewMandelbrot(n))
	if !slices.Equal(got, want) {
		t.Errorf("the picture is %x, want %x", got, want)
	}
	equal(t, "checksum", crc32.ChecksumIEEE(got), 1226026414)
}

// stays is inMandelbrot in other words.
func stays(c complex128) bool {
	var z complex128
	for range 50 {
		re := float64(real(z)*real(z)) - float64(imag(z)*imag(z)) + real(c)
		im := float64(2*real(z)*imag(z)) + imag(c)
		z = complex(re, im)
		if float64(re*re)+float64(im*im) > 4 {
			return false
		}
	}
	return true
}

func TestQueens(t *testing.T) {
	counts := []int{1, 1, 0, 0, 2, 10, 4, 40, 92}
	for n, count := range counts {
		solutions := finish(t, NewQueens(n))
		equal(t, fmt.Sprintf("solutions for %d queens", n), len(solutions), count)
		for i, board := range solutions {
			for row, column := range board {
				for above, other := range board[:row] {
					if other == column || other-column == row-above || column-other == row-above {
						t.Fatalf("%d queens: %v is no solution", n, board)
					}
				}
			}
			if i > 0 && slices.Compare(solutions[i-1], board) >= 0 {
				t.Fatalf("%d queens: %v after %v", n, board, solutions[i-1])
			}
		}
	}
}

func TestQuickSort(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 3, 10, 100, 1000} {
		for _, below := range []int{1, 3, 1 << 40} {
			xs := make([]int, n)
			for i := range xs {
				xs[i] = random.IntN(below)
			}
			for range 3 { // as they come, ascending, descending
				want := slices.Clone(xs)
				slices.Sort(want)
				finish(t, NewQuickSort(xs))
				if !slices.Equal(xs, want) {
					t.Fatalf("%d numbers below %d are not sorted", n, below)
				}
				slices.Reverse(xs)
			}
		}
	}
}

func TestSudoku(t *testing.T) {
	const (
		puzzle   = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
		solution = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
	)
	got := finish(t, NewSudoku(ParseGrid(puzzle)))
	if len(got) != 1 || got[0].String() != solution {
		t.Errorf("solutions: %v", got)
	}
	// Two pairs of digits that can be exchanged.
	ambiguous := strings.Map(func(r rune) rune {
		if r == '5' || r == '8' {
			return '.'
		}
		return r
	}, solution)
	got = finish(t, NewSudoku(ParseGrid(ambiguous)))
	unique := map[Grid]bool{}
	for _, grid := range got {
		unique[grid] = true
		checkGrid(t, grid)
	}
	if len(got) < 2 || len(unique) != len(got) || !unique[ParseGrid(solution)] {
		t.Errorf("%d solutions, %d different", len(got), len(unique))
	}
	impossible := "55" + strings.Repeat(".", 79)
	c := NewSudoku(ParseGrid(impossible))
	if err := c.Close(); err != nil { // It would search for long.
		t.Fatal(err)
	}
}

// checkGrid reports a grid that breaks the rules.
func checkGrid(t *testing.T, grid Grid) {
	t.Helper()
	var rows, columns, boxes [9]uint
	for i, digit := range grid {
		rows[i/9] |= 1 << digit
		columns[i%9] |= 1 << digit
		boxes[i/27*3+i%9/3] |= 1 << digit
	}
	for i := range 9 {
		if rows[i]&columns[i]&boxes[i] != 0x3fe {
			t.Fatalf("no solution: %v", grid)
		}
	}
}

func TestBrainfuck(t *testing.T) {
	for _, test := range []struct{ name, program, input, output string }{
		{"hello", "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++.", "", "Hello World!\n"},
		{"echo", ",[.,]", "stack", "stack"},
		{"reverse", ">,[>,]<[.<]", "coroutine", "enituoroc"},
		{"add", ",>,<[->+<]>.", "!#", "D"},
		{"sort", ">>,[>>,]<<[[<<]>>>>[<<[>+<<+>-]>>[>+<<<<[->]>[<]>>-]<<<[[-]>>[>+<-]>>[<<<+>>>-]]>>[[<+>-]>>]<]<<[>>+<<-]<<]>>>>[.>>]", "morestack", "acekmorst"},
	} {
		c := NewBrainfuck(test.program)
		var output []byte
		input := []byte(test.input)
		event, ok := c.Resume(0)
		for ok {
			answer := byte(0)
			if event.Input && len(input) > 0 {
				answer, input = input[0], input[1:]
			} else if !event.Input {
				output = append(output, event.Output)
			}
			event, ok = c.Resume(answer)
		}
		if err := c.Err(); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		equal(t, test.name, string(output), test.output)
		if c.Results() < len(test.output) {
			t.Errorf("%s: %d steps", test.name, c.Results())
		}
	}
	for program, want := range map[string]string{
		"<+":  "runtime error: index out of range [-1]",
		"+]":  "runtime error: index out of range [-1]",
		"[[]": "runtime error: index out of range [3] with length 3",
	} {
		c := NewBrainfuck(program)
		_, ok := c.Resume(0)
		var trap *coro.Trap
		if ok || !errors.As(c.Err(), &trap) || trap.Cause.Error() != want {
			t.Errorf("%s: %t, %v; want %s", program, ok, c.Err(), want)
		}
	}
}

// buildBTrees returns ten sets of which each number below n is in one at least.
func buildBTrees(n int) []*BTree {
	random := rand.New(rand.NewPCG(3, 4))
	trees := make([]*BTree, 10)
	for i := range trees {
		trees[i] = &BTree{}
	}
	for _, x := range random.Perm(n) {
		trees[random.IntN(len(trees))].Insert(x)
	}
	return trees
}

func TestBTree(t *testing.T) {
	tree := &BTree{}
	if got := finish(t, NewBTreeValues(tree)); got != nil {
		t.Errorf("an empty set yields %v", got)
	}
	for _, x := range rand.New(rand.NewPCG(5, 6)).Perm(1000) {
		tree.Insert(x)
		tree.Insert(x)
	}
	if got := finish(t, NewBTreeValues(tree)); !slices.Equal(got, upTo(1000)) {
		t.Errorf("yields %v", got)
	}
}

func TestMerge(t *testing.T) {
	const n = 1000
	var sources []coro.Coroutine[int, struct{}]
	for _, tree := range buildBTrees(n) {
		sources = append(sources, NewBTreeValues(tree))
	}
	if got := finish(t, NewMerge(sources)); !slices.Equal(got, upTo(n)) {
		t.Errorf("yields %v", got)
	}
	if got := finish(t, NewMerge(nil)); got != nil {
		t.Errorf("nothing merged yields %v", got)
	}
}

// Merges of merges: coroutines resumed by coroutines that are resumed by a third.
func TestMergeNested(t *testing.T) {
	var sources []coro.Coroutine[int, struct{}]
	for _, tree := range buildBTrees(500) {
		sources = append(sources, NewBTreeValues(tree))
	}
	for len(sources) > 1 {
		sources = append(sources[2:], NewMerge(sources[:2:2]))
	}
	if got := finish(t, sources[0]); !slices.Equal(got, upTo(500)) {
		t.Errorf("yields %v", got)
	}
}

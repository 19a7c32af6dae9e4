package lasting

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/morestack/morestack/coro"
	by25 "github.com/morestack/morestack/tests/lasting/go1.25"
	by26 "github.com/morestack/morestack/tests/lasting/go1.26"
	by27 "github.com/morestack/morestack/tests/lasting/go1.27"
)

type none = struct{}

// values resumes a coroutine until it ends, answering with what answer makes of a value.
func values[Out, In any](c coro.Coroutine[Out, In], answer func(Out) In) (list []Out, err error) {
	var in In
	for {
		v, ok := c.Resume(in)
		if !ok {
			return list, c.Close()
		}
		list, in = append(list, v), answer(v)
	}
}

func silent[Out any](Out) (in none) { return }

// bodies are the same of each release.
type bodies struct {
	walk   func(depth int) (values []int, sum int, err error)
	blocks func() ([]string, error)
	floats func() ([]float64, error)
	words  func(text string) ([]string, int, error)
	index  func(s []int) ([]int, error)
}

func TestLasting(t *testing.T) {
	double := func(v int) int { return 2 * v }
	itself := func(v float64) float64 { return v }
	for name, b := range map[string]bodies{
		"1.25": {
			walk: func(depth int) ([]int, int, error) {
				c := by25.NewWalk(tree(depth, func(l, r *by25.Tree, v int) *by25.Tree { return &by25.Tree{Left: l, Right: r, Value: v} }))
				list, err := values(c.Coroutine, double)
				return list, c.Results(), err
			},
			blocks: func() ([]string, error) {
				list, err := values(by25.NewBlocks(&by25.Block{Words: [20]int{3: 4}, Next: &by25.Block{Words: [20]int{19: -1}}}), silent)
				return shown(list), err
			},
			floats: func() ([]float64, error) { return values(by25.NewFloats(2.5), itself) },
			words: func(text string) ([]string, int, error) {
				c := by25.NewWords(text)
				list, err := values(c.Coroutine, silent)
				return list, c.Results(), err
			},
			index: func(s []int) ([]int, error) { return values(by25.NewIndex(s), silent) },
		},
		"1.26": {
			walk: func(depth int) ([]int, int, error) {
				c := by26.NewWalk(tree(depth, func(l, r *by26.Tree, v int) *by26.Tree { return &by26.Tree{Left: l, Right: r, Value: v} }))
				list, err := values(c.Coroutine, double)
				return list, c.Results(), err
			},
			blocks: func() ([]string, error) {
				list, err := values(by26.NewBlocks(&by26.Block{Words: [20]int{3: 4}, Next: &by26.Block{Words: [20]int{19: -1}}}), silent)
				return shown(list), err
			},
			floats: func() ([]float64, error) { return values(by26.NewFloats(2.5), itself) },
			words: func(text string) ([]string, int, error) {
				c := by26.NewWords(text)
				list, err := values(c.Coroutine, silent)
				return list, c.Results(), err
			},
			index: func(s []int) ([]int, error) { return values(by26.NewIndex(s), silent) },
		},
		"1.27": {
			walk: func(depth int) ([]int, int, error) {
				c := by27.NewWalk(tree(depth, func(l, r *by27.Tree, v int) *by27.Tree { return &by27.Tree{Left: l, Right: r, Value: v} }))
				list, err := values(c.Coroutine, double)
				return list, c.Results(), err
			},
			blocks: func() ([]string, error) {
				list, err := values(by27.NewBlocks(&by27.Block{Words: [20]int{3: 4}, Next: &by27.Block{Words: [20]int{19: -1}}}), silent)
				return shown(list), err
			},
			floats: func() ([]float64, error) { return values(by27.NewFloats(2.5), itself) },
			words: func(text string) ([]string, int, error) {
				c := by27.NewWords(text)
				list, err := values(c.Coroutine, silent)
				return list, c.Results(), err
			},
			index: func(s []int) ([]int, error) { return values(by27.NewIndex(s), silent) },
		},
	} {
		t.Run(name, func(t *testing.T) { b.test(t) })
	}
}

func (b bodies) test(t *testing.T) {
	walked, sum, err := b.walk(8)
	if len(walked) != 255 || sum != 2*255*256/2 || !slices.IsSorted(walked) || err != nil {
		t.Errorf("walk: %d values, %d, %v", len(walked), sum, err)
	}
	blocks, err := b.blocks()
	if want := []string{"[0 1 1 326 1 2 2 3 1 2 2 3 2 3 3 4 1 2 2 3]", "[0 1 1 2 1 2 2 3 1 2 2 3 2 3 3 4 1 2 2 -78]"}; !slices.Equal(blocks, want) || err != nil {
		t.Errorf("blocks: %q, %v", blocks, err)
	}
	floats, err := b.floats()
	want := []float64{2.5*0.1 + 1e100/3e99}
	for len(want) < 4 {
		x := want[len(want)-1] - 0x1p-40
		want = append(want, x*0.1+1e100/3e99)
	}
	if !slices.EqualFunc(floats, want, func(a, b float64) bool { return max(a-b, b-a) < 1e-12 }) || err != nil { // arm64 fuses
		t.Errorf("floats: %v, want %v, %v", floats, want, err)
	}
	words, distinct, err := b.words("an be i an zoo ha")
	if strings.Join(words, " ") != "An Be iiiii An zoo Fa" || distinct != 5 || err != nil {
		t.Errorf("words: %q, %d, %v", words, distinct, err)
	}
	index, err := b.index([]int{7, 8})
	if trap := new(coro.Trap); !slices.Equal(index, []int{7, 8}) || !errors.As(err, &trap) || !strings.Contains(err.Error(), "index out of range [2] with length 2") {
		t.Errorf("index: %v, %v", index, err)
	}
}

// tree makes a tree of a depth, with values from 1 on in order.
func tree[T any](depth int, node func(l, r T, v int) T) T {
	v := 0
	var grow func(depth int) T
	grow = func(depth int) (t T) {
		if depth == 0 {
			return t
		}
		l := grow(depth - 1)
		v++
		mine := v
		return node(l, grow(depth-1), mine)
	}
	return grow(depth)
}

func shown[B any](list []B) (texts []string) {
	for _, b := range list {
		text := fmt.Sprint(b)
		texts = append(texts, text[1:strings.Index(text, "]")+1])
	}
	return texts
}

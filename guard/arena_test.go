//go:build linux && (amd64 || arm64)

package guard

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

var smallSizes = []int{512, 1 << 10, 2 << 10, 4 << 10, 8 << 10, 16 << 10, 32 << 10}

func newStack(t *testing.T, a *Arena, size, limit int) *Stack {
	t.Helper()
	s, err := a.New(size, limit)
	if err != nil {
		t.Fatalf("New(%d, %d): %v", size, limit, err)
	}
	return s
}

// disjoint checks that no two stacks share a byte.
func disjoint(t *testing.T, stacks []*Stack) {
	t.Helper()
	sorted := slices.SortedFunc(slices.Values(stacks), func(a, b *Stack) int {
		if a.Lo < b.Lo {
			return -1
		}
		return 1
	})
	for i := 1; i < len(sorted); i++ {
		if low, high := sorted[i-1], sorted[i]; low.Hi > high.Lo {
			t.Fatalf("stacks [%#x, %#x) and [%#x, %#x) overlap", low.Lo, low.Hi, high.Lo, high.Hi)
		}
	}
}

// Thousands of small stacks at a time: each is what was asked for, none touches
// another, and those that are freed serve the next.
func TestSmallStacks(t *testing.T) {
	a := NewArena(watch(t))
	var stacks []*Stack
	inUse := 0
	for i := range 7000 {
		size := smallSizes[i%len(smallSizes)]
		s := newStack(t, a, size, DefaultLimit)
		if s.Size() != size || s.Capacity() != size || s.Tall() || s.Hi-s.Lo != uintptr(size) {
			t.Fatalf("asked for %d bytes, got %+v", size, s)
		}
		if s.Hi%16 != 0 || s.Lo%uintptr(size) != 0 {
			t.Fatalf("stack [%#x, %#x) is not aligned", s.Lo, s.Hi)
		}
		if !a.Contains(s.Lo) || !a.Contains(s.Hi-1) {
			t.Fatal("the arena does not know its own stack")
		}
		*word(s.Lo), *word(s.Hi - 8) = uint64(i), ^uint64(i)
		stacks = append(stacks, s)
		inUse += size
	}
	disjoint(t, stacks)
	if s := a.Stats(); s.Stacks != len(stacks) || int(s.InUse) != inUse || s.InUse > s.Reserved || s.Cached != 0 {
		t.Errorf("%d stacks of %d bytes, but %+v", len(stacks), inUse, s)
	}

	// Half go and come back, several times.
	reserved := a.Stats().Reserved
	for round := range 3 {
		for i := round % 2; i < len(stacks); i += 2 {
			a.Free(stacks[i])
		}
		for i := round % 2; i < len(stacks); i += 2 {
			s := newStack(t, a, smallSizes[i%len(smallSizes)], DefaultLimit)
			*word(s.Lo), *word(s.Hi - 8) = uint64(i), ^uint64(i)
			stacks[i] = s
		}
		disjoint(t, stacks)
		for i, s := range stacks {
			if *word(s.Lo) != uint64(i) || *word(s.Hi - 8) != ^uint64(i) {
				t.Fatalf("stack %d was written to by another", i)
			}
		}
	}
	if s := a.Stats(); s.Reserved != reserved || int(s.InUse) != inUse || s.Stacks != len(stacks) {
		t.Errorf("as many stacks as before, but %+v", s)
	}
	for _, s := range stacks {
		a.Free(s)
	}
	idle(t, a)
}

// The slabs of one class serve another when they are empty.
func TestSlabsChangeClass(t *testing.T) {
	k := watch(t)
	a := NewArena(k)
	var most uintptr
	for round := range 3 {
		for _, size := range smallSizes {
			var stacks []*Stack
			for range 4 << 20 / size {
				s := newStack(t, a, size, size)
				*word(s.Lo) = 1
				stacks = append(stacks, s)
			}
			disjoint(t, stacks)
			for _, s := range stacks {
				a.Free(s)
			}
		}
		if round == 0 {
			most = k.accessible()
		} else if n := k.accessible(); n != most {
			t.Errorf("round %d needs %d bytes, the first %d", round, n, most)
		}
	}
	// Each class may keep one slab for itself.
	if most > 2*chunkSize {
		t.Errorf("%d bytes for stacks of 4 MiB", most)
	}
	idle(t, a)
}

// One New and Free after the other neither take memory nor ask the system for
// any.
func TestReuse(t *testing.T) {
	for _, size := range append(slices.Clone(smallSizes), TallSize, 1<<20) {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			k := watch(t)
			a := NewArena(k)
			a.Free(newStack(t, a, size, DefaultLimit))
			calls, reserved := k.calls, a.Stats().Reserved
			for range 2000 {
				s := newStack(t, a, size, DefaultLimit)
				*word(s.Lo), *word(s.Hi - 8) = 1, 1
				a.Free(s)
			}
			if k.calls != calls || a.Stats().Reserved != reserved {
				t.Errorf("%d calls of the system", k.calls-calls)
			}
			idle(t, a)
		})
	}
}

// Freeing a stack twice, or one that never had memory, does nothing.
func TestDoubleFree(t *testing.T) {
	for _, poison := range []bool{false, true} {
		for _, size := range []int{512, 32 << 10, TallSize} {
			t.Run(fmt.Sprintf("%d, poison %v", size, poison), func(t *testing.T) {
				a := NewArena(watch(t))
				a.Poison = poison
				first, second := newStack(t, a, size, DefaultLimit), newStack(t, a, size, DefaultLimit)
				a.Free(first)
				before := a.Stats()
				for range 3 {
					a.Free(first)
					a.Free(new(Stack))
				}
				if *first != (Stack{}) {
					t.Errorf("a freed stack is %+v", first)
				}
				if s := a.Stats(); s != before || s.Stacks != 1 {
					t.Errorf("freeing again changed %+v to %+v", before, s)
				}
				third, fourth := newStack(t, a, size, DefaultLimit), newStack(t, a, size, DefaultLimit)
				disjoint(t, []*Stack{second, third, fourth})
				for _, s := range []*Stack{second, third, fourth} {
					a.Free(s)
				}
				idle(t, a)
			})
		}
	}
}

// Init serves a Stack that its owner keeps, again and again.
func TestInitAfterFree(t *testing.T) {
	a := NewArena(watch(t))
	var s Stack
	for _, size := range []int{512, TallSize, 4096, 1 << 20, 512} {
		if err := a.Init(&s, size, DefaultLimit); err != nil {
			t.Fatal(err)
		}
		if s.Size() < size || s.Tall() != (size >= TallSize) {
			t.Errorf("asked for %d bytes, got %+v", size, s)
		}
		a.Free(&s)
	}
	idle(t, a)
}

// Every byte of a stack can be written and read, and none is another's.
func TestMemoryWritable(t *testing.T) {
	for _, poison := range []bool{false, true} {
		a := NewArena(watch(t))
		a.Poison = poison
		var stacks []*Stack
		for _, size := range append(slices.Clone(smallSizes), TallSize, 256<<10, 1<<20) {
			for range 3 {
				s := newStack(t, a, size, DefaultLimit)
				for p := s.Lo; p < s.Hi; p += 8 {
					*word(p) = uint64(p)
				}
				stacks = append(stacks, s)
			}
		}
		for _, s := range stacks {
			for p := s.Lo; p < s.Hi; p += 8 {
				if *word(p) != uint64(p) {
					t.Fatalf("poison %v: the word at %#x of a stack of %d bytes became %#x", poison, p, s.Size(), *word(p))
				}
			}
			a.Free(s)
		}
		idle(t, a)
	}
}

func TestContains(t *testing.T) {
	a := NewArena(watch(t))
	var here int
	for _, p := range []uintptr{0, 1, 1 << 40, ^uintptr(0), uintptr(unsafe.Pointer(&here))} {
		if a.Contains(p) {
			t.Errorf("an empty arena contains %#x", p)
		}
	}
	s := newStack(t, a, TallSize, TallSize)
	lo := s.Lo
	for _, r := range a.regions {
		for p, want := range map[uintptr]bool{r.lo - 1: false, r.lo: true, lo: true, r.hi - 1: true, r.hi: false} {
			if a.Contains(p) != want {
				t.Errorf("the arena contains %#x of [%#x, %#x): %v", p, r.lo, r.hi, !want)
			}
		}
	}
	a.Free(s)
	if !a.Contains(lo) {
		t.Error("the arena forgot an address that may still be on a stack")
	}
}

// Tall stacks grow and shrink where they are: what is on them stays, what they
// do not have is not accessible.
func TestTallStacks(t *testing.T) {
	page := int(pageSize)
	for _, test := range []struct{ size, limit int }{
		{TallSize, TallSize},
		{TallSize, TallSize + 1},
		{TallSize, 1_000_003},
		{TallSize, 1 << 20},
		{TallSize, 1<<21 - page},
		{TallSize, 1<<21 - page + 1},
		{TallSize, 1<<21 - 1},
		{TallSize, 1 << 21},
		{TallSize, 3_333_333},
		{TallSize, DefaultLimit},
		{256 << 10, 256 << 10},
		{1 << 20, DefaultLimit},
		{4 << 20, 5 << 20},
		{TallSize, 0}, // growth to another stack only
	} {
		t.Run(fmt.Sprintf("%d to %d", test.size, test.limit), func(t *testing.T) {
			a := NewArena(watch(t))
			s := newStack(t, a, test.size, test.limit)
			hi := s.Hi
			if !s.Tall() || s.Size() != test.size || hi%16 != 0 || s.Lo%pageSize != 0 {
				t.Fatalf("asked for %d bytes, got %+v", test.size, s)
			}
			if s.Capacity() < max(test.size, test.limit) {
				t.Fatalf("the stack can grow to %d bytes, not to %d", s.Capacity(), test.limit)
			}
			check := func(size int) {
				t.Helper()
				if s.Hi != hi || s.Size() < size || s.Size() >= size+page {
					t.Fatalf("a stack of %d bytes is %+v, Hi was %#x", size, s, hi)
				}
				if got := a.Stats(); got.Stacks != 1 || int(got.InUse) != s.Size() {
					t.Errorf("one stack of %d bytes, but %+v", s.Size(), got)
				}
				*word(s.Lo) = uint64(s.Lo)
				if !faults(s.Lo-8) || !faults(s.Lo-pageSize) || !faults(hi-uintptr(s.Capacity())-8) {
					t.Errorf("below a stack of %d bytes there is no guard", size)
				}
				for p := hi - 8; p >= hi-uintptr(test.size)/2; p -= 8 {
					if *word(p) != uint64(p) {
						t.Fatalf("the word %d bytes from the end became %#x", hi-p, *word(p))
					}
				}
			}
			for p := s.Lo; p < s.Hi; p += 8 {
				*word(p) = uint64(p)
			}
			check(test.size)
			sizes := []int{}
			for size := 2 * test.size; size < test.limit; size *= 2 {
				sizes = append(sizes, size)
			}
			if test.limit > test.size {
				sizes = append(sizes, test.limit)
			}
			sizes = append(sizes, s.Capacity())
			for _, size := range append(sizes, test.size/2, test.size+1, page, s.Capacity(), test.size/2) {
				if size < test.size/2 {
					continue // would lose words that check looks at
				}
				if err := a.Resize(s, size); err != nil {
					t.Fatalf("Resize(%d): %v", size, err)
				}
				check(size)
			}
			a.Free(s)
			idle(t, a)
		})
	}
}

// A slot that comes back keeps little memory accessible, and no more than the
// next stack may have.
func TestTallReuse(t *testing.T) {
	k := watch(t)
	a := NewArena(k)
	s := newStack(t, a, TallSize, 8<<20)
	if err := a.Resize(s, 8<<20); err != nil {
		t.Fatal(err)
	}
	hi := s.Hi
	a.Free(s)
	if got := a.Stats().Cached; got != keepTall || k.accessible() != keepTall {
		t.Errorf("a freed stack keeps %d bytes, %d are accessible", got, k.accessible())
	}
	s = newStack(t, a, TallSize, 8<<20)
	if s.Hi != hi || s.Size() != keepTall || a.Stats().Cached != 0 {
		t.Errorf("the next stack is %+v, not one of %d bytes up to %#x; %+v", s, keepTall, hi, a.Stats())
	}
	if !faults(s.Lo - 8) {
		t.Error("below it there is no guard")
	}
	a.Free(s)

	// Slots of 1 MiB serve limits from 512 KiB up.
	s = newStack(t, a, TallSize, 1_000_000)
	if err := a.Resize(s, 1_000_000); err != nil {
		t.Fatal(err)
	}
	hi = s.Hi
	a.Free(s)
	for _, limit := range []int{700_001, 1_000_000, 600_000, 1_000_000} {
		s = newStack(t, a, TallSize, limit)
		if s.Hi != hi || s.Size() > limit || s.Capacity() < limit {
			t.Errorf("with limit %d the next stack is %+v, not one up to %#x", limit, s, hi)
		}
		if !faults(s.Lo - 8) {
			t.Errorf("with limit %d there is no guard below it", limit)
		}
		a.Free(s)
	}
	idle(t, a)
	if n := k.accessible(); n != 0 {
		t.Errorf("after Release %d bytes are accessible", n)
	}
}

// All freed tall stacks together keep a bounded amount.
func TestCacheBounded(t *testing.T) {
	k := watch(t)
	a := NewArena(k)
	var stacks []*Stack
	for range 200 {
		stacks = append(stacks, newStack(t, a, 1<<20, 1<<20))
	}
	disjoint(t, stacks)
	for _, s := range stacks {
		a.Free(s)
		if got := a.Stats().Cached; got > keepTotal {
			t.Fatalf("%d bytes are kept", got)
		}
	}
	if got := a.Stats().Cached; got < keepTotal/2 || got != k.accessible() {
		t.Errorf("%d bytes are kept, %d are accessible", got, k.accessible())
	}
	idle(t, a)
}

// resident is the memory that the process has.
func resident(t *testing.T) int {
	t.Helper()
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(data))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * unix.Getpagesize()
}

// Memory goes back to the system: most when stacks are freed, the rest with
// Release.
func TestReleaseGivesMemoryBack(t *testing.T) {
	const each, slack = 48 << 20, 8 << 20
	// The heap must not come or go in between.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for _, size := range []int{512, 32 << 10, TallSize, 1 << 20} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			a := NewArena(watch(t))
			stacks := make([]*Stack, each/size)
			for i := range stacks {
				stacks[i] = newStack(t, a, size, size)
			}
			debug.FreeOSMemory()
			before := resident(t)
			for _, s := range stacks {
				for p := s.Lo; p < s.Hi; p += min(pageSize, s.Hi-s.Lo) {
					*word(p) = 1
				}
			}
			used := resident(t) - before
			for _, s := range stacks {
				a.Free(s)
			}
			freed := resident(t) - before
			cached := int(a.Stats().Cached)
			idle(t, a)
			released := resident(t) - before
			t.Logf("in use %d MiB, freed %d MiB of which the arena counts %d, released %d MiB", used>>20, freed>>20, cached>>20, released>>20)
			if used < each-slack {
				t.Errorf("stacks of %d bytes took %d: there is nothing to give back", each, used)
			}
			if freed > keepTotal+slack {
				t.Errorf("after Free %d bytes are kept", freed)
			}
			if released > slack {
				t.Errorf("after Release %d bytes are kept", released)
			}
		})
	}
}

// A random sequence of operations agrees with a plain list of what is in use:
// figures, ranges and contents.
func TestRandomOperations(t *testing.T) {
	type live struct {
		*Stack
		mark uint64
	}
	for _, poison := range []bool{false, true} {
		for seed := range uint64(4) {
			t.Run(fmt.Sprintf("poison %v, seed %d", poison, seed), func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 3))
				k := watch(t)
				a := NewArena(k)
				a.Poison = poison
				var stacks []live
				var inUse uintptr
				steps := 4000
				if poison {
					steps = 1000
				}
				for step := range steps {
					// Waves, so that slabs fill and empty.
					grow := 50
					if step/300%2 == 1 {
						grow = 25
					}
					switch n := r.IntN(100); {
					case n < grow:
						size := smallSizes[r.IntN(len(smallSizes))]
						limit := DefaultLimit
						if r.IntN(4) == 0 {
							size = TallSize << r.IntN(3)
							limit = size + r.IntN(4<<20)
						}
						s := live{newStack(t, a, size, limit), r.Uint64()}
						if s.Size() < size || s.Tall() && s.Size() > limit {
							t.Fatalf("New(%d, %d) gave %d bytes", size, limit, s.Size())
						}
						*word(s.Hi - 8), *word(s.Lo) = s.mark, s.mark
						stacks = append(stacks, s)
						inUse += s.Hi - s.Lo
					case n < 90 && len(stacks) > 0:
						i := r.IntN(len(stacks))
						s := stacks[i]
						if *word(s.Lo) != s.mark || *word(s.Hi - 8) != s.mark {
							t.Fatalf("step %d: another has written to a stack of %d bytes", step, s.Size())
						}
						if s.Tall() && r.IntN(3) > 0 {
							size := min(8192<<r.IntN(10), s.Capacity())
							inUse -= s.Hi - s.Lo
							if err := a.Resize(s.Stack, size); err != nil {
								t.Fatal(err)
							}
							inUse += s.Hi - s.Lo
							*word(s.Lo) = s.mark
							break
						}
						inUse -= s.Hi - s.Lo
						a.Free(s.Stack)
						if r.IntN(4) == 0 {
							a.Free(s.Stack)
						}
						stacks[i] = stacks[len(stacks)-1]
						stacks = stacks[:len(stacks)-1]
					case n == 99 && r.IntN(4) == 0:
						a.Release()
						if got := a.Stats().Cached; got != 0 {
							t.Fatalf("step %d: after Release %d bytes are kept", step, got)
						}
					}
					got := a.Stats()
					if got.Stacks != len(stacks) || got.InUse != inUse || got.Cached > keepTotal || got.Reserved != k.reserved {
						t.Fatalf("step %d: %d stacks of %d bytes, %d reserved, but %+v", step, len(stacks), inUse, k.reserved, got)
					}
					if n := k.accessible(); got.InUse+got.Cached > n {
						t.Fatalf("step %d: %+v, but only %d bytes are accessible", step, got, n)
					}
					if step%250 == 0 {
						all := make([]*Stack, len(stacks))
						for i, s := range stacks {
							all[i] = s.Stack
						}
						disjoint(t, all)
					}
				}
				for _, s := range stacks {
					if *word(s.Lo) != s.mark || *word(s.Hi - 8) != s.mark {
						t.Fatalf("another has written to a stack of %d bytes", s.Size())
					}
					a.Free(s.Stack)
				}
				idle(t, a)
				if n := k.accessible(); n != slabBytes(a) && !poison {
					t.Errorf("%d bytes are accessible, of which slabs have %d", n, slabBytes(a))
				}
			})
		}
	}
}

// slabBytes is how much is accessible, in an arena without stacks, for the
// next small ones.
func slabBytes(a *Arena) uintptr {
	n := uintptr(len(a.empty))
	for _, class := range a.classes {
		n += uintptr(len(class))
	}
	n *= slabSize
	if a.spare.lo == a.spare.hi {
		n += a.spare.hi - a.spare.free // a whole chunk was made so
	}
	return n
}

// With Poison fresh memory is full of the pattern, freed memory faults, and
// comes back only after others were freed.
func TestPoison(t *testing.T) {
	const pattern = Pattern * 0x0101010101010101
	for _, size := range []int{512, 4096, 32 << 10, TallSize, 128 << 10} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			k := watch(t)
			a := NewArena(k)
			a.Poison = true
			fresh := func(s *Stack, from, to uintptr) {
				t.Helper()
				for p := from; p < to; p += 8 {
					if *word(p) != pattern {
						t.Fatalf("the word at %#x of a fresh stack of %d bytes is %#x", p, s.Size(), *word(p))
					}
				}
			}
			s := newStack(t, a, size, 2<<20)
			fresh(s, s.Lo, s.Hi)
			if s.Tall() {
				lo := s.Lo
				if err := a.Resize(s, 2*size); err != nil {
					t.Fatal(err)
				}
				fresh(s, s.Lo, lo)
			}
			lo, hi := s.Lo, s.Hi
			*word(lo) = 1
			a.Free(s)
			for p := lo; p < hi; p += min(4096, hi-lo) {
				if !faults(p) {
					t.Fatalf("the word at %#x can be accessed after Free", p)
				}
			}

			// Until quarantineSize others are freed, nobody has that memory.
			for i := range 2*quarantineSize + 1 {
				s := newStack(t, a, size, 2<<20)
				if back := s.Hi == hi; back && i < quarantineSize {
					t.Fatalf("the memory came back after %d others", i)
				}
				if i%64 == 0 || s.Hi == hi {
					fresh(s, s.Lo, s.Hi)
				}
				*word(s.Lo) = 1
				a.Free(s)
			}
			reserved := a.Stats().Reserved
			seen := map[uintptr]bool{}
			for range quarantineSize {
				s := newStack(t, a, size, 2<<20)
				seen[s.Hi] = true
				a.Free(s)
			}
			if got := a.Stats(); got.Reserved != reserved || len(a.quarantine) != quarantineSize {
				t.Errorf("%d in quarantine, %+v, %d reserved before", len(a.quarantine), got, reserved)
			}
			if len(seen) != quarantineSize {
				t.Errorf("%d slots in turn, not %d", len(seen), quarantineSize)
			}
			idle(t, a)
		})
	}
}

// work uses an arena in every way, up to the first error, and leaves no stack.
func work(a *Arena) (err error) {
	var stacks []*Stack
	free := func(n int) {
		for _, s := range stacks[:n] {
			a.Free(s)
		}
		stacks = stacks[n:]
	}
	defer func() { free(len(stacks)) }()
	add := func(n, size, limit int) {
		for range n {
			if err != nil {
				return
			}
			var s *Stack
			if s, err = a.New(size, limit); err == nil {
				*word(s.Lo), *word(s.Hi - 8) = 1, 1
				stacks = append(stacks, s)
			}
		}
	}
	resize := func(size int) {
		for _, s := range stacks {
			if before := *s; err == nil && s.Tall() && size <= s.Capacity() {
				if err = a.Resize(s, size); err != nil && *s != before {
					panic(fmt.Sprintf("a failed Resize changed %+v to %+v", before, s))
				}
				*word(s.Lo), *word(s.Hi - 8) = 1, 1
			}
		}
	}
	// More than a chunk of 4 MiB, of all classes. Poison fills all that it gives
	// out, so it gets less.
	many, large := 100, 1<<20
	if a.Poison {
		many, large = 5, 128<<10
	}
	add(many, 32<<10, DefaultLimit)
	for _, size := range smallSizes {
		add(9, size, DefaultLimit)
	}
	add(many, 16<<10, DefaultLimit)
	add(3, TallSize, 3*large)
	add(2, large, large)
	resize(large)
	resize(2*large + 1)
	resize(TallSize)
	free(len(stacks) / 2)
	resize(3 * large)
	add(5, TallSize, 3*large)
	free(len(stacks))
	a.Release()
	add(2, 32<<10, DefaultLimit)
	add(2, TallSize, 2*large)
	if a.Poison {
		// Enough that what was freed first comes back.
		for i := range quarantineSize / 8 {
			add(10, 512, DefaultLimit)
			if i%8 == 0 {
				add(1, TallSize, 3*large)
			}
			free(len(stacks))
		}
	}
	return err
}

// Every request to the system fails in turn, alone or with all that follow: an
// error says so, nothing is lost by it, and when the system gives again the
// arena goes on.
func TestInjectedFailures(t *testing.T) {
	for _, test := range []struct {
		name   string
		poison bool
		later  bool
		step   int // of the call's number, after the first few
	}{
		{"one", false, false, 1},
		{"one and all later", false, true, 1},
		{"poison, one", true, false, 61},
		{"poison, one and all later", true, true, 61},
	} {
		t.Run(test.name, func(t *testing.T) {
			failures, errs := 0, 0
			for n := 1; ; {
				k := watch(t)
				k.most = 64 << 20
				k.fail = func(call int) bool { return call == n || test.later && call > n }
				a := NewArena(k)
				a.Poison = test.poison
				err := work(a)
				reached := k.calls >= n
				if err != nil {
					errs++
					var e *MemoryError
					if !errors.As(err, &e) || !errors.Is(err, unix.ENOMEM) || e.Size <= 0 {
						t.Fatalf("call %d: a %T: %v", n, err, err)
					}
				}
				if s := a.Stats(); s.Stacks != 0 || s.InUse != 0 || s.Cached > s.Reserved {
					t.Fatalf("call %d: after %v the arena counts %+v", n, err, s)
				}
				k.fail = nil
				if err := work(a); err != nil {
					t.Fatalf("call %d: the system gives again, but: %v", n, err)
				}
				// What was left over is found again: now no more address space
				// is needed. (What could not be made inaccessible Poison never
				// uses again.)
				if reserved := a.Stats().Reserved; !test.poison {
					if err := work(a); err != nil || a.Stats().Reserved != reserved {
						t.Fatalf("call %d: %v; %d bytes reserved, then %d", n, err, reserved, a.Stats().Reserved)
					}
				}
				idle(t, a)
				if got := k.accessible(); !test.poison && got != slabBytes(a) {
					t.Fatalf("call %d: %d bytes are accessible, of which slabs have %d", n, got, slabBytes(a))
				}
				k.unmap()
				if !reached {
					if err != nil {
						t.Errorf("no call failed, but: %v", err)
					}
					break
				}
				failures++
				if n++; n > 40 {
					n += test.step - 1
				}
			}
			t.Logf("%d failures, %d of them seen from outside", failures, errs)
			if failures < 30 || errs < 5 {
				t.Error("too few failures for what there is to fail")
			}
		})
	}
}

// Address space for which there is no memory is not lost: a New that fails
// again and again uses up none.
func TestFailedNewKeepsAddressSpace(t *testing.T) {
	for _, size := range []int{512, 32 << 10, TallSize, 1 << 20} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			const total = 64 << 20
			k := watch(t)
			k.most, k.total = total, total
			a := NewArena(k)
			a.Free(newStack(t, a, MinSize, MinSize)) // reserves all there is
			a.Free(newStack(t, a, TallSize, 1<<20))
			a.Release()
			k.fail = func(int) bool { return true }
			var stacks []*Stack
			for range 1000 {
				s, err := a.New(size, 3<<20)
				if err == nil {
					stacks = append(stacks, s) // small, and accessible already
				}
			}
			for _, s := range stacks {
				a.Free(s)
			}
			k.fail = nil
			for range 10 {
				newStack(t, a, size, 3<<20)
			}
			if got := a.Stats(); got.Reserved > total || got.Stacks != 10 {
				t.Errorf("%+v", got)
			}
		})
	}
}

// A Resize that the system refuses leaves the stack as it was.
func TestResizeRefused(t *testing.T) {
	k := watch(t)
	a := NewArena(k)
	s := newStack(t, a, TallSize, 8<<20)
	*word(s.Lo) = 7
	before, stats := *s, a.Stats()
	k.fail = func(int) bool { return true }
	var e *MemoryError
	if err := a.Resize(s, 1<<20); !errors.As(err, &e) || e.Op != "commit" || e.Size != 1<<20-TallSize {
		t.Errorf("Resize: %v", err)
	}
	if *s != before || a.Stats() != stats || *word(s.Lo) != 7 || !faults(s.Lo-8) {
		t.Errorf("a refused Resize changed %+v to %+v", before, s)
	}
	// Memory that the system does not take back stays the stack's.
	if err := a.Resize(s, TallSize/2); err != nil || *s != before || a.Stats() != stats {
		t.Errorf("Resize to less: %v, %+v became %+v", err, before, s)
	}
	k.fail = nil
	if err := a.Resize(s, 1<<20); err != nil || s.Size() != 1<<20 {
		t.Errorf("Resize: %v, %+v", err, s)
	}
	a.Free(s)
	idle(t, a)
}

// The errors of this process's own Kernel are typed too.
func TestKernelRefuses(t *testing.T) {
	none := uintptr(1) << 62
	for op, err := range map[string]error{
		"reserve":  func() error { _, err := linux{}.Reserve(none); return err }(),
		"commit":   linux{}.Commit(none, pageSize),
		"decommit": linux{}.Decommit(none, pageSize),
		"discard":  linux{}.Discard(1, pageSize), // an emulator lets other addresses pass
	} {
		var e *MemoryError
		var errno unix.Errno
		if !errors.As(err, &e) || e.Op != op || !errors.As(err, &errno) {
			t.Errorf("%s: a %T: %v", op, err, err)
		}
	}
}

// Where large reservations are refused, tall stacks get smaller slots; where
// even the smallest is, an error.
func TestScarceAddressSpace(t *testing.T) {
	for _, most := range []uintptr{1 << 30, 300 << 20, 64 << 20, 16<<20 + 4096, 8 << 20, 4 << 20} {
		t.Run(strconv.Itoa(int(most)), func(t *testing.T) {
			k := watch(t)
			k.most = most
			a := NewArena(k)
			var stacks []*Stack
			for range 20 {
				s := newStack(t, a, TallSize, DefaultLimit)
				if s.Size() != TallSize || s.Capacity() < s.Size() || uintptr(s.Capacity()) > most {
					t.Fatalf("the stack is %+v, of capacity %d", s, s.Capacity())
				}
				if uintptr(s.Capacity()) < most/32 {
					t.Errorf("where %d bytes could be reserved the stack can only grow to %d", most, s.Capacity())
				}
				if err := a.Resize(s, s.Capacity()); err != nil {
					t.Fatal(err)
				}
				*word(s.Lo), *word(s.Hi - 8) = 1, 1
				if !faults(s.Lo - 8) {
					t.Fatal("below the stack there is no guard")
				}
				stacks = append(stacks, s)
			}
			disjoint(t, stacks)
			for _, s := range stacks {
				a.Free(s)
			}
			idle(t, a)
		})
	}
	for _, most := range []uintptr{4096, 64 << 10} {
		k := watch(t)
		k.most = most
		a := NewArena(k)
		for _, size := range []int{512, 32 << 10, TallSize, 1 << 30} {
			var e *MemoryError
			if s, err := a.New(size, DefaultLimit); !errors.As(err, &e) || !errors.Is(err, unix.ENOMEM) || s.Hi != 0 {
				t.Errorf("New(%d) where %d bytes can be reserved: %v, %+v", size, most, err, s)
			}
		}
		if got := a.Stats(); got != (Stats{}) {
			t.Errorf("an arena that got nothing counts %+v", got)
		}
	}
}

// An arena uses up what address space there is, then says so, and can use it
// all again. Only slots that are large enough for it are aligned for huge
// pages, or most would go to waste.
func TestAllAddressSpace(t *testing.T) {
	const total = 64 << 20
	for _, test := range []struct{ size, limit, least int }{
		{512, DefaultLimit, total / 2 / 512},
		{32 << 10, DefaultLimit, total / 2 / (32 << 10)},
		{TallSize, TallSize, total / 4 / TallSize},
		{TallSize, DefaultLimit, 4}, // with large slots, as long as there are some
	} {
		t.Run(fmt.Sprintf("%d to %d", test.size, test.limit), func(t *testing.T) {
			k := watch(t)
			k.total = total
			a := NewArena(k)
			first := 0
			for round := range 3 {
				var stacks []*Stack
				for {
					s, err := a.New(test.size, test.limit)
					if err != nil {
						var e *MemoryError
						if !errors.As(err, &e) || !errors.Is(err, unix.ENOMEM) {
							t.Errorf("a %T: %v", err, err)
						}
						break
					}
					*word(s.Lo), *word(s.Hi - 8) = 1, 1
					stacks = append(stacks, s)
				}
				if round == 0 {
					first = len(stacks)
				}
				if len(stacks) != first || first < test.least {
					t.Errorf("round %d: %d stacks, %d in the first, at least %d expected", round, len(stacks), first, test.least)
				}
				disjoint(t, stacks)
				for _, s := range stacks {
					a.Free(s)
				}
				idle(t, a)
			}
		})
	}
}

// Several goroutines use one arena; each finds on its stacks what it wrote.
func TestConcurrentUse(t *testing.T) {
	for _, poison := range []bool{false, true} {
		a := NewArena(watch(t))
		a.Poison = poison
		var wg sync.WaitGroup
		for g := range uint64(8) {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(g, 4))
				var stacks []*Stack
				free := func(i int) {
					if s := stacks[i]; *word(s.Lo) != g || *word(s.Hi - 8) != g {
						t.Errorf("goroutine %d found the words of another", g)
					}
					a.Free(stacks[i])
					stacks = slices.Delete(stacks, i, i+1)
				}
				for range 300 {
					switch n := r.IntN(10); {
					case n < 5:
						size := smallSizes[r.IntN(len(smallSizes))]
						if n == 0 {
							size = TallSize
						}
						s, err := a.New(size, 1<<20)
						if err != nil {
							t.Error(err)
							return
						}
						*word(s.Lo), *word(s.Hi - 8) = g, g
						stacks = append(stacks, s)
					case n < 9 && len(stacks) > 0:
						i := r.IntN(len(stacks))
						if s := stacks[i]; s.Tall() {
							if err := a.Resize(s, TallSize<<r.IntN(4)); err != nil {
								t.Error(err)
							}
							*word(s.Lo) = g
							if !a.Contains(s.Lo) {
								t.Error("the arena does not know its own stack")
							}
						} else {
							free(i)
						}
					default:
						a.Stats()
						a.Release()
					}
				}
				for len(stacks) > 0 {
					free(0)
				}
			})
		}
		wg.Wait()
		idle(t, a)
	}
}

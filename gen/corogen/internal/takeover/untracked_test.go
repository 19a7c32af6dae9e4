package takeover

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"testing"
)

func architectures(t *testing.T, test func(t *testing.T, arch string, m machine)) {
	for arch, m := range map[string]machine{"amd64": amd64{}, "arm64": arm64{}} {
		t.Run(arch, func(t *testing.T) { test(t, arch, m) })
	}
}

// addresses are the functions with a problem of that kind.
func addresses(tk *takeover) map[string]bool {
	list := map[string]bool{}
	for _, p := range tk.problems {
		if p.Kind == ProblemAddress {
			list[p.Func] = true
		}
	}
	return list
}

func TestUntracked(t *testing.T) {
	architectures(t, func(t *testing.T, arch string, m machine) {
		in := compiled(t, arch, "untracked.go.txt")
		tk := newTakeover(in, m)
		if err := tk.read(); err != nil {
			t.Fatal(err)
		}
		refused := addresses(tk)
		for _, f := range in.Funcs {
			if want := strings.HasPrefix(f.Name, "bad"); refused[f.Symbol] != want {
				t.Errorf("%s: refused is %v, want %v: %v", f.Name, refused[f.Symbol], want, tk.problems)
			}
		}
	})
}

// Each pointer that is taken out of a map is missed, by the check alone: it does not ask
// another map.
func TestBrokenMaps(t *testing.T) {
	// The words of these are all used as addresses after the sites whose maps have them.
	functions := map[string][]string{
		"lowered.go.txt":   {"coroN0_walk", "coroN8_hold"},
		"untracked.go.txt": {"coroN9_index", "coroN10_small", "coroN11_chain", "coroN12_sum"},
	}
	architectures(t, func(t *testing.T, arch string, m machine) {
		for file, names := range functions {
			in := compiled(t, arch, file)
			for _, name := range names {
				total := 0
				for bit := 0; ; bit++ {
					tk := newTakeover(in, m)
					broken := clearBit(tk, in.PackagePath+"."+name, bit)
					if broken == "" {
						break
					}
					total++
					if err := tk.read(); err != nil {
						t.Fatal(err)
					}
					if !addresses(tk)[name] {
						t.Errorf("%s: without %s nothing was refused", name, broken)
					}
				}
				if total == 0 {
					t.Errorf("%s: its maps have no pointers", name)
				}
			}
		}
	})
}

// clearBit takes the n-th pointer of all maps of a function out, and says which that was.
func clearBit(tk *takeover, function string, n int) string {
	s := tk.list[function]
	for _, kind := range []int{funcdataLocals, funcdataArgs} {
		maps := tk.list[s.funcs[kind]]
		if maps == nil {
			continue
		}
		for i := 8; i < len(maps.data); i++ {
			set := bits.OnesCount8(maps.data[i])
			if n >= set {
				n -= set
				continue
			}
			fresh := *maps
			fresh.data = slices.Clone(maps.data)
			bit := 0
			for ; ; bit++ {
				if maps.data[i]>>bit&1 != 0 {
					if n == 0 {
						break
					}
					n--
				}
			}
			fresh.data[i] &^= 1 << bit
			name := fmt.Sprintf("%s without bit %d of byte %d", s.funcs[kind], bit, i)
			tk.list[name] = &fresh
			s.funcs[kind] = name
			return name
		}
	}
	return ""
}

func TestSums(t *testing.T) {
	for _, c := range []struct{ a, b, want holds }{
		{number, number, number}, {number, lost, lost}, {lost, lost, lost}, {address, lost, address},
		{address | lost, number, address | lost}, {number | lost, address, address},
		{address | frame, number, address | frame}, {number | address, number | lost, number | address | lost},
	} {
		if got := c.a.plus(c.b); got != c.want || c.b.plus(c.a) != c.want {
			t.Errorf("%b + %b is %b, want %b", c.a, c.b, got, c.want)
		}
	}
}

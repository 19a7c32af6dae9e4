//go:build linux && (amd64 || arm64) && !purego

package coro_test

import (
	"errors"
	"testing"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/stackcopy"
	"github.com/morestack/morestack/tests/bodies"
)

// A map that does not fit the code is refused.
func TestBadMaps(t *testing.T) {
	good := bodies.Natives[0].Entry
	for _, bad := range []struct {
		name   string
		change func(f *stackcopy.Func)
	}{
		{"site without marker", func(f *stackcopy.Func) { f.Sites = append(f.Sites, f.Sites[0]) }},
		{"marker without site", func(f *stackcopy.Func) { f.Sites = f.Sites[:1] }},
		{"another map for the same function", func(f *stackcopy.Func) { f.Sites[0].Pointers = []int{morestack.LocalOffset} }},
		{"slot outside", func(f *stackcopy.Func) {
			f.Entry++
			f.Sites[0].Offset, f.Sites[1].Offset = 1, 2
			f.Sites[0].Pointers = []int{1 << 20}
		}},
		{"entry in the middle", func(f *stackcopy.Func) { f.Entry += 4 }},
	} {
		f := good
		f.Sites = append([]stackcopy.Site(nil), good.Sites...)
		bad.change(&f)
		_, err := coro.NewBody[bodies.CounterArgs, int, none](coro.Native{Entry: f}, nil)
		var wrong *stackcopy.MapError
		if !errors.As(err, &wrong) || wrong.Func != "counter" {
			t.Errorf("%s: %v", bad.name, err)
		}
	}
	v := panicValue(func() { coro.MustBody[int, int, int](coro.Native{}, nil) })
	if v != coro.ErrNoBody {
		t.Errorf("MustBody without an entry: panic %v", v)
	}
}

//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"reflect"
	"strings"

	"github.com/morestack/morestack/internal/facts"
)

// reliance compares layouts and constants with what the code was made for.
func (c *Code) reliance() error {
	for _, l := range c.Layouts {
		got := facts.Layout(reflect.TypeOf(l.Of).Elem(), c.Package, l.Whole)
		if got == l.Want {
			continue
		}
		was, is := difference(l.Want, got)
		return c.bad("", "it relies on the layout of %s, which had %q and has %q", l.Name, was, is)
	}
	for _, k := range c.Constants {
		if got := facts.Constant(k.Got); got != k.Want {
			return c.bad("", "it relies on %s being %s, which is %s", k.Name, k.Want, got)
		}
	}
	return nil
}

// difference returns the first pieces of two descriptions that differ, behind their sizes
// unless only these do.
func difference(want, got string) (was, is string) {
	w, g := strings.Split(want, "; "), strings.Split(got, "; ")
	for i := 1; i < len(w) || i < len(g); i++ {
		was, is = "nothing more", "nothing more"
		if i < len(w) {
			was = w[i]
		}
		if i < len(g) {
			is = g[i]
		}
		if was != is {
			return was, is
		}
	}
	return w[0], g[0]
}

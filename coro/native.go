//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/stackcopy"
)

// native is the part of a Body that coroutines need.
type native struct {
	ready atomic.Pointer[prepared] // nil until the body is first used, or if its twin runs

	hand *prepared // of a body written by hand

	code    *Code // of a compiled body
	fn      string
	careful bool
}

// prepared is a body that can run.
type prepared struct {
	entry     uintptr
	attention uint32 // saving, careful
	exact     bool   // its maps are the compiler's: a slot holds a pointer or nil
	roots     bool   // it publishes its pointers
	outer     int    // bytes of its frame and, if it calls one function alone, of that
}

// maps are those of all bodies. They are replaced, never changed.
var (
	maps   atomic.Pointer[stackcopy.Maps]
	mapsMu sync.Mutex // held to replace
)

func init() {
	maps.Store(stackcopy.NewMaps(layout, morestack.DonePC(), morestack.BarrierPC()))
}

// written registers the maps of code, of which those without an offset are
// first matched with the markers in the machine code.
func (n *native) written(code Native, out, in reflect.Type) error {
	p := &prepared{entry: code.Entry.Entry}
	if p.entry == 0 {
		return ErrNoBody
	}
	if debug.exits {
		p.attention |= saving
	}
	if hasPointers(out) || hasPointers(in) {
		p.attention |= careful
	}
	mapsMu.Lock()
	defer mapsMu.Unlock()
	m := maps.Load()
	for _, f := range append([]stackcopy.Func{code.Entry}, code.Calls...) {
		f, err := locate(f)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(f.Sites, func(s stackcopy.Site) bool { return s.Kind == stackcopy.CallGo }) {
			p.attention |= saving
		}
		same := func(g stackcopy.Func) bool { return g.Entry == f.Entry }
		if i := slices.IndexFunc(m.Funcs(), same); i >= 0 {
			if !reflect.DeepEqual(m.Funcs()[i], f) {
				return &stackcopy.MapError{Func: f.Name, What: "the function has another map already"}
			}
			continue
		}
		if m, err = m.With(f); err != nil {
			return err
		}
	}
	maps.Store(m)
	n.hand = p
	return nil
}

// hasPointers reports whether values of type t hold what the collector follows.
func hasPointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return t.Len() > 0 && hasPointers(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if hasPointers(t.Field(i).Type) {
				return true
			}
		}
		return false
	}
	return t.Kind() > reflect.Complex128
}

// locate gives every site of f that has no offset that of its marker.
func locate(f stackcopy.Func) (stackcopy.Func, error) {
	if !slices.ContainsFunc(f.Sites, func(s stackcopy.Site) bool { return s.Offset == 0 }) {
		return f, nil
	}
	bad := func(format string, args ...any) (stackcopy.Func, error) {
		return f, &stackcopy.MapError{Func: f.Name, What: fmt.Sprintf(format, args...)}
	}
	end := codeEnd(f.Entry)
	if end == 0 {
		return bad("no function starts at its entry %#x", f.Entry)
	}
	code := unsafe.Slice(*(**byte)(unsafe.Pointer(&f.Entry)), end-f.Entry)
	f.Sites = slices.Clone(f.Sites)
	found := make([]bool, len(f.Sites))
	for offset := range code {
		i, ok := layout.Marker(code[offset:])
		switch {
		case !ok:
			continue
		case i >= len(f.Sites):
			return bad("the code has SITE(%d) at +%#x, the map only %d sites", i, offset, len(f.Sites))
		case found[i]:
			return bad("the code has SITE(%d) twice, the second at +%#x", i, offset)
		}
		found[i] = true
		f.Sites[i].Offset = offset
	}
	if i := slices.Index(found, false); i >= 0 {
		return bad("the map has %d sites, but there is no SITE(%d) in the code", len(f.Sites), i)
	}
	return f, nil
}

// codeEnd is one past the last byte of the function at entry, or 0.
func codeEnd(entry uintptr) uintptr {
	if fn := runtime.FuncForPC(entry); fn == nil || fn.Entry() != entry {
		return 0
	}
	const align = 16 // of functions, at least
	end := entry + align
	for {
		if fn := runtime.FuncForPC(end); fn == nil || fn.Entry() != entry {
			return end
		}
		end += align
	}
}

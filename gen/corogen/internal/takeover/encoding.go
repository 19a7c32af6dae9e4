package takeover

import (
	"bytes"
	"fmt"
	"slices"
)

// Assemblers of different releases may encode one instruction differently, or choose
// branches of other lengths. Maps and sums count bytes; so the final text leaves the
// assembler no choice.

// encoding is what the assembler has made of a text's instructions, by their number. Not
// in it are those that the linker completes, and those that move SP.
type encoding struct {
	codes map[int][]byte
	bytes func(code []byte) string
}

// encoded writes the text that has settled once more, with instructions as bytes, and
// makes sure that it assembles to the same.
func (t *takeover) encoded() ([]byte, error) {
	text := t.assembly(t.encoding())
	list, failed, err := t.assemble(text)
	switch {
	case err != nil:
		return nil, err
	case len(failed) > 0:
		return nil, fmt.Errorf("takeover: the assembler refuses bytes: %s", failed[0].text)
	}
	for _, f := range t.funcs {
		s := list[t.PackagePath+"."+f.Symbol]
		if s == nil || !bytes.Equal(s.data, f.shape.code) || !slices.Equal(completed(s.relocs), completed(f.shape.masks)) {
			return nil, fmt.Errorf("takeover: %s comes out differently when it is written as bytes", f.Symbol)
		}
	}
	return text, nil
}

// completed are the relocations that change bytes.
func completed(list []reloc) []reloc {
	return slices.DeleteFunc(slices.Clone(list), func(r reloc) bool { return r.size == 0 })
}

// encoding notes what has become of each line. Instructions that are in no line are the
// assembler's: the second half of a branch to a far label.
func (t *takeover) encoding() *encoding {
	e := &encoding{map[int][]byte{}, t.machine.bytes}
	number := map[int]int{}
	for k, line := range t.text.lines {
		number[line] = k + 1
	}
	for _, f := range t.funcs {
		n := 0
		for _, i := range t.assembled[t.PackagePath+"."+f.Symbol].instrs {
			if at, ok := number[i.line]; ok {
				n = at
			}
			e.codes[n] = append(e.codes[n], i.code...)
			if len(i.relocs) > 0 {
				t.text.stays[n] = true
			}
		}
	}
	for n := range t.text.stays {
		delete(e.codes, n)
	}
	return e
}

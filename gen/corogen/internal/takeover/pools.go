package takeover

import (
	"encoding/binary"
	"slices"
)

// arm64's assembler puts what has no room in an instruction, mostly offsets, into a
// literal pool: words behind the function, or in the middle of a large one behind a
// jump, which instructions load by their distance. Here each such load is replaced by
// instructions that make the constant, in the same register. They are used even where
// a pool of our own would do, so that code does not depend on where pools are.

// isPool reports whether the step is no instruction but a word of a pool, which the
// compiler's listing has among the instructions.
func (s *step) isPool() bool { return s.op == "WORD" || s.op == "DWORD" }

// withoutPools takes the pools out of f, and the loads from them. Of loads that it
// does not understand it leaves the distance.
func (f *function) withoutPools() {
	pool := map[int][]byte{}
	for _, s := range f.steps {
		if s.isPool() {
			pool[s.offset] = s.code
		}
	}
	f.steps = slices.DeleteFunc(f.steps, (*step).isPool)
	for _, s := range f.steps {
		if len(s.relocs) > 0 {
			continue
		}
		var code []byte
		loads := false
		for k := 0; k+4 <= len(s.code); k += 4 {
			made, ok := withoutLoad(s.code[k:k+4], s.offset+k, pool)
			code = append(code, made...)
			loads = loads || ok
		}
		if loads {
			s.code = code
			f.raw[s.offset] = true
		}
	}
}

// withoutLoad returns an instruction, or what makes the constant that it loads.
func withoutLoad(code []byte, at int, pool map[int][]byte) (made []byte, ok bool) {
	const movn, movz, movk, wide = 0x12800000, 0x52800000, 0x72800000, 1 << 31
	load := binary.LittleEndian.Uint32(code)
	if load&0x3f000000 != 0x18000000 { // LDR and LDRSW of an integer register, PRFM
		return code, false
	}
	literal := pool[at+int(int32(load<<8)>>13)*4]
	size := 4
	if load>>30 == 1 {
		size = 8
	}
	if load>>30 == 3 || len(literal) < size {
		return code, false
	}
	register := load & 31
	var value, skip uint64 // skip are the halfwords that the first instruction leaves
	halves := 4
	switch load >> 30 {
	case 0:
		value, halves = uint64(le32(literal)), 2
	case 1:
		value = binary.LittleEndian.Uint64(literal)
	case 2:
		value = uint64(int64(int32(le32(literal))))
	}
	first := uint32(movz)
	count := func(half uint64) (n int) {
		for k := range halves {
			if value>>(16*k)&0xffff == half {
				n++
			}
		}
		return n
	}
	if count(0xffff) > count(0) {
		first, skip = movn, 0xffff
	}
	width := uint32(0)
	if halves == 4 {
		width = wide
	}
	add := func(op uint32, k int, half uint64) {
		made = binary.LittleEndian.AppendUint32(made, op|width|uint32(k)<<21|uint32(half)<<5|register)
	}
	for k := range halves {
		half := value >> (16 * k) & 0xffff
		switch {
		case half == skip:
		case made == nil:
			add(first, k, half^skip)
		default:
			add(movk, k, half)
		}
	}
	if made == nil {
		add(first, 0, 0)
	}
	return made, true
}

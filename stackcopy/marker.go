package stackcopy

import "encoding/binary"

// Marker reports whether code starts with SITE(i) of the body headers, and
// which i. It gives a map an address that assembly cannot name; executing it
// does nothing, and no compiler emits it:
//
//	amd64: a 7-byte NOP whose displacement holds a signature and i
//	arm64: MOVZ $i, ZR
func (l Layout) Marker(code []byte) (i int, ok bool) {
	if l.Link {
		if len(code) < 4 {
			return 0, false
		}
		v := binary.LittleEndian.Uint32(code)
		return int(v >> 5 & 0xffff), v&^(0xffff<<5) == 0xd280001f
	}
	if len(code) < 7 || code[0] != 0x0f || code[1] != 0x1f || code[2] != 0x80 {
		return 0, false
	}
	v := binary.LittleEndian.Uint32(code[3:])
	return int(v & 0xffff), v>>16 == 0x7369
}

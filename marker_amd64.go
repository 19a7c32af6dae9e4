package morestack

import "encoding/binary"

// Marker reports whether code starts with SITE(i), and which i. The marker is
// a 7-byte NOP whose displacement holds a signature and i: it costs nothing, no
// compiler emits it, and it gives a map an address that assembly cannot name.
func Marker(code []byte) (i int, ok bool) {
	if len(code) < 7 || code[0] != 0x0f || code[1] != 0x1f || code[2] != 0x80 {
		return 0, false
	}
	v := binary.LittleEndian.Uint32(code[3:])
	return int(v & 0xffff), v>>16 == 0x7369
}

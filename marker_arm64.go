package morestack

import "encoding/binary"

// Marker reports whether code starts with SITE(i), and which i. The marker
// moves i to the zero register: it costs nothing and no compiler emits it.
func Marker(code []byte) (i int, ok bool) {
	if len(code) < 4 {
		return 0, false
	}
	v := binary.LittleEndian.Uint32(code)
	return int(v >> 5 & 0xffff), v&^(0xffff<<5) == 0xd280001f
}

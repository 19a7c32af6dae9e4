package generate

import (
	"fmt"
	"strings"
)

// kind is a kind of type.
type kind int

const (
	integer kind = iota
	float
	complexNumber
	boolean
	text
	array
	slice
	structure
	pointer
	mapping
	anything // the interface any
)

// typ is a type of the generated program.
type typ struct {
	kind   kind
	name   string // as written
	bits   int    // of numbers
	signed bool
	elem   *typ // of arrays, slices, pointers and maps
	key    *typ
	len    int // of arrays
	fields []field
}

type field struct {
	name string
	t    *typ
}

func (t *typ) String() string { return t.name }

// number reports whether t has arithmetic and a conversion from uint64.
func (t *typ) number() bool { return t.kind == integer || t.kind == float }

// scalar reports whether t has no parts.
func (t *typ) scalar() bool { return t.kind <= text }

// comparable reports whether values of t can be compared without a panic.
func (t *typ) comparable() bool {
	switch t.kind {
	case slice, mapping, anything:
		return false
	case array:
		return t.elem.comparable()
	case structure:
		for _, f := range t.fields {
			if !f.t.comparable() {
				return false
			}
		}
	}
	return true
}

// hasAddress reports whether values of t hold pointers that == would compare:
// their order of allocation is not part of a program's meaning, and two of them
// may be equal or not.
func (t *typ) hasAddress() bool {
	switch t.kind {
	case pointer, mapping, slice, anything:
		return true
	case array:
		return t.elem.hasAddress()
	case structure:
		for _, f := range t.fields {
			if f.t.hasAddress() {
				return true
			}
		}
	}
	return false
}

// size is the number of scalars in t, more or less.
func (t *typ) size() int {
	switch t.kind {
	case array:
		return t.len * t.elem.size()
	case structure:
		n := 0
		for _, f := range t.fields {
			n += f.t.size()
		}
		return n
	}
	return 1
}

// Types that every program may use.
var (
	uint64Type = &typ{kind: integer, name: "uint64", bits: 64}
	intType    = &typ{kind: integer, name: "int", bits: 64, signed: true}
	boolType   = &typ{kind: boolean, name: "bool"}
	stringType = &typ{kind: text, name: "string"}
	floatType  = &typ{kind: float, name: "float64", bits: 64}
	byteType   = &typ{kind: integer, name: "uint8", bits: 8}
	anyType    = &typ{kind: anything, name: "any"}
	bytesType  = sliceOf(byteType)

	integers = []*typ{
		intType, uint64Type, byteType,
		{kind: integer, name: "int8", bits: 8, signed: true},
		{kind: integer, name: "int16", bits: 16, signed: true},
		{kind: integer, name: "int32", bits: 32, signed: true},
		{kind: integer, name: "int64", bits: 64, signed: true},
		{kind: integer, name: "uint16", bits: 16},
		{kind: integer, name: "uint32", bits: 32},
		{kind: integer, name: "uint", bits: 64},
		{kind: integer, name: "uintptr", bits: 64},
	}
	words = []*typ{ // of 4 bytes
		{kind: integer, name: "uint32", bits: 32},
		{kind: integer, name: "int32", bits: 32, signed: true},
		{kind: float, name: "float32", bits: 32},
	}
	floats    = []*typ{floatType, {kind: float, name: "float32", bits: 32}}
	complexes = []*typ{{kind: complexNumber, name: "complex128", bits: 128}, {kind: complexNumber, name: "complex64", bits: 64}}
)

func sliceOf(t *typ) *typ   { return &typ{kind: slice, name: "[]" + t.name, elem: t} }
func pointerTo(t *typ) *typ { return &typ{kind: pointer, name: "*" + t.name, elem: t} }
func arrayOf(n int, t *typ) *typ {
	return &typ{kind: array, name: fmt.Sprintf("[%d]%s", n, t.name), elem: t, len: n}
}
func mapOf(k, v *typ) *typ {
	return &typ{kind: mapping, name: fmt.Sprintf("map[%s]%s", k.name, v.name), key: k, elem: v}
}

// same reports whether a and b are the same type: names are types here.
func same(a, b *typ) bool { return a.name == b.name }

// basic is a type without parts.
func (p *program) basic() *typ {
	switch n := p.intn(20); {
	case n < 11:
		return integers[p.intn(len(integers))]
	case n < 14:
		return floats[p.intn(len(floats))]
	case n < 15:
		return complexes[p.intn(len(complexes))]
	case n < 17:
		return boolType
	default:
		return stringType
	}
}

// anyType is a type of any kind, of the program's pool most of the time.
func (p *program) anyType() *typ {
	if len(p.pool) > 0 && p.chance(55) {
		return p.pool[p.intn(len(p.pool))]
	}
	return p.basic()
}

// makeTypes fills the pool with composed types, and declares structs.
func (p *program) makeTypes() {
	for range 3 + p.intn(4) {
		var t *typ
		switch p.intn(9) {
		case 0, 1, 2, 3:
			t = p.declareStruct()
		case 4:
			t = arrayOf(1+p.intn(6), p.small())
		case 5, 6:
			t = sliceOf(p.small())
		case 7:
			t = pointerTo(p.small())
		case 8:
			t = mapOf([]*typ{intType, stringType, byteType}[p.intn(3)], p.small())
		}
		p.pool = append(p.pool, t)
	}
	if p.chance(40) {
		p.pool = append(p.pool, anyType)
	}
	for range p.intn(3) {
		row := p.declareRow()
		p.pool = append(p.pool, row, []*typ{sliceOf(row), sliceOf(row), arrayOf(1+p.intn(4), row), pointerTo(arrayOf(1+p.intn(4), row))}[p.intn(4)])
	}
}

// small is a type that does not make what contains it large.
func (p *program) small() *typ {
	if t := p.anyType(); t.size() <= 8 {
		return t
	}
	return p.basic()
}

// declareStruct declares a struct type; every other one is a list.
func (p *program) declareStruct() *typ {
	t := &typ{kind: structure, name: fmt.Sprintf("%sT%d", p.name, len(p.structs))}
	p.structs = append(p.structs, t)
	for i := range 1 + p.intn(5) {
		t.fields = append(t.fields, field{fmt.Sprintf("f%d", i), p.small()})
	}
	if p.chance(50) {
		t.fields = append(t.fields, field{"next", pointerTo(t)})
	}
	p.declareFields(t)
	return t
}

// rowSizes are sizes of structs, in bytes. With pointers they are multiples of 8.
var rowSizes = []struct {
	bytes    int
	pointers bool
}{{12, false}, {16, false}, {24, false}, {40, false}, {100, false}, {16, true}, {24, true}, {40, true}, {104, true}}

// declareRow declares a struct of one of these sizes.
func (p *program) declareRow() *typ {
	t := &typ{kind: structure, name: fmt.Sprintf("%sT%d", p.name, len(p.structs))}
	p.structs = append(p.structs, t)
	p.rows = append(p.rows, t)
	size := rowSizes[p.intn(len(rowSizes))]
	left := size.bytes
	add := func(f *typ, bytes int) {
		t.fields = append(t.fields, field{fmt.Sprintf("f%d", len(t.fields)), f})
		left -= bytes
	}
	if size.pointers {
		for ok := true; ok; ok = left > 0 && p.chance(40) {
			switch n := p.intn(4); {
			case n == 0 && left >= 24:
				add(bytesType, 24)
			case n == 1 && left >= 16:
				add(anyType, 16)
			case n < 3 && left >= 16:
				add(stringType, 16)
			default:
				add(pointerTo(p.basic()), 8)
			}
		}
	}
	for left%8 == 0 && left > 0 && p.chance(70) {
		add([]*typ{intType, uint64Type, floatType}[p.intn(3)], 8)
	}
	if left > 16 {
		n := 1 + p.intn(left/4)
		add(arrayOf(n, words[0]), 4*n)
	}
	for left > 0 {
		add(words[p.intn(len(words))], 4)
	}
	p.declareFields(t)
	return t
}

// declareFields declares a struct type.
func (p *program) declareFields(t *typ) {
	var b strings.Builder
	for _, f := range t.fields {
		fmt.Fprintf(&b, "%s %s\n", f.name, f.t)
	}
	p.declare("type %s struct {\n%s}\n", t.name, b.String())
}

// mixed is an expression that mixes value, of type t, into the checksum h.
func (p *program) mixed(t *typ, h, value string, n any) string {
	// All numbers of a kind have one function.
	switch t.kind {
	case integer:
		t, value = uint64Type, convert(t, uint64Type, value)
	case float:
		t, value = floatType, convert(t, floatType, value)
	case complexNumber:
		t, value = complexes[0], convert(t, complexes[0], value)
	}
	return fmt.Sprintf("%s(%s, %s, %v)", p.hash(t), h, value, n)
}

func convert(from, to *typ, value string) string {
	if same(from, to) {
		return value
	}
	return to.name + "(" + value + ")"
}

// hash is the name of the function that mixes a value of type t into a checksum,
// which is declared when it is first asked for.
func (p *program) hash(t *typ) string {
	name, ok := p.hashes[t.name]
	if ok {
		return name
	}
	name = fmt.Sprintf("%sHash%d", p.name, len(p.hashes))
	p.hashes[t.name] = name
	var b strings.Builder
	part := func(t *typ, value string) string {
		return "h = " + p.mixed(t, "h", value, "n") + "\n"
	}
	switch t.kind {
	case integer:
		b.WriteString("h = (h ^ v) * 0x9e3779b97f4a7c15\nh ^= h >> 29\n")
	case float:
		b.WriteString("if v != v {\nreturn h*31 + 7\n}\n" + part(uint64Type, "math.Float64bits(v)"))
	case complexNumber:
		b.WriteString(part(floatType, "real(v)") + part(floatType, "imag(v)"))
	case boolean:
		b.WriteString("if v {\nreturn h*33 + 1\n}\nh = h*33 + 2\n")
	case text:
		b.WriteString("h = h*31 + uint64(len(v))\nfor i := 0; i < len(v); i++ {\nh = h*131 + uint64(v[i])\n}\n")
	case array:
		b.WriteString("for i := range v {\n" + part(t.elem, "v[i]") + "}\n")
	case slice:
		b.WriteString("h = h*31 + uint64(len(v))\nfor _, e := range v {\n" + part(t.elem, "e") + "}\n")
	case structure:
		for _, f := range t.fields {
			b.WriteString(part(f.t, "v."+f.name))
		}
	case pointer:
		b.WriteString("if v == nil || n == 0 {\nreturn h*37 + 3\n}\nn--\n" + part(t.elem, "*v"))
	case mapping:
		// The order of a map is not defined: a sum is the same in any.
		fmt.Fprintf(&b, "s := uint64(len(v))\nfor k, e := range v {\ns += %s\n}\nh = h*31 + s\n", p.mixed(t.elem, p.mixed(t.key, "h", "k", "n"), "e", "n"))
	case anything:
		b.WriteString("switch v := v.(type) {\ncase nil:\nh = h*41 + 1\n")
		for _, t := range p.boxed {
			fmt.Fprintf(&b, "case %s:\n%s", t, part(t, "v"))
		}
		b.WriteString("default:\nh = h*41 + 2\n}\n")
	}
	p.function("func %s(h uint64, v %s, n int) uint64 {\n%sreturn h\n}\n", name, t, b.String())
	return name
}

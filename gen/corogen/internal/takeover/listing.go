package takeover

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// listing is what the compiler or the assembler prints with -S: the symbols of
// one package by name.
type listing map[string]*symbol

// symbol is a function or a piece of data.
type symbol struct {
	name   string
	kind   string // STEXT, SRODATA, ...
	size   int
	frame  int // of a function: what TEXT says
	instrs []*instr
	data   []byte
	relocs []reloc
	funcs  map[int]string // FUNCDATA symbols by index
}

type reloc struct {
	offset, size int
	typ, sym     string
	add          int
}

// instr is one machine instruction.
type instr struct {
	offset, end int
	file        string
	line        int
	op, args    string
	code        []byte
	relocs      []reloc
	stackMap    int // PCDATA 1 in force
	bounds      int // PCDATA 4 in force
}

var (
	sizeAttr  = regexp.MustCompile(`(?:^| )size=(\d+)`)
	frameAttr = regexp.MustCompile(`\$(-?\d+)(?:-(\d+))?$`)
)

// PCDATA and FUNCDATA indices of package runtime that matter here.
const (
	pcdataStackMap = 1
	pcdataBounds   = 4

	funcdataArgs    = 0
	funcdataLocals  = 1
	funcdataObjects = 2
)

// parse reads a listing, of functions only those that are wanted. What it does
// not understand it leaves out: whoever misses it reports that.
func parse(text []byte, wanted func(function string) bool) listing {
	l := listing{}
	var s *symbol
	for raw := range bytes.Lines(text) {
		raw = bytes.TrimSuffix(raw, []byte("\n"))
		if len(raw) == 0 || raw[0] != '\t' {
			s = nil
			if name, kind, attrs, ok := head(string(raw)); ok && (kind != "STEXT" || wanted(name)) {
				s = &symbol{name: name, kind: kind, funcs: map[int]string{}}
				if a := sizeAttr.FindStringSubmatch(attrs); a != nil {
					s.size, _ = strconv.Atoi(a[1])
				}
				if _, twice := l[s.name]; !twice {
					l[s.name] = s
				}
			}
			continue
		}
		if s == nil {
			continue
		}
		line := string(raw)
		if i := newInstr(line); i != nil {
			s.instrs = append(s.instrs, i)
		} else if strings.HasPrefix(line, "\t0x") {
			s.data = append(s.data, dumped(line)...)
		} else if r, ok := newReloc(line); ok {
			s.relocs = append(s.relocs, r)
		}
	}
	for _, s := range l {
		if s.kind == "STEXT" {
			s.finish()
		} else if n := s.size - len(s.data); n > 0 {
			s.data = append(s.data, make([]byte, n)...) // zeros at the end are not printed
		}
	}
	return l
}

// head reads "name STEXT attributes". The name may have spaces.
func head(line string) (name, kind, attrs string, ok bool) {
	for _, kind := range [...]string{"STEXT", "SRODATA", "SNOPTRDATA", "SDATA", "SBSS", "SNOPTRBSS", "SPCDATA"} {
		if name, attrs, ok := strings.Cut(line, " "+kind+" "); ok && name != "" {
			return name, kind, attrs, true
		}
	}
	return "", "", "", false
}

// newReloc reads "rel 33+4 t=R_CALL name+0", after a tab. The name may have
// spaces.
func newReloc(line string) (r reloc, ok bool) {
	rest, ok := strings.CutPrefix(line, "\trel ")
	if !ok {
		return r, false
	}
	where, rest, _ := strings.Cut(rest, " t=")
	offset, size, _ := strings.Cut(where, "+")
	r.offset, _ = strconv.Atoi(offset)
	r.size, _ = strconv.Atoi(size)
	r.typ, rest, _ = strings.Cut(rest, " ")
	plus := strings.LastIndexByte(rest, '+')
	if plus < 0 {
		return r, false
	}
	r.sym = rest[:plus]
	r.add, _ = strconv.Atoi(rest[plus+1:])
	return r, true
}

// newInstr reads "0x0013 00019 (file.go:11)	MOVQ	AX, BX", after a tab. It
// returns nil for anything else.
func newInstr(line string) *instr {
	rest, ok := strings.CutPrefix(line, "\t0x")
	if !ok {
		return nil
	}
	hexOffset, rest, _ := strings.Cut(rest, " ")
	decimal, rest, _ := strings.Cut(rest, " ")
	position, rest, ok := strings.Cut(rest, ")\t")
	if len(decimal) < 5 || !ok || !strings.HasPrefix(position, "(") {
		return nil
	}
	offset, err := strconv.ParseInt(hexOffset, 16, 64)
	if err != nil {
		return nil
	}
	i := &instr{offset: int(offset)}
	i.op, i.args, _ = strings.Cut(rest, "\t")
	i.args = strings.TrimSpace(i.args)
	// What line directives say comes first, where the text is in brackets.
	position, _, _ = strings.Cut(position[1:], "[")
	if colon := strings.LastIndexByte(position, ':'); colon >= 0 {
		i.file = position[:colon]
		i.line, _ = strconv.Atoi(position[colon+1:])
	}
	return i
}

// dumped reads "0x0000 49 3b 66 10  I;f.", after a tab: at most 16 bytes.
func dumped(line string) []byte {
	_, rest, _ := strings.Cut(line[1:], " ")
	var b []byte
	for len(rest) >= 3 && rest[2] == ' ' && len(b) < 16 {
		v, err := strconv.ParseUint(rest[:2], 16, 8)
		if err != nil {
			break
		}
		b = append(b, byte(v))
		rest = rest[3:]
	}
	return b
}

// finish takes the pseudo-instructions out of a function and gives each
// instruction its bytes and relocations.
func (s *symbol) finish() {
	stackMap, bounds := -1, 0
	var real []*instr
	for _, i := range s.instrs {
		first, rest, _ := strings.Cut(i.args, ",")
		n, _ := strconv.Atoi(strings.Trim(first, "$ "))
		switch i.op {
		case "TEXT":
			if m := frameAttr.FindStringSubmatch(i.args); m != nil {
				s.frame, _ = strconv.Atoi(m[1])
			}
		case "PCDATA":
			v, _ := strconv.Atoi(strings.Trim(rest, "$ "))
			switch n {
			case pcdataStackMap:
				stackMap = v
			case pcdataBounds:
				bounds = v
			}
		case "FUNCDATA":
			s.funcs[n] = strings.TrimSuffix(strings.TrimSpace(rest), "(SB)")
		default:
			i.stackMap, i.bounds = stackMap, bounds
			real = append(real, i)
		}
	}
	s.instrs = s.instrs[:0]
	next := len(s.data)
	if s.size > 0 && s.size < next {
		next = s.size
	}
	for k := len(real) - 1; k >= 0; k-- {
		i := real[k]
		// Of several at one offset only the last has bytes.
		if i.offset >= next {
			continue
		}
		i.end = next
		i.code = s.data[i.offset:i.end]
		next = i.offset
		s.instrs = append(s.instrs, i)
	}
	slices.Reverse(s.instrs)
	k := 0
	slices.SortStableFunc(s.relocs, func(a, b reloc) int { return cmp.Compare(a.offset, b.offset) })
	for _, r := range s.relocs {
		for k < len(s.instrs) && s.instrs[k].end <= r.offset {
			k++
		}
		if k < len(s.instrs) && r.offset >= s.instrs[k].offset && r.typ != "R_CALLIND" {
			s.instrs[k].relocs = append(s.instrs[k].relocs, r)
		}
	}
}

// bitmaps are the stack maps of a function: bit b of map i tells whether word b
// holds a pointer.
type bitmaps struct {
	bits int
	data []byte
	n    int
}

// bitmaps reads a stackmap of package runtime: two 32-bit counts and the bits.
func (l listing) bitmaps(name string) bitmaps {
	s := l[name]
	if s == nil || len(s.data) < 8 {
		return bitmaps{}
	}
	return bitmaps{n: int(le32(s.data)), bits: int(le32(s.data[4:])), data: s.data[8:]}
}

// words lists the pointer words of map i.
func (m bitmaps) words(i int) (words []int) {
	if i < 0 || i >= m.n {
		return nil
	}
	row := m.data[i*((m.bits+7)/8):]
	for b := range m.bits {
		if row[b/8]>>(b%8)&1 != 0 {
			words = append(words, b)
		}
	}
	return words
}

// object is a stack object: a variable whose address is taken.
type object struct {
	offset   int // from the end of the locals (negative) or the start of the arguments
	size     int
	pointers []int // byte offsets
}

// objects reads the stack object records of a function: a count, then 16 bytes
// each with offset, size, bytes up to the last pointer, and a relocated offset
// of the pointer bitmap.
func (l listing) objects(name string) (objects []object) {
	s := l[name]
	if s == nil || len(s.data) < 8 {
		return nil
	}
	for k := range int(le32(s.data)) {
		record := s.data[8+16*k:]
		o := object{offset: int(int32(le32(record))), size: int(le32(record[4:]))}
		pointerWords := int(le32(record[8:])) / word
		for _, r := range s.relocs {
			if r.offset != 8+16*k+12 || l[r.sym] == nil {
				continue
			}
			for w := range pointerWords {
				if l[r.sym].data[w/8]>>(w%8)&1 != 0 {
					o.pointers = append(o.pointers, w*word)
				}
			}
		}
		objects = append(objects, o)
	}
	return objects
}

func le32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

const word = 8

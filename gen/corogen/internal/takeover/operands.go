package takeover

import (
	"regexp"
	"strconv"
	"strings"
)

// stackOperand is a use of the frame by an instruction.
type stackOperand struct {
	offset  int // from SP
	size    int // in bytes, at most
	written bool
	address bool // where it is is used, too: others than this word may be written
	taken   bool // the address is what the instruction yields
	name    string
}

// operands splits what follows a mnemonic at its outer commas.
func operands(args string) (list []string) {
	depth, start := 0, 0
	quoted := false
	for i := 0; i < len(args); i++ {
		switch c := args[i]; {
		case quoted:
			if c == '\\' {
				i++
			} else if c == '"' {
				quoted = false
			}
		case c == '"':
			quoted = true
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case c == ',' && depth == 0:
			list = append(list, strings.TrimSpace(args[start:i]))
			start = i + 1
		}
	}
	if rest := strings.TrimSpace(args[start:]); rest != "" {
		list = append(list, rest)
	}
	return list
}

// frameRef matches a reference to the frame: perhaps $, perhaps a name, perhaps
// an offset, a base and perhaps an index.
var frameRef = regexp.MustCompile(`^(\$?)(?:([^\s,()$+\-\d][^\s,()$]*?)([+-]\d+)?|([+-]?\d+))?\((SP|FP|RSP)\)(\(.*\))?$`)

type frameUse struct {
	address     bool
	name        string
	offset      int
	base, index string
}

func parseFrameUse(operand string) (u frameUse, ok bool) {
	m := frameRef.FindStringSubmatch(operand)
	if m == nil {
		return u, false
	}
	u = frameUse{address: m[1] == "$", name: m[2], base: m[5], index: m[6]}
	u.offset, _ = strconv.Atoi(m[3] + m[4])
	return u, true
}

// sizeOf is how many bytes an instruction writes to memory, at most.
func sizeOf(op string) int {
	switch op {
	case "MOVQ", "MOVL", "MOVW", "MOVB", "MOVD", "MOVH", "MOVSD", "MOVSS", "FMOVD", "FMOVS":
		return word
	case "MOVUPS", "STP", "FSTPD", "MOVOU":
		return 2 * word
	}
	return 8 * word
}

// uses finds what an instruction does with the frame. offset turns the
// listing's offsets into ones from SP.
func uses(i *instr, offset func(frameUse) int, addressOp bool) (list []stackOperand) {
	all := operands(i.args)
	for k, text := range all {
		u, ok := parseFrameUse(text)
		if !ok {
			continue
		}
		last := k == len(all)-1
		both := strings.HasPrefix(i.op, "XCHG") || strings.HasPrefix(i.op, "XADD") || strings.HasPrefix(i.op, "CMPXCHG")
		list = append(list, stackOperand{
			offset: offset(u), size: sizeOf(i.op), name: u.name,
			written: last || both,
			address: u.address || u.index != "" || addressOp && k == 0,
			taken:   u.address || addressOp && k == 0,
		})
	}
	return list
}

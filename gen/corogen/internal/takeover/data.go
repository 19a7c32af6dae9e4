package takeover

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// data is what the functions of a file refer to besides code: constants, which
// become file-local copies, and tables of addresses.
type data struct {
	names  map[string]string // by the compiler's symbol
	text   strings.Builder
	tables map[string]int // slots of the address table, by symbol
	slots  []string
}

// reference names in assembly what sym names for the compiler.
func (t *takeover) reference(sym string) (string, bool) {
	if name, ok := t.data.names[sym]; ok {
		return name, true
	}
	var name string
	switch {
	case strings.HasPrefix(sym, "$"), strings.HasPrefix(sym, "go:string."):
		kind := "Const"
		if sym[0] == 'g' {
			kind = "String"
		}
		name = fmt.Sprintf("coro%s%d<>", kind, len(t.data.names))
		if !t.constant(name, sym) {
			return "", false
		}
	case sym == "runtime.zerobase":
		name = strings.TrimSuffix(coroVar("rtZeroBase"), "(SB)")
	case strings.HasPrefix(sym, t.PackagePath+".."):
		s := t.list[sym]
		if !strings.Contains(sym, "..stmp_") || s == nil || s.kind != "SRODATA" {
			return "", false
		}
		name = fmt.Sprintf("coroStatic%d<>", len(t.data.names))
		if !t.constant(name, sym) {
			return "", false
		}
	case strings.HasPrefix(sym, t.PackagePath+"."):
		own := strings.TrimPrefix(sym, t.PackagePath+".")
		if !identifier(own) || t.bySymbol[own] != nil {
			return "", false
		}
		name = "·" + own
	default:
		return "", false
	}
	if t.data.names == nil {
		t.data.names = map[string]string{}
	}
	t.data.names[sym] = name
	return name, true
}

// constant defines name as a copy of read-only data.
func (t *takeover) constant(name, sym string) bool {
	s := t.list[sym]
	if s == nil {
		return false
	}
	content := append([]byte(nil), s.data...)
	for len(content) < s.size {
		content = append(content, 0)
	}
	addresses := map[int]string{}
	for _, r := range s.relocs {
		target, ok := t.reference(r.sym)
		if !ok || r.size != word {
			return false
		}
		addresses[r.offset] = fmt.Sprintf("$%s+%d(SB)", target, r.add)
	}
	w := &t.data.text
	fmt.Fprintf(w, "\n// %s\n", printable(sym))
	for k := 0; k < len(content); {
		if a, ok := addresses[k]; ok {
			fmt.Fprintf(w, "DATA %s+%d(SB)/8, %s\n", name, k, a)
			k += word
			continue
		}
		n := 8
		for n > len(content)-k || k%n != 0 {
			n /= 2
		}
		for at := range addresses {
			for k < at && at < k+n {
				n /= 2
			}
		}
		var b [8]byte
		copy(b[:], content[k:k+n])
		fmt.Fprintf(w, "DATA %s+%d(SB)/%d, $%#x\n", name, k, n, binary.LittleEndian.Uint64(b[:]))
		k += n
	}
	flags := "RODATA|NOPTR"
	if len(addresses) > 0 {
		flags = "RODATA"
	}
	fmt.Fprintf(w, "GLOBL %s(SB), %s, $%d\n", name, flags, max(len(content), 1))
	return true
}

// slot is the assembly name of a word that holds the address of code: calls go
// through it because the linker counts direct ones. Each word is a symbol, since
// an indirect call cannot have an offset.
func (t *takeover) slot(symbol string) string {
	if t.data.tables == nil {
		t.data.tables = map[string]int{}
	}
	i, ok := t.data.tables[symbol]
	if !ok {
		i = len(t.data.slots)
		t.data.tables[symbol] = i
		t.data.slots = append(t.data.slots, symbol)
	}
	return fmt.Sprintf("coroAt%d<>(SB)", i)
}

// routine names a routine of the machine layer. None of those that are named
// directly needs stack, so the linker may count.
func routine(name string) string { return "github·com∕morestack∕morestack·" + name + "(SB)" }

// coroVar names a variable of package coro.
func coroVar(name string) string {
	return "github·com∕morestack∕morestack∕coro·" + name + "(SB)"
}

// writeData appends constants and tables to the text.
func (t *takeover) writeData(w *writer) {
	w.plain("%s", t.data.text.String())
	for i, symbol := range t.data.slots {
		w.plain("DATA coroAt%d<>+0(SB)/8, $%s(SB)\nGLOBL coroAt%d<>(SB), RODATA, $8\n", i, symbol, i)
	}
	for _, f := range t.funcs {
		for _, s := range f.steps {
			if s.action == jumpTable {
				targets := f.tableTargets(t, s)
				for i, target := range targets {
					offset := 0
					if f.shape != nil {
						offset = f.shape.label[target]
					}
					w.plain("DATA %s+%d(SB)/8, $·%s+%d(SB)\n", f.tableName(s), i*word, f.Symbol, offset)
				}
				w.plain("GLOBL %s(SB), RODATA, $%d\n", f.tableName(s), len(targets)*word)
			}
		}
	}
	for i, f := range t.funcs {
		w.plain("DATA coroEntry<>+%d(SB)/8, $·%s(SB)\n", i*word, f.Symbol)
	}
	w.plain("GLOBL coroEntry<>(SB), RODATA, $%d\n\n", len(t.funcs)*word)
}

// tableTargets are the offsets that a jump table leads to.
func (f *function) tableTargets(t *takeover, s *step) (targets []int) {
	table := t.list[s.symbol]
	if table == nil {
		return nil
	}
	for _, r := range table.relocs {
		targets = append(targets, r.add)
	}
	return targets
}

func (f *function) tableName(s *step) string {
	return fmt.Sprintf("coroJump_%s_%d<>", f.Symbol, s.offset)
}

func identifier(s string) bool {
	for i, r := range s {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9' || i == 0) && r < 0x80 {
			return false
		}
	}
	return s != ""
}

// printable makes a comment of a symbol, on one line.
func printable(sym string) string {
	sym = strings.ReplaceAll(strings.ReplaceAll(sym, "\n", " "), "\r", " ")
	if len(sym) > 80 {
		sym = sym[:80] + "..."
	}
	return strings.ToValidUTF8(sym, "?")
}

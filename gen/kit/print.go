// Package kit helps Avo programs that write machine code for morestack: the
// machine layer itself, and bodies written by hand.
//
// A body written with it looks like
//
//	ctx := build.NewContext()
//	ctx.Package("example.com/me/bodies")
//	kit.Address(ctx, "triangleAddress", "triangle")
//	b := kit.NewBody(ctx, "triangle", 16) // TEXT, prologue, 16 bytes of locals
//	...                                   // ordinary Avo instructions
//	b.Yield()                             // AX goes out, the answer comes in AX
//	b.ReturnYielding()
//	b.Grow(reg.RAX)                       // where the prologue goes if it must
//	err := kit.Write(ctx, "triangle_amd64.s", "avo", kit.Includes, nil)
//
// tests/bodies/avo is a whole program, and the map of its body is in
// tests/bodies/maps.go.
package kit

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"
)

// Control is the register that holds *morestack.Control while native code runs.
var Control = reg.R14

// Field is a field of the Control, by the name that go_asm.h or the body
// headers define for its offset.
func Field(name string) operand.Mem { return FieldOf("Control", name, Control) }

// FieldOf is a field of the named struct at base.
func FieldOf(structure, name string, base reg.Register) operand.Mem {
	return operand.Mem{Symbol: operand.Symbol{Name: structure + "_" + name}, Base: base}
}

// Text is an operand printed as it stands, for what Avo has no operand for.
type Text string

// Asm returns the text.
func (t Text) Asm() string { return string(t) }

var named = regexp.MustCompile(`(\w)\+0\((R\d|AX)`)

// Raw adds an instruction that Avo does not know or refuses.
func Raw(ctx *build.Context, opcode string, operands ...string) {
	i := &ir.Instruction{Opcode: opcode}
	for _, o := range operands {
		i.Operands = append(i.Operands, Text(o))
	}
	ctx.Instruction(i)
}

// Write prints the assembly of ctx to the file at path, with the includes, with
// command named in the generated-code warning, and with head, lines of comment
// or nil, under that. A failed run leaves an existing file as it was.
//
// No register allocation takes place: the program names physical registers.
func Write(ctx *build.Context, path, command string, includes []string, head []byte) error {
	file, err := ctx.Result()
	if err != nil {
		return err
	}
	file.Includes = includes
	text, err := printer.NewGoAsm(printer.Config{Name: command}).Print(file)
	if err != nil {
		return err
	}
	// Avo prints a named offset as name+0(register).
	text = named.ReplaceAll(text, []byte("$1($2"))
	text = bytes.ReplaceAll(text, []byte("\t// \n"), []byte("\t//\n"))
	if len(head) > 0 {
		warning, rest, _ := bytes.Cut(text, []byte("\n"))
		text = bytes.Join([][]byte{warning, nil, head, rest}, []byte("\n"))
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".kit-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	if _, err := temporary.Write(text); err != nil {
		temporary.Close()
		return err
	}
	if err := temporary.Chmod(0o644); err != nil {
		temporary.Close()
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}

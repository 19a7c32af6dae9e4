package main

import (
	"strings"

	"github.com/mmcloughlin/avo/attr"

	"github.com/morestack/morestack/gen/kit"
)

// memory writes the leaf routines that stand in for the runtime's. Called; they
// use no stack but their return address. Every register is lost but SP, BP, R14
// and X15, which is zero. Aligned words are written whole, since the garbage
// collector may look at them meanwhile.
func memory() {
	function("memequal", attr.NOFRAME, "In: AX, BX = addresses, CX = size. Out: AX = 1 if the bytes are equal, else 0.")
	text(`
		CMPQ AX, BX
		JEQ  equal
		CMPQ CX, $16
		JB   small
		LEAQ -16(AX)(CX*1), SI // the last 16 bytes, which may overlap others
		LEAQ -16(BX)(CX*1), DI
	loop:
		CMPQ AX, SI
		JAE  tail
		MOVOU (AX), X0
		MOVOU (BX), X1
		PCMPEQB X1, X0
		PMOVMSKB X0, DX
		CMPL DX, $0xffff
		JNE  different
		ADDQ $16, AX
		ADDQ $16, BX
		JMP  loop
	tail:
		MOVOU (SI), X0
		MOVOU (DI), X1
		PCMPEQB X1, X0
		PMOVMSKB X0, DX
		CMPL DX, $0xffff
		JMP  result
	small:
		CMPQ CX, $8
		JB   few
		MOVQ (AX), R8
		CMPQ R8, (BX)
		JNE  different
		MOVQ -8(AX)(CX*1), R8
		CMPQ R8, -8(BX)(CX*1)
		JMP  result
	few:
		CMPQ CX, $4
		JB   bytes
		MOVL (AX), R8
		CMPL R8, (BX)
		JNE  different
		MOVL -4(AX)(CX*1), R8
		CMPL R8, -4(BX)(CX*1)
		JMP  result
	bytes:
		TESTQ CX, CX
		JEQ  equal
		MOVB -1(AX)(CX*1), R8
		CMPB R8, -1(BX)(CX*1)
		JNE  different
		DECQ CX
		JMP  bytes
	result:
		SETEQ AX
		MOVBLZX AX, AX
		RET
	equal:
		MOVL $1, AX
		RET
	different:
		XORL AX, AX
		RET`)

	function("cmpstring", attr.NOFRAME, "In: AX, BX = address and size of one string, CX, DI = of the other. Out: AX = -1, 0 or 1.")
	text(`
		MOVQ BX, DX
		CMPQ DI, DX
		CMOVQLT DI, DX // the size they have in common
		CMPQ AX, CX
		JEQ  sizes
	loop:
		CMPQ DX, $8
		JB   bytes
		MOVQ (AX), R8
		MOVQ (CX), R9
		CMPQ R8, R9
		JNE  differ
		ADDQ $8, AX
		ADDQ $8, CX
		SUBQ $8, DX
		JMP  loop
	differ:
		BSWAPQ R8 // the first byte decides
		BSWAPQ R9
		CMPQ R8, R9
		JMP  unsigned
	bytes:
		TESTQ DX, DX
		JEQ  sizes
		MOVBLZX (AX), R8
		MOVBLZX (CX), R9
		INCQ AX
		INCQ CX
		DECQ DX
		CMPQ R8, R9
		JEQ  bytes
	unsigned:
		SETHI AX
		SETCS BX
		SUBB BX, AX
		MOVBQSX AX, AX
		RET
	sizes:
		CMPQ BX, DI
		SETGT AX
		SETLT BX
		SUBB BX, AX
		MOVBQSX AX, AX
		RET`)

	function("memmove", attr.NOFRAME, "In: AX = destination, BX = source, CX = size. They may overlap.")
	text(`
		CMPQ CX, $16
		JA   above16
		CMPQ CX, $8
		JAE  from8
		CMPQ CX, $4
		JAE  from4
		TESTQ CX, CX
		JEQ  none
		MOVB (BX), R8
		MOVB -1(BX)(CX*1), R9
		CMPQ CX, $3
		JNE  ends
		MOVB 1(BX), R10
		MOVB R10, 1(AX)
	ends:
		MOVB R8, (AX)
		MOVB R9, -1(AX)(CX*1)
	none:
		RET
	from4:
		MOVL (BX), R8
		MOVL -4(BX)(CX*1), R9
		MOVL R8, (AX)
		MOVL R9, -4(AX)(CX*1)
		RET
	from8:
		MOVQ (BX), R8
		MOVQ -8(BX)(CX*1), R9
		MOVQ R8, (AX)
		MOVQ R9, -8(AX)(CX*1)
		RET
	above16:
		CMPQ CX, $32
		JA   above32
		MOVOU (BX), X0
		MOVOU -16(BX)(CX*1), X1
		MOVOU X0, (AX)
		MOVOU X1, -16(AX)(CX*1)
		RET
	above32:
		CMPQ CX, $64
		JA   above64
		MOVOU (BX), X0
		MOVOU 16(BX), X1
		MOVOU -32(BX)(CX*1), X2
		MOVOU -16(BX)(CX*1), X3
		MOVOU X0, (AX)
		MOVOU X1, 16(AX)
		MOVOU X2, -32(AX)(CX*1)
		MOVOU X3, -16(AX)(CX*1)
		RET
	above64:
		MOVQ AX, DX
		SUBQ BX, DX
		CMPQ DX, CX
		JB   backward // the destination begins inside the source
		CMPQ CX, $2048
		JAE  large
		MOVOU -64(BX)(CX*1), X8 // the last 64 bytes, before they are overwritten
		MOVOU -48(BX)(CX*1), X9
		MOVOU -32(BX)(CX*1), X10
		MOVOU -16(BX)(CX*1), X11
		LEAQ -64(AX)(CX*1), DI
	forward:
		MOVOU (BX), X0
		MOVOU 16(BX), X1
		MOVOU 32(BX), X2
		MOVOU 48(BX), X3
		MOVOU X0, (AX)
		MOVOU X1, 16(AX)
		MOVOU X2, 32(AX)
		MOVOU X3, 48(AX)
		ADDQ $64, AX
		ADDQ $64, BX
		CMPQ AX, DI
		JB   forward
		MOVOU X8, (DI)
		MOVOU X9, 16(DI)
		MOVOU X10, 32(DI)
		MOVOU X11, 48(DI)
		RET
	large:
		MOVQ -8(BX)(CX*1), R8
		LEAQ -8(AX)(CX*1), R9
		MOVQ AX, DI
		MOVQ BX, SI
		SHRQ $3, CX
		REP; MOVSQ
		MOVQ R8, (R9)
		RET
	backward:
		TESTQ DX, DX
		JEQ  none
		MOVOU (BX), X8
		MOVOU 16(BX), X9
		MOVOU 32(BX), X10
		MOVOU 48(BX), X11
	down:
		MOVOU -16(BX)(CX*1), X0
		MOVOU -32(BX)(CX*1), X1
		MOVOU -48(BX)(CX*1), X2
		MOVOU -64(BX)(CX*1), X3
		MOVOU X0, -16(AX)(CX*1)
		MOVOU X1, -32(AX)(CX*1)
		MOVOU X2, -48(AX)(CX*1)
		MOVOU X3, -64(AX)(CX*1)
		SUBQ $64, CX
		CMPQ CX, $64
		JA   down
		MOVOU X8, (AX)
		MOVOU X9, 16(AX)
		MOVOU X10, 32(AX)
		MOVOU X11, 48(AX)
		RET`)

	function("memclr", attr.NOFRAME, "In: AX = address, BX = size.")
	text(`
		CMPQ BX, $16
		JA   above16
		XORL CX, CX
		CMPQ BX, $8
		JAE  from8
		CMPQ BX, $4
		JAE  from4
		TESTQ BX, BX
		JEQ  none
		MOVB CX, (AX)
		MOVB CX, -1(AX)(BX*1)
		SHRQ $1, BX
		MOVB CX, (AX)(BX*1)
	none:
		RET
	from4:
		MOVL CX, (AX)
		MOVL CX, -4(AX)(BX*1)
		RET
	from8:
		MOVQ CX, (AX)
		MOVQ CX, -8(AX)(BX*1)
		RET
	above16:
		CMPQ BX, $2048
		JAE  large
		LEAQ -16(AX)(BX*1), DI
	loop:
		MOVOU X15, (AX)
		ADDQ $16, AX
		CMPQ AX, DI
		JB   loop
		MOVOU X15, (DI)
		RET
	large:
		LEAQ -8(AX)(BX*1), R9
		MOVQ AX, DI
		MOVQ BX, CX
		SHRQ $3, CX
		XORL AX, AX
		REP; STOSQ
		MOVQ AX, (R9)
		RET`)
}

// text adds lines of assembly as they stand.
func text(lines string) {
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		line, comment, _ := strings.Cut(strings.TrimSpace(line), " // ")
		if comment != "" {
			ctx.Comment(comment)
		}
		if label, ok := strings.CutSuffix(line, ":"); ok {
			ctx.Label(label)
			continue
		}
		if line == "RET" {
			ctx.RET()
			continue
		}
		if rest, ok := strings.CutPrefix(line, "REP; "); ok {
			kit.Raw(ctx, "REP")
			line = rest
		}
		opcode, operands, _ := strings.Cut(line, " ")
		if operands = strings.TrimSpace(operands); operands == "" {
			kit.Raw(ctx, opcode)
		} else {
			kit.Raw(ctx, opcode, operands)
		}
	}
}

package takeover

import "strings"

// Go 1.25 zeroes and copies blocks by calling into the middle of a long run of
// stores, Duff's device. Here the part of the run that would be executed takes
// the place of the call: see mkduff.go of package runtime.

// duff is a step that calls such a run.
func (s *step) duff() (symbol string, add int, ok bool) {
	for _, r := range s.relocs {
		if r.sym == "runtime.duffzero" || r.sym == "runtime.duffcopy" {
			return r.sym, r.add, strings.HasPrefix(s.op, "DUFF")
		}
	}
	return "", 0, false
}

// deviceRegisters are those with the addresses that a device writes and reads.
func (amd64) deviceRegisters(symbol string) (to, from string) {
	if symbol == "runtime.duffcopy" {
		return "DI", "SI"
	}
	return "DI", "DI"
}

func (arm64) deviceRegisters(symbol string) (to, from string) {
	if symbol == "runtime.duffcopy" {
		return "R21", "R20"
	}
	return "R20", "R20"
}

// device writes the stores of the step.
func (m amd64) device(w *writer, symbol string, add int) {
	if symbol == "runtime.duffcopy" {
		const block, blocks = 14, 64
		for range blocks - add/block {
			w.instr("MOVUPS (SI), X0; ADDQ $16, SI; MOVUPS X0, (DI); ADDQ $16, DI")
		}
		return
	}
	run := []struct {
		text string
		size int
	}{{"MOVUPS X15, (DI)", 4}, {"MOVUPS X15, 16(DI)", 5}, {"MOVUPS X15, 32(DI)", 5}, {"MOVUPS X15, 48(DI)", 5}, {"LEAQ 64(DI), DI", 4}}
	at := 0
	for range 16 {
		for _, i := range run {
			if at >= add {
				w.instr(i.text)
			}
			at += i.size
		}
	}
}

func (m arm64) device(w *writer, symbol string, add int) {
	if symbol == "runtime.duffcopy" {
		for range 64 - add/8 {
			w.instr("LDP.P 16(R20), (R26, R27); STP.P (R26, R27), 16(R21)")
		}
		return
	}
	for range 63 - add/4 {
		w.instr("STP.P (ZR, ZR), 16(R20)")
	}
	w.instr("STP (ZR, ZR), (R20)")
}

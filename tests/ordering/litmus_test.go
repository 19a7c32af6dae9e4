package ordering

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A litmus is a small program and a result, which a memory model allows or not.
// Threads are separated by |, instructions by ;
//
//	x=1        store
//	x=a        store of what a register holds: depends on it
//	x=1+a*0    store that depends on a, but for its value
//	a=x        load
//	a=x++      add 1; a is what was there before
//	dmb, dmb.ld, dmb.st
//	stop       of the world
//
// each with words behind it: acq, rel, addr:a (its address depends on a), if:a (a branch
// on a is before it), ex (an update made of LDAXR and STLXR). Registers are a to h and
// have one name in all threads, places are s to z.
type litmus struct {
	name   string
	code   string
	result string // "a=1 b=0"
	tso    bool   // allowed by amd64
	arm    bool   // allowed by ARMv8
}

// The names are those of the literature: Alglave, Maranget, Tautschnig, Herding Cats;
// Pulte and others, Simplifying ARM Concurrency.
var litmuses = []litmus{
	{"MP", "x=1; y=1 | a=y; b=x", "a=1 b=0", false, true},
	{"MP+po+acq", "x=1; y=1 | a=y acq; b=x", "a=1 b=0", false, true},
	{"MP+rel+po", "x=1; y=1 rel | a=y; b=x", "a=1 b=0", false, true},
	{"MP+rel+acq", "x=1; y=1 rel | a=y acq; b=x", "a=1 b=0", false, false},
	{"MP+rel+addr", "x=1; y=1 rel | a=y; b=x addr:a", "a=1 b=0", false, false},
	{"MP+rel+ctrl", "x=1; y=1 rel | a=y; b=x if:a", "a=1 b=0", false, true},
	{"MP+dmb+dmb", "x=1; dmb; y=1 | a=y; dmb; b=x", "a=1 b=0", false, false},
	{"MP+dmb.st+dmb.ld", "x=1; dmb.st; y=1 | a=y; dmb.ld; b=x", "a=1 b=0", false, false},
	{"MP+dmb.ld+dmb.ld", "x=1; dmb.ld; y=1 | a=y; dmb.ld; b=x", "a=1 b=0", false, true},
	{"MP+dmb.st+dmb.st", "x=1; dmb.st; y=1 | a=y; dmb.st; b=x", "a=1 b=0", false, true},
	{"MP+relcoi+acq", "x=1; y=1 rel; y=2 | a=y acq; b=x", "a=2 b=0", false, false},
	{"MP+wsirel+acq", "x=1; y=1; y=2 rel | a=y acq; b=x", "a=1 b=0", false, true},
	{"MP+update+acq", "x=1; c=y++ | a=y acq; b=x", "a=1 b=0", false, false},
	{"MP+update ex+acq", "x=1; c=y++ ex | a=y acq; b=x", "a=1 b=0", false, false},
	{"MP+rel+update", "x=1; y=1 rel | a=y++; b=x", "a=1 b=0", false, false},
	{"MP+rel+update ex", "x=1; y=1 rel | a=y++ ex; b=x", "a=1 b=0", false, false},
	{"MP+dmb+ctrladdr", "x=1; dmb; y=1 | a=y; c=z if:a; b=x addr:c", "a=1 b=0", false, true},
	{"MP+dmb+addrpo", "x=1; dmb; y=1 | a=y; c=z addr:a; b=x", "a=1 b=0", false, true},
	{"MP+dmb+rraddr", "x=1; dmb; y=1 | a=y; c=y; b=x addr:c", "a=1 b=0", false, false},
	{"PPOCA", "x=1; dmb; y=1 | a=y; z=1 if:a; c=z; b=x addr:c", "a=1 c=1 b=0", false, true},
	{"PPOAA", "x=1; dmb; y=1 | a=y; z=1 addr:a; c=z; b=x addr:c", "a=1 c=1 b=0", false, false},
	{"PPODA", "x=1; dmb; y=1 | a=y; z=1+a*0; c=z; b=x addr:c", "a=1 c=1 b=0", false, false},
	{"RSW", "x=1; dmb; y=1 | a=y; c=z addr:a; d=z; b=x addr:d", "a=1 c=0 d=0 b=0", false, true},
	{"RDW", "x=1; dmb; y=1 | a=y; c=z addr:a; d=z; b=x addr:d | z=1", "a=1 c=0 d=1 b=0", false, false},
	{"S", "x=2; y=1 | a=y; x=1", "a=1 x=2", false, true},
	{"S+rel+po", "x=2; y=1 rel | a=y; x=1", "a=1 x=2", false, true},
	{"S+po+data", "x=2; y=1 | a=y; x=1+a*0", "a=1 x=2", false, true},
	{"S+rel+data", "x=2; y=1 rel | a=y; x=1+a*0", "a=1 x=2", false, false},
	{"S+rel+ctrl", "x=2; y=1 rel | a=y; x=1 if:a", "a=1 x=2", false, false},
	{"S+rel+addrpo", "x=2; y=1 rel | a=y; c=z addr:a; x=1", "a=1 x=2", false, false},
	{"S+rel+acq", "x=2; y=1 rel | a=y acq; x=1", "a=1 x=2", false, false},
	{"SB", "x=1; a=y | y=1; b=x", "a=0 b=0", true, true},
	{"SB+dmbs", "x=1; dmb; a=y | y=1; dmb; b=x", "a=0 b=0", false, false},
	{"SB+dmb.sts", "x=1; dmb.st; a=y | y=1; dmb.st; b=x", "a=0 b=0", true, true},
	{"SB+rel-acqs", "x=1 rel; a=y acq | y=1 rel; b=x acq", "a=0 b=0", true, false},
	{"SB+rel-pos", "x=1 rel; a=y | y=1 rel; b=x", "a=0 b=0", true, true},
	{"SB+po-acqs", "x=1; a=y acq | y=1; b=x acq", "a=0 b=0", true, true},
	{"SB+updates", "x=1; c=s++; a=y | y=1; d=t++; b=x", "a=0 b=0", false, false},
	{"SB+updates ex", "x=1; c=s++ ex; a=y | y=1; d=t++ ex; b=x", "a=0 b=0", false, true},
	{"SB+updates ex-acqs", "x=1; c=s++ ex; a=y acq | y=1; d=t++ ex; b=x acq", "a=0 b=0", false, false},
	{"SB+rfi-addrs", "x=1; a=x; b=y addr:a | y=1; c=y; d=x addr:c", "a=1 b=0 c=1 d=0", true, true},
	{"SB+rfi-acqs", "x=1; a=x acq; b=y | y=1; c=y acq; d=x", "a=1 b=0 c=1 d=0", true, true},
	{"SB+relrfi-acqs", "x=1 rel; a=x acq; b=y | y=1 rel; c=y acq; d=x", "a=1 b=0 c=1 d=0", true, false},
	{"R", "x=1; y=1 | y=2; a=x", "y=2 a=0", true, true},
	{"R+rel+po", "x=1; y=1 rel | y=2; a=x", "y=2 a=0", true, true},
	{"R+rel+po-acq", "x=1; y=1 rel | y=2; a=x acq", "y=2 a=0", true, true},
	{"R+po+rel-acq", "x=1; y=1 | y=2 rel; a=x acq", "y=2 a=0", true, true},
	{"R+rel+rel-acq", "x=1; y=1 rel | y=2 rel; a=x acq", "y=2 a=0", true, false},
	{"R+dmbs", "x=1; dmb; y=1 | y=2; dmb; a=x", "y=2 a=0", false, false},
	{"LB", "a=x; y=1 | b=y; x=1", "a=1 b=1", false, true},
	{"LB+data+po", "a=x; y=a | b=y; x=1", "a=1 b=1", false, true},
	{"LB+datas", "a=x; y=1+a*0 | b=y; x=1+b*0", "a=1 b=1", false, false},
	{"LB+ctrls", "a=x; y=1 if:a | b=y; x=1 if:b", "a=1 b=1", false, false},
	{"LB+data+rel", "a=x; y=1+a*0 | b=y; x=1 rel", "a=1 b=1", false, false},
	{"LB+acq+po", "a=x acq; y=1 | b=y; x=1", "a=1 b=1", false, true},
	{"LB+acqs", "a=x acq; y=1 | b=y acq; x=1", "a=1 b=1", false, false},
	{"LB+addrpos", "a=x; c=s addr:a; y=1 | b=y; d=t addr:b; x=1", "a=1 b=1", false, false},
	{"2+2W", "x=1; y=2 | y=1; x=2", "x=1 y=1", false, true},
	{"2+2W+rel+po", "x=1; y=2 rel | y=1; x=2", "x=1 y=1", false, true},
	{"2+2W+rels", "x=1; y=2 rel | y=1; x=2 rel", "x=1 y=1", false, false},
	{"2+2W+dmb.sts", "x=1; dmb.st; y=2 | y=1; dmb.st; x=2", "x=1 y=1", false, false},
	{"IRIW", "x=1 | y=1 | a=x; b=y | c=y; d=x", "a=1 b=0 c=1 d=0", false, true},
	{"IRIW+addrs", "x=1 | y=1 | a=x; b=y addr:a | c=y; d=x addr:c", "a=1 b=0 c=1 d=0", false, false},
	{"IRIW+acqs", "x=1 | y=1 | a=x acq; b=y | c=y acq; d=x", "a=1 b=0 c=1 d=0", false, false},
	{"IRIW+acq+po", "x=1 | y=1 | a=x acq; b=y | c=y; d=x", "a=1 b=0 c=1 d=0", false, true},
	{"WRC", "x=1 | a=x; y=1 | b=y; c=x", "a=1 b=1 c=0", false, true},
	{"WRC+addrs", "x=1 | a=x; y=1 addr:a | b=y; c=x addr:b", "a=1 b=1 c=0", false, false},
	{"WRC+po+addr", "x=1 | a=x; y=1 | b=y; c=x addr:b", "a=1 b=1 c=0", false, true},
	{"WRC+rel+acq", "x=1 | a=x; y=1 rel | b=y acq; c=x", "a=1 b=1 c=0", false, false},
	{"RWC+dmbs", "x=1 | a=x; dmb; b=y | y=1; dmb; c=x", "a=1 b=0 c=0", false, false},
	{"RWC+acq+po", "x=1 | a=x acq; b=y | y=1; c=x", "a=1 b=0 c=0", true, true},
	{"ISA2+rel+data+addr", "x=1; y=1 rel | a=y; z=a | b=z; c=x addr:b", "a=1 b=1 c=0", false, false},
	{"ISA2+rel+po+addr", "x=1; y=1 rel | a=y; z=1 | b=z; c=x addr:b", "a=1 b=1 c=0", false, true},
	{"3.2W+rels", "x=1; y=2 rel | y=1; z=2 rel | z=1; x=2 rel", "x=1 y=1 z=1", false, false},
	{"W+RWC+rel+acq+dmb", "x=1; y=1 rel | a=y acq; b=z | z=1; dmb; c=x", "a=1 b=0 c=0", false, false},
	{"CoRR", "x=1 | a=x; b=x", "a=1 b=0", false, false},
	{"CoRR2", "x=1 | x=2 | a=x; b=x | c=x; d=x", "a=1 b=2 c=2 d=1", false, false},
	{"CoWW", "x=1; x=2", "x=1", false, false},
	{"CoRW1", "a=x; x=1", "a=1", false, false},
	{"CoRW2", "a=x; x=1 | x=2", "a=2 x=2", false, false},
	{"CoWR", "x=1; a=x | x=2", "a=2 x=1", false, false},
	{"CoWR0", "x=1; a=x", "a=0", false, false},
	{"CoWR+if", "a=y; x=1 if:a; b=x | y=1", "a=1 b=0", false, false},
	{"atomic", "a=x++ | b=x++", "a=0 b=0", false, false},
	{"atomic ex", "a=x++ ex | b=x++ ex", "a=0 b=0", false, false},
	{"atomic ex, store", "a=x++ ex | x=4", "a=0 x=1", false, false},
	{"atomic ex, store between", "a=x++ ex; b=x | x=4", "a=0 b=1 x=5", false, false},
}

func TestLitmus(t *testing.T) {
	for _, l := range litmuses {
		for _, c := range []struct {
			model model
			want  bool
		}{{tso, l.tso}, {arm, l.arm}} {
			m := l.machine(c.model)
			got := m.outcomes()
			if possible := slices.ContainsFunc(got, m.outcomeHas(l.result)); possible != c.want {
				t.Errorf("%s: %v allows %s: %v, want %v", l.name, c.model, l.result, possible, c.want)
			}
			if want := m.axiomatic(); !slices.Equal(got, want) {
				t.Errorf("%s: %v: outcomes are %v, by the axioms %v", l.name, c.model, got, want)
			}
		}
	}
}

// A stop of the world by one thread orders the instructions of all.
func TestStop(t *testing.T) {
	for _, l := range []litmus{
		{"MP+stop", "x=1; y=1 | a=y; stop; b=x", "a=1 b=0", false, false},
		{"MP+stop, too early", "x=1; y=1 | stop; a=y; b=x", "a=1 b=0", false, true},
		{"SB+stop", "x=1; a=y | y=1; stop; b=x", "a=0 b=0", false, false},
		{"SB+stop, too late", "x=1; a=y | y=1; b=x; stop", "a=0 b=0", true, true},
		{"LB+stop", "a=x; y=1 | b=y; stop; x=1", "a=1 b=1", false, false},
		{"IRIW+stop", "x=1 | y=1 | a=x; b=y | c=y; stop; d=x", "a=1 b=0 c=1 d=0", false, false},
	} {
		for model, want := range map[model]bool{tso: l.tso, arm: l.arm} {
			m := l.machine(model)
			if possible := slices.ContainsFunc(m.outcomes(), m.outcomeHas(l.result)); possible != want {
				t.Errorf("%s: %v allows %s: %v, want %v", l.name, model, l.result, possible, want)
			}
		}
	}
}

// The explorer and the axioms agree on programs that nobody has chosen.
func TestRandomLitmus(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		l := randomLitmus(r)
		for _, model := range []model{tso, arm} {
			m := l.machine(model)
			if got, want := m.outcomes(), m.axiomatic(); !slices.Equal(got, want) {
				t.Fatalf("%s: %v: outcomes are %v, by the axioms %v", l.code, model, got, want)
			}
		}
	}
}

func randomLitmus(r *rand.Rand) litmus {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	registers, stored := 0, 0
	threads := make([]string, 2+r.IntN(2))
	for t := range threads {
		var code, mine []string
		for range 2 + r.IntN(4-len(threads)+1) {
			dependent := func(kinds ...string) string {
				if len(mine) == 0 || r.IntN(2) == 0 {
					return ""
				}
				return pick(kinds...) + pick(mine...)
			}
			place := pick("x", "y", "z")
			register := string(rune('a' + registers))
			kind := r.IntN(9)
			if registers == 8 {
				kind = 4 + kind%5
			}
			switch kind {
			case 0, 1, 2:
				code = append(code, register+"="+place+pick("", "", " acq")+dependent(" addr:", " if:"))
			case 3:
				code = append(code, register+"="+place+"++"+pick("", " ex"))
			case 4:
				code = append(code, pick("dmb", "dmb.ld", "dmb.st"))
			default:
				stored++
				v := fmt.Sprint(stored)
				if d := dependent("+"); d != "" {
					v += d + "*0"
				}
				code = append(code, place+"="+v+pick("", "", " rel")+dependent(" addr:", " if:"))
			}
			if kind < 4 {
				mine = append(mine, register)
				registers++
			}
		}
		threads[t] = strings.Join(code, ";")
	}
	return litmus{code: strings.Join(threads, "|")}
}

// litmusMachine is a machine with names for what is looked at in the end.
type litmusMachine struct {
	machine
	names     []string // of registers, then of places
	registers [][2]int // threads and registers
}

func (l litmus) machine(model model) *litmusMachine {
	m := &litmusMachine{machine: machine{model: model}}
	places, registers := map[string]place{}, map[string][2]int{}
	for t, code := range strings.Split(l.code, "|") {
		p := &program{name: fmt.Sprint("thread ", t)}
		for _, text := range strings.Split(code, ";") {
			p.litmus(text, places, registers, t, model)
		}
		m.programs = append(m.programs, p)
	}
	for _, name := range slices.Sorted(maps.Keys(registers)) {
		at := registers[name]
		m.names, m.registers = append(m.names, name), append(m.registers, at)
		m.programs[at[0]].keep |= 1 << at[1]
	}
	m.names = slices.AppendSeq(m.names, maps.Keys(places))
	for name, p := range places {
		m.names[len(registers)+int(p)] = name
	}
	return m
}

// outcome is what is left in registers and memory.
func (m *litmusMachine) outcome(register func(thread, reg int) value, memory func(place) value) string {
	var all []string
	for i, name := range m.names {
		var v value
		if i < len(m.registers) {
			v = register(m.registers[i][0], m.registers[i][1])
		} else {
			v = memory(place(i - len(m.registers)))
		}
		all = append(all, fmt.Sprintf("%s=%d", name, v))
	}
	return strings.Join(all, " ")
}

// outcomeHas tells of an outcome whether it is the result of a litmus.
func (m *litmusMachine) outcomeHas(result string) func(outcome string) bool {
	return func(outcome string) bool {
		has := strings.Fields(outcome)
		return !slices.ContainsFunc(strings.Fields(result), func(want string) bool { return !slices.Contains(has, want) })
	}
}

// outcomes are all that the machine reaches.
func (m *litmusMachine) outcomes() []string {
	all := map[string]bool{}
	m.end = func(s *state) error {
		all[m.outcome(
			func(thread, reg int) value { return s.threads[thread].regs[reg] },
			func(p place) value { return s.memory[p].value })] = true
		return nil
	}
	m.run()
	return slices.Sorted(maps.Keys(all))
}

// litmus appends one instruction, or two.
func (p *program) litmus(text string, places map[string]place, registers map[string][2]int, t int, model model) {
	words := strings.Fields(text)
	i := instr{name: strings.Join(words, " ")}
	isReg := func(s string) bool { return s >= "a" && s < "i" && len(s) == 1 }
	register := func(s string) reg {
		if _, ok := registers[s]; !ok {
			registers[s] = [2]int{t, len(registers)}
		}
		return reg(registers[s][1])
	}
	at := func(s string) place {
		if _, ok := places[s]; !ok {
			places[s] = place(len(places))
		}
		return places[s]
	}
	exclusive := false
	for _, w := range words[1:] {
		kind, r, _ := strings.Cut(w, ":")
		switch kind {
		case "acq":
			i.acquire = true
		case "rel":
			i.release = true
		case "ex":
			exclusive = model == arm
		case "addr":
			i.addr = 1 << register(r)
		case "if":
			i.ctrl = 1 << register(r)
		default:
			panic(text)
		}
	}
	left, right, _ := strings.Cut(words[0], "=")
	switch {
	case words[0] == "stop":
		i.op = opStop
	case words[0] == "dmb":
		i.op = opFence
	case words[0] == "dmb.ld":
		i.op = opFenceLoad
	case words[0] == "dmb.st":
		i.op = opFenceStore
	case !isReg(left):
		i.op, i.at = opStore, at(left)
		number, r, _ := strings.Cut(strings.TrimSuffix(right, "*0"), "+")
		if isReg(number) {
			source := register(number)
			i.data, i.value = 1<<source, func(r *regs) value { return r[source] }
			break
		}
		if r != "" {
			i.data = 1 << register(r)
		}
		var v value
		fmt.Sscan(number, &v)
		i.value = func(*regs) value { return v }
	case strings.HasSuffix(right, "++"):
		i.op, i.at, i.to = opUpdate, at(strings.TrimSuffix(right, "++")), register(left)
		to := i.to
		i.value = func(r *regs) value { return r[to] + 1 }
		if exclusive {
			p.code = append(p.code, instr{op: opLoad, at: i.at, to: i.to, acquire: true, linked: true, name: "ldaxr " + i.name})
			i = instr{op: opStore, at: i.at, release: true, linked: true, data: 1 << i.to, value: i.value, name: "stlxr " + i.name}
		}
	default:
		i.op, i.at, i.to = opLoad, at(right), register(left)
	}
	if model == tso && (i.op == opFenceLoad || i.op == opFenceStore) {
		return // amd64 needs none
	}
	p.code = append(p.code, i)
}

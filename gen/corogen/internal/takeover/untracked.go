package takeover

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// untracked finds addresses that a function keeps across a site where no map shows them:
// there the collector may free what they lead to, and a stack that moves leaves them
// behind. It does not ask the maps what a word is. It follows the machine code: a word that
// lived across a site outside the map is lost, and so is what is computed of it; code that
// then uses it as an address, or hands it on as a pointer, contradicts the map.
//
// The compiler makes such code where it promises itself that there are no calls, and the
// polls of loops break the promise: see DESIGN.md. Source that hides a pointer in an
// integer does it too.
//
// What comes from memory or from a call may be an address, and is trusted until the next
// site. So nothing is refused that is right, and a sum of a lost word and one just loaded
// passes.
func (t *takeover) untracked(f *function) {
	a := &tracker{takeover: t, f: f}
	a.fixpoint()
	a.report = true
	for k, before := range a.before {
		if before != nil {
			a.step(f.steps[k], before.clone())
		}
	}
}

// holds is the set of what a word may be.
type holds uint8

const (
	number  holds = 1 << iota // no address
	lost                      // what lived across a site where no map shows it
	address                   // perhaps an address, which maps show or no site has been passed with
	frame                     // with address: perhaps one of this function's frame
	buffer                    // with address: of words for the write barrier
)

// plus is what the sum of two words may be: an address if one of them is, else lost if
// one of them is.
func (h holds) plus(o holds) (sum holds) {
	for _, x := range [...]holds{number, lost, address} {
		for _, y := range [...]holds{number, lost, address} {
			if h&x != 0 && o&y != 0 {
				sum |= max(x, y)
			}
		}
	}
	return sum | (h|o)&(frame|buffer)
}

// machineWords are the words that code can name: registers, and slots from the lowest of
// the frame up.
type machineWords struct {
	ints    [32]holds
	vectors [32][2]holds
	slots   []holds
}

func (w *machineWords) clone() *machineWords {
	c := *w
	c.slots = slices.Clone(w.slots)
	return &c
}

// join adds what o may be, and reports whether that is more.
func (w *machineWords) join(o *machineWords) (more bool) {
	add := func(to *holds, from holds) {
		if *to|from != *to {
			*to |= from
			more = true
		}
	}
	for i := range w.ints {
		add(&w.ints[i], o.ints[i])
		add(&w.vectors[i][0], o.vectors[i][0])
		add(&w.vectors[i][1], o.vectors[i][1])
	}
	for i := range w.slots {
		add(&w.slots[i], o.slots[i])
	}
	return more
}

type tracker struct {
	*takeover
	f      *function
	before []*machineWords // each step; nil where control does not come
	report bool            // problems
}

// fixpoint finds what words may be before each step, from an entry where only arguments
// are anything.
func (a *tracker) fixpoint() {
	f := a.f
	top := f.frame
	for _, s := range f.steps {
		for _, u := range s.uses {
			top = max(top, u.offset-s.frame+f.frame+u.size)
		}
		for _, slot := range s.live {
			top = max(top, slot-s.frame+f.frame+word)
		}
	}
	start := &machineWords{slots: make([]holds, top/word+1)}
	for i := range start.ints {
		start.ints[i], start.vectors[i] = address, [2]holds{address, address}
	}
	for i := f.frame / word; i < len(start.slots); i++ {
		start.slots[i] = address
	}
	a.before = make([]*machineWords, len(f.steps))
	a.before[0] = start
	at := f.index()
	work := []int{0}
	for len(work) > 0 {
		k := work[len(work)-1]
		work = work[:len(work)-1]
		s := f.steps[k]
		now := a.before[k].clone()
		a.step(s, now)
		flow := func(to int) {
			switch {
			case to >= len(f.steps):
			case a.before[to] == nil:
				a.before[to] = now.clone()
				work = append(work, to)
			case a.before[to].join(now):
				work = append(work, to)
			}
		}
		for _, target := range s.targets {
			flow(at[target])
		}
		if !s.ends {
			flow(k + 1)
		}
	}
}

// slot is the index of the word at an offset from SP before the step.
func (a *tracker) slot(s *step, offset int) int { return (offset - s.frame + a.f.frame) / word }

func (a *tracker) problem(s *step) {
	if a.report {
		a.takeover.problem(a.f, s.instr, ProblemAddress, s.text())
	}
}

// step makes now what words may be after the step.
func (a *tracker) step(s *step, now *machineWords) {
	switch s.action {
	case callBarrier:
		now.ints[registerNumber(a.machine.register(a.machine.barrierRegister()))] = address | buffer
	case callBulk:
		a.use(s, a.argument(now, 1)) // the destination
		if strings.HasPrefix(s.symbol, "wbMove") {
			a.use(s, a.argument(now, 2))
		}
		now.ints[registerNumber(a.machine.register(a.machine.barrierRegister()))] = address
	case callLeaf:
		for _, i := range leafAddresses[s.symbol] {
			a.use(s, a.argument(now, i))
		}
		a.written(now, a.argument(now, 0))
		a.clobber(now, address)
	case duffDevice:
		symbol, _, _ := s.duff()
		to, from := a.machine.deviceRegisters(symbol)
		for _, name := range []string{to, from} {
			a.use(s, a.register(now, name))
		}
		a.written(now, a.register(now, to))
	case jumpTable, dropInstr:
		if list := operands(s.args); len(list) == 2 {
			if r := a.machine.register(last(list)); r != 0 {
				now.ints[registerNumber(r)] = address
			}
		}
	case copyInstr:
		a.copied(s, now)
	default:
		if s.site {
			a.site(s, now)
		}
	}
}

// site is a step at which the function may be suspended. Words that its map shows stay what
// they are, or become it: the callee and whoever moves the stack know them. Variables whose
// address is taken are known as objects.
func (a *tracker) site(s *step, now *machineWords) {
	if s.action == callFail {
		return
	}
	mapped := map[int]bool{}
	for _, slot := range s.live {
		i := a.slot(s, slot)
		mapped[i] = true
		if now.slots[i]&lost != 0 {
			a.problem(s)
		}
		now.slots[i] = address | now.slots[i]&frame
	}
	for i, h := range now.slots {
		if h&^number != 0 && !mapped[i] && !a.object(i) {
			now.slots[i] = lost
		}
	}
	after := address // results
	if s.action == callPoll || s.action == callGrow {
		after = lost
	}
	a.clobber(now, after)
}

// object reports whether the slot belongs to a variable whose address is taken.
func (a *tracker) object(i int) bool {
	for _, o := range a.f.objects {
		from := a.machine.localsEnd(a.f.frame) + o.offset
		if o.offset >= 0 {
			from = a.machine.argsStart(a.f.frame) + o.offset
		}
		if at := i * word; from <= at && at < from+o.size {
			return true
		}
	}
	return false
}

func (a *tracker) clobber(now *machineWords, h holds) {
	for i := range now.ints {
		now.ints[i], now.vectors[i] = h, [2]holds{h, h}
	}
}

// register is what a register may hold.
func (a *tracker) register(now *machineWords, name string) holds {
	return now.ints[registerNumber(a.machine.register(name))]
}

// argument is what the n-th argument of a call may be.
func (a *tracker) argument(now *machineWords, n int) holds {
	return a.register(now, a.machine.argumentRegisters()[n])
}

// leafAddresses are the arguments of the machine layer's routines that are addresses.
var leafAddresses = map[string][]int{"memequal": {0, 1}, "memmove": {0, 1}, "memclr": {0}, "cmpstring": {0, 2}}

// use is an access at an address.
func (a *tracker) use(s *step, at holds) {
	if at&lost != 0 {
		a.problem(s)
	}
}

// written is a store at an address. One in the frame may be that of any word from the
// lowest whose address the function takes.
func (a *tracker) written(now *machineWords, at holds) {
	if at&frame == 0 {
		return
	}
	for i := max(0, a.f.hazard/word); i < len(now.slots); i++ {
		now.slots[i] = address | now.slots[i]&frame
	}
}

// place is an operand taken apart.
type place struct {
	ints    []int // registers, one or two
	vectors []int
	memory  bool
	slot    int   // first word of the frame, or -1
	at      holds // of other memory: its address
	is      holds // what is neither register nor memory
	size    int   // bytes that it takes up in memory
	ragged  bool  // not whole words of the frame, which hold no address
}

// copied is an instruction that is taken over as it is.
func (a *tracker) copied(s *step, now *machineWords) {
	op, _, _ := strings.Cut(s.op, ".")
	list := operands(s.args)
	lea := strings.HasPrefix(op, "LEA")
	size, move := moves[op]
	places := make([]place, len(list))
	for i, text := range list {
		places[i] = a.place(s, now, text, max(size, 1))
		if p := &places[i]; p.memory && p.slot < 0 && !lea {
			a.use(s, p.at)
		}
	}
	switch {
	case op == "MOVSQ", op == "STOSQ": // repeated by the prefix before
		if op == "MOVSQ" {
			a.use(s, a.register(now, "SI"))
		}
		a.use(s, a.register(now, "DI"))
		a.written(now, a.register(now, "DI"))
		return
	case len(list) == 0:
		for _, name := range implicit[op] {
			now.ints[registerNumber(a.machine.register(name))] = number
		}
		return
	case len(s.targets) > 0, s.ends, comparison.MatchString(op), floatComparison(op):
		return
	case len(list) == 1:
		for _, name := range implicit[op] {
			now.ints[registerNumber(a.machine.register(name))] = number
		}
		if strings.HasPrefix(op, "SET") && len(places[0].ints) == 1 {
			now.ints[places[0].ints[0]] = number
		}
		return // INC, NEG and the like leave the word what it was
	}
	to := places[len(list)-1]
	var value []holds
	switch {
	case lea, op == "MOVD" && strings.HasPrefix(list[0], "$"):
		value = []holds{places[0].at | places[0].is}
	case move && size < word:
		value = []holds{number}
	case move:
		value = a.read(now, places[0])
	case atomics(op):
		value = []holds{address}
		for _, p := range places {
			a.write(s, now, p, value)
		}
		return
	case len(to.vectors) > 0 || narrow(op):
		value = []holds{number}
	case strings.HasPrefix(op, "CMOV"):
		value = []holds{a.read(now, places[0])[0] | a.read(now, to)[0]}
	case selects[op]:
		value = []holds{0}
		for _, p := range places[1 : len(places)-1] {
			value[0] |= a.read(now, p)[0]
		}
	case additive[op]:
		sources := places[:len(places)-1]
		if len(places) == 2 {
			sources = places // the destination is one of them
		}
		value = []holds{a.read(now, sources[0])[0]}
		for _, p := range sources[1:] {
			value[0] = value[0].plus(a.read(now, p)[0])
		}
	default:
		value = []holds{number} // products, shifts, conversions
	}
	a.write(s, now, to, value)
}

// place takes an operand apart. A memory operand of the instruction has size bytes.
func (a *tracker) place(s *step, now *machineWords, text string, size int) place {
	if u, ok := parseFrameUse(text); ok {
		offset := a.machine.frameOffset(a.f, u)
		p := place{memory: true, slot: -1, at: address, size: size}
		switch {
		case u.address:
			return place{is: address | frame, slot: -1}
		case u.index != "":
			p.at = address | frame
		case u.name != "" || s.frame == 0: // those without a name are what calls pass on the stack
			p.slot, p.ragged = a.slot(s, offset), offset%word != 0
			p.at = address | frame
		}
		return p
	}
	if strings.Contains(text, "(SB)") {
		return place{is: address, at: address, slot: -1, memory: !strings.HasPrefix(text, "$")}
	}
	if first, second, pair := strings.Cut(strings.Trim(text, "()"), ", "); pair {
		p := a.place(s, now, first, size)
		q := a.place(s, now, second, size)
		return place{ints: append(p.ints, q.ints...), vectors: append(p.vectors, q.vectors...), is: p.is | q.is, slot: -1}
	}
	if base, index, ok := addressing(text); ok {
		p := place{memory: true, slot: -1, size: size}
		if r := a.machine.register(base); r != 0 {
			p.at = now.ints[registerNumber(r)]
		}
		if a.machine.control(base) {
			p.at = address
		}
		if r := a.machine.register(index); r != 0 && p.at != 0 {
			p.at = p.at.plus(now.ints[registerNumber(r)])
		} else if r != 0 {
			p.at = now.ints[registerNumber(r)]
		} else if p.at == 0 {
			p.at = number
		}
		return p
	}
	if text == "SP" || text == "RSP" { // where what calls pass on the stack is
		return place{is: address, slot: -1}
	}
	if r := a.machine.register(text); r != 0 {
		return place{ints: []int{registerNumber(r)}, slot: -1}
	}
	if text == "ZR" {
		return place{ints: []int{zeroRegister}, slot: -1}
	}
	if len(text) > 1 && (text[0] == 'X' || text[0] == 'F') && text != "X15" { // always zero
		if n, err := strconv.Atoi(text[1:]); err == nil && n < 32 {
			return place{vectors: []int{n}, slot: -1}
		}
	}
	return place{is: number, slot: -1} // an immediate or a shifted register
}

// zeroRegister stands for arm64's ZR among the registers of a place.
const zeroRegister = -1

// read is what the words of a place may be, at least one.
func (a *tracker) read(now *machineWords, p place) (value []holds) {
	for _, r := range p.ints {
		if r == zeroRegister {
			value = append(value, number)
		} else {
			value = append(value, now.ints[r])
		}
	}
	for _, r := range p.vectors {
		value = append(value, now.vectors[r][:]...)
	}
	switch {
	case p.slot >= 0:
		for i := p.slot; i < p.slot+max(1, p.size/word) && i < len(now.slots); i++ {
			h := now.slots[i]
			switch {
			case p.ragged:
				h = number
			case a.object(i) || h == 0:
				h = address
			}
			value = append(value, h)
		}
	case p.memory:
		for range max(1, p.size/word) {
			value = append(value, address)
		}
	}
	if len(value) == 0 {
		value = append(value, p.is)
	}
	return value
}

// write stores words in a place. Where there are fewer, the rest are numbers.
func (a *tracker) write(s *step, now *machineWords, p place, value []holds) {
	next := func() (h holds) {
		h = number
		if len(value) > 0 {
			h, value = value[0], value[1:]
		}
		if h == 0 {
			h = number
		}
		return h
	}
	for _, r := range p.ints {
		if h := next(); r != zeroRegister {
			now.ints[r] = h
		}
	}
	double := strings.HasSuffix(s.op, "PD") // pairs of registers with a word each
	for _, r := range p.vectors {
		now.vectors[r] = [2]holds{next(), number}
		if !double {
			now.vectors[r][1] = next()
		}
	}
	switch {
	case p.slot >= 0:
		for i := p.slot; i < p.slot+max(1, (p.size+word-1)/word) && i < len(now.slots); i++ {
			if now.slots[i] = next(); p.ragged {
				now.slots[i] = number
			}
		}
	case p.memory:
		if p.at&buffer != 0 && len(value) > 0 && value[0]&lost != 0 {
			a.problem(s) // the collector is told that it is a pointer
		}
		a.written(now, p.at)
	}
}

// moves are instructions that copy, with the bytes that they do. Those of under a word,
// which clear or leave the rest, cannot copy an address.
var moves = map[string]int{
	"MOVQ": 8, "MOVD": 8, "MOVSD": 8, "FMOVD": 8, "MOVUPS": 16, "MOVOU": 16, "MOVAPS": 16, "FMOVQ": 16,
	"LDP": 16, "STP": 16, "FLDPD": 16, "FSTPD": 16, "FLDPQ": 32, "FSTPQ": 32, "LDAR": 8, "STLR": 8,
	"MOVL": 4, "MOVW": 2, "MOVB": 1, "MOVH": 2, "MOVWU": 4, "MOVHU": 2, "MOVBU": 1, "MOVSS": 4, "FMOVS": 4,
	"MOVBLZX": 1, "MOVWLZX": 2, "MOVBLSX": 1, "MOVWLSX": 2, "MOVBQZX": 1, "MOVWQZX": 2, "MOVLQZX": 4,
	"MOVBQSX": 1, "MOVWQSX": 2, "MOVLQSX": 4, "LDPW": 4, "LDPSW": 4, "STPW": 4, "FLDPS": 4, "FSTPS": 4,
}

// additive are instructions whose result can be an address if an operand is.
var additive = map[string]bool{
	"ADDQ": true, "SUBQ": true, "ANDQ": true, "ORQ": true, "XORQ": true, "ADCQ": true, "SBBQ": true,
	"ADD": true, "SUB": true, "AND": true, "ORR": true, "EOR": true, "BIC": true, "ADC": true, "SBC": true,
	"ADDS": true, "SUBS": true, "ADCS": true, "SBCS": true, "ANDS": true, "MADD": true, "MSUB": true, "NEG": true,
}

var selects = map[string]bool{"CSEL": true, "CSINC": true, "CSINV": true, "CSNEG": true}

// implicit are the registers that an instruction of amd64 changes without naming them.
var implicit = map[string][]string{
	"MULQ": {"AX", "DX"}, "IMULQ": {"AX", "DX"}, "DIVQ": {"AX", "DX"}, "IDIVQ": {"AX", "DX"},
	"MULL": {"AX", "DX"}, "DIVL": {"AX", "DX"}, "IDIVL": {"AX", "DX"}, "DIVW": {"AX", "DX"}, "IDIVW": {"AX", "DX"},
	"CQO": {"DX"}, "CDQ": {"DX"}, "CWD": {"DX"},
}

// atomics reports whether an instruction exchanges registers with memory.
func atomics(op string) bool {
	for _, prefix := range []string{"XCHG", "XADD", "CMPXCHG", "LDADD", "LDCLR", "LDOR", "LDEOR", "SWP", "CAS", "LDAXR", "STLXR", "LDXR", "STXR"} {
		if strings.HasPrefix(op, prefix) {
			return true
		}
	}
	return false
}

// narrow reports whether the result has at most 32 bits.
func narrow(op string) bool {
	switch op {
	case "ADDL", "SUBL", "ANDL", "ORL", "XORL", "ADDW", "SUBW", "ANDW", "ORRW", "EORW", "CSELW":
		return true
	}
	return false
}

func floatComparison(op string) bool {
	return strings.HasPrefix(op, "UCOMIS") || strings.HasPrefix(op, "COMIS") || strings.HasPrefix(op, "FCMP")
}

// addressing takes "8(AX)(BX*1)" apart. An index that is scaled or has 32 bits is left out.
func addressing(text string) (base, index string, ok bool) {
	open := strings.IndexByte(text, '(')
	if open < 0 || !strings.HasSuffix(text, ")") || strings.HasPrefix(text, "$") {
		return "", "", false
	}
	for _, part := range strings.Split(strings.TrimSuffix(text[open+1:], ")"), ")(") {
		name, scale, scaled := strings.Cut(part, "*")
		switch {
		case scaled && scale == "1", !scaled && base != "" && !strings.ContainsAny(part, "<."):
			index = name
		case !scaled && base == "" && !strings.ContainsAny(part, "<."):
			base = name
		}
	}
	return base, index, true
}

// registerNumber is that of the one register in a set.
func registerNumber(r registers) int { return bits.TrailingZeros32(uint32(r)) & 31 }

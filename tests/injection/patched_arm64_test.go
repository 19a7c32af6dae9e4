//go:build linux && !purego

package injection

import (
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/arch/arm64/arm64asm"
	"golang.org/x/sys/unix"

	"github.com/morestack/morestack/coro"
)

func init() { programs["patched"] = patched }

// Emulators let nobody trace what they run. So here faults come from inside: one
// instruction after the other is a breakpoint, whose signal arrives at the handler for
// faults. An instruction faults when it is executed for the first time.

const brk = 0xd4200000

// patched does that for a body.
func patched() {
	s := subjectNamed(os.Getenv("INJECTION_BODY"))
	i := &inspection{collections: collect()}
	s.run(s.start(newSurroundings())) // the code is compared before it changes
	takeTraps()
	faults, harmless := 0, 0
	code := s.instructions()
	for _, pc := range code {
		with := newSurroundings()
		r := s.start(with)
		old := write(pc, brk)
		breakpoint = pc
		unwritten := s.runPatched(r)
		write(pc, old)
		switch {
		case unwritten:
			if text, ok := cannotFault(old); !ok {
				must(fmt.Errorf("%s at %#x can fault while words of the barrier buffer are reserved and not written", text, pc))
			}
			harmless++
		case r.err() != nil:
			must(faulted(r.err(), injectedAddress))
			faults++
		}
		must(i.add(with))
	}
	must(i.finish())
	fmt.Println(len(code), faults, harmless)
}

// runPatched reports whether the audit has found words of the barrier buffer reserved
// and not written.
func (s *subject) runPatched(r running) (unwritten bool) {
	defer func() {
		if e := recover(); e != nil {
			if unwritten = strings.Contains(fmt.Sprint(e), "barrier buffer"); !unwritten {
				panic(e)
			}
		}
	}()
	s.run(r)
	return false
}

// takeTraps makes breakpoints faults.
func takeTraps() {
	var trap, segv struct {
		handler, flags, restorer uintptr
		mask                     uint64
	}
	action := func(sig unix.Signal, act, old unsafe.Pointer) {
		if _, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(act), uintptr(old), 8, 0, 0); errno != 0 {
			must(errno)
		}
	}
	action(unix.SIGTRAP, nil, unsafe.Pointer(&trap))
	action(unix.SIGSEGV, nil, unsafe.Pointer(&segv))
	nextHandler, faultHandler = trap.handler, segv.handler
	trap.handler = findTrapHandler()
	action(unix.SIGTRAP, unsafe.Pointer(&trap), nil)
}

// at is the instruction at an address.
func at(pc uintptr) *uint32 { return *(**uint32)(unsafe.Pointer(&pc)) }

// write makes the instruction at pc another one.
func write(pc uintptr, instruction uint32) (old uint32) {
	size := uintptr(unix.Getpagesize())
	page := pc &^ (size - 1)
	if _, _, errno := unix.Syscall(unix.SYS_MPROTECT, page, size, unix.PROT_READ|unix.PROT_WRITE|unix.PROT_EXEC); errno != 0 {
		must(errno)
	}
	old, *at(pc) = *at(pc), instruction
	flush(pc)
	return old
}

// instructions are the addresses of those of the body and of the routines of the machine
// layer that it calls or jumps to directly, as far as they run on a coroutine's stack.
func (s *subject) instructions() (list []uintptr) {
	routines := map[uintptr]bool{}
	for _, f := range coroCode.Funcs {
		if f.Name != s.name && f.Entry != s.entry() {
			continue
		}
		for pc := f.Entry; pc < f.Entry+uintptr(f.Size); pc += 4 {
			list = append(list, pc)
			if to, ok := target(pc); ok && runtime.FuncForPC(to).Entry() == to && !own(to) {
				routines[to] = true
			}
		}
	}
	for _, entry := range slices.Sorted(maps.Keys(routines)) {
		native := true
		for pc := entry; runtime.FuncForPC(pc).Entry() == entry; pc += 4 {
			if native {
				list = append(list, pc)
			}
			const moveR16ToSP, branch, ret = 0x9100021f, 0x14000000, 0xd65f03c0
			switch i := *at(pc); {
			case i == moveR16ToSP:
				native = false // it leaves
			case i == ret, i&0xfc000000 == branch:
				native = true
			}
		}
	}
	return list
}

func own(entry uintptr) bool {
	return slices.ContainsFunc(coroCode.Funcs, func(f coro.CodeFunc) bool { return f.Entry == entry })
}

// target is where a direct call or jump leads.
func target(pc uintptr) (to uintptr, ok bool) {
	i := *at(pc)
	offset := int32(i<<6) >> 4
	return pc + uintptr(offset), i&0x7c000000 == 0x14000000
}

// cannotFault reports whether the instruction accesses no memory but the barrier buffer
// (R25), the Control (R18) and its own stack, which are there.
func cannotFault(instruction uint32) (text string, ok bool) {
	i, err := arm64asm.Decode(binary.LittleEndian.AppendUint32(nil, instruction))
	if err != nil {
		return err.Error(), false
	}
	for _, a := range i.Args {
		switch m := a.(type) {
		case arm64asm.MemImmediate:
			if b := arm64asm.Reg(m.Base); b != arm64asm.X25 && b != arm64asm.X18 && b != arm64asm.SP {
				return i.String(), false
			}
		case arm64asm.MemExtend:
			return i.String(), false
		}
	}
	return i.String(), true
}

func TestFaultsEverywhere(t *testing.T) {
	for _, s := range subjects {
		if !s.quick && !*all {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			out, err := program(t, "patched", "audit=1", "clobberfree=1", "INJECTION_BODY="+s.name, "GOGC=1").CombinedOutput()
			var code, faults, harmless int
			if err == nil {
				_, err = fmt.Sscan(string(out), &code, &faults, &harmless)
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			t.Logf("%d faults at %d instructions, of which others are not executed; %d cannot fault", faults, code, harmless)
			if faults < code/4 {
				t.Error("too few instructions are executed: this shows little")
			}
		})
	}
}

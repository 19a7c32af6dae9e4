//go:build linux && !purego

package injection

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/arch/x86/x86asm"
	"golang.org/x/sys/unix"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/guard"
)

// tracer single-steps the coroutines of another process. All of its methods belong on
// one thread, for the kernel takes that for the tracer.
type tracer struct {
	tid   int
	entry uint64 // of the body
	regs  unix.PtraceRegs

	// The run that goes on.
	control uint64
	lo, hi  uint64 // of the stack
	empty   uint64 // what is in words of the barrier buffer that nobody has written

	places []place // in the order in which they were met
	known  map[place]bool

	// Of the places, how many have faulted, and how many of them while the collector
	// marked; how many cannot; and how many no run came to again.
	injected, marking, harmless, missed int
}

// place is an instruction in the course of a run.
type place struct {
	pc    uint64
	times int // that it has been executed before
}

var errNotPermitted = errors.New("ptrace is not permitted")

// attach makes the thread that the process tells its own.
func attach(cmd *exec.Cmd) (*tracer, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	t := &tracer{known: map[place]bool{}}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Sscanf(line, "%d %v", &t.tid, &t.entry); err != nil {
		return nil, fmt.Errorf("%v: %s", err, line)
	}
	if err := unix.PtraceAttach(t.tid); errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSYS) {
		return nil, fmt.Errorf("%w: %w", errNotPermitted, err)
	} else if err != nil {
		return nil, err
	}
	if sig, err := t.wait(); err != nil || sig != unix.SIGSTOP {
		return t, fmt.Errorf("attached, and got %v, %v", sig, err)
	}
	_, err = in.Write([]byte{1})
	return t, err
}

// wait waits until the thread stops, and says for which signal.
func (t *tracer) wait() (unix.Signal, error) {
	var status unix.WaitStatus
	for {
		_, err := unix.Wait4(t.tid, &status, unix.WALL, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return 0, err
		}
		if !status.Stopped() {
			return 0, fmt.Errorf("the process has ended (status %#x)", uint32(status))
		}
		return status.StopSignal(), unix.PtraceGetRegs(t.tid, &t.regs)
	}
}

// next lets the thread go on, with a signal or 0, until it stops for what we have asked
// for. Other signals it gets.
func (t *tracer) next(sig unix.Signal) error {
	for {
		if err := unix.PtraceCont(t.tid, int(sig)); err != nil {
			return err
		}
		var err error
		if sig, err = t.wait(); err != nil || sig == unix.SIGTRAP {
			return err
		}
	}
}

// until lets it go on to pc, with a signal or 0. It reports false if it stops elsewhere,
// as it does at the end of a run.
func (t *tracer) until(pc uint64, sig unix.Signal) (reached bool, err error) {
	var old [1]byte
	if _, err := unix.PtracePeekText(t.tid, uintptr(pc), old[:]); err != nil {
		return false, err
	}
	const int3 = 0xcc
	if _, err := unix.PtracePokeText(t.tid, uintptr(pc), []byte{int3}); err != nil {
		return false, err
	}
	if err := t.next(sig); err != nil {
		return false, err
	}
	if _, err := unix.PtracePokeText(t.tid, uintptr(pc), old[:]); err != nil {
		return false, err
	}
	if t.regs.Rip != pc+1 {
		return false, nil
	}
	t.regs.Rip = pc
	return true, unix.PtraceSetRegs(t.tid, &t.regs)
}

// goTo is until where there is no way around.
func (t *tracer) goTo(pc uint64, sig unix.Signal) error {
	reached, err := t.until(pc, sig)
	if err == nil && !reached {
		err = fmt.Errorf("it was to go on to %#x, and stopped at %#x", pc, t.regs.Rip)
	}
	return err
}

// words reads memory of the thread.
func (t *tracer) words(address uint64, n int) ([]uint64, error) {
	b := make([]byte, 8*n)
	if _, err := unix.PtracePeekData(t.tid, uintptr(address), b); err != nil {
		return nil, err
	}
	list := make([]uint64, n)
	_, err := binary.Decode(b, binary.LittleEndian, list)
	return list, err
}

// field reads a word of the Control.
func (t *tracer) field(offset uintptr) (uint64, error) {
	w, err := t.words(t.control+uint64(offset), 1)
	if err != nil {
		return 0, err
	}
	return w[0], nil
}

var control morestack.Control

// native reports whether the thread is on the coroutine's stack.
func (t *tracer) native() bool { return t.lo <= t.regs.Rsp && t.regs.Rsp <= t.hi }

// enter is when native code has been entered.
func (t *tracer) enter() (err error) {
	t.control = t.regs.R14
	if t.lo, err = t.field(unsafe.Offsetof(control.Lo)); err != nil {
		return err
	}
	t.hi, err = t.field(unsafe.Offsetof(control.Hi))
	if err == nil && !t.native() {
		err = fmt.Errorf("SP is %#x at %#x, and the stack from %#x to %#x", t.regs.Rsp, t.regs.Rip, t.lo, t.hi)
	}
	return err
}

// step executes an instruction, and what Go code does before native code goes on. It
// reports false when the coroutine has ended.
func (t *tracer) step() (goesOn bool, err error) {
	if err := unix.PtraceSingleStep(t.tid); err != nil {
		return false, err
	}
	sig, err := t.wait()
	if err != nil {
		return false, err
	}
	if sig != unix.SIGTRAP {
		// No instruction has been executed, and the handler comes back to this one.
		if err := t.goTo(t.regs.Rip, sig); err != nil {
			return false, err
		}
		return t.step()
	}
	if t.native() {
		return true, nil
	}
	// It has left: see the exits in the assembly.
	switch reason := morestack.Reason(t.regs.Rax); reason {
	case morestack.ReasonReturn:
		return false, nil
	case morestack.ReasonYield, morestack.ReasonGrow, morestack.ReasonCall, morestack.ReasonPoll, morestack.ReasonBarrier:
		pc, err := t.field(unsafe.Offsetof(control.PC))
		if err != nil {
			return false, err
		}
		if err := t.goTo(pc, 0); err != nil {
			return false, fmt.Errorf("after an exit for %v: %w", reason, err)
		}
		return true, t.enter()
	default:
		return false, fmt.Errorf("an exit at %#x for %v", t.regs.Rip, reason)
	}
}

// fault makes the instruction that is next fault, as if it had accessed memory that is
// not there, and lets the thread go on until it stops.
func (t *tracer) fault() error {
	info := struct {
		signo, errno, code, _ int32
		address               uint64
		_                     [104]byte
	}{signo: int32(unix.SIGSEGV), code: int32(guard.FaultUnmapped), address: injectedAddress}
	if _, _, errno := syscall.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_SETSIGINFO, uintptr(t.tid), 0,
		uintptr(unsafe.Pointer(&info)), 0, 0); errno != 0 {
		return errno
	}
	return t.next(unix.SIGSEGV)
}

// unwritten reports whether words of the barrier buffer are reserved and not written,
// and whether the collector marks at all.
func (t *tracer) unwritten() (unwritten, marking bool, err error) {
	state, err := t.words(t.control+uint64(unsafe.Offsetof(control.Regs)), 5)
	if err != nil {
		return false, false, err
	}
	regs, mark, next := state[0], state[2], state[3]
	if mark == 0 {
		return false, false, nil
	}
	first := regs + uint64(unsafe.Offsetof(morestack.Registers{}.Barrier))
	if n := (next - first) / 8; n > 0 {
		words, err := t.words(first, int(n))
		if err != nil {
			return false, false, err
		}
		for _, w := range words {
			unwritten = unwritten || w == t.empty
		}
	}
	return unwritten, true, nil
}

// cannotFault reports whether the next instruction accesses no memory but the barrier
// buffer (R11), the Control (R14) and its own stack (SP), which are there.
func (t *tracer) cannotFault() (bool, string, error) {
	code := make([]byte, 16)
	if _, err := unix.PtracePeekText(t.tid, uintptr(t.regs.Rip), code); err != nil {
		return false, "", err
	}
	i, err := x86asm.Decode(code, 64)
	if err != nil {
		return false, "", err
	}
	for _, a := range i.Args {
		if m, ok := a.(x86asm.Mem); ok && i.Op != x86asm.LEA &&
			(m.Index != 0 || m.Segment != 0 || m.Base != x86asm.R11 && m.Base != x86asm.R14 && m.Base != x86asm.RSP) {
			return false, i.String(), nil
		}
	}
	return true, i.String(), nil
}

// begin lets the thread go on from before a run to the body's first instruction. It
// reports false if the collector does not mark, as it sometimes does not by then.
func (t *tracer) begin() (marking bool, err error) {
	if err := t.next(0); err != nil {
		return false, err
	}
	if err := t.at(aboutToRun); err != nil {
		return false, err
	}
	if err := t.goTo(t.entry, 0); err != nil {
		return false, err
	}
	if err := t.enter(); err != nil {
		return false, err
	}
	if _, marking, err = t.unwritten(); err != nil || !marking {
		return false, err
	}
	buffer, err := t.field(unsafe.Offsetof(control.BarrierNext))
	if err != nil {
		return false, err
	}
	words, err := t.words(buffer, len(morestack.Registers{}.Barrier))
	if err != nil {
		return false, err
	}
	t.empty = words[0]
	if words = slices.Compact(words); len(words) > 1 || t.empty == 0 {
		return false, fmt.Errorf("the barrier buffer holds %#x before anybody has written it", words)
	}
	return true, nil
}

// at makes sure that the thread has stopped and says what it should.
func (t *tracer) at(what uintptr) error {
	if t.regs.Rax != uint64(what) {
		return fmt.Errorf("stopped at %#x with %#x, want %#x", t.regs.Rip, t.regs.Rax, what)
	}
	return nil
}

// answer is at, and tells the thread something.
func (t *tracer) answer(what uintptr, answer uint64) error {
	if err := t.at(what); err != nil {
		return err
	}
	t.regs.Rax = answer
	return unix.PtraceSetRegs(t.tid, &t.regs)
}

// record steps through a run and notes the places that are new. It reports false if the
// collector did not mark.
func (t *tracer) record() (done bool, err error) {
	marking, err := t.begin()
	if err != nil {
		return false, err
	}
	times := map[uint64]int{}
	for goesOn := marking; goesOn; {
		pc := t.regs.Rip
		if p := (place{pc, times[pc]}); !t.known[p] {
			t.known[p] = true
			t.places = append(t.places, p)
		}
		times[pc]++
		if goesOn, err = t.step(); err != nil {
			return false, err
		}
	}
	if err := t.next(0); err != nil {
		return false, err
	}
	return marking, t.answer(hasEnded, nothingInjected)
}

// injectAt makes the instruction at a place fault in a run, unless it cannot. It reports
// false if the run does not come there. Stepping takes the time that the runtime needs to
// wish that the coroutine be preempted.
func (t *tracer) injectAt(p place, stepping bool) (done bool, err error) {
	reached, err := t.begin()
	for n := 0; err == nil && reached; {
		if t.regs.Rip == p.pc {
			if n == p.times {
				break
			}
			n++
		}
		if stepping || t.regs.Rip == p.pc {
			reached, err = t.step()
		} else {
			reached, err = t.until(p.pc, 0)
		}
	}
	if err != nil {
		return false, err
	}
	if !reached {
		if t.regs.Rax != uint64(hasEnded) {
			err = t.next(0)
		}
		if err == nil {
			err = t.answer(hasEnded, nothingInjected)
		}
		return false, err
	}
	if err := t.enter(); err != nil {
		return false, err
	}
	unwritten, marking, err := t.unwritten()
	if err != nil {
		return false, err
	}
	if unwritten {
		ok, text, err := t.cannotFault()
		if err == nil && !ok {
			err = fmt.Errorf("%s at %#x can fault while words of the barrier buffer are reserved and not written", text, p.pc)
		}
		if err == nil {
			err = t.next(0)
		}
		if err != nil {
			return false, err
		}
		t.harmless++
		return true, t.answer(hasEnded, nothingInjected)
	}
	t.injected++
	if marking {
		t.marking++
	}
	if err := t.fault(); err != nil {
		return false, err
	}
	return true, t.answer(hasEnded, injected)
}

// everywhere makes each instruction fault that the body executes, in one run after the
// other; those that it executes several times, the first so many times.
func (t *tracer) everywhere(times int) error {
	const records = 3 // signals and the collector make some differ
	for n := 0; n < records; {
		done, err := t.record()
		if err != nil {
			return err
		}
		if done {
			n++
		}
	}
	for _, p := range t.places {
		if p.times >= times {
			continue
		}
		const tries = 20
		done := false
		for i := 0; i < tries && !done; i++ {
			var err error
			if done, err = t.injectAt(p, i >= 2); err != nil {
				return err
			}
		}
		if !done {
			t.missed++
		}
	}
	if err := t.next(0); err != nil {
		return err
	}
	if err := t.answer(aboutToRun, enough); err != nil {
		return err
	}
	return unix.PtraceDetach(t.tid)
}

// inject runs a body of a process, whose command it is given.
func inject(cmd *exec.Cmd, times int) (*tracer, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var messages bytes.Buffer
	cmd.Stderr = &messages
	t, err := attach(cmd)
	if err == nil {
		err = t.everywhere(times)
	}
	if err != nil {
		cmd.Process.Kill()
		for gone := false; t != nil && !gone; { // it waits for its tracer
			_, end := t.wait()
			gone = end != nil
		}
	}
	if err2 := cmd.Wait(); err == nil {
		err = err2
	}
	if err != nil {
		return t, fmt.Errorf("%w\n%s", err, strings.TrimSpace(messages.String()))
	}
	return t, nil
}

package programs

import "github.com/morestack/morestack/coro"

// BrainfuckEvent is what an interpreter of Brainfuck stops for: to put a byte
// out, or to get one, which the answer is then.
type BrainfuckEvent struct {
	Output byte
	Input  bool
}

// Brainfuck runs the program on a tape of 30,000 cells of a byte and returns how
// many instructions it executed. Leaving the tape or a loop without its end is a
// run-time error.
//
//coro:body
func Brainfuck(y *coro.Yielder[BrainfuckEvent, byte], program string) int {
	tape := make([]byte, 30000)
	cell, steps := 0, 0
	var loops []int // where the loops begin that the program is in
	for pc := 0; pc < len(program); pc++ {
		steps++
		switch program[pc] {
		case '>':
			cell++
		case '<':
			cell--
		case '+':
			tape[cell]++
		case '-':
			tape[cell]--
		case '.':
			y.Yield(BrainfuckEvent{Output: tape[cell]})
		case ',':
			tape[cell] = y.Yield(BrainfuckEvent{Input: true})
		case '[':
			if tape[cell] == 0 {
				pc = loopEnd(program, pc)
			} else {
				loops = append(loops, pc)
			}
		case ']':
			if tape[cell] != 0 {
				pc = loops[len(loops)-1]
			} else {
				loops = loops[:len(loops)-1]
			}
		default:
			steps--
		}
	}
	return steps
}

// loopEnd returns where the loop ends that begins at pc.
//
//coro:body
func loopEnd(program string, pc int) int {
	for depth := 0; ; pc++ {
		switch program[pc] {
		case '[':
			depth++
		case ']':
			depth--
			if depth == 0 {
				return pc
			}
		}
	}
}

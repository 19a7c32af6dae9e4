package programs

import "github.com/morestack/morestack/coro"

// Grid is a sudoku, row by row; 0 is an empty cell.
type Grid [81]byte

// ParseGrid reads 81 characters of which all but 1 to 9 are empty cells.
func ParseGrid(s string) (g Grid) {
	for i := range g {
		if c := s[i]; '1' <= c && c <= '9' {
			g[i] = c - '0'
		}
	}
	return g
}

func (g Grid) String() string {
	text := make([]byte, len(g))
	for i, digit := range g {
		text[i] = ".123456789"[digit]
	}
	return string(text)
}

// Sudoku yields every solution of the puzzle, found by backtracking at the cell
// with the fewest candidates.
//
//coro:body
func Sudoku(y *coro.Yielder[Grid, struct{}], puzzle Grid) {
	grid := puzzle
	solve(y, &grid)
}

//coro:body
func solve(y *coro.Yielder[Grid, struct{}], grid *Grid) {
	cell, candidates := tightest(grid)
	if cell < 0 {
		y.Yield(*grid)
		return
	}
	for digit := byte(1); digit <= 9; digit++ {
		if candidates&(1<<digit) != 0 {
			grid[cell] = digit
			solve(y, grid)
		}
	}
	grid[cell] = 0
}

// tightest returns the empty cell with the fewest candidates and the set of
// these, or -1 if no cell is empty.
//
//coro:body
func tightest(grid *Grid) (cell int, candidates uint) {
	cell, fewest := -1, 10
	for i, digit := range grid {
		if digit != 0 {
			continue
		}
		set := digitsFor(grid, i)
		if n := size(set); n < fewest {
			cell, candidates, fewest = i, set, n
		}
	}
	return cell, candidates
}

//coro:body
func digitsFor(grid *Grid, cell int) uint {
	var used uint
	row, column := cell/9, cell%9
	box := row/3*27 + column/3*3
	for i := range 9 {
		used |= 1<<grid[row*9+i] | 1<<grid[i*9+column] | 1<<grid[box+i/3*9+i%3]
	}
	return ^used & 0x3fe
}

func size(set uint) (n int) {
	for ; set != 0; set &= set - 1 {
		n++
	}
	return n
}

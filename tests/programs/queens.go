package programs

import "github.com/morestack/morestack/coro"

// Queens yields every way to place n queens on an n by n board so that none
// attacks another: for each row the column of its queen.
//
//coro:body
func Queens(y *coro.Yielder[[]int, struct{}], n int) {
	queens(y, make([]int, 0, n), n, 0, 0, 0)
}

// queens places the queens of the rows from len(board) on. The bits of the masks
// are the columns that the queens so far attack in the next row, straight and
// along the two diagonals.
//
//coro:body
func queens(y *coro.Yielder[[]int, struct{}], board []int, n int, columns, left, right uint) {
	if len(board) == n {
		y.Yield(append([]int(nil), board...))
		return
	}
	for column := range n {
		bit := uint(1) << column
		if (columns|left|right)&bit == 0 {
			queens(y, append(board, column), n, columns|bit, (left|bit)<<1, (right|bit)>>1)
		}
	}
}

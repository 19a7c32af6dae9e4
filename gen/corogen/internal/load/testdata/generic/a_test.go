package generic

import "testing"

type local int

func Test(t *testing.T) {
	for range newEach([]string{"a"}).All() {
	}
	newEach([]local{1}).Close()
	ints.Close()
}

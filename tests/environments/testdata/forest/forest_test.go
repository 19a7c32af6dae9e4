package forest_test

import (
	"fmt"
	"testing"

	"example.com/forest"
	"example.com/user/trees"
)

func Test(t *testing.T) {
	leaf := &trees.Tree{Value: 7}
	var got []int
	for v := range forest.All(leaf, &trees.Tree{Left: leaf, Value: 8}).All() {
		got = append(got, v)
	}
	if s := fmt.Sprint(got); s != "[7 7 8]" {
		t.Error(s)
	}
}

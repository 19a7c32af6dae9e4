package main

import "testing"

func Test(t *testing.T) {
	const want = "[7 8 15 7] 56 <nil> 3.5 7 ! <nil>\n"
	if got := output(); got != want {
		t.Errorf("got %swant %s", got, want)
	}
}

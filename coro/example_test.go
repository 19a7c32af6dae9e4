package coro_test

import (
	"errors"
	"fmt"

	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/tests/bodies"
)

func ExampleCoroutine_All() {
	c, err := coro.New(bodies.Counter, &bodies.CounterArgs{N: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	for v := range c.All() {
		fmt.Println(v)
	}
	// Output:
	// 1
	// 2
	// 3
}

// Resume gives the coroutine an answer to what it has yielded.
func ExampleCoroutine_Resume() {
	c, err := coro.New(bodies.Echo, &bodies.EchoArgs{First: "hello"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	fmt.Println(c.Resume("not seen: nothing has been yielded yet"))
	fmt.Println(c.Resume("world"))
	// Output:
	// hello true
	// world true
}

// Err says why a coroutine has ended; the program goes on.
func ExampleCoroutine_Err() {
	c, err := coro.New(bodies.Fail, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, ok := c.Resume(struct{}{})
	var code coro.TrapCode
	fmt.Println(ok, errors.As(c.Err(), &code), uint(code))
	// Output:
	// false true 7
}

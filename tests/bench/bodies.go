//go:build linux && (amd64 || arm64) && !purego

package main

import (
	"github.com/morestack/morestack"
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/stackcopy"
)

//go:generate go run ../../gen/bodyheaders

type fibArgs struct {
	n      int
	result int //lint:ignore U1000 written by the body
}

// checked is Fibonacci with a comparison in every prologue, unchecked without.
var checked, unchecked = fibBody("fib", fibAddress(), fibFrameAddress(), true), fibBody("bare", bareAddress(), bareFrameAddress(), false)

func fibBody(name string, entry, frame uintptr, prologue bool) *coro.Body[fibArgs, struct{}, struct{}] {
	size := morestack.FrameSize(24)
	call := stackcopy.Site{Kind: stackcopy.Call, Frame: size}
	main := call
	main.Pointers = []int{morestack.LocalOffset + 16}
	f := stackcopy.Func{Name: name, Entry: entry, Frame: size, Sites: []stackcopy.Site{main}}
	g := stackcopy.Func{Name: name + "Frame", Entry: frame, Frame: size, Sites: []stackcopy.Site{call, call}}
	if prologue {
		f.Sites = append(f.Sites, stackcopy.Site{Kind: stackcopy.Prologue, Pointers: []int{8}})
		g.Sites = append(g.Sites, stackcopy.Site{Kind: stackcopy.Prologue})
	}
	return coro.MustBody[fibArgs, struct{}, struct{}](coro.Native{Entry: f, Calls: []stackcopy.Func{g}}, nil)
}

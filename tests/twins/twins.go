// Package twins tells tests which way bodies run in this process.
package twins

import (
	"errors"

	"github.com/morestack/morestack/coro"
)

type none struct{}

var body = coro.Compiled(&coro.Code{Package: "example.com/none"}, "none", func(*coro.Yielder[none, none], *none) {})

// Run reports whether all bodies run as their twins: because of the build, the race
// detector or MORESTACK.
var Run = errors.Is(body.Native(), coro.ErrTwin)

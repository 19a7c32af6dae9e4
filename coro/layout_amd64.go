//go:build linux && !purego

package coro

import "github.com/morestack/morestack/stackcopy"

var layout = stackcopy.AMD64

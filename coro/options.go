package coro

import (
	"context"
	"time"

	"github.com/morestack/morestack/guard"
)

// Option changes how New makes a coroutine.
type Option func(*config)

type config struct {
	first, limit int
	strategy     Strategy
	context      context.Context // nil if it cannot end
	slice        time.Duration
}

var defaults = config{first: DefaultFirstSize, limit: guard.DefaultLimit}

// Sizes in bytes.
const (
	DefaultFirstSize = 2048               // where a stack starts, as a goroutine's does
	DefaultLimit     = guard.DefaultLimit // where its growth ends
)

// FirstSize sets the size a stack starts with: a power of two of bytes, 512 or
// more. The default is DefaultFirstSize. An unusable size makes New fail with a
// *guard.SizeError. Twins check it and use it for nothing.
func FirstSize(bytes int) Option { return func(c *config) { c.first = bytes } }

// Limit sets the size that a stack must not exceed: growth beyond it ends the
// coroutine with ErrStackLimit. It must be at least the first size. The default
// is DefaultLimit. Twins check it, but grow to the limit of goroutine stacks and die
// as goroutines do.
func Limit(bytes int) Option { return func(c *config) { c.limit = bytes } }

// Strategy is a way of growing stacks.
type Strategy uint8

const (
	// Contiguous, the default, doubles and copies while a stack is small. At
	// 64 KiB it moves to address space of its own and from then on grows in
	// place: nothing is copied any more.
	Contiguous Strategy = iota

	// Copying doubles and copies at any size, as the Go runtime does.
	Copying
)

func (s Strategy) String() string {
	if s == Copying {
		return "copying"
	}
	return "contiguous"
}

// Growth sets the strategy. An unknown one makes New fail with ErrStrategy.
func Growth(s Strategy) Option { return func(c *config) { c.strategy = s } }

// Context makes the end of ctx interrupt the coroutine, with context.Cause(ctx) as
// the cause: see Interrupt. The coroutine does not have to be closed for ctx to
// forget it, unless it is a twin.
func Context(ctx context.Context) Option {
	return func(c *config) {
		if c.context = ctx; ctx.Done() == nil {
			c.context = nil
		}
	}
}

// TimeSlice makes the coroutine pause when a Resume has taken longer than d: see
// Pause. A d of 0 or less is none. Slices of under 10 ms may last that long where
// all of GOMAXPROCS are busy. Each Resume sets and stops a timer. Twins do not pause.
func TimeSlice(d time.Duration) Option { return func(c *config) { c.slice = d } }

func configure(opts []Option) (config, error) {
	c := defaults
	for _, o := range opts {
		o(&c)
	}
	if c.strategy > Copying {
		return c, ErrStrategy
	}
	return c, guard.CheckSizes(c.first, c.limit)
}

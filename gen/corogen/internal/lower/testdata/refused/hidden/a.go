// Package hidden returns what nobody can name.
package hidden

type thing struct{ N int }

//go:noinline
func Get() *thing { return new(thing) }

//go:build linux && (amd64 || arm64) && !purego

package injection

// marking reports whether the collector marks. It may have begun or ended since.
func marking() bool

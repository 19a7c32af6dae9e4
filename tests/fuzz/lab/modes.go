package lab

import "runtime"

// Mode is a kind of environment that programs run in.
type Mode string

// Modes.
const (
	Calm          Mode = ""             // nothing special
	Stress        Mode = "stress"       // each prologue moves the stack, and the collector runs as often as it can
	Noise         Mode = "noise"        // other goroutines collect, pause, shrink and interrupt: see package record
	NoiseOnStress Mode = "noise+stress" // both
)

// setting is what a mode consists of. Another mode is another line of settings.
type setting struct {
	mode   Mode
	env    []string // of the process
	rounds int      // how often a program runs with noise; 0: once and without
	// Under an emulator, noise takes so much longer that only one program in
	// so many runs.
	emulated int
}

var settings = []setting{
	{mode: Calm, emulated: 1},
	{mode: Stress, emulated: 1, env: []string{"MORESTACK=stress=move,poison=1,audit=1", "GOGC=1"}},
	{mode: Noise, emulated: 4, rounds: 20, env: []string{"GODEBUG=clobberfree=1", "GOGC=1"}},
	{mode: NoiseOnStress, emulated: 8, rounds: 12, env: []string{"MORESTACK=stress=move,audit=1", "GODEBUG=clobberfree=1", "GOGC=1"}},
}

// setting is the line of c's mode.
func (c Config) setting() setting {
	for _, s := range settings {
		if s.mode == c.Mode {
			return s
		}
	}
	panic("lab: no settings for mode " + string(c.Mode))
}

// every says that one program in so many runs in c.
func (c Config) every() int {
	if c.Arch == runtime.GOARCH {
		return 1
	}
	return c.setting().emulated
}

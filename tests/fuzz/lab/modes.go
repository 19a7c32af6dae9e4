package lab

import "runtime"

// Mode is a kind of environment that programs run in.
type Mode string

// Modes.
const (
	Calm          Mode = ""             // nothing special
	Stress        Mode = "stress"       // each prologue moves the stack, and the collector runs as often as it can
	Collect       Mode = "collect"      // each poll and prologue collects twice and moves, backing off
	Noise         Mode = "noise"        // other goroutines collect, pause, shrink and interrupt: see package record
	NoiseOnStress Mode = "noise+stress" // that and Stress
)

// setting is what a mode consists of.
type setting struct {
	mode     Mode
	env      []string // of the process
	here     sample
	emulated sample // in which noise takes far longer
}

// sample is how much is run in a mode.
type sample struct {
	every  int // one program in so many, but all where there are few
	rounds int // times that a program runs with noise; 0: once and without
}

// few programs are all run.
const few = 8

// settings are all modes. Another mode is another line.
var settings = []setting{
	{Calm, nil, sample{1, 0}, sample{1, 0}},
	{Stress, []string{"MORESTACK=strict=1,stress=move,poison=1,audit=1", "GOGC=1"}, sample{1, 0}, sample{1, 0}},
	{Collect, []string{"MORESTACK=strict=1,collect=1,poison=1", "GODEBUG=clobberfree=1"}, sample{1, 0}, sample{4, 0}},
	{Noise, []string{"GODEBUG=clobberfree=1", "GOGC=1"}, sample{1, 20}, sample{4, 8}},
	{NoiseOnStress, []string{"MORESTACK=strict=1,stress=move,audit=1", "GODEBUG=clobberfree=1", "GOGC=1"}, sample{1, 8}, sample{8, 4}},
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

// sample says how much of so many programs is run in c.
func (c Config) sample(programs int) sample {
	s := c.setting().here
	if c.Arch != runtime.GOARCH {
		s = c.setting().emulated
	}
	if programs <= few {
		s.every = 1
	}
	return s
}

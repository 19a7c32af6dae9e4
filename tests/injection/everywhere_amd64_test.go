//go:build linux && !purego

package injection

import (
	"errors"
	"os"
	"testing"
)

// A fault at any instruction of a body, while the collector marks, ends the coroutine and
// nothing else: see tracer for what may not fault.
func TestFaultsEverywhere(t *testing.T) {
	times := 2
	if *all {
		times = 4
	}
	for _, s := range subjects {
		if !s.quick && !*all {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			tracer, err := inject(program(t, "traced", "audit=1", "clobberfree=1", "INJECTION_BODY="+s.name, "GOGC=1"), times)
			if errors.Is(err, errNotPermitted) && os.Getenv("INJECTION_REQUIRED") == "" {
				t.Skip("NOT RUN: ", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d faults, %d of them while the collector marked; %d instructions cannot fault", tracer.injected, tracer.marking, tracer.harmless)
			if tracer.marking < tracer.injected/2 {
				t.Error("the collector hardly marked: this shows little")
			}
			if tracer.missed > len(tracer.places)/10 {
				t.Errorf("%d places of %d were not met again", tracer.missed, len(tracer.places))
			}
		})
	}
}

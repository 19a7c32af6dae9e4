package morestack

import (
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Compiled prologues compare SP with stackguard0 of g, which lies here.
const offsetInG = 16

func TestStackGuardOffset(t *testing.T) {
	f, _ := reflect.TypeFor[Control]().FieldByName("StackGuard")
	if f.Offset != offsetInG {
		t.Errorf("Control.StackGuard is at %d, want %d", f.Offset, offsetInG)
	}
}

// The headers for hand-written bodies cannot use go_asm.h, which is this
// package's own.
func TestOffsetsInHeaders(t *testing.T) {
	define := regexp.MustCompile(`(?m)^#define Control_(\w+) (\d+)$`)
	for _, name := range []string{"gen/bodyheaders/body_amd64.h", "gen/bodyheaders/body_arm64.h"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found := define.FindAllStringSubmatch(string(text), -1)
		if len(found) == 0 {
			t.Errorf("%s defines no offset", name)
		}
		for _, d := range found {
			f, ok := reflect.TypeFor[Control]().FieldByName(d[1])
			if want, _ := strconv.Atoi(d[2]); !ok || f.Offset != uintptr(want) {
				t.Errorf("%s: Control_%s is %s, the field is at %d", name, d[1], d[2], f.Offset)
			}
		}
	}
}

// The two machine layers are meant to be read side by side.
func TestSameFunctionsInSameOrder(t *testing.T) {
	text := regexp.MustCompile(`(?m)^TEXT ·(\w+)\(SB\)`)
	var names [2]string
	for i, file := range []string{"coro_amd64.s", "coro_arm64.s"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range text.FindAllStringSubmatch(string(source), -1) {
			names[i] += m[1] + " "
		}
	}
	if names[0] != names[1] || strings.Count(names[0], " ") < 10 {
		t.Errorf("amd64: %s\narm64: %s", names[0], names[1])
	}
}

func TestReasonString(t *testing.T) {
	if s := ReasonUnwind.String(); s != "unwind" {
		t.Errorf("ReasonUnwind is %q", s)
	}
	if s := Reason(99).String(); s != "unknown" {
		t.Errorf("Reason(99) is %q", s)
	}
}

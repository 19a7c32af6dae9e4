package lower

import (
	"strings"
	"testing"
)

// Functions of the package are tried inline if all that they reach lasts.
func TestLasting(t *testing.T) {
	p := read(t, "reliance")
	tried := map[string]bool{}
	for _, probe := range lowered(t, p, Force{}).Probes {
		tried[probe.Callee] = true
	}
	for name := range tried {
		if strings.HasPrefix(name, "stale") {
			t.Errorf("%s is tried inline", name)
		}
	}
	for _, name := range p.Types.Scope().Names() {
		if strings.HasPrefix(name, "lasts") && !tried[name] && !tried[name+"[int]"] && name != "lastsAlso" {
			t.Errorf("%s is not tried inline", name)
		}
	}
}

// What bodies and inlined functions rely on is recorded, and nothing else.
func TestReliance(t *testing.T) {
	p := read(t, "reliance")
	inlined := map[string]bool{}
	for _, probe := range lowered(t, p, Force{}).Probes {
		inlined[probe.Callee] = true
	}
	text := string(lowered(t, p, Force{Calls: inlined}).Native)
	_, text, _ = strings.Cut(text, "var coroLayouts")
	for _, want := range []string{
		`{Name: "inside", Of: (*inside)(nil), Want: "size 8; 0 p *point"}`,
		`{Name: "point", Of: (*point)(nil), Want: "size 16; 0 x int; 8 y int"}`,
		`{Name: "time.Duration", Of: (*time.Duration)(nil), Want: "size 8; 0 int64"}`,
		`{Name: "time.Time", Of: (*time.Time)(nil), Want: "size 24; 0 _ int8; 8 _ int8; 16 _ pointer8"}`,
		`{Name: "time.Time", Of: (*time.Time)(nil), Want: "size 24; 0 wall uint64; 8 ext int64; 16 loc *time.Location", Whole: true}`,
		`{Name: "counter", Of: &counter, Want: "size 8; 0 int"}`,
		`{Name: "inBody", Got: inBody, Want: "int 1"}`,
		`{Name: "inCode", Got: inCode, Want: "int 2"}`,
		`{Name: "debug", Got: debug, Want: "bool false"}`,
		`{Name: "math.MaxInt8", Got: math.MaxInt8, Want: "int 127"}`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s\nis missing in%s", want, text)
		}
	}
	for _, name := range []string{"unused", "never", "strings.Builder", "atomic.Int64"} {
		if strings.Contains(text, `"`+name+`"`) {
			t.Errorf("%s is recorded in%s", name, text)
		}
	}
}

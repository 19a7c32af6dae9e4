package takeover

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// Listings as other releases of Go might print them.
func TestExpected(t *testing.T) {
	architectures(t, func(t *testing.T, arch string, _ machine) {
		in := compiled(t, arch, "lowered.go.txt")
		in.Loop = "coroN3_array" // which has a loop
		if out, err := Run(in); err != nil || len(out.Problems) > 0 {
			t.Fatal(out, err)
		}
		guard := map[string][2]string{"amd64": {"16(R14)", "24(R14)"}, "arm64": {"16(g)", "24(g)"}}[arch]
		other := map[string][2]string{"amd64": {"\tTESTQ\tAX, AX", "\tTESTQ\tAX, 48(R14)"}, "arm64": {"\tMOVD\t$5, R7", "\tMOVD\t48(g), R7"}}[arch]
		for name, c := range map[string]struct{ old, new, want string }{
			"number of the locals' maps":    {"FUNCDATA\t$1,", "FUNCDATA\t$9,", "of its locals"},
			"number of the arguments' maps": {"FUNCDATA\t$0,", "FUNCDATA\t$9,", "of its arguments"},
			"numbers of both":               {"FUNCDATA\t$1,", "FUNCDATA\t$0,", "no map"},
			"name of maps":                  {"gclocals·", "pointers·", "no map 0 of its"},
			"offset of stackguard0":         {guard[0], guard[1], guard[1]},
			"another use of g":              {other[0], other[1], "48("},
			"name of the poll":              {"runtime.goschedguarded", "runtime.gosched2", "no polls into loops"},
		} {
			t.Run(name, func(t *testing.T) {
				in := in
				in.Listing = bytes.ReplaceAll(in.Listing, []byte(c.old), []byte(c.new))
				if bytes.Equal(in.Listing, compiled(t, arch, "lowered.go.txt").Listing) {
					t.Fatal("there is none")
				}
				out, err := Run(in)
				if err == nil && !strings.Contains(fmt.Sprint(out.Problems), c.want) || err != nil && !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, problems %v, want %q", err, out, c.want)
				}
			})
		}
	})
}

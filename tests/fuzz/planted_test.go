package fuzz

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/morestack/morestack/tests/fuzz/lab"
)

// planted are programs with a mistake that shows only where there is noise: what
// it takes is said in each.
var planted = []string{"unseen", "atPolls", "stale", "left"}

// TestPlanted runs them, beside one without a mistake: calmly all pass, and with
// noise those with a mistake fail, each by its name and in the configuration.
func TestPlanted(t *testing.T) {
	l := newLab(t)
	configs, err := lab.Runnable(strings.Split(*arches, ","), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	u := lab.Unit{Name: "planted"}
	for _, name := range append(planted, "right") {
		text, err := os.ReadFile(filepath.Join("testdata", name+".go"))
		if err != nil {
			t.Fatal(err)
		}
		u.Sources = append(u.Sources, lab.Source{Name: name, Text: text})
	}
	wanted := map[string]bool{} // failures not seen yet
	var chosen []lab.Config
	for _, c := range configs {
		if c.Mode == lab.Noise {
			for _, name := range planted {
				wanted[name+" "+c.String()] = true
			}
		}
		if c.Mode == lab.Noise || c.Mode == lab.Calm && !c.Twin {
			chosen = append(chosen, c)
		}
	}
	report, err := l.Check(context.Background(), []lab.Unit{u}, chosen)
	if errors.Is(err, lab.ErrNoCorogen) {
		t.Skip("NOT RUN: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Failures {
		key := f.Source + " " + f.Config.String()
		if !wanted[key] || !strings.HasPrefix(f.String(), "planted/"+f.Source+": "+f.Config.String()+": ") {
			t.Error("should pass: ", f)
			continue
		}
		t.Log("as it should: ", f)
		delete(wanted, key)
	}
	for key := range wanted {
		t.Errorf("%s: the mistake was not found", key)
	}
	if len(report.Noise) == 0 {
		t.Error("there was no noise")
	}
}

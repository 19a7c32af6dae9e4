//go:build linux && (amd64 || arm64) && !purego

// Command bench measures coroutines beside what a Go programmer would use
// instead. Every figure is the median of interleaved rounds; compare the
// ratios, since times differ from machine to machine and from day to day.
//
//	go run ./tests/bench [-quick] [-json] [-rounds n] [-only prefix]
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// measurement is one side of a comparison: run does n operations and returns
// how long they took.
type measurement struct {
	key string // of the result
	n   int    // operations a round
	run func(n int) time.Duration
}

// group is what is measured in turn, A B A B ..., and what follows from it.
type group struct {
	name    string
	members []measurement
	unit    time.Duration // of one operation's time
	derive  func(median map[string]float64, out map[string]float64)
}

func main() {
	quick := flag.Bool("quick", false, "fewer operations: under a minute in all")
	asJSON := flag.Bool("json", false, "print one flat JSON object of numbers")
	rounds := flag.Int("rounds", 9, "rounds of each measurement, 7 or more")
	only := flag.String("only", "", "only groups whose name starts with this")
	flag.Parse()
	if flag.NArg() > 0 || *rounds < 7 {
		fmt.Fprintln(os.Stderr, "bench: takes no arguments, and at least 7 rounds")
		flag.Usage()
		os.Exit(2)
	}
	scale := 4
	if *quick {
		scale = 1
	}
	results := map[string]float64{}
	for _, g := range groups(scale) {
		if strings.HasPrefix(g.name, *only) {
			g.measure(*rounds, results)
		}
	}
	if *asJSON {
		for k, v := range results {
			results[k] = round(v)
		}
		text, err := json.MarshalIndent(results, "", "  ")
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		fmt.Println(string(text))
		return
	}
	for _, k := range slices.Sorted(maps.Keys(results)) {
		fmt.Printf("%-28s %12.2f\n", k, results[k])
	}
}

// round keeps what is meaningful.
func round(v float64) float64 { return float64(int64(v*1000+0.5)) / 1000 }

// measure runs the members in turn and puts the medians, per operation, into
// results.
func (g group) measure(rounds int, results map[string]float64) {
	times := map[string][]float64{}
	for r := range rounds + 1 {
		for _, m := range g.members {
			t := float64(m.run(m.n)) / float64(m.n) / float64(g.unit)
			if r > 0 { // the first round warms up
				times[m.key] = append(times[m.key], t)
			}
		}
	}
	medians := map[string]float64{}
	for k, t := range times {
		slices.Sort(t)
		medians[k] = t[len(t)/2]
	}
	g.derive(medians, results)
}

// keep puts medians into results as they are, and the ratio of the second to
// the first.
func keep(ratio, ours, peer string) func(map[string]float64, map[string]float64) {
	return func(median, out map[string]float64) {
		out[ours], out[peer] = median[ours], median[peer]
		out[ratio] = median[peer] / median[ours]
	}
}

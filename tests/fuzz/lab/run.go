package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/morestack/morestack/tests/fuzz/record"
)

// Emulators run programs of other architectures, with the path of the program
// as first argument.
var Emulators = map[string]string{"amd64": "qemu-x86_64", "arm64": "qemu-aarch64"}

// plainHere is the fastest configuration.
var plainHere = Config{Arch: runtime.GOARCH, Twin: true}

// maxCrashes is after how many crashes the rest of the programs is not run.
const maxCrashes = 20

// run runs a binary. When a program ends the process, that is a failure, and
// the run goes on with the one after it.
func (l *Lab) run(ctx context.Context, binary string, units []Unit, c Config) (map[string]string, []Failure, error) {
	defer l.timed(fmt.Sprintf("run %s %s", binary[strings.LastIndexByte(binary, '/')+1:], c))()
	type program struct {
		unit, source string
		index        int // in the binary
	}
	var programs []program
	sample := c.sample(count(units))
	index := 0
	for _, u := range units {
		for _, s := range u.Sources {
			if index%sample.every == 0 {
				programs = append(programs, program{u.Name, s.Name, index})
			}
			index++
		}
	}
	transcripts := map[string]string{}
	var failures []Failure
	for from := 0; from < len(programs); {
		out, err := l.execute(ctx, binary, programs[from].index, sample, c)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		done := 0
		for _, p := range programs[from:] {
			name := p.unit + "/" + p.source
			text, rest, ok := transcriptOf(out, name)
			if !ok {
				break
			}
			transcripts[name] = text
			out = rest
			done++
		}
		from += done
		if from == len(programs) {
			break
		}
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
			return nil, nil, fmt.Errorf("lab: %s: %w", binary, err)
		}
		if err == nil {
			err = errors.New("the process ended before the program, with status 0")
		}
		p := programs[from]
		failures = append(failures, Failure{p.unit, p.source, c, Crash, fmt.Sprintf("%v\n%s", err, ends(out))})
		from++
		if len(failures) == maxCrashes {
			if l.Logf != nil {
				l.Logf("%s: %d crashes, the other %d programs are not run", c, maxCrashes, len(programs)-from)
			}
			break
		}
	}
	return transcripts, failures, nil
}

// execute runs a binary from a program on.
func (l *Lab) execute(ctx context.Context, binary string, from int, sample sample, c Config) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	limit := l.Limit
	if c != plainHere {
		limit *= 12
	}
	command := []string{binary, fmt.Sprintf("-from=%d", from), fmt.Sprintf("-every=%d", sample.every), fmt.Sprintf("-limit=%v", limit), fmt.Sprintf("-noise=%d", sample.rounds)}
	if c.Arch != runtime.GOARCH {
		command = append([]string{Emulators[c.Arch]}, command...)
	}
	var out bytes.Buffer
	e := l.command(limited, l.dir, c.setting().env, command[0], command[1:]...)
	e.Stdout, e.Stderr = &out, &out
	err := e.Run()
	return out.Bytes(), err
}

// transcriptOf splits off the transcript of the program that out starts with.
func transcriptOf(out []byte, name string) (text string, rest []byte, ok bool) {
	out, ok = bytes.CutPrefix(out, []byte(record.Begin+name+"\n"))
	if !ok {
		return "", nil, false
	}
	before, after, ok := bytes.Cut(out, []byte(record.End+name+"\n"))
	return string(before), after, ok
}

// ends is the begin and the end of what a crashed process printed.
func ends(out []byte) string {
	const most = 2500
	if len(out) > 2*most {
		return string(out[:most]) + "\n...\n" + string(out[len(out)-most:])
	}
	return string(out)
}

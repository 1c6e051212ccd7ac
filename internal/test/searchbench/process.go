package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/test/rusage"
)

// sample is what one run of a program needed.
type sample struct {
	Wall   time.Duration
	CPU    time.Duration // of all cores together; a busy machine distorts it less
	Memory int64         // peak resident set, in bytes; 0 where the system does not tell
}

// measureCommand as the first argument makes this program run the rest as a
// command and print its sample. On Linux a process's peak begins with what its
// parent had in memory; this one holds thousands of texts, its copy nothing.
const measureCommand = "measure"

// measure runs the command in a copy of this program.
func measure(command *exec.Cmd) (s sample, err error) {
	self, err := os.Executable()
	if err != nil {
		return s, err
	}
	command.Args = append([]string{self, measureCommand, command.Path}, command.Args[1:]...)
	command.Path = self
	var failure bytes.Buffer
	command.Stderr = &failure
	printed, err := command.Output()
	if err != nil {
		return s, fmt.Errorf("%s: %w\n%s", command.Args[2], err, failure.Bytes())
	}
	return s, json.Unmarshal(printed, &s)
}

// runMeasured is what the copy does. The output of the command is shown only if
// it fails.
func runMeasured(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var output bytes.Buffer
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Stdout, command.Stderr = &output, &output
	start := time.Now()
	err := command.Run()
	wall := time.Since(start)
	if err != nil {
		stderr.Write(output.Bytes())
		return err
	}
	state := command.ProcessState
	return json.NewEncoder(stdout).Encode(sample{wall, state.UserTime() + state.SystemTime(), rusage.PeakMemory(state)})
}

// minus is what s needed more than another one.
func (s sample) minus(other sample) sample {
	return sample{s.Wall - other.Wall, s.CPU - other.CPU, s.Memory - other.Memory}
}

// medianSample takes each measure on its own.
func medianSample(samples []sample) sample {
	var walls, cpus []time.Duration
	var memories []int64
	for _, s := range samples {
		walls = append(walls, s.Wall)
		cpus = append(cpus, s.CPU)
		memories = append(memories, s.Memory)
	}
	return sample{quantile(walls, 0.5), quantile(cpus, 0.5), quantile(memories, 0.5)}
}

// quantile is the value that the share q of all values do not exceed. There
// must be one.
func quantile[T ~int | ~int64 | ~float64](values []T, q float64) T {
	values = slices.Sorted(slices.Values(values))
	return values[min(int(q*float64(len(values))), len(values)-1)]
}

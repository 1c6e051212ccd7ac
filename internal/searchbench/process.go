package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"slices"
	"time"
)

// sample is what one run of a program needed.
type sample struct {
	wall   time.Duration
	cpu    time.Duration // of all cores together; a busy machine distorts it less
	memory int64         // peak resident set, in bytes; 0 where the system does not tell
}

// measure runs the command. Its output is shown only if it fails.
func measure(command *exec.Cmd) (sample, error) {
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	start := time.Now()
	err := command.Run()
	wall := time.Since(start)
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w\n%s", command.Path, err, output.Bytes())
	}
	state := command.ProcessState
	return sample{wall, state.UserTime() + state.SystemTime(), peakMemory(state)}, nil
}

// medianSample takes each measure on its own.
func medianSample(samples []sample) sample {
	var walls, cpus []time.Duration
	var memories []int64
	for _, s := range samples {
		walls = append(walls, s.wall)
		cpus = append(cpus, s.cpu)
		memories = append(memories, s.memory)
	}
	return sample{quantile(walls, 0.5), quantile(cpus, 0.5), quantile(memories, 0.5)}
}

// quantile is the value that the share q of all values do not exceed. There
// must be one.
func quantile[T ~int | ~int64 | ~float64](values []T, q float64) T {
	values = slices.Sorted(slices.Values(values))
	return values[min(int(q*float64(len(values))), len(values)-1)]
}

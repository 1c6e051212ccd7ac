package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/test/rusage"
)

// sample is one run of a builder.
type sample struct {
	wall   time.Duration
	cpu    time.Duration // of all cores together; a busy machine distorts it less
	memory int64         // peak resident set, in bytes; 0 where the system does not tell
	files  int           // of the site
	bytes  int64
}

// result is what one builder needs for a history.
type result struct {
	records int
	builder string
	sample
}

// measure builds the site of source into out, which is emptied before and
// removed after, and counts the pages: a builder that left some out was not
// fast.
//
// On Linux a child's peak begins with what its parent had in memory when it was
// started; this program stays below what any of the builders needs.
func measure(ctx context.Context, b builder, source, out string, records int) (sample, error) {
	defer os.RemoveAll(out)
	return measureKept(ctx, b, source, out, "20*", records)
}

// measureKept is measure for a site that is looked at afterwards; pattern finds
// its pages in the folder of the records.
func measureKept(ctx context.Context, b builder, source, out, pattern string, records int) (sample, error) {
	if err := os.RemoveAll(out); err != nil {
		return sample{}, err
	}
	command, err := b.command(ctx, source, out)
	if err != nil {
		return sample{}, err
	}
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	start := time.Now()
	err = command.Run()
	wall := time.Since(start)
	if err != nil {
		return sample{}, fmt.Errorf("%w\n%s", err, output.Bytes())
	}
	pages, err := filepath.Glob(filepath.Join(out, "records", filepath.FromSlash(pattern), "index.html"))
	if err != nil {
		return sample{}, err
	}
	if !enough(b.name, len(pages), records) {
		return sample{}, fmt.Errorf("%d records gave %d pages\n%s", records, len(pages), output.Bytes())
	}
	files, size, _ := sizeOf(out) // git makes no site
	state := command.ProcessState
	return sample{wall, state.UserTime() + state.SystemTime(), rusage.PeakMemory(state), files, size}, nil
}

// median takes each measure on its own.
func median(samples []sample) sample {
	var walls, cpus []time.Duration
	var memories []int64
	for _, s := range samples {
		walls = append(walls, s.wall)
		cpus = append(cpus, s.cpu)
		memories = append(memories, s.memory)
	}
	last := samples[len(samples)-1]
	return sample{middle(walls), middle(cpus), middle(memories), last.files, last.bytes}
}

// middle returns the median, of an even number of values the mean of the two in
// the middle.
func middle[T ~int64](values []T) T {
	values = slices.Sorted(slices.Values(values))
	half := len(values) / 2
	if len(values)%2 == 1 {
		return values[half]
	}
	return (values[half-1] + values[half]) / 2
}

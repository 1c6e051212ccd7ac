package main

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/adopt"
	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/work"
)

// What help shows of steps and sections works with the built-in checklist.
func TestExamplesFitTheBuiltInChecklist(t *testing.T) {
	record := records.Parse("docs/deployment-checklist.md", adopt.Checklist(), records.Options{})
	j := &job{Job: &work.Job{Record: record, File: store.File{Name: "record.md"}}, call: &call{env: &cli.Env{Stderr: io.Discard}}}
	steps := 0
	for line := range strings.Lines(stepCommand(&cli.Env{}).Example) {
		call, _, _ := strings.Cut(line, "#")
		call, _, _ = strings.Cut(call, " --")
		if args := strings.Fields(call)[2:]; len(args) > 0 {
			if _, _, err := j.stepAndState(args); err != nil {
				t.Errorf("%s: %v", line, err)
			}
			steps++
		}
	}
	if steps == 0 {
		t.Error("no example names a step")
	}
	for line := range strings.Lines(tipCommand(&cli.Env{}).Example) {
		_, section, ok := strings.Cut(strings.TrimSpace(line), "--section ")
		if ok && !slices.ContainsFunc(record.Steps, func(s records.Step) bool { return s.Section == section }) {
			t.Errorf("%s: there is no such section", line)
		}
	}
}

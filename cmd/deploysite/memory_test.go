package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/rusage"
)

// A record as large as may be, of what has the largest tree, costs a build at most 256
// MiB more than none.
func TestLargeRecordFitsIntoMemory(t *testing.T) {
	head := "---\nstatus: failed\n---\n\n"
	codeSpans := head + strings.Repeat("`a` ", (records.MaxSize-len(head))/4)
	rusage.AtMost(t, "code spans", buildPeak(t, codeSpans)-buildPeak(t, head), 256<<20)
}

// buildPeak is how much memory the build of a site with one record takes.
func buildPeak(t *testing.T, record string) int64 {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "deployments", "checklists", "2024-08-31-14-30-deployment.md")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(record), 0o666); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("deploysite", "-C", folder, "build")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return rusage.PeakMemory(command.ProcessState)
}

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/rusage"
)

// Sixteen records as large as may be, of what has the largest trees, cost a start that
// asks for a briefing and for all names at most 400 MB, and so does
// the status of four, which are parsed one after the other.
func TestLargeRecordsFitIntoMemory(t *testing.T) {
	record := "---\nstatus: failed\nservice: accounts\nenvironment: production\n---\n\n"
	record += strings.Repeat("`a` ", (records.MaxSize-len(record))/4)
	for days, args := range map[int][]string{
		16: {"--dry-run", "--no-git", "--service", "accounts", "--environment", "production", "--deployer", "Ada Park"},
		4:  {"status"},
	} {
		folder := t.TempDir()
		in := filepath.Join(folder, "deployments", "checklists")
		if err := os.MkdirAll(in, 0o777); err != nil {
			t.Fatal(err)
		}
		for day := range days {
			if err := os.WriteFile(filepath.Join(in, fmt.Sprintf("2024-08-%02d-14-30-deployment.md", day+1)), []byte(record), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		command := exec.Command("deploystart", append([]string{"-C", folder}, args...)...)
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, output)
		}
		rusage.AtMost(t, args[0], rusage.PeakMemory(command.ProcessState), 400e6)
	}
}

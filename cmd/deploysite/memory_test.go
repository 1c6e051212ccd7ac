package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/rusage"
)

// emptyProject is what a build without records has resident, in bytes. It is not measured
// beside: until a program begins, the memory of the test that starts it counts as its own.
const emptyProject = 40 << 20

// A record as large as may be costs a build at most 256 MiB more than none, and not much
// more time than plain text does, whatever it is made of.
func TestLargeRecordCostsLittle(t *testing.T) {
	head := "---\nstatus: failed\n---\n\n"
	of := func(line string) string { return head + strings.Repeat(line, (records.MaxSize-len(head))/len(line)) }
	plain := builtWith(t, of("The first node answered after the switch, so we went on.\n\n"))
	for name, line := range map[string]string{
		"code spans": "`a` ", "mails": "a@b.cd ", "addresses": "https://a.bc ", "www": "www.a.bc ", "comments": "a <!-- x --> b\n",
		"comments on secrets": "a <!-- secret-ok: x --> b\n", "images": "a <img src=x.png> b\n", "broken words": "a`b`",
	} {
		of := builtWith(t, of(line))
		rusage.AtMost(t, name, rusage.PeakMemory(of), emptyProject+(256<<20))
		if ratio := float64(cpu(of)) / float64(cpu(plain)); ratio > 3.5 {
			t.Errorf("%s take %.1f times as long as plain text", name, ratio)
		}
	}
}

func cpu(p *os.ProcessState) time.Duration { return p.UserTime() + p.SystemTime() }

// builtWith builds a site with one record.
func builtWith(t *testing.T, record string) *os.ProcessState {
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
	return command.ProcessState
}

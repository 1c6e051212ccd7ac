package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/faults"
)

// A desk is a project with one record, and somebody on a terminal, or nobody.
type desk struct {
	t              *testing.T
	dir, file      string
	terminal       bool
	stdin          string
	stdout, stderr bytes.Buffer
}

const unfinished = `---
title: jump-man to production
date: 2024-08-31T14:30:00+02:00
service: jump-man
deployer: Ada Park
status: in-progress
---

## Steps

- [ ] **Load**
- [ ] **Smoke tests**

## Deployment Notes

### What Went Well

-

### Issues Encountered

- It rained.

### Tips for Next Deployment
`

func newDesk(t *testing.T, source string) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir()}
	d.file = filepath.Join(d.dir, "deployments", "checklists", "2024-08-31-14-30-deployment.md")
	if err := errors.Join(os.MkdirAll(filepath.Dir(d.file), 0o777), os.WriteFile(d.file, []byte(source), 0o666)); err != nil {
		t.Fatal(err)
	}
	return d
}

// run runs the command at 15:10.
func (d *desk) run(ctx context.Context, args ...string) int {
	d.stdout.Reset()
	d.stderr.Reset()
	env := &cli.Env{
		Name:  "deploystart",
		Stdin: strings.NewReader(d.stdin), Stdout: &d.stdout, Stderr: &d.stderr, Terminal: d.terminal,
		Getenv: func(string) string { return "" },
		Now:    func() time.Time { return time.Date(2024, 8, 31, 15, 10, 0, 0, time.FixedZone("", 2*3600)) },
	}
	return env.Exit(run(ctx, env, append([]string{"-C", d.dir}, args...)))
}

func (d *desk) record() *records.Record {
	d.t.Helper()
	source, err := os.ReadFile(d.file)
	if err != nil {
		d.t.Fatal(err)
	}
	return records.Parse(filepath.Base(d.file), source, records.Options{})
}

// On a terminal it is asked for what is open and empty; each answer is in the
// record.
func TestFinishAsks(t *testing.T) {
	d := newDesk(t, unfinished)
	d.terminal = true
	d.stdin = "what?\ngo\ndone\nwhat?\nf\nThe canary *warned* us\nnobody called\n\n\nPurge first\n\nsort of\nrolled back\n"
	if status := d.run(t.Context(), "finish", "--by", "Ada Park"); status != cli.StatusDone {
		t.Fatalf("status %d: %s", status, &d.stderr)
	}
	want := strings.NewReplacer(
		"date: 2024-08-31T14:30:00+02:00\n", "date: 2024-08-31T14:30:00+02:00\nfinished: 2024-08-31T15:10:00+02:00\n",
		"in-progress", "rolled-back",
		"- [ ] **Load**", "- ✅ **Load** <!-- 2024-08-31T15:10:00+02:00 Ada Park -->",
		"- [ ] **Smoke tests**", "- ❌ **Smoke tests** <!-- 2024-08-31T15:10:00+02:00 Ada Park -->",
		"\n-\n", "\n- The canary *warned* us\n- nobody called\n",
		"### Tips for Next Deployment\n", "### Tips for Next Deployment\n\n- Purge first\n\n### Deployment Metrics\n\n"+
			"- Start Time: 2024-08-31 14:30\n- End Time: 2024-08-31 15:10\n- Total Duration: 40 min\n- Deployed By: Ada Park\n",
	).Replace(unfinished)
	if got := string(d.record().Source); got != want {
		t.Errorf("got\n%s", got)
	}
	for _, asked := range []string{"2 steps are open. Type go to go through them, or Enter to leave them as they are: \"what?\" is no answer here.\n", "1 Steps: Load is pending. d, f or s marks it done, failed or skipped, ", "\"what?\" is no state.\n", "2 Steps: Smoke tests is pending.", "What Went Well?", "More? Enter goes on.", "1 step failed:\n  2  Steps: Smoke tests, failed\n", "Lessons Learned?",
		"Tips for Next Deployment?", "How did it end? succeeded, failed, rolled-back, cancelled; Enter leaves it unfinished: \"sort of\" does not say how a deployment ends.\n"} {
		if !strings.Contains(d.stderr.String(), asked) {
			t.Errorf("it did not ask %q:\n%s", asked, &d.stderr)
		}
	}
	if strings.Contains(d.stderr.String(), "Issues Encountered?") {
		t.Error("it asked for what is there")
	}
}

// Enter leaves things as they are, and takes the usual end where all is done.
func TestFinishTakesEnterForAnAnswer(t *testing.T) {
	d := newDesk(t, strings.ReplaceAll(unfinished, "[ ]", "✅"))
	d.terminal = true
	d.stdin = "\n\n\n\n"
	if status := d.run(t.Context(), "finish", "--by", "Ada Park"); status != cli.StatusDone || d.record().Status != records.Succeeded {
		t.Errorf("status %d, %s: %s", status, d.record().Status, &d.stderr)
	}
	if !strings.Contains(d.stderr.String(), "How did it end? succeeded, failed, rolled-back, cancelled; Enter means succeeded:") {
		t.Errorf("%s", &d.stderr)
	}
}

// With --status nothing is asked, and what is open is said once.
func TestFinishWithAStatusAsksNothing(t *testing.T) {
	d := newDesk(t, unfinished)
	d.terminal = true
	d.stdin = "done\ndone\nnothing\n"
	if status := d.run(t.Context(), "finish", "--status", "succeeded", "--by", "Ada Park"); status != cli.StatusDone || d.record().Status != records.Succeeded {
		t.Errorf("status %d, %s", status, d.record().Status)
	}
	said := d.stderr.String()
	if strings.Contains(said, "?") || strings.Count(said, "Smoke tests") != 1 || !strings.Contains(said, "Still open:\n  1  Steps: Load, pending\n  2  Steps: Smoke tests, pending\n") {
		t.Errorf("%s", said)
	}
	if got := states(d.record()); got != "pp" {
		t.Errorf("the steps are %s", got)
	}
}

// Many open steps are left with one answer, or from any of them on.
func TestFinishLeavesOpenSteps(t *testing.T) {
	for stdin, want := range map[string]string{
		"\n\n\n\nfailed\n":          "pp",
		"leave\n\n\n\nfailed\n":     "pp",
		"go\nleave\n\n\n\nfailed\n": "pp",
		"g\nd\nL\n\n\n\nfailed\n":   "dp",
	} {
		d := newDesk(t, unfinished)
		d.terminal, d.stdin = true, stdin
		if status := d.run(t.Context(), "finish", "--by", "Ada Park"); status != cli.StatusDone || d.record().Status != records.Failed || states(d.record()) != want {
			t.Errorf("%q: status %d, %s, %s:\n%s", stdin, status, d.record().Status, states(d.record()), &d.stderr)
		}
	}
}

// Whoever does not say how it ended has not finished; what was said is kept.
func TestFinishWithoutAnEnd(t *testing.T) {
	for name, stdin := range map[string]string{"Enter": "go\ndone\n\n\n\n\n\n", "end of input": "g\ndone\n"} {
		d := newDesk(t, unfinished)
		d.terminal, d.stdin = true, stdin
		if status := d.run(t.Context(), "finish"); status != cli.StatusFailed || !strings.Contains(d.stderr.String(), "the record is not finished: nobody said how the deployment ended") {
			t.Errorf("%s: status %d: %s", name, status, &d.stderr)
		}
		r := d.record()
		if r.Status != records.InProgress || !r.Finished.IsZero() || r.Steps[0].State != records.Done {
			t.Errorf("%s: %s, %v, %s", name, r.Status, r.Finished, r.Steps[0].State)
		}
		if d.stdout.Len() > 0 {
			t.Errorf("%s: %s", name, &d.stdout)
		}
	}
}

// Ctrl-C while it asks ends it; nothing is finished.
func TestFinishInterrupted(t *testing.T) {
	d := newDesk(t, unfinished)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer write.Close()
	ctx, interrupt := context.WithCancel(t.Context())
	env := &cli.Env{
		Name: "deploystart", Stdin: read, Stdout: &d.stdout, Terminal: true,
		Stderr: writerFunc(func(p []byte) { // the question
			interrupt()
			d.stderr.Write(p)
		}),
		Getenv: func(string) string { return "" }, Now: time.Now,
	}
	if status := env.Exit(run(ctx, env, []string{"-C", d.dir, "finish"})); status != cli.StatusFailed || !strings.Contains(d.stderr.String(), "deploystart: interrupted") {
		t.Errorf("status %d: %s", status, &d.stderr)
	}
	if got := string(d.record().Source); got != unfinished {
		t.Errorf("got\n%s", got)
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) {
	f(p)
	return len(p), nil
}

// Nobody is asked where CI is set, even on a terminal.
func TestNobodyIsAskedInCI(t *testing.T) {
	d := newDesk(t, unfinished)
	var stderr bytes.Buffer
	status := deploystartHere(&cli.Env{
		Stdin: strings.NewReader("done\n"), Stdout: &stderr, Stderr: &stderr, Terminal: true,
		Getenv: func(name string) string { return map[string]string{"CI": "true"}[name] }, Now: time.Now,
	}, "-C", d.dir, "finish")
	if status != cli.StatusFailed || strings.Contains(stderr.String(), "?") {
		t.Errorf("status %d: %s", status, &stderr)
	}
}

// An issue on a terminal: the earlier record is offered, and linked by its
// number.
func TestNoteOffersALink(t *testing.T) {
	d := newDesk(t, unfinished)
	earlier := strings.NewReplacer("in-progress", "failed", "- It rained.", "- The migration waits for the lock of the nightly report.").Replace(unfinished)
	if err := os.WriteFile(filepath.Join(filepath.Dir(d.file), "2024-08-30-10-00-deployment.md"), []byte(earlier), 0o666); err != nil {
		t.Fatal(err)
	}
	d.terminal, d.stdin = true, "7\n1\n"
	if status := d.run(t.Context(), "note", "issue", "Migration waits for lock 4711 again"); status != cli.StatusDone {
		t.Fatalf("status %d: %s", status, &d.stderr)
	}
	want := strings.Replace(unfinished, "- It rained.\n", "- It rained.\n- Migration waits for lock 4711 again\n"+
		"  - Seen before in [jump-man to production](2024-08-30-10-00-deployment.md)\n", 1)
	if got := regexp.MustCompile(`again <!-- .* -->`).ReplaceAllString(string(d.record().Source), "again"); got != want {
		t.Errorf("got\n%s%s", got, &d.stderr)
	}
	d.stdin = "\n"
	if status := d.run(t.Context(), "note", "issue", "Migration waits for lock 4711 once more"); status != cli.StatusDone || strings.Count(string(d.record().Source), "Seen before") != 1 {
		t.Errorf("status %d: %s", status, &d.stderr)
	}
}

// TestKilled kills the command again and again while it marks, notes and
// finishes: the record is always one that can be read, and never half of one.
func TestKilled(t *testing.T) {
	binary, err := exec.LookPath("deploystart")
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, unfinished)
	for i := range faults.Times(20, 60) {
		args := [][]string{{"step", "1", []string{"done", "failed", "pending"}[i/5%3]}, {"step", "2", "skipped", "--note", fmt.Sprint("try ", i)},
			{"note", "tip", fmt.Sprint("tip ", i)}, {"finish", "--status", "failed"}, {"resume", "--by", "Ada Park"}}[i%5]
		before := d.record()
		cmd := exec.Command(binary, append(args, "--record", d.file)...)
		cmd.Dir = d.dir
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(i%30) * time.Millisecond)
		cmd.Process.Kill()
		cmd.Wait()
		after := d.record()
		if len(after.Problems) > 0 || len(after.Steps) != 2 || len(after.Notes) < len(before.Notes) || len(after.Notes) > len(before.Notes)+1 ||
			!bytes.HasSuffix(after.Source, []byte("\n")) || (after.Status == records.Failed) == after.Finished.IsZero() {
			t.Fatalf("killed %q, left\n%s", args, after.Source)
		}
	}
}

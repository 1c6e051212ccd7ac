package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/cli"
)

// On a terminal a name that no record has is asked about, and so is the service where
// the records know several and nobody said which.
func TestStartAsksAboutNames(t *testing.T) {
	for _, c := range []struct{ name, stdin, service, asked string }{
		{"Enter takes the near one", "\n", "jump-man", `No service "jump-mna" was found among the facts of the records. The records have:`},
		{"a number", "2\n", "scores-api", `Which is meant? A number or a name, + for the new one "jump-mna", Enter for jump-man:`},
		{"a name", "9\nSCORES-API\n", "scores-api", "1  jump-man"},
		{"the new one", "+\n", "jump-mna", "2  scores-api"},
		{"bare", "2\n", "scores-api", "Nobody said which service is deployed. The records have:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, unfinished)
			other := filepath.Join(filepath.Dir(d.file), "2024-08-01-10-00-deployment.md")
			if err := os.WriteFile(other, []byte("---\nservice: scores-api\nenvironment: production\nstatus: succeeded\n---\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			d.terminal, d.stdin = true, c.stdin
			args := []string{"--no-git", "--no-briefing", "--no-edit", "--dry-run"}
			if c.name != "bare" {
				args = append(args, "-s", "jump-mna")
			}
			if status := d.run(t.Context(), args...); status != cli.StatusDone {
				t.Fatalf("status %d: %s", status, &d.stderr)
			}
			if !strings.Contains(d.stdout.String(), "\nservice: "+c.service+"\n") || !strings.Contains(d.stderr.String(), c.asked) {
				t.Errorf("the record is\n%sit said\n%s", &d.stdout, &d.stderr)
			}
		})
	}
	d := newDesk(t, unfinished)
	d.terminal = true
	if status := d.run(t.Context(), "--no-git", "--dry-run", "-s", "jump-mna"); status != cli.StatusFailed || !strings.Contains(d.stderr.String(), "nothing was started: nobody said what is meant") {
		t.Errorf("status %d: %s", status, &d.stderr)
	}
}

// That a deployment with failed steps succeeded is asked once.
func TestFinishDoubtsSuccess(t *testing.T) {
	failed := strings.Replace(unfinished, "- [ ] **Smoke", "- ❌ **Smoke", 1)
	for answer, want := range map[string]int{"y\n": cli.StatusDone, "n\n": cli.StatusFailed, "": cli.StatusFailed, "sure\nYES\n": cli.StatusDone, "yep\n\n": cli.StatusFailed} {
		d := newDesk(t, failed)
		d.terminal, d.stdin = true, answer
		status := d.run(t.Context(), "finish", "--by", "Ada Park", "--status", "succeeded")
		if status != want || !strings.Contains(d.stderr.String(), "1 step failed:\n  2  Steps: Smoke tests, failed\nDid the deployment succeed all the same? y or n, Enter for n:") {
			t.Errorf("%q: status %d: %s", answer, status, &d.stderr)
		}
		if unclear := strings.HasPrefix(answer, "sure") || strings.HasPrefix(answer, "yep"); unclear != strings.Contains(d.stderr.String(), "is no answer here.") {
			t.Errorf("%q: %s", answer, &d.stderr)
		}
		if done := d.record().Status == "succeeded"; done != (want == cli.StatusDone) {
			t.Errorf("%q: the record says %s", answer, d.record().Status)
		}
	}
}

// From a day on the question names the date, as the briefing below it counts days otherwise.
func TestStartSaysSinceWhenTheOtherIsUnderWay(t *testing.T) {
	for date, want := range map[string]string{
		"2024-08-31T14:30:00+02:00": "is under way, begun 40 min ago. Start",
		"2024-08-29T14:30:00+02:00": "is under way, begun on 2024-08-29 14:30. Start",
		"2024-08-30":                "is under way, begun on 2024-08-30. Start",
	} {
		d := newDesk(t, strings.Replace(unfinished, "2024-08-31T14:30:00+02:00", date, 1))
		d.terminal = true
		d.run(t.Context(), "--no-git", "--no-edit", "-s", "jump-man", "--deployer", "Ada Park")
		if !strings.Contains(d.stderr.String(), want) {
			t.Errorf("%s: %s", date, &d.stderr)
		}
	}
	d := newDesk(t, strings.Replace(unfinished, "2024-08-31T14:30:00+02:00", "2024-08-30", 1))
	if d.run(t.Context(), "status"); !strings.Contains(d.stdout.String(), "under way since 2024-08-30: ") {
		t.Errorf("%s%s", &d.stdout, &d.stderr)
	}
}

// On a terminal a second record for a deployment that is under way is asked about, but not a rollback of it.
func TestStartDoubtsASecondRecord(t *testing.T) {
	for _, c := range []struct {
		name, stdin string
		args        []string
		status      int
		asks        bool
	}{
		{"no", "maybe\nn\n", nil, cli.StatusFailed, true},
		{"yes", "y\n", nil, cli.StatusDone, true},
		{"of somebody else", "y\n", []string{"--deployer", "Mei Tanaka", "--new"}, cli.StatusDone, true},
		{"of somebody else, no", "\n", []string{"--deployer", "Mei Tanaka", "--new"}, cli.StatusFailed, true},
		{"of another service", "", []string{"-s", "scores-api", "--new"}, cli.StatusDone, false},
		{"a rollback", "", []string{"--rollback-of", "2024-08-31-14-30"}, cli.StatusDone, false},
		{"as JSON", "", []string{"--json"}, cli.StatusDone, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, unfinished)
			d.terminal, d.stdin = true, c.stdin
			args := append([]string{"--no-git", "--no-edit"}, c.args...)
			if !slices.Contains(c.args, "-s") {
				args = append(args, "-s", "jump-man")
			}
			if !slices.Contains(c.args, "--deployer") {
				args = append(args, "--deployer", "Ada Park")
			}
			if status := d.run(t.Context(), args...); status != c.status {
				t.Fatalf("status %d: %s", status, &d.stderr)
			}
			if c.status != cli.StatusDone && !strings.Contains(d.stderr.String(), "deploystart edit --record 2024-08-31-14-30 opens it, deploystart finish --record 2024-08-31-14-30 ends it") {
				t.Errorf("it does not say how to go on with the other: %s", &d.stderr)
			}
			if asked := strings.Contains(d.stderr.String(), "jump-man to production (2024-08-31-14-30, by Ada Park) is under way, begun "); asked != c.asks {
				t.Errorf("asked: %v\n%s", asked, &d.stderr)
			}
			names, err := os.ReadDir(filepath.Dir(d.file))
			if err != nil || len(names) != 2-c.status {
				t.Errorf("%d records, %v", len(names), err)
			}
		})
	}
}

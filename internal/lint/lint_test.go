package lint_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/lint"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
)

var now = time.Date(2024, 9, 30, 12, 0, 0, 0, time.UTC)

func parse(front, body string) *records.Record {
	return records.Parse("2024-08-31-14-30-deployment.md", []byte("---\n"+front+"\n---\n\n"+body), records.Options{})
}

func TestRecord(t *testing.T) {
	for _, test := range []struct {
		name, front, body, want string
	}{
		{"all is well", "date: 2024-08-31T14:30:00Z\nstatus: succeeded", "- [x] a\n- ⏭️ b\n", ""},
		{"open after success", "status: succeeded", "- [x] a\n- [ ] b\n", "open-step:6"},
		{"open after failure", "status: failed", "- [x] a\n- [ ] b\n", ""},
		{"open after a rollback", "status: rolled-back", "- ❌ a\n- [ ] b\n", ""},
		{"under way after failure", "status: failed", "- 🔄 a\n- [ ] b\n", "open-step:5"},
		{"not ended", "status: in-progress", "- 🔄 a\n- [ ] b\n\n## Tips\n\n- TBD\n", ""},
		{"nobody said how it ended", "date: 2024-08-31T14:30:00Z", "- [x] a\n- [ ] b\n", ""},
		{"placeholders", "status: succeeded", "## Issues\n\n- [PENDING]\n- TODO\n- none\n- n/a\n-\n- a pending change broke it\n- …\n\n## Tips\n\nTo be determined\n", "open-note:7 open-note:8 open-note:17"},
		{"a placeholder that is no note", "status: succeeded", "## Plan\n\n- TBD\n", ""},
		{"imported", "status: succeeded\nimported_id: x-1\ndate: 1999-01-01T00:00:00Z", "- [ ] b\n", ""},
		{"the end is to come", "date: 2024-08-31T14:30:00Z\nfinished: 2042-08-31T15:00:00Z\nstatus: succeeded", "", "future-date:3"},
		{"ended in some minutes, by another clock", "date: 2024-09-30T11:30:00Z\nfinished: 2024-09-30T12:20:00Z\nstatus: succeeded", "", ""},
		{"today", "date: 2024-09-30\nstatus: succeeded", "", ""},
		{"ended, and the start is to come", "date: 2025-08-31T14:30:00Z\nstatus: failed", "", "future-date:2"},
		{"planned", "date: 2025-08-31T14:30:00Z\nstatus: in-progress", "", ""},
		{"planned for a slip of the pen", "date: 2042-08-31T14:30:00Z\nstatus: in-progress", "- [ ] a\n", "far-ahead:2"},
		{"planned, with no status", "date: 2026-01-31", "", "far-ahead:2"},
		{"cancelled before it began", "date: 2025-01-31\nstatus: cancelled", "", "future-date:2"},
		{"last century", "date: 1994-08-31T14:30:00Z\nstatus: failed", "", "wrong-year:2"},
		{"people", "status: failed\ndeployer: [Ada, Eve]", "", "unknown-person:3"},
		{"nobody", "status: failed", "", ""},
	} {
		var got []string
		knows := func(name string) bool { return name == "Ada" }
		for _, p := range lint.Record(parse(test.front, test.body), lint.Options{Now: now, Knows: knows}) {
			got = append(got, fmt.Sprintf("%s:%d", p.Rule, p.Line))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestManyOpenSteps(t *testing.T) {
	found := lint.Record(parse("status: succeeded", strings.Repeat("- [ ] a\n", 500)), lint.Options{Now: now})
	if len(found) != 20 || found[18].More != 0 || found[19].More != 480 || !strings.HasSuffix(found[19].Message, "; so are 480 more below") {
		t.Errorf("%d problems, the last: %s", len(found), found[len(found)-1])
	}
}

func took(service string, d time.Duration) *records.Record {
	start := now.Add(-30 * 24 * time.Hour)
	return parse(fmt.Sprintf("service: %s\nenvironment: test\ndate: %s\nfinished: %s\nstatus: succeeded", service, start.Format(time.RFC3339), start.Add(d).Format(time.RFC3339)), "")
}

func TestDurations(t *testing.T) {
	usual := func(n int) (all []*records.Record) {
		for range n {
			all = append(all, took("shop", 30*time.Minute))
		}
		return all
	}
	for _, test := range []struct {
		name string
		all  []*records.Record
		want int
	}{
		{"much longer than usual", append(usual(6), took("shop", 6*time.Hour)), 1},
		{"longer, and not much", append(usual(6), took("shop", 4*time.Hour)), 0},
		{"of another service", append(usual(6), took("bank", 6*time.Hour)), 0},
		{"nobody knows what is usual", append(usual(3), took("shop", 6*time.Hour)), 0},
		{"weeks", []*records.Record{took("shop", 15*24*time.Hour)}, 1},
		{"nothing is", nil, 0},
	} {
		if got := lint.Durations(test.all); len(got) != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestTrail(t *testing.T) {
	r := parse("date: 2024-01-04T10:00:00Z\nfinished: 2024-01-04T11:00:00Z\nstatus: succeeded", "")
	at := func(s string, moved bool) git.Commit {
		when, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return git.Commit{Hash: "0123456789abcdef", Author: "Ada", Time: when, Moved: moved}
	}
	for _, test := range []struct {
		name    string
		commits []git.Commit // newest first
		others  int          // records that came with it
		want    []problem.Rule
	}{
		{"none", nil, 0, nil},
		{"at once", []git.Commit{at("2024-01-04", false)}, 0, nil},
		{"within a week", []git.Commit{at("2024-01-09", false), at("2024-01-04", false)}, 0, nil},
		{"later", []git.Commit{at("2024-03-09", false), at("2024-01-04", false)}, 0, []problem.Rule{problem.ChangedLater}},
		{"moved later", []git.Commit{at("2024-03-09", true), at("2024-01-04", false)}, 0, nil},
		{"committed late, once", []git.Commit{at("2024-03-09", false)}, 0, nil},
		{"a year after", []git.Commit{at("2025-01-05", false)}, 0, []problem.Rule{problem.WrongYear}},
		{"a year after, with others", []git.Commit{at("2025-01-05", false)}, 40, nil},
		{"more than a year after", []git.Commit{at("2025-02-05", false)}, 0, nil},
		{"two years after", []git.Commit{at("2026-01-04", false)}, 0, nil},
	} {
		var got []problem.Rule
		for _, p := range lint.Trail(r, test.commits, 1+test.others) {
			got = append(got, p.Rule)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

package briefing

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/records"
)

// parsed is a record by its ID, of a service called scores, with a body.
func parsed(id, front, body string) *records.Record {
	source := "---\nservice: scores\n" + front + "---\n\n" + body
	return records.Parse("deployments/checklists/"+id+"-deployment.md", []byte(source), records.Options{})
}

const tips = "### Tips for Next Deployment\n\n"

// deployment is a record by its ID, with facts such as "production succeeded".
func deployment(id, environment string, status records.Status, body string) *records.Record {
	return parsed(id, fmt.Sprintf("environment: %s\nstatus: %s\n", environment, status), body)
}

// other is a record of another service.
func other(id string, status records.Status, body string) *records.Record {
	source := fmt.Sprintf("---\nservice: accounts\nenvironment: production\nstatus: %s\n---\n\n%s", status, body)
	return records.Parse(id+"-deployment.md", []byte(source), records.Options{})
}

var now = time.Date(2024, 9, 1, 12, 0, 0, 0, time.UTC)

func brief(checklist string, history ...*records.Record) *Briefing {
	slices.SortFunc(history, func(a, b *records.Record) int { return strings.Compare(b.ID, a.ID) })
	return briefOf(tellAll(history), Start{
		Services: []string{"Scores"}, Environment: "Production", Now: now,
		Checklist: records.Parse("checklist.md", []byte(checklist), records.Options{}),
	})
}

func id(r *records.Record) string {
	if r == nil {
		return ""
	}
	return r.ID
}

func idsOf(rs []*records.Record) (all []string) {
	for _, r := range rs {
		all = append(all, r.ID)
	}
	return all
}

func TestNothingIsKnown(t *testing.T) {
	if b := briefOf(nil, Start{Services: []string{"scores"}, Now: now}); !b.IsEmpty() {
		t.Errorf("%+v", b)
	}
	if b := brief("- [ ] a\n", other("2024-08-01-10-00", records.Succeeded, tips+"- x\n")); !b.IsEmpty() {
		t.Errorf("another service: %+v", b)
	}
}

func TestTheLastDeployment(t *testing.T) {
	good := deployment("2024-08-01-10-00", "production", records.Succeeded, "")
	bad := deployment("2024-08-02-10-00", "production", records.RolledBack, "")
	staging := deployment("2024-08-03-10-00", "staging", records.Succeeded, "")
	older := deployment("2024-07-03-10-00", "", records.Succeeded, "")
	hotfix := deployment("2024-08-02-12-00", "", records.RolledBack, "")
	silent := parsed("2024-08-04-10-00", "", "Nobody wrote how it ended.\n")
	running := deployment("2024-08-31-10-00", "", records.InProgress, "")
	for _, test := range []struct {
		name                       string
		history                    []*records.Record
		last, succeeded, elsewhere string
		unplaced                   []string
	}{
		{"it succeeded", []*records.Record{good, staging}, good.ID, good.ID, "", nil},
		{"it did not, but one before", []*records.Record{good, bad, staging}, bad.ID, good.ID, "", nil},
		{"none ever did", []*records.Record{bad, staging}, bad.ID, "", "", nil},
		{"only elsewhere", []*records.Record{staging}, "", "", staging.ID, nil},
		{"newer ones somewhere", []*records.Record{older, good, bad, hotfix, staging, silent, running}, bad.ID, good.ID, "", []string{silent.ID, hotfix.ID}},
		{"only somewhere", []*records.Record{older}, "", "", "", []string{older.ID}},
		{"elsewhere and somewhere", []*records.Record{staging, silent}, "", "", staging.ID, []string{silent.ID}},
	} {
		b := brief("", test.history...)
		if id(b.Last) != test.last || id(b.Succeeded) != test.succeeded || id(b.Elsewhere) != test.elsewhere || !slices.Equal(idsOf(b.Unplaced), test.unplaced) {
			t.Errorf("%s: last %q, succeeded %q, elsewhere %q, somewhere %v", test.name, id(b.Last), id(b.Succeeded), id(b.Elsewhere), idsOf(b.Unplaced))
		}
	}
	anywhere := briefOf(tellAll([]*records.Record{staging, bad}), Start{Services: []string{"scores"}, Now: now})
	if anywhere.Last != staging {
		t.Errorf("to an environment that nobody named: %s", id(anywhere.Last))
	}
	except := briefOf(tellAll([]*records.Record{bad, good}), Start{Services: []string{"scores"}, Now: now, Except: bad.ID})
	if except.Last != good {
		t.Errorf("but for this one: %s", id(except.Last))
	}
}

func TestOpenTips(t *testing.T) {
	b := brief("- [ ] Calm <!-- 2024-08-01-10-00#tip-keep-calm -->\n",
		deployment("2024-08-01-10-00", "staging", records.Failed, tips+"- Keep calm\n- Drink tea\n- Ask Håkan\n- Old\n"),
		deployment("2024-08-02-10-00", "production", records.Succeeded, "- [ ] Tea <!-- tip: 2024-08-01-10-00#tip-drink-tea -->\n\n"+tips+"- old.\n- New\n"),
		other("2024-08-03-10-00", records.Succeeded, "x — dismissed: y <!-- tip: 2024-08-01-10-00#tip-ask-hakan dismissed -->\n\n"+tips+"- Not ours\n"),
	)
	var got []string
	for _, tip := range b.Tips {
		got = append(got, fmt.Sprint(tip.Ref(), " ", tip.Times))
	}
	want := []string{"2024-08-02-10-00#tip-old 2", "2024-08-02-10-00#tip-new 1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestTipsOfTheLastTenOnly(t *testing.T) {
	var history []*records.Record
	for day := range depth + 1 {
		history = append(history, deployment(fmt.Sprintf("2024-08-%02d-10-00", day+1), "production", records.Succeeded, fmt.Sprintf("%s- Number %d\n", tips, day)))
	}
	b := brief("", history...)
	if len(b.Tips) != depth || b.Tips[0].Note.Text != "Number 10" || b.Tips[depth-1].Note.Text != "Number 1" {
		t.Errorf("%d tips, from %q to %q", len(b.Tips), b.Tips[0].Note.Text, b.Tips[len(b.Tips)-1].Note.Text)
	}
}

func TestStepsInTrouble(t *testing.T) {
	const checklist = "## Deploy\n\n- [ ] **Run migration**: `x`\n- [ ] **Shift traffic**\n- [ ] **Announce**\n- [ ] **Tests**\n- [ ] **Fine**\n- [ ] **Run migration**: again\n"
	b := brief(checklist,
		deployment("2024-08-01-10-00", "production", records.Failed, "## Deploy\n\n- ❌ **Run migration**\n  - the oldest note\n- ⏭️ **Announce**\n- ❌ **Gone**\n- ✅ **Fine**\n"),
		deployment("2024-08-02-10-00", "staging", records.Failed, "## Deploy\n\n- ❌ **Run migration**: `y`\n- ❌ **Run migration**\n- ⏭️ **Announce**\n  1. nobody was there\n\n  > at all\n"+
			"- ❌ **Tests**\n- ❌ **Shift traffic**\n  ```\n  503\n  ```\n  - [x] waited\n\n"+
			"### Issues Encountered\n\n- The load balancer would not shift traffic; `drain` helped\n\n#### Issue #1: the run migration step waits\n\n- **Resolution**: stopped the report\n\n#### Issue #2: x\n\n- **Phase**: Tests\n- **Fix**: ran them again\n"),
		deployment("2024-08-03-10-00", "production", records.Succeeded, "## Deploy\n\n- ✅ **Run migration**\n- ✅ **Fine**\n"),
	)
	var got []string
	for _, s := range b.Steps {
		got = append(got, fmt.Sprintf("%s: failed %v, skipped %v of %d, in %q: %q in %s", s.Step.Label, idsOf(s.Failed), idsOf(s.Skipped), s.Of, s.Environments(), s.Fix, id(s.FixIn)))
	}
	want := []string{
		`Run migration: failed [2024-08-02-10-00 2024-08-01-10-00], skipped [] of 3, in ["staging" "production"]: "stopped the report" in 2024-08-02-10-00`,
		`Shift traffic: failed [2024-08-02-10-00], skipped [] of 1, in ["staging"]: "The load balancer would not shift traffic; drain helped" in 2024-08-02-10-00`,
		`Tests: failed [2024-08-02-10-00], skipped [] of 1, in ["staging"]: "ran them again" in 2024-08-02-10-00`,
		`Announce: failed [], skipped [2024-08-02-10-00 2024-08-01-10-00] of 2, in ["staging" "production"]: "nobody was there at all" in 2024-08-02-10-00`,
	}
	if diff := cmp.Diff(want, got); diff != "" || b.Of != 3 {
		t.Errorf("of %d: -want +got\n%s", b.Of, diff)
	}
}

func TestNeverFinished(t *testing.T) {
	b := brief("",
		other("2024-09-01-11-00", records.InProgress, ""), // somebody is at it
		other("2024-08-20-10-00", records.InProgress, ""),
		deployment("2024-09-01-11-30", "staging", records.InProgress, ""),
		deployment("2024-08-01-10-00", "production", records.InProgress, ""),
		deployment("2024-08-02-10-00", "production", records.Cancelled, ""),
		parsed("2024-08-30-10-00", "environment: production\n", "Nobody wrote how it ended.\n"),
		parsed("2024-09-01-11-40", "environment: production\n", "Nor of this one, of today.\n"),
	)
	want := []string{"2024-09-01-11-40", "2024-09-01-11-30", "2024-08-01-10-00", "2024-08-20-10-00"}
	if diff := cmp.Diff(want, idsOf(b.Open)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestSuspects(t *testing.T) {
	history := []*records.Record{
		deployment("2024-08-03-10-00", "production", records.Succeeded, "- ✅ **a**: `ok/fine.yaml`\n\n### Issues Encountered\n\n- `limits.yaml` again\n"),
		deployment("2024-08-02-10-00", "production", records.Failed,
			"- ❌ **a**: `./config/limits.yaml` was wrong\n  - see (docker/Dockerfile) and main.go:12:3.\n\n### Lessons Learned\n\n- read lesson.md\n\n"+
				"### Issues Encountered\n\n- “sql/0042_add.sql”, and README e.g. Makefile, .env.local.\n- https://example.org/a/page.html\n"),
	}
	files := []string{
		"config/limits.yaml", "other/limits.yaml", "limits.yaml", "unlimits.yaml", "limits.yaml/x", "app/docker/Dockerfile", "Dockerfile", "cmd/main.go",
		"ok/fine.yaml", "lesson.md", "db/sql/0042_add.sql", "README", "Makefile", ".env.local", "g", "page.html",
	}
	var got []string
	for _, s := range suspects(files, tellAll(history)) {
		got = append(got, s.File+" as "+s.Named+" in "+s.Record.ID)
	}
	want := []string{
		"config/limits.yaml as config/limits.yaml in 2024-08-02-10-00",
		"other/limits.yaml as limits.yaml in 2024-08-03-10-00",
		"limits.yaml as limits.yaml in 2024-08-03-10-00",
		"app/docker/Dockerfile as docker/Dockerfile in 2024-08-02-10-00",
		"cmd/main.go as main.go in 2024-08-02-10-00",
		"db/sql/0042_add.sql as sql/0042_add.sql in 2024-08-02-10-00",
		".env.local as .env.local in 2024-08-02-10-00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := suspects(nil, tellAll(history)); got != nil {
		t.Errorf("nothing changed: %v", got)
	}
}

func tellAll(rs []*records.Record) []account {
	var all []account
	for _, r := range rs {
		all = append(all, tell(r))
	}
	return all
}

// A deployment that began in the past is told what was known then.
func TestStartInThePast(t *testing.T) {
	history := []*records.Record{
		deployment("2024-08-01-10-00", "production", records.Succeeded, tips+"- Keep calm\n- Drink tea\n"),
		deployment("2024-08-02-10-00", "production", records.InProgress, ""),
		deployment("2024-08-20-10-00", "production", records.Failed, "- ❌ **Calm**\n\nx — dismissed: y <!-- tip: 2024-08-01-10-00#tip-drink-tea dismissed -->\n\n"+tips+"- Keep calm\n- Later\n"),
		deployment("2024-08-31-10-00", "production", records.InProgress, ""),
	}
	all := tellAll(history)
	slices.SortFunc(all, newestFirst)
	for at, want := range map[string]string{
		"2024-08-10": "last 2024-08-02-10-00, tips 1, steps 0, open 1, later 1",
		"2024-08-01": "last , tips 0, steps 0, open 0, later 2",
		"2024-08-25": "last 2024-08-20-10-00, tips 2, steps 1, open 1, later 1",
		"":           "last 2024-08-31-10-00, tips 2, steps 1, open 2, later 0",
	} {
		start := Start{Services: []string{"scores"}, Environment: "production", Now: now, Checklist: records.Parse("checklist.md", []byte("- [ ] **Calm**\n"), records.Options{})}
		if at != "" {
			start.At, _ = time.Parse(time.DateOnly, at)
		}
		b := briefOf(all, start)
		if got := fmt.Sprintf("last %s, tips %d, steps %d, open %d, later %d", id(b.Last), len(b.Tips), len(b.Steps), len(b.Open), len(b.Later)); got != want {
			t.Errorf("at %s: %s, want %s", at, got, want)
		}
	}
	if len(history[2].Notes) != 2 {
		t.Error("the record of a later deployment lost its notes")
	}
}

package review

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/metrics"
	"github.com/deploysite/deploysite/internal/records"
)

var now = time.Date(2026, 10, 2, 12, 0, 0, 0, time.UTC)

// history makes deployments of records, newest first, and counts them as the site does.
func history(t *testing.T, texts ...string) (in Input) {
	t.Helper()
	q, ok := Parse("2026-Q3", time.UTC)
	if !ok {
		t.Fatal("2026-Q3 is no quarter")
	}
	in = Input{Quarter: q, Now: now}
	var all []*metrics.Deployment
	var marked []ledger.Marked
	for _, text := range texts {
		id, body, _ := strings.Cut(text, "\n")
		r := records.Parse("deployments/checklists/"+id+"-deployment.md", []byte(body), records.Options{Dir: "deployments/checklists"})
		if len(r.Problems) > 0 {
			t.Fatal(r.Problems)
		}
		d := &Deployment{Record: r, Folder: "deployments/checklists", Services: records.Values(r.Services)}
		counted := &metrics.Deployment{Record: r, Services: d.Services, Environments: records.Values(r.Environments)}
		for _, s := range r.Steps {
			if s.State == records.StepFailed {
				d.Failed, counted.FailedAt = append(d.Failed, Step{s.Label, s.ID}), s.At
			}
		}
		in.Deployments = append(in.Deployments, d)
		all = append(all, counted)
		marked = append(marked, ledger.Marked{Record: r, Marks: ledger.Marks(r)})
	}
	in.Lines = metrics.Of(all, metrics.Options{Now: now})
	for _, l := range in.Lines {
		for _, one := range l.Counted {
			for _, d := range in.Deployments {
				if l.Total && l.Environment != "" && d.Record == one.Record {
					d.Counted = one
				}
			}
		}
	}
	in.Ledger = ledger.Of(ledger.History{Records: marked}).Entries
	return in
}

// record is one of web, to production; days are of 2026.
func record(day, status, more string) string {
	end := ""
	if status != "" {
		end = "status: " + status + "\nfinished: 2026-" + day + "T11:00:00Z\n"
	}
	return "2026-" + day + "-10-00\n---\ntitle: web " + day + "\ndate: 2026-" + day + "T10:00:00Z\nservice: web\nenvironment: production\nversion: v" + day + "\n" + end + "---\n\n# web " + day + "\n\n" + more
}

// section is what a draft says below a heading.
func section(t *testing.T, draft, title string) string {
	t.Helper()
	_, after, ok := strings.Cut(draft, "\n## "+title+"\n")
	if !ok {
		t.Fatalf("the draft has no %q:\n%s", title, draft)
	}
	said, _, _ := strings.Cut(after, "\n## ")
	return strings.TrimSpace(said)
}

func says(t *testing.T, draft, title string, want ...string) {
	t.Helper()
	said := section(t, draft, title)
	for _, w := range want {
		if !strings.Contains(said, w) {
			t.Errorf("%s does not say\n%s\nbut\n%s", title, w, said)
		}
	}
}

func TestCoverage(t *testing.T) {
	in := history(t,
		record("10-01", "succeeded", ""), // the next quarter
		record("09-30", "", "nothing more\n"),
		"2026-09-01-10-00\n---\ntitle: nowhere\ndate: 2026-09-01T10:00:00Z\nstatus: succeeded\n---\n\n# nowhere\n",
		record("08-01", "cancelled", ""),
		record("07-01", "succeeded", ""),
	)
	in.Tags = []Tag{
		{"v2", "", "v2", now.AddDate(0, -1, 0)},        // moves on
		{"v2.1.0", "", "v2.1.0", now.AddDate(0, 0, 0)}, // after the quarter
		{"v2.0.9", "", "v2.0.9", now.AddDate(0, -1, 0)},
		{"web/07-01", "web", "07-01", now.AddDate(0, -3, 0)}, // has a record
		{"api/07-01", "api", "07-01", now.AddDate(0, -1, 0)}, // the same version of another service has none
	}
	draft := Of(in).Markdown()
	says(t, draft, "Coverage",
		"- No outcome was found: 1 of 3. [web 09-30](../../deployments/checklists/2026-09-30-10-00-deployment.md)",
		"- No end was found: 1 of 2 with an outcome. [nowhere]", "- No environment was found: 1 of 3. [nowhere]",
		"- Tagged in this quarter, and in no record: 2. v2.0.9 (2 September); api/07-01 (2 September)")
	in.Tags = nil
	says(t, Of(in).Markdown(), "Coverage", "No tag of git names a version")
	in.NoTags = "git is not installed"
	says(t, Of(in).Markdown(), "Coverage", "is unknown: git is not installed.")
	says(t, Of(history(t, record("07-01", "succeeded", ""))).Markdown(), "Coverage", "- Each record says how it ended, when, and where it went: 1 of 1.")
	says(t, Of(history(t)).Markdown(), "Coverage", "- No deployment of this quarter is on record, cancelled ones apart.")
}

func TestFailureHasCauseAndRecovery(t *testing.T) {
	draft := Of(history(t,
		record("07-03", "succeeded", ""),
		record("07-02", "failed", "- ❌ **Smoke tests** <!-- 2026-07-02T10:30:00Z Ada -->\n\n## Issues Encountered\n\n### Issue #1: disk [full]\n\n- **Root Cause**: a log\n- **Resolution**: deleted it\n"),
		record("07-01", "rolled-back", ""),
	)).Markdown()
	// The failure is stamped 10:30 on 2 July; the next success ends at 11:00 on 3 July.
	says(t, draft, "What failed",
		`- **[web 07-02](../../deployments/checklists/2026-07-02-10-00-deployment.md)**, 2 July: failed at [Smoke tests](../../deployments/checklists/2026-07-02-10-00-deployment.md#step-smoke-tests).`,
		`: disk \[full\]. Cause: a log. What helped: deleted it. Recovered by [web 07-03](../../deployments/checklists/2026-07-03-10-00-deployment.md) after 24 h 30 min.`,
		"**, 1 July: rolled back. No issue was found in it that says why. Recovered after at most 1 h.")
}

// A recovery is never "after at most under 1 min".
func TestRecoveryWithinAMinute(t *testing.T) {
	quick := record("07-01", "rolled-back", "")
	quick = strings.Replace(quick, "11:00:00", "10:00:30", 1)
	says(t, Of(history(t, quick)).Markdown(), "What failed", "Recovered within a minute.")
}

// Who undoes a rehearsal says that it failed, as in production.
func TestFailureThatALaterRecordTells(t *testing.T) {
	rehearsal := strings.Replace(record("07-01", "succeeded", ""), "production", "staging", 1)
	in := history(t, record("07-02", "succeeded", ""), rehearsal)
	in.Deployments[1].MendedBy, in.Deployments[1].Counted = []*records.Record{in.Deployments[0].Record}, nil
	says(t, Of(in).Markdown(), "What failed", "1 July: succeeded; that it failed says [web 07-02](", "Mended by [web 07-02](")
}

func TestNearMiss(t *testing.T) {
	draft := Of(history(t, record("07-02", "succeeded", "- ❌ **Smoke tests**\n"), record("07-01", "failed", "- ❌ **Smoke tests**\n"))).Markdown()
	says(t, draft, "Near misses", "- **[web 07-02](", "succeeded, and this failed: [Smoke tests](")
	if said := section(t, draft, "Near misses"); strings.Contains(said, "web 07-01") {
		t.Errorf("a failure is no near miss:\n%s", said)
	}
}

func TestWhatCameAgainAndLearned(t *testing.T) {
	note := func(text string) string { return "### Lessons Learned\n\n- " + text + "\n" }
	in := history(t,
		record("10-01", "succeeded", note("Once, then in autumn")),
		record("09-01", "succeeded", note("Ask before an index")),
		record("08-01", "succeeded", note("Once, then in autumn")),
		record("05-01", "succeeded", note("Ask before an index")),
		record("04-01", "succeeded", note("Ask before an index")),
	)
	draft := Of(in).Markdown()
	says(t, draft, "What came again", "- Lesson, in 3 records: Ask before an index. [1 September](../../deployments/checklists/2026-09-01-10-00-deployment.md#lesson-ask-before-an-index); [1 May](")
	says(t, draft, "What became of lessons", "Lessons, tips and issues of this quarter: 2.", "- **Open: 2.**", "- **Learned three times, and not in the checklist: 1.**")
	says(t, draft, "Steps to add, automate, drop", "- Add? Learned in 3 records: Ask before an index. [1 September](", "If so, behind the step in the checklist: `<!-- 2026-09-01-10-00#lesson-ask-before-an-index -->`")
	if said := section(t, draft, "What came again"); strings.Contains(said, "autumn") {
		t.Errorf("what was said again after the quarter counts in it:\n%s", said)
	}
}

// A draft that cannot be read in ten minutes is not read: of a thousand failures few are
// shown, and how many there are is said.
func TestLongListsAreCut(t *testing.T) {
	var texts []string
	for day := range 28 {
		texts = append(texts, record("09-"+time.Date(2026, 9, 28-day, 0, 0, 0, 0, time.UTC).Format("02"), "failed", "### What Went Well\n\n- Something "+strings.Repeat("x", day+1)+"\n"))
	}
	draft := Of(history(t, texts...)).Markdown()
	says(t, draft, "What failed", "- and 20 more")
	says(t, draft, "What went well", "- and 22 more")
	if words := len(strings.Fields(draft)); words > 1500 {
		t.Errorf("%d words", words)
	}
}

func TestDecisions(t *testing.T) {
	q2, _ := Parse("2026-q2", time.UTC)
	q3, _ := Parse("2026-Q3", time.UTC)
	of2 := DecisionsIn(q2, []byte("# R\n\n## What failed\n\n- nothing: [x]\n\n## Decisions\n\n- [x] Kept: **well** (owner: Ada, by: 2026-07-01)\n- [ ] Open\n  over two lines (owner: Jo; by: May)\n- [ ] Later kept (by nobody)\n- ⏭️ Dropped\n- [ ] … (owner: , by: )\n\n```\n- [ ] code\n```\n"))
	want := []Decision{
		{"Kept: well", "Ada", "2026-07-01", q2, Kept}, {"Open over two lines", "Jo", "May", q2, Open},
		{"Later kept (by nobody)", "", "", q2, Open}, {"Dropped", "", "", q2, Dropped},
	}
	if diff := cmp.Diff(want, of2); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	want[2].State, want[1].Owner = Kept, "Håkan"
	of3 := DecisionsIn(q3, []byte("- [x] later kept (by nobody)\n- [ ] Open over two lines (owner: Håkan, by: )\n"))
	if diff := cmp.Diff(want, Join(of2, of3)); diff != "" {
		t.Errorf("joined: -want +got\n%s", diff)
	}

	in := history(t, record("07-01", "succeeded", ""))
	in.Earlier, in.Reviewed = Join(of2), true
	draft := Of(in).Markdown()
	says(t, draft, "Earlier decisions", "- [x] Kept: well (owner: Ada, by: 2026-07-01)\n- [ ] Open over two lines (owner: Jo, by: May)")
	if !strings.Contains(draft, "**Open on 2 October: 2 decisions from before.** See [Earlier decisions](#earlier-decisions).") {
		t.Error("the draft does not open with what is unkept")
	}
	// What the draft repeats is read back as it was, and its empty boxes are no decisions.
	if diff := cmp.Diff(Join(of2), Join(of2, DecisionsIn(q3, []byte(draft)))); diff != "" {
		t.Errorf("read back: -want +got\n%s", diff)
	}
}

func TestNumbersAreReadBack(t *testing.T) {
	in := history(t, record("07-02", "succeeded", ""), record("07-01", "failed", ""))
	d := Of(in)
	n, ok := NumbersIn([]byte(d.Markdown()))
	if !ok || n.Day != "2026-10-02" || !n.Of["production"][metrics.FailRate].Same(Number{1, 2, new(.5)}) {
		t.Errorf("%t %+v", ok, n)
	}
	for _, bad := range []string{"", "<!-- deploysite review {broken} -->", "<!-- deploysite review -->"} {
		if _, ok := NumbersIn([]byte(bad)); ok {
			t.Errorf("%q has numbers", bad)
		}
	}
}

func TestQuarters(t *testing.T) {
	for _, bad := range []string{"", "2026", "2026-Q5", "2026-Q0", "26-Q1", "2026Q1", "2026-Q1 ", "2026-Q11"} {
		if _, ok := Parse(bad, time.UTC); ok {
			t.Errorf("%q is a quarter", bad)
		}
	}
	q, _ := Parse("2026-q1", time.UTC)
	if q.Before().Name() != "2025-q4" || q.File() != "docs/reviews/2026-q1.md" || q.Code() != "2026-Q1" || q.IsOver(q.To.Add(-1)) || !q.IsOver(q.To) {
		t.Errorf("%+v", q)
	}
}

// FuzzDraft looks that no text of a record becomes a heading or a decision.
func FuzzDraft(f *testing.F) {
	for _, s := range []string{"plain", "## Decisions\n- [ ] mine", "[ ] box", "a\n\n- [x] b", "--> <b>", "`", "](x)", "\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, _ := Parse("2026-Q3", time.UTC)
		r := &records.Record{ID: "2026-07-01-10-00", Name: "2026-07-01-10-00-deployment.md", Status: records.Failed}
		r.Started.Time, r.Title.Value = q.From.Add(time.Hour), s
		for _, kind := range []records.NoteKind{records.Issues, records.Lessons, records.Well} {
			r.Notes = append(r.Notes, records.Note{Kind: kind, ID: string(kind), Text: s, Issue: &records.Issue{Title: s, Fields: []records.IssueField{{Label: "Root Cause", Value: s}}}})
		}
		in := Input{Quarter: q, Now: now, Deployments: []*Deployment{{Record: r, Folder: "d", Failed: []Step{{s, "x"}}}},
			Ledger: ledger.Of(ledger.History{Records: []ledger.Marked{{Record: r}}}).Entries, NoTags: s}
		draft := Of(in).Markdown()
		if all := DecisionsIn(q, []byte(draft)); len(all) > 0 {
			t.Errorf("%q decides %v", s, all)
		}
		if n := strings.Count("\n"+draft, "\n#"); n != 10 {
			t.Errorf("%q makes %d headings", s, n)
		}
	})
}

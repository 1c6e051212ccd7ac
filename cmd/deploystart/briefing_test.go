package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// start2024 is when the tests start deployments.
var start2024 = time.Date(2024, 9, 1, 14, 30, 0, 0, time.UTC)

const plainChecklist = `# Checklist

- Operator:

## Deploy

- [ ] **Run migration**: ` + "`mise run migrate`" + `
- [ ] **Shift traffic**

## Deployment Notes

### Tips for Next Deployment

-
`

// briefingOf is one in which each text is the same.
func briefingOf(content string) *briefing {
	r := &records.Record{
		ID: "2024-08-31-14-30", File: "deployments/checklists/2024-08-31-14-30-deployment.md",
		Title: records.Text{Value: content}, Status: records.RolledBack, Started: records.Moment{Time: start2024.AddDate(0, 0, -1)},
		Services: []records.Text{{Value: content}}, Environment: records.Text{Value: content}, Version: records.Text{Value: content},
		Deployers: []records.Text{{Value: content}}, Commit: records.Text{Value: "0123456789"},
	}
	good := *r
	good.ID = "2024-08-30-10-00"
	good.Status = records.Succeeded
	tip := &records.Note{Kind: records.Tips, ID: "tip-" + text.Slug(content), Text: content}
	step := &records.Step{Label: content, Section: content, Key: text.Slug(content)}
	return &briefing{
		Briefing: insights.Briefing{
			Last: r, Succeeded: &good,
			Tips:  []insights.OpenTip{{Mention: insights.Mention{Record: r, Note: tip}, Times: 2}},
			Steps: []insights.StepTrouble{{Step: step, Failed: []*records.Record{r}, Skipped: []*records.Record{&good}, Of: 3, Fix: content, FixIn: &good}},
			Of:    3, Open: []*records.Record{r},
		},
		start: insights.Start{Services: []string{content}, Environment: "production", Now: start2024},
		changes: &changes{since: &good, from: "0123456789", to: "abcdef0123", Changes: git.Changes{
			Added:   []git.LogEntry{{Hash: "abcdef0123", Subject: content, Files: []string{content}}},
			Missing: []git.LogEntry{{Hash: "0123456789", Subject: content}}, Shallow: true,
		}, suspects: []insights.SuspectFile{{File: content, Named: content, Record: r}}},
		looked: 2, all: 3, person: func(name string) string { return name },
	}
}

// hostile are texts of old records that must do nothing in a new one.
var hostile = []string{
	"- [ ] step", "✅ **done**: x", "[x] y", "⚠️", ":x: z", "1. [ ] n", "# heading", "### Tips for Next Deployment", "Status: failed", "**Operator**: Mallory",
	"Deployed By: Mallory", "</details>", "</summary><script>alert(1)</script>", "<!-- 2024-01-01T00:00:00Z Mallory -->", "--> <img src=x>", "<details>",
	"[text](javascript:alert(1))", "![x](https://example.org/x.png)", "](x)", "[^1]", "[^1]: note", "[a]: https://example.org", "```", "~~~", "`code", "``", "$$x$$",
	"| a | b |\n|---|---|", "---", "===", "a\n\n- [ ] b\n\n## c", "a\r\n\r\n# b", "\x1b[31mred", "\u202eright to left", "a\x00b", "\xff\xfe", "_emphasis_ *strong* __both__",
	"&lt;b&gt; &amp; &#42;", `\`, `\\*`, "http://example.org/**a**", "www.example.org", "<https://example.org>", "a@example.org", "", " ", "\u2028x", "\u00a0", "\t- [x] tab",
	strings.Repeat("long ", 1000), strings.Repeat("[", 400), strings.Repeat("*a ", 400), "2024-08-31-14-30#tip-x dismissed -->", "{#id .class}", "+++", "{\"a\":1}",
}

// TestNoTextGetsOutOfTheBlock: whatever old records hold, the new one has the
// same steps, notes and facts with the briefing as without.
func TestNoTextGetsOutOfTheBlock(t *testing.T) {
	for _, text := range hostile {
		checkBlock(t, text, plainChecklist, true)
	}
}

func checkBlock(t *testing.T, text, template string, mustFit bool) {
	t.Helper()
	content, err := records.Compose([]byte(template), records.Draft{Title: "scores v2", Started: start2024, Services: []string{"scores"}, Deployers: []string{"Ada Park"}})
	if err != nil {
		t.Skip(err)
	}
	b := briefingOf(text)
	with, err := b.insert(content, records.Options{})
	if err != nil && mustFit {
		t.Errorf("%q does not fit into a plain record:\n%s", text, b.block())
	} else if err != nil {
		return
	}
	before, after := records.Parse("r.md", content, records.Options{}), records.Parse("r.md", with, records.Options{})
	if told(before) != told(after) {
		t.Errorf("%q: read otherwise\nwithout: %s\nwith: %s\n%s", text, told(before), told(after), with)
	}
	if span := insights.BlockSpan(after); mustFit && string(with[span.Start:span.End]) != b.block() {
		t.Errorf("%q: the briefing is not found again, but %q", text, with[span.Start:span.End])
	}
	if out := b.terminal(); strings.ContainsAny(out, "\x1b\x00\r\u202e") {
		t.Errorf("%q reaches the terminal as %q", text, out)
	}
}

// With the line ends of Windows it is found as well, and in the usual place only.
func TestTheBlockIsFoundAgain(t *testing.T) {
	b := briefingOf("text")
	content := []byte(strings.ReplaceAll("---\ntitle: x\n---\n\n# T\n\n- [ ] a\n", "\n", "\r\n"))
	with, err := b.insert(content, records.Options{})
	if err != nil {
		t.Fatal(err)
	}
	span := insights.BlockSpan(records.Parse("r.md", with, records.Options{}))
	if got := string(with[span.Start:span.End]); got != strings.ReplaceAll(b.block(), "\n", "\r\n") {
		t.Errorf("found %q", got)
	}
	for _, source := range []string{"", "# T\n", "<details>\n<summary>Other</summary>\n\nx\n\n</details>\n", insights.BlockBegin + "x</summary>\n\nopen\n"} {
		if span := insights.BlockSpan(records.Parse("r.md", []byte(source), records.Options{})); !span.IsZero() {
			t.Errorf("%q: %v", source, span)
		}
	}
}

// Every text is shown as it was written.
func TestInlineShowsTheTextItself(t *testing.T) {
	for _, content := range hostile {
		want := cut(text.Visible(content), 300)
		r := records.Parse("r.md", []byte("- [x](y.md) "+text.Inline(content, 300)+"\n"), records.Options{})
		got := strings.TrimSpace(strings.TrimPrefix(r.Plain(r.Document.Root), "x"))
		if got != strings.Join(strings.Fields(want), " ") || len(r.Steps)+len(r.Notes) > 0 {
			t.Errorf("%q is shown as %q", content, got)
		}
	}
}

// told is all that a record says, but for where.
func told(r *records.Record) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%q %v %v %s %s", r.Title.Value, r.Started.Time, r.Finished.Time, r.Status, r.StatusWhy)
	for _, texts := range [][]records.Text{r.Deployers, r.Services, r.Tags, {r.Environment, r.Version, r.Commit, r.Branch, r.RollbackOf}} {
		for _, t := range texts {
			fmt.Fprintf(&out, " %q", t.Value)
		}
		out.WriteString("\n")
	}
	for _, s := range r.Sections {
		fmt.Fprintf(&out, "section %d %q %s %s\n", s.Level, s.Title, s.ID, s.Kind)
	}
	for _, s := range r.Steps {
		fmt.Fprintf(&out, "step %s %q %s %s %q %v %q %d\n", s.State, s.Text, s.Key, s.ID, s.Section, s.At, s.By, s.Depth)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&out, "note %s %s %q\n", n.Kind, n.ID, n.Text)
	}
	for _, m := range r.Metrics {
		fmt.Fprintf(&out, "metric %q %q\n", m.Label, m.Value.Value)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(&out, "problem %s\n", p.Message)
	}
	return out.String()
}

func FuzzBriefingBlock(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, plainChecklist)
	}
	for _, template := range []string{
		"", "# T\r\n\r\n- [ ] a\r\n", "T\n===\n- [ ] a\n", "> # Quoted\n\n- [ ] a\n", "<div>\n# T\n\n- [ ] a\n</div>\n", "- Status: x\n- [ ] a\n", "# T\n    code\n",
		"# T\n- [ ] a\n", "# T\n<!-- \n\n- [ ] a\n-->\n", "---\ntitle: x\n---\n# Tips\n\n- x\n", "# Metrics\n\n- Start Time:\n", "# T\nlazy\n[a]: b\n", "```\n# T\n```\n",
	} {
		f.Add("tip", template)
	}
	f.Fuzz(func(t *testing.T, text, template string) {
		checkBlock(t, text, template, template == plainChecklist)
	})
}

func TestAgo(t *testing.T) {
	for at, want := range map[string]string{
		"2024-09-01T00:00:00Z": "today", "2024-08-31T23:59:00Z": "yesterday", "2024-08-30T00:00:00Z": "2 days ago",
		"2024-07-03T00:00:00Z": "60 days ago", "2024-07-02T00:00:00Z": "", "2024-09-02T00:00:00Z": "", "2024-09-01T00:30:00+02:00": "yesterday",
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := ago(&records.Record{Started: records.Moment{Time: moment}}, start2024); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}

func TestLasted(t *testing.T) {
	for minutes, want := range map[int]string{0: "0 min", 47: "47 min", 60: "1 h 0 min", 125: "2 h 5 min", 60 * 49: "2 days"} {
		r := &records.Record{Started: records.Moment{Time: start2024}, Finished: records.Moment{Time: start2024.Add(time.Duration(minutes) * time.Minute)}}
		if got := lasted(r); got != want {
			t.Errorf("%d minutes: %q, want %q", minutes, got, want)
		}
	}
}

// history writes records to a folder and opens it as a past.
func history(t *testing.T, files map[string]string) *past {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	p, err := openPast(func() (*os.Root, error) { return os.OpenRoot(dir) }, "records")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// front is a record with that front matter.
func front(format string, args ...any) string {
	return "---\n" + fmt.Sprintf(format, args...) + "\n---\n\n# T\n"
}

func idsFound(p *past, start insights.Start, opt records.Options) (ids []string, looked int) {
	found, looked := lookBack(p, start, opt)
	for _, r := range found {
		ids = append(ids, r.ID)
	}
	return ids, looked
}

// However a record names its service, it is found.
func TestLookBackFindsTheService(t *testing.T) {
	p := history(t, map[string]string{
		"2024-08-01.md":                  front("service: Scores\nstatus: succeeded"),
		"2024-08-02.md":                  front("app: \"sc\\u006fres\"\nstatus: succeeded"),
		"2024-08-03.md":                  front("services:\n  - other\n  - scores\nstatus: succeeded"),
		"2024-08-04.md":                  front("status: succeeded") + "\n- Service: Scores\n",
		"2024-08-05.md":                  "+++\nservice = \"scores\"\nstatus = \"succeeded\"\n+++\n",
		"2024-08-06.md":                  "# T\n\n- Service: scores\n- Status: succeeded\n",
		"2024-08-07.md":                  front("service: other\nstatus: succeeded\ntitle: scores"),
		"2024-08-08.md":                  front("service: other\nstatus: running"),
		"2024-08-09.md":                  front("service: other") + "\n- [x] a\n\n## Metrics\n\n- End Time: 10:00\n",
		"2024-08-10.md":                  front("service: other\nstatus: failed") + "\n- [ ] a <!-- tip: 2024-08-01#tip-x -->\n",
		"2024-08-11.md":                  front("service: other\nstatus: failed") + "\n- [ ] a <!-- tip: 2024-08-07#tip-x -->\n",
		"README.md":                      "scores",
		"notes.md":                       "scores",
		"2024-08-12-14-30-deployment.md": front("status: succeeded"),
	})
	if err := os.Symlink("2024-08-01.md", filepath.Join(p.root.Name(), "2024-08-20.md")); err != nil {
		t.Log(err)
	}
	got, looked := idsFound(p, insights.Start{Services: []string{"scores"}, Now: start2024}, records.Options{})
	want := "2024-08-10 2024-08-09 2024-08-08 2024-08-06 2024-08-05 2024-08-04 2024-08-03 2024-08-02 2024-08-01"
	if strings.Join(got, " ") != want || looked != 12 {
		t.Errorf("looked at %d, parsed %v", looked, got)
	}
	got, _ = idsFound(p, insights.Start{Services: []string{"scores"}, Now: start2024}, records.Options{Service: "scores"})
	if got[0] != "2024-08-12-14-30" {
		t.Errorf("a record without a service is of the default one: %v", got)
	}
}

// It goes on to what it needs, and no further.
func TestLookBackEnds(t *testing.T) {
	day := func(i int) string { return start2024.AddDate(0, 0, -i).Format(time.DateOnly) + ".md" }
	files := map[string]string{}
	for i := range lookAtMost + 50 {
		files[day(i)] = front("service: other\nstatus: succeeded")
	}
	for i := range insights.Depth + 5 {
		files[day(10+i)] = front("service: scores\nenvironment: staging\nstatus: succeeded")
	}
	files[day(700)] = front("service: scores\nenvironment: production\nstatus: succeeded")
	p := history(t, files)
	for _, test := range []struct {
		service, environment string
		found, atLeast       int
	}{
		{"scores", "staging", insights.Depth, lookAtLeast},
		{"scores", "", insights.Depth, lookAtLeast},
		{"scores", "production", insights.Depth + 1, 701},
		{"scores", "moon", insights.Depth, lookAtMost},
		{"nothing", "", 0, lookAtMost},
	} {
		found, looked := idsFound(p, insights.Start{Services: []string{test.service}, Environment: test.environment, Now: start2024}, records.Options{})
		if len(found) != test.found || looked < test.atLeast || looked >= test.atLeast+lookAtOnce {
			t.Errorf("%s to %s: looked at %d, parsed %d", test.service, test.environment, looked, len(found))
		}
	}
}

// Records that only may be of this service do not stand in for those that are.
func TestLookBackIsNotMisled(t *testing.T) {
	files := map[string]string{}
	for i := range 40 {
		name := start2024.AddDate(0, 0, -i).Format(time.DateOnly) + ".md"
		switch {
		case i < 30:
			files[name] = front("service: [other, another]\nenvironment: [production]\nstatus: succeeded")
		default:
			files[name] = front("service: scores\nenvironment: production\nstatus: succeeded")
		}
	}
	found, _ := lookBack(history(t, files), insights.Start{Services: []string{"scores"}, Environment: "production", Now: start2024}, records.Options{})
	if ours := found[30:]; len(ours) != insights.Depth || ours[0].Services[0].Value != "scores" {
		t.Errorf("found %d", len(found))
	}
}

// A team that never wrote front matter has all of its records parsed, up to a
// limit, and the rest is said not to be looked at.
func TestLookBackAtOldRecords(t *testing.T) {
	files := map[string]string{}
	for i := range parseMost + 50 {
		files[start2024.AddDate(0, 0, -i).Format(time.DateOnly)+".md"] = "# T\n\n- [x] a\n"
	}
	p := history(t, files)
	found, looked := idsFound(p, insights.Start{Services: []string{"scores"}, Now: start2024}, records.Options{})
	if len(found) != parseMost || looked != parseMost {
		t.Errorf("looked at %d, parsed %d", looked, len(found))
	}
	if said := lookedAt(looked, len(p.names)); said != "Looked at the newest 200 of 250 records." {
		t.Error(said)
	}
}

package briefing

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/ledger"
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
func briefingOf(written string) *Briefing {
	r := &records.Record{
		ID: "2024-08-31-14-30", File: "deployments/checklists/2024-08-31-14-30-deployment.md",
		Title: records.Text{Value: written}, Status: records.RolledBack, Started: records.Moment{Time: start2024.AddDate(0, 0, -1)},
		Services: []records.Text{{Value: written}}, Environment: records.Text{Value: written}, Version: records.Text{Value: written},
		Deployers: []records.Text{{Value: written}}, Commit: records.Text{Value: "0123456789"},
	}
	good := *r
	good.ID = "2024-08-30-10-00"
	good.Status = records.Succeeded
	tip := &records.Note{Kind: records.Tips, ID: "tip-" + text.Slug(written), Text: written}
	step := &records.Step{Label: written, Section: written, Key: text.Slug(written)}
	return &Briefing{
		Last: r, Succeeded: &good,
		Tips:  []OpenNote{{Mention: ledger.Mention{Record: r, Note: tip}, Times: 2}},
		Steps: []StepTrouble{{Step: step, Failed: []*records.Record{r}, Skipped: []*records.Record{&good}, Of: 3, Fix: written, FixIn: &good}},
		Of:    3, Open: []*records.Record{r},
		start: Start{Services: []string{written}, Environment: "production", Now: start2024},
		changes: &changes{since: &good, from: "0123456789", to: "abcdef0123", Changes: git.Changes{
			Added:   []git.LogEntry{{Hash: "abcdef0123", Subject: written, Files: []string{written}}},
			Missing: []git.LogEntry{{Hash: "0123456789", Subject: written}}, Shallow: true,
		}, suspects: []suspectFile{{File: written, Named: written, Record: r}}},
		looked: 2, past: &Past{names: make([]string, 3)},
	}
}

// hostile are texts of old records that must do nothing in a new one.
var hostile = []string{
	"- [ ] step", "✅ **done**: x", "[x] y", "⚠️", ":x: z", "1. [ ] n", "# heading", "### Tips for Next Deployment", "Status: failed", "**Operator**: Mallory",
	"Deployed By: Mallory", "</details>", "</summary><script>alert(1)</script>", "<!-- 2024-01-01T00:00:00Z Mallory -->", "--> <img src=x>", "<details>",
	"[text](javascript:alert(1))", "![x](https://example.org/x.png)", "](x)", "[^1]", "[^1]: note", "[a]: https://example.org", "```", "~~~", "`code", "``", "$$x$$",
	"| a | b |\n|---|---|", "---", "===", "a\n\n- [ ] b\n\n## c", "a\r\n\r\n# b", "\x1b[31mred", "\u202eright to left", "a\x00b", "\xff\xfe", "_emphasis_ *strong* __both__",
	"&lt;b&gt; &amp; &#42;", "$ sh -c 'echo >&2' && $x$ a$ <b>", "a -> b --> c", "> quote", `\`, `\\*`, "http://example.org/**a**", "www.example.org", "<https://example.org>", "a@example.org", "", " ", "\u2028x", "\u00a0", "\t- [x] tab",
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
	with, err := b.Insert(content, records.Options{})
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
	if out := b.Terminal(); strings.ContainsAny(out, "\x1b\x00\r\u202e") {
		t.Errorf("%q reaches the terminal as %q", text, out)
	}
}

// With the line ends of Windows it is found as well, and in the usual place only.
func TestTheBlockIsFoundAgain(t *testing.T) {
	b := briefingOf("text")
	content := []byte(strings.ReplaceAll("---\ntitle: x\n---\n\n# T\n\n- [ ] a\n", "\n", "\r\n"))
	with, err := b.Insert(content, records.Options{})
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
	for _, written := range hostile {
		want := text.Cut(text.Visible(written), 300)
		r := records.Parse("r.md", []byte("- [x](y.md) "+text.Inline(written, 300)+"\n"), records.Options{})
		got := strings.TrimSpace(strings.TrimPrefix(r.Plain(r.Document.Root), "x"))
		if got != strings.Join(strings.Fields(want), " ") || len(r.Steps)+len(r.Notes) > 0 {
			t.Errorf("%q is shown as %q", written, got)
		}
	}
}

// told is all that a record says, but for where.
func told(r *records.Record) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%q %v %v %s %v", r.Title.Value, r.Started.Time, r.Finished.Time, r.Status, r.StatusReason)
	for _, texts := range [][]records.Text{r.Deployers, r.Services, r.Tags, {r.Environment, r.Version, r.Commit, r.Branch, r.RollbackOf, r.Fixes}, r.ApprovedBy} {
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
	for minutes, want := range map[int]string{0: "under 1 min", 47: "47 min", 60: "1 h", 125: "2 h 5 min", 60 * 49: "2 days"} {
		r := &records.Record{Started: records.Moment{Time: start2024}, Finished: records.Moment{Time: start2024.Add(time.Duration(minutes) * time.Minute)}}
		if got := lasted(r); got != want {
			t.Errorf("%d minutes: %q, want %q", minutes, got, want)
		}
	}
}

package ledger

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/records"
)

// parsed is a record by its ID, of a service called scores, with a body.
func parsed(id, front, body string) *records.Record {
	source := "---\nservice: scores\n" + front + "---\n\n" + body
	return records.Parse("deployments/checklists/"+id+"-deployment.md", []byte(source), records.Options{})
}

const tips = "### Tips for Next Deployment\n\n"

func TestMarks(t *testing.T) {
	r := parsed("2024-09-02-10-00", "", `# T

- [ ] **Purge the cache** <!-- tip: 2024-08-31-14-30#tip-purge-the-cache -->
- ✅ **Ask**: the database people<!-- 2024-08-31-14-30#tip-ask --> <!-- 2024-09-02T10:10:00Z Ada Park -->
- [ ] Step
  - below it, <!-- see 2024-08-30-10-00-2#tip-größe-2, and 2024-08-30-10-00-2#tip-b. -->
- Spoken of, no step <!-- 2024-08-31-14-30#tip-nothing -->
- [ ] `+"`<!-- tip: 2024-08-31-14-30#tip-in-code -->`"+`
- [x] A [link](2024-08-31-14-30-deployment.md#tip-linked)
- [ ] No record <!-- tip: #tip-x --> <!-- 2024-08-31-14-30#x --> <!-- 2024-08-31-14-30#note-x --> <!-- lesson: 2024-08-31-14-30#lesson-l -->

Purge it twice — dismissed by Ada Park: *once* is enough, it was dismissed before <!-- tip: 2024-08-31-14-30#tip-twice dismissed -->

- a — dismissed: no <!-- tip: 2024-08-31-14-30#tip-a
  dismissed -->
- b <!-- tip: 2024-08-31-14-30#tip-c dismissed -->
- ⏭️ d, dismissed by Håkan <!-- tip: 2024-08-31-14-30#tip-d dismissed -->

<!-- same: 2024-08-31-14-30#tip-of-no-note -->

## Lessons

- Warm it <!-- same: 2024-08-31-14-30#tip-ask -->

<!-- apart: 2024-08-31-14-30#tip-a 2024-08-31-14-30#issue-b -->

`+"```\n- [ ] x <!-- tip: 2024-08-31-14-30#tip-fence -->\n```\n")
	step := func(id, note, step string) Mark {
		return Mark{Note: Ref{id, note}, Verdict: Accept, StepID: "step-" + step, StepKey: step}
	}
	want := []Mark{
		step("2024-08-31-14-30", "tip-purge-the-cache", "purge-the-cache"),
		step("2024-08-31-14-30", "tip-ask", "ask"),
		step("2024-08-30-10-00-2", "tip-größe-2", "step"),
		step("2024-08-30-10-00-2", "tip-b", "step"),
		step("2024-08-31-14-30", "lesson-l", "no-record"),
		{Note: Ref{"2024-08-31-14-30", "tip-twice"}, Verdict: Dismiss, By: "Ada Park", Reason: "once is enough, it was dismissed before"},
		{Note: Ref{"2024-08-31-14-30", "tip-a"}, Verdict: Dismiss, Reason: "no"},
		{Note: Ref{"2024-08-31-14-30", "tip-c"}, Verdict: Dismiss},
		{Note: Ref{"2024-08-31-14-30", "tip-d"}, Verdict: Dismiss, By: "Håkan"},
		{Note: Ref{r.ID, "lesson-warm-it"}, Verdict: Same, Other: Ref{"2024-08-31-14-30", "tip-ask"}},
		{Note: Ref{"2024-08-31-14-30", "tip-a"}, Verdict: Apart, Other: Ref{"2024-08-31-14-30", "issue-b"}},
	}
	if diff := cmp.Diff(want, Marks(r)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// In HTML a decision is read as elsewhere, wherever in a block it stands.
func TestMarksInHTML(t *testing.T) {
	r := parsed("2024-09-02-10-00", "", `# T

<ul>
<li>[ ] Purge <!-- tip: 2024-08-31-14-30#tip-purge --></li>
<li>[x] Ask <!-- tip: 2024-08-31-14-30#tip-ask --></li>
<li>Wait &amp; see — dismissed by Ada Park: <em>no</em> time <!-- tip: 2024-08-31-14-30#tip-wait dismissed --></li>
</ul>

> <p>Two notes <!-- same: 2024-08-31-14-30#tip-a
> 2024-08-31-14-30#tip-b --></p>

<!-- apart: 2024-08-31-14-30#tip-a 2024-08-31-14-30#tip-c --> <!-- apart: 2024-08-31-14-30#tip-a 2024-08-31-14-30#tip-d -->
`)
	pair := func(verdict Verdict, b string) Mark {
		return Mark{Note: Ref{"2024-08-31-14-30", "tip-a"}, Verdict: verdict, Other: Ref{"2024-08-31-14-30", b}}
	}
	want := []Mark{
		{Note: Ref{"2024-08-31-14-30", "tip-purge"}, Verdict: Accept, StepID: "step-purge", StepKey: "purge"},
		{Note: Ref{"2024-08-31-14-30", "tip-ask"}, Verdict: Accept, StepID: "step-ask", StepKey: "ask"},
		{Note: Ref{"2024-08-31-14-30", "tip-wait"}, Verdict: Dismiss, By: "Ada Park", Reason: "no time"},
		pair(Same, "tip-b"), pair(Apart, "tip-c"), pair(Apart, "tip-d"),
	}
	if diff := cmp.Diff(want, Marks(r)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// The checklist can turn a note down for good, as it can take one up.
func TestChecklistDismisses(t *testing.T) {
	first, again := parsed("2024-08-01-10-00", "", tips+"- Purge the cache\n"), parsed("2024-08-03-10-00", "", tips+"- Purge the cache\n")
	checklist := records.Parse("checklist.md", []byte("- [ ] **A**\n\nPurge — dismissed by Ada: there is none <!-- tip: 2024-08-01-10-00#tip-purge-the-cache dismissed -->\n"), records.Options{})
	l := Of(History{Records: []Marked{{again, nil}, {first, nil}}, Checklist: Marks(checklist)})
	for _, r := range []*records.Record{first, again} {
		if f := l.Fate(Ref{r.ID, "tip-purge-the-cache"}); f.State != Dismissed || !f.Checklist || f.By != "Ada" || f.Reason != "there is none" {
			t.Errorf("%s: %+v", r.ID, f)
		}
	}
}

func TestParseRef(t *testing.T) {
	for _, s := range []string{"2024-08-31-14-30#tip-purge-the-cache", "2024-08-31-14-30-2#tip-größe-2", "2024-08-31_a--b#tip-x"} {
		if ref, ok := ParseRef(s); !ok || ref.String() != s {
			t.Errorf("%q: %v, %v", s, ref, ok)
		}
	}
	for _, s := range []string{"", "#tip-", "2024#tip-", "tip-a", "2024#note-a", "2024#tip-a ", " 2024#tip-a", "x 2024#tip-a", "2024#tip-a dismissed", "2024#tip-a,", "2024#tip-a 2024#tip-b"} {
		if ref, ok := ParseRef(s); ok {
			t.Errorf("%q is taken for %v", s, ref)
		}
	}
}

func TestFates(t *testing.T) {
	old := parsed("2024-08-01-10-00", "", tips+"- Purge the cache.\n- Ask Håkan\n- Keep calm\n- Drink tea\n- In the list\n")
	middle := parsed("2024-08-10-10-00", "", tips+"- purge the *cache*!\n- Ask Håkan\n- Fresh\n\n## Other\n\n"+
		"- [ ] Tea <!-- tip: 2024-08-01-10-00#tip-drink-tea -->\n"+
		"- Keep calm — dismissed by Ada Park: we are <!-- tip: 2024-08-01-10-00#tip-keep-calm dismissed -->\n")
	late := parsed("2024-08-20-10-00", "", "- ✅ Purged <!-- tip: 2024-08-10-10-00#tip-purge-the-cache -->\n"+
		"- [ ] Tea <!-- tip: 2024-08-01-10-00#tip-drink-tea -->\n"+
		"- no — dismissed: of no use <!-- tip: 2024-08-01-10-00#tip-drink-tea dismissed -->\n\n"+
		"- no — dismissed by Håkan: asked <!-- tip: 2024-08-01-10-00#tip-ask-hakan dismissed -->\n"+
		"- no — dismissed: still calm <!-- tip: 2024-08-01-10-00#tip-keep-calm dismissed -->\n\n"+
		tips+"- Purge the cache\n")
	checklist := records.Parse("checklist.md", []byte("- [ ] **L** <!-- 2024-08-01-10-00#tip-in-the-list -->\n"), records.Options{})

	var history []Marked
	for _, r := range []*records.Record{late, middle, old} {
		history = append(history, Marked{r, Marks(r)})
	}
	got := map[string]string{}
	l := Of(History{Records: history, Checklist: Marks(checklist)})
	for _, m := range Mentions(history) {
		ref, fate := m.Ref(), l.Fate(m.Ref())
		in := ""
		switch {
		case fate.Checklist:
			in = "checklist"
		case fate.Record != nil:
			in = fate.Record.ID
		}
		got[ref.String()] = strings.TrimSpace(strings.Join([]string{string(fate.State), in, fate.StepID, fate.By, fate.Reason}, " "))
	}
	want := map[string]string{
		"2024-08-01-10-00#tip-purge-the-cache": "accepted 2024-08-20-10-00 step-purged", // in the words of the one that was named
		"2024-08-10-10-00#tip-purge-the-cache": "accepted 2024-08-20-10-00 step-purged",
		"2024-08-20-10-00#tip-purge-the-cache": "open",                               // the record took it up, and says it again
		"2024-08-01-10-00#tip-drink-tea":       "accepted 2024-08-10-10-00 step-tea", // the first one; and it counts more than no
		"2024-08-01-10-00#tip-keep-calm":       "dismissed 2024-08-20-10-00   still calm",
		"2024-08-01-10-00#tip-ask-hakan":       "dismissed 2024-08-20-10-00  Håkan asked",
		"2024-08-10-10-00#tip-ask-hakan":       "dismissed 2024-08-20-10-00  Håkan asked",
		"2024-08-01-10-00#tip-in-the-list":     "accepted checklist step-l",
		"2024-08-10-10-00#tip-fresh":           "open",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// What somebody says again after it was decided is open again.
func TestATipThatIsSaidAgainIsOpen(t *testing.T) {
	first := parsed("2024-08-01-10-00", "", tips+"- Purge the cache\n")
	decides := parsed("2024-08-02-10-00", "", "- no — dismissed: no cache <!-- tip: 2024-08-01-10-00#tip-purge-the-cache dismissed -->\n")
	again := parsed("2024-08-03-10-00", "", tips+"- Purge the cache\n")
	l := Of(History{Records: []Marked{{again, nil}, {decides, Marks(decides)}, {first, nil}}})
	if got := l.Fate(Ref{again.ID, "tip-purge-the-cache"}).State; got != Open {
		t.Errorf("said again: %s", got)
	}
	if got := l.Fate(Ref{first.ID, "tip-purge-the-cache"}).State; got != Dismissed {
		t.Errorf("the first: %s", got)
	}
}

// A mark that nothing reads yet must not be lost where records are not parsed.
func TestRefsFindsWhatMarksFinds(t *testing.T) {
	for _, text := range []string{
		"- [ ] a <!-- tip: 2024-08-31-14-30#tip-a -->", "- [ ] a <!--2024-08-31-14-30#tip-a-->",
		"- b <!-- 2024-08-31-14-30#tip-a dismissed -->", "- [ ] a <!--\n(2024-08-31-14-30#tip-a)\n-->",
	} {
		r := records.Parse("r.md", []byte(text+"\n"), records.Options{})
		refs := Refs(r.Source)
		for _, mark := range Marks(r) {
			if !slices.Contains(refs, mark.Note) {
				t.Errorf("%q: %v is not among %v", text, mark.Note, refs)
			}
		}
		if len(Marks(r)) != 1 {
			t.Errorf("%q: marks %v", text, Marks(r))
		}
	}
}

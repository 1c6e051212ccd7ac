package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// mentioned is the only tip of a record of its own.
func mentioned(t testing.TB, written string) Mention {
	t.Helper()
	r := parsed("2024-08-31-14-30", "", tips+"- "+text.Inline(written, 1000)+"\n")
	if len(r.Notes) != 1 {
		t.Skipf("%q is no tip", written)
	}
	return Mention{Record: r, Note: &r.Notes[0]}
}

const purge = "Purge the *cache* first. Then wait"

const briefed = `# Scores

<details>
<summary>Briefing</summary>

- [2024-08-30](2024-08-30-10-00-deployment.md#tip-x) X
- [2024-08-31](2024-08-31-14-30-deployment.md#tip-purge-the-cache-first-then-wait) Purge
- and 3 more

</details>

## Deploy

- [ ] **Shift**
- [x] **Watch** <!-- 2024-09-01T10:00:00Z Ada Park -->

## Deployment Notes

### Tips

- [2024-08-31](2024-08-31-14-30-deployment.md#tip-purge-the-cache-first-then-wait) is a note
`

func TestAcceptNote(t *testing.T) {
	const step = "- [ ] **Purge the \\*cache\\* first**. Then wait <!-- tip: 2024-08-31-14-30#tip-purge-the-cache-first-then-wait -->\n"
	for _, test := range []struct{ name, before, section, after string }{
		{"above the steps", briefed, "", strings.Replace(briefed, "## Deploy\n", "## From earlier deployments\n\n"+step+"\n## Deploy\n", 1)},
		{"in a section", briefed, "deploy", strings.Replace(briefed, "Ada Park -->\n", "Ada Park -->\n"+step, 1)},
		{"beside the others", "# T\n\n## From earlier deployments\n\n* [ ] a\n\n## Deploy\n\n- [ ] b\n", "",
			"# T\n\n## From earlier deployments\n\n* [ ] a\n* " + step[2:] + "\n## Deploy\n\n- [ ] b\n"},
		{"no sections", "- [ ] a\n", "", "- [ ] a\n" + step},
		{"below the title", "# T\n\n- [ ] a\n\nText.\n", "", "# T\n\n- [ ] a\n" + step + "\nText.\n"},
		{"no steps", "# T\n\n## Notes\n", "", "# T\n\n## Notes\n\n## From earlier deployments\n\n" + step},
		{"CRLF", "# T\r\n\r\n## D\r\n\r\n- [ ] a\r\n", "", "# T\r\n\r\n## From earlier deployments\r\n\r\n" + strings.TrimSuffix(step, "\n") + "\r\n\r\n## D\r\n\r\n- [ ] a\r\n"},
		{"empty", "", "", "## From earlier deployments\n\n" + step},
	} {
		r := records.Parse("2024-09-01-10-00-deployment.md", []byte(test.before), records.Options{})
		after, err := AcceptNote(mentioned(t, purge), test.section)(r)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		} else if got := string(after.Source); got != test.after {
			t.Errorf("%s:\n%q\nwant\n%q", test.name, got, test.after)
		}
	}
	r := records.Parse("2024-09-01-10-00-deployment.md", []byte(briefed), records.Options{})
	if _, err := AcceptNote(mentioned(t, purge), "Nowhere")(r); err == nil || !strings.Contains(err.Error(), "Nowhere") {
		t.Errorf("in a section that is not there: %v", err)
	}
}

// What was pasted below a note is no part of a step's name.
func TestAcceptNoteWithCode(t *testing.T) {
	from := records.Parse("2024-08-31-14-30-deployment.md", []byte("## Issues\n\n- No answer\n\n  ```text\n  ERROR 502\n  ```\n"), records.Options{})
	r := records.Parse("2024-09-01-10-00-deployment.md", []byte("# T\n"), records.Options{})
	after, err := AcceptNote(Mention{from, &from.Notes[0]}, "")(r)
	if err != nil || after.Steps[0].Label != "No answer" {
		t.Errorf("%v: %v", after, err)
	}
}

func TestDismissNote(t *testing.T) {
	const remark = " — dismissed by Ada Park: there is \\*no\\* cache <!-- tip: 2024-08-31-14-30#tip-purge-the-cache-first-then-wait dismissed -->\n"
	const item = "- [2024-08-31-14-30](2024-08-31-14-30-deployment.md#tip-purge-the-cache-first-then-wait) Purge the \\*cache\\* first. Then wait" + remark
	const block = "<details>\n<summary>Tips that were dismissed</summary>\n\n" + item + "\n</details>\n"
	other := strings.Replace(briefed, "2024-08-31-14-30-deployment.md#tip-purge", "2024-08-31-14-30-deployment.md#tip-other", 1)
	for _, test := range []struct{ name, before, after string }{
		{"behind the tip", briefed, strings.Replace(briefed, ") Purge\n", ") Purge"+remark, 1)},
		{"among the tips", other, strings.Replace(other, ") Purge\n", ") Purge\n"+item, 1)},
		{"below the title", "# T\n\n- [ ] a\n", "# T\n\n" + block + "\n- [ ] a\n"},
		{"below a briefing without tips", "# T\n\n<details>\n<summary>B</summary>\n\nText\n\n</details>\n\n- [ ] a\n",
			"# T\n\n<details>\n<summary>B</summary>\n\nText\n\n</details>\n\n" + block + "\n- [ ] a\n"},
		{"without a title", "- [ ] a\n", "\n\n" + block + "\n- [ ] a\n"},
		{"CRLF", strings.ReplaceAll(briefed, "\n", "\r\n"), strings.ReplaceAll(strings.Replace(briefed, ") Purge\n", ") Purge"+remark, 1), "\n", "\r\n")},
	} {
		r := records.Parse("2024-09-01-10-00-deployment.md", []byte(test.before), records.Options{})
		after, err := DismissNote(mentioned(t, purge), "Ada Park", "there is *no* cache")(r)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := string(after.Source); got != test.after {
			t.Errorf("%s:\n%q\nwant\n%q", test.name, got, test.after)
		}
		if marks := Marks(after); len(marks) != 1 || marks[0].By != "Ada Park" || marks[0].Reason != "there is *no* cache" {
			t.Errorf("%s: read as %+v", test.name, marks)
		}
	}
}

func TestATipIsDecidedOnOnce(t *testing.T) {
	tip := mentioned(t, purge)
	r := records.Parse("2024-09-01-10-00-deployment.md", []byte(briefed), records.Options{})
	for _, change := range []records.Change{AcceptNote(tip, ""), DismissNote(tip, "", "no")} {
		after, err := change(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, again := range []records.Change{AcceptNote(tip, ""), DismissNote(tip, "", "no")} {
			if _, err := again(after); !errors.Is(err, ErrDecided) {
				t.Errorf("a second time: %v", err)
			}
		}
	}
}

// FuzzDecideOnTip: whatever a tip, a reason and a record say, a decision on it is
// found again, and all else is read as before.
func FuzzDecideOnTip(f *testing.F) {
	for _, text := range []string{purge, "✅ done", "[x] y", "</details>", "<!-- 2024-01-01T00:00:00Z M -->", "# h", "a: b", "- x", "dismissed by X: y", "**b**", "1. a", "&amp;", "a\n\nb"} {
		f.Add(text, text, briefed)
	}
	for _, body := range []string{"", "# T\r\n\r\n- [ ] a\r\n", "> - [ ] a\n", "1) [x] a ✅\n", "# T\n## D\n- ✅ a\n", "---\ntitle: x\n---\n- [ ] a", "```\n", "<!--\n", "# Tips\n\n- a\n", "* [ ] a\n\n  b\n"} {
		f.Add(purge, "no", body)
	}
	f.Fuzz(func(t *testing.T, text, reason, body string) {
		tip := mentioned(t, text)
		before := records.Parse("2024-09-01-10-00-deployment.md", []byte(body), records.Options{})
		if after, err := AcceptNote(tip, "")(before); err == nil {
			if step, ok := records.AddedStep(before, after); !ok || len(after.Notes) != len(before.Notes) || step.State != records.Pending {
				t.Errorf("%q accepted: %+v in\n%s", text, step, after.Source)
			}
			checkKept(t, before, after)
		}
		if after, err := DismissNote(tip, "Ada Park", reason)(before); err == nil {
			if len(after.Steps) != len(before.Steps) || len(after.Notes) != len(before.Notes) || after.Status != before.Status {
				t.Errorf("%q dismissed: read otherwise in\n%s", text, after.Source)
			}
			checkKept(t, before, after)
		} else if body == briefed && !errors.Is(err, ErrDecided) {
			t.Errorf("%q cannot be dismissed for %q: %v", text, reason, err)
		}
	})
}

// checkKept tells that what was written is still there, in order.
func checkKept(t *testing.T, before, after *records.Record) {
	t.Helper()
	head := 0
	for head < len(before.Source) && head < len(after.Source) && before.Source[head] == after.Source[head] {
		head++
	}
	if !bytes.HasSuffix(after.Source, before.Source[head:]) {
		t.Errorf("more was changed than was added:\n%s", fmt.Sprintf("%q\n%q", before.Source, after.Source))
	}
}

// FuzzJudge: whatever a record says, what is said of one of its notes is found again, and
// taken away it leaves the same bytes.
func FuzzJudge(f *testing.F) {
	for _, body := range []string{
		"## Lessons\n\n- a b\n  c\n", "## Lessons\r\n\r\n- a <!-- 2024-09-01T10:00:00Z Ada Park -->\r\n", "## Issues\n\n### Issue #1: x\n\n- **Error**: y\n",
		"## Tips\n\npara\n", "## Tips\n\n> q\n", "## Lessons\n\n- ```\n  code\n  ```\n", "## Lessons\n\n| a |\n|---|\n| b |\n", "## Issues\n\n### Issue #1: x ###\n",
	} {
		f.Add(body)
	}
	other := Ref{"2024-08-31-14-30", "lesson-x"}
	f.Fuzz(func(t *testing.T, body string) {
		before := records.Parse("2024-09-01-10-00-deployment.md", []byte(body), records.Options{})
		for i := range before.Notes {
			m := Mention{before, &before.Notes[i]}
			after, err := Judge(m, Same, other)(before)
			if err != nil {
				continue
			}
			checkKept(t, before, after)
			if len(after.Notes) != len(before.Notes) || after.Notes[i].Text != before.Notes[i].Text || after.Notes[i].Stamp != before.Notes[i].Stamp {
				t.Errorf("read otherwise:\n%s", after.Source)
			}
		}
	})
}

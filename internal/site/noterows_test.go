package site

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/search"
)

// TestNotesInTableRows has a note for each row of a table: on the page of lessons without
// the table, on the record's with an anchor in the row.
func TestNotesInTableRows(t *testing.T) {
	_, out := load(t, write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-a.md", Data: []byte("# A\n\n## Action items\n\n" +
		"| # | Action | Owner |\n|---|---|---|\n| 1 | Write a `test` | Ada Park |\n| 2 | Add an *alert* | |\n")}}))
	lessons, record := page(t, out, "lessons/index.html"), page(t, out, "records/2024-08-31-a/index.html")
	for _, want := range []string{"#tip-write-a-test-ada-park", "Write a test · Ada Park", "#tip-add-an-alert", ">Add an alert<"} {
		if !strings.Contains(lessons, want) {
			t.Errorf("the lessons lack %q", want)
		}
	}
	if strings.Contains(lessons, "<td>") || strings.Contains(lessons, "Owner") {
		t.Error("the lessons show a part of the table")
	}
	if want := `<td><span id="tip-add-an-alert"></span>2</td>`; !strings.Contains(record, want) {
		t.Errorf("the record lacks %q", want)
	}
}

// TestSignsOfNoStep are shown as they are written: what warns did not fail.
func TestSignsOfNoStep(t *testing.T) {
	_, out := load(t, write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-a.md", Data: []byte("# A\n\n## Impact\n\n" +
		"- ⚠️ one\n- ✔ two\n- ❌ three\n- :warning: four\n- :x: five\n\n## Lessons Learned\n\n- ⚠️ six\n- [x] seven\n- [⚠️] eight\n")}}))
	record := page(t, out, "records/2024-08-31-a/index.html")
	for _, want := range []string{">⚠️ one", ">✔ two", ">❌ three", ">:warning: four", ">❌ five", ">⚠️ six", ">✅ seven", ">❌ eight"} {
		if !strings.Contains(record, want) {
			t.Errorf("the record lacks %q:\n%s", want, mainOf(record))
		}
	}
}

// TestChecklistsHints has no lesson of what the checklist says to those who write lessons.
func TestChecklistsHints(t *testing.T) {
	const hint = "## Lessons Learned\n\nWhat should the next one know?\n\n"
	_, out := load(t, write(t, []txtar.File{
		{Name: "docs/deployment-checklist.md", Data: []byte("# Deploy\n\n- [ ] Do it\n\n" + hint)},
		{Name: "deployments/checklists/2024-08-31-a.md", Data: []byte("# A\n\n" + hint + "- Ask first\n")},
	}))
	if lessons := page(t, out, "lessons/index.html"); strings.Contains(lessons, "next one") || !strings.Contains(lessons, "Ask first") {
		t.Error("the lessons are not those of the record")
	}
	if record := page(t, out, "records/2024-08-31-a/index.html"); !strings.Contains(record, "What should the next one know?") {
		t.Error("the record lacks a paragraph")
	}
}

// TestWordsOfStates shows and finds what a table says beside a mark, in a step's cell and
// in others.
func TestWordsOfStates(t *testing.T) {
	s, out := load(t, write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-a.md", Data: []byte("# A\n\n## Checks\n\n" +
		"| Check | Status |\n|---|---|\n| Variables | ❌ FAIL |\n| Disk | ✅ **PASS** |\n| Load | ✅ `verified` |\n\n## Action items\n\n" +
		"| Action | Priority | Status |\n|---|---|---|\n| Write a test | P0 | ✅ Done |\n| Add an alert | P1 | ❌ Not done |\n| Ask Ada | P2 | ⏳ In progress |\n" +
		"| Look | P3 | [x] twice ❌ |\n")}}))
	record := page(t, out, "records/2024-08-31-a/index.html")
	for _, want := range []string{">✅ Done<", ">❌ Not done<", ">⏳ In progress<", ">❌ twice<", "</span> FAIL<", "</span> <strong>PASS</strong><", "</span> <code>verified</code><"} {
		if !strings.Contains(record, want) {
			t.Errorf("the record lacks %q", want)
		}
	}
	if want := `id="tip-write-a-test-p0"`; !strings.Contains(record, want) {
		t.Errorf("the record lacks %q, which must not change with the state", want)
	}
	if lessons := page(t, out, "lessons/index.html"); !strings.Contains(lessons, "Write a test · P0 · Done") {
		t.Error("the lessons lack a state")
	}
	ix, err := s.SearchIndex()
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"fail", "pass", "verified", `"not done"`, `"in progress"`} {
		found, err := ix.Search(t.Context(), search.Query{Text: query})
		if err != nil || len(found.Results) != 1 {
			t.Errorf("%s finds %v, %v", query, found, err)
		}
	}
}

// TestCellsBehindTheTable warns of what a row has behind the table's last column, in a
// build and in a check.
func TestCellsBehindTheTable(t *testing.T) {
	root := write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-a.md", Data: []byte("# A\n\n" +
		"| Check | Command |\n|---|---|\n| Disk | `df -h | grep data` | twice |\n| Load | `uptime` | | |\n| Log | `a \\| b` |\n" +
		"| [x] Cache <!-- 2024-08-31T14:30:00Z Ada --> |\n\n> | A |\n> |---|\n> | b | lost\n")}})
	s, _ := load(t, root)
	p, _, err := project.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := Check(t.Context(), p, CheckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for of, problems := range map[string][]problem.Problem{"build": s.Problems, "check": checked.Problems} {
		var got []string
		for _, p := range problems {
			if p.Rule == problem.LostCells {
				got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Message))
			}
		}
		want := "5:19 the row has more cells than the table has columns; “grep data` | twice” is not shown\n" +
			"12:9 the row has more cells than the table has columns; “lost” is not shown"
		if strings.Join(got, "\n") != want {
			t.Errorf("a %s says\n%s\nwant\n%s", of, strings.Join(got, "\n"), want)
		}
	}
}

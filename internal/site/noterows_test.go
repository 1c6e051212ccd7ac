package site

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

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

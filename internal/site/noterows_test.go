package site

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
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

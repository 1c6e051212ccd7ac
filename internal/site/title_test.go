package site

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/records"
)

// Record pages share a frame: one record that has the site's own title must not
// take the others' from them, whichever is rendered first.
func TestTitlesAreTheirOwn(t *testing.T) {
	root := write(t, []txtar.File{
		{Name: "deploysite.toml", Data: []byte(`title = "Deployments"`)},
		{Name: "deployments/checklists/2024-08-30-10-00-deployment.md", Data: []byte("---\ntitle: Deployments\n---\n")},
		{Name: "deployments/checklists/2024-08-31-10-00-deployment.md", Data: []byte("---\ntitle: Another\n---\n")},
	})
	for _, order := range [][]string{{"2024-08-30-10-00", "2024-08-31-10-00"}, {"2024-08-31-10-00", "2024-08-30-10-00"}} {
		_, out := load(t, root)
		for _, id := range order {
			want := "<title>Deployments</title>"
			if id == "2024-08-31-10-00" {
				want = "<title>Another – Deployments</title>"
			}
			if html := page(t, out, "records/"+id+"/index.html"); !strings.Contains(html, want) {
				t.Errorf("%s first: the page of %s has no %s", order[0], id, want)
			}
		}
	}
}

// What an import left stands in one line at the end, a heading for notes that
// nobody wrote takes no room, and a title that nobody wrote is in the site's words.
func TestRecordsAsTheyAre(t *testing.T) {
	root := write(t, []txtar.File{
		{Name: "deploysite.toml", Data: []byte(`language = "de"`)},
		{Name: "deployments/checklists/2024-08-30-10-00-deployment.md", Data: []byte("---\nimported_from: OLD <LOG>.md\nimported_id: text-1\nticket: 7\n---\n\n" +
			"### What Went Well\n\n### Lessons Learned\n\n-\n\n### Issues Encountered\n\n- The disk was full\n\n### Next\n")},
		{Name: "deployments/checklists/2024-08-31.md", Data: []byte("## Hotfix v1.2\n\n- [x] **Build**\n")},
	})
	_, out := load(t, root)
	html := page(t, out, "records/2024-08-30-10-00/index.html")
	for _, want := range []string{
		"<h1><bdi>Deployment vom 30. Aug. 2024</bdi></h1>",
		"importiert aus <code>OLD &lt;LOG&gt;.md</code> als <code>text-1</code>",
		"<dt><bdi>ticket</bdi></dt><dd><bdi>7</bdi></dd>",
		`<h2 id="s-what-went-well" class="bare">`, `id="s-lessons-learned" class="bare">`, `id="s-issues-encountered">`, `id="s-next">`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the imported record lacks %s", want)
		}
	}
	if strings.Contains(html, records.KeyImportedID) {
		t.Error("the key of the import is among the facts")
	}
	html = page(t, out, "records/2024-08-31/index.html")
	if !strings.Contains(html, "<h1><bdi>Hotfix v1.2</bdi></h1>") || strings.Contains(html, ">Hotfix v1.2 <a class=\"anchor\"") {
		t.Error("the title does not stand once at the top of the record")
	}
}

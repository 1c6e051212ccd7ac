package site

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
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

package site

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// The page of problems claims that records were read whole only where it would list what
// was not: of an imported one the warnings about its text are held back.
func TestProblemsOfImported(t *testing.T) {
	imported := "---\ntitle: Shop\nimported_from: log.md\nimported_id: text-1\n---\n\n- Status: sort of done\n"
	for source, want := range map[string]string{
		imported: "it stays as it was written",
		strings.Replace(imported, "title: Shop", "title: Shop\nfinished: nope", 1): "it stays as it was written", // beside problems
		"---\ntitle: Shop\nstatus: succeeded\n---\n\nText.\n":                      "Every record was read whole",
		"# Shop\n\n- Status: sort of done\n":                                       "is not known",
	} {
		_, out := load(t, write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-deployment.md", Data: []byte(source)}}))
		html := mainOf(page(t, out, "problems/index.html"))
		if !strings.Contains(html, want) || want == "it stays as it was written" && strings.Contains(html, "read whole") {
			t.Errorf("%q:\n%s", source, html)
		}
	}
}

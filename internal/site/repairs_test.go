package site

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestRepairsAndApproval has a record that repairs another one, and one that names none
// that exists.
func TestRepairsAndApproval(t *testing.T) {
	record := func(name, front string) txtar.File {
		return txtar.File{Name: "deployments/checklists/" + name + "-deployment.md", Data: []byte("---\ntitle: " + name + "\nstatus: succeeded\n" + front + "---\n")}
	}
	s, out := load(t, write(t, []txtar.File{
		{Name: "deploysite.toml", Data: []byte("[[people]]\nname = \"Ada Park\"\naliases = [\"ada\"]\n")},
		record("2026-11-01-10-00", ""),
		record("2026-11-02-10-00", "fixes: 2026-11-01-10-00\napproved_by: [ada, <b>Bo</b>]\n"),
		record("2026-11-03-10-00", "hotfix_for: 2026-11-01\n"),
		record("2026-11-04-10-00", "service: web\nrollback_of: 2026-11-09\n"),
	}))
	broken, repair, _ := page(t, out, "records/2026-11-01-10-00/index.html"), page(t, out, "records/2026-11-02-10-00/index.html"), ""
	for _, want := range []struct{ page, text string }{
		{broken, `<dt>Fixed by</dt><dd><a href="../../records/2026-11-02-10-00/index.html">2026-11-02-10-00</a></dd>`},
		{repair, `<dt>Fixes</dt><dd><a href="../../records/2026-11-01-10-00/index.html">2026-11-01-10-00</a></dd>`},
		{repair, `<dt>Approved by</dt><dd><bdi>Ada Park</bdi>, <bdi>Bo</bdi> <span class="hint">as the record claims</span></dd>`},
		{page(t, out, "records.json"), `"fixes": "2026-11-01-10-00"`},
	} {
		if !strings.Contains(want.page, want.text) {
			t.Errorf("there is no %s in\n%s", want.text, mainOf(want.page))
		}
	}
	for _, want := range []string{
		`2026-11-03-10-00-deployment.md:4:13: warning: fixes names "2026-11-01", and there is no such record`,
		`2026-11-04-10-00-deployment.md:5:14: warning: rollback_of names "2026-11-09", and there is no such record`,
	} {
		if !strings.Contains(problemList(s), want) {
			t.Errorf("there is no problem %s in\n%s", want, problemList(s))
		}
	}
}

package site

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// A service's page has what it taught in its own words, and a normal deployment: without
// an issue or a failed step, but it may skip steps on purpose.
func TestReadingOfAService(t *testing.T) {
	record := func(day, title, status, steps, notes string) txtar.File {
		return txtar.File{Name: "deployments/checklists/2024-08-" + day + "-10-00-deployment.md", Data: []byte("---\ntitle: " + title + "\nservice: api\nstatus: " + status + "\n---\n\n## Steps\n\n" + steps + notes)}
	}
	const done = "- ✅ one\n- ✅ two\n- ✅ three\n- ✅ four\n- ✅ five\n"
	_, out := load(t, write(t, []txtar.File{
		record("01", "the night of the lock", "failed", done,
			"\n## Issues Encountered\n\n- The migration waited for a lock\n\n## Lessons Learned\n\n- Set a timeout\n- Look at the locks\n"),
		record("02", "all done", "succeeded", done, ""),
		record("03", "one skipped", "succeeded", done+"- ⏭️ six\n", ""),
		record("04", "one failed", "succeeded", done+"- ❌ six\n", ""),
		record("05", "one open", "succeeded", done+"- [ ] six\n", ""),
		record("06", "an issue", "succeeded", done, "\n## Issues Encountered\n\n- It rained\n"),
	}))
	for _, path := range []string{"services/api/index.html", "onboarding/index.html"} {
		_, list, _ := strings.Cut(page(t, out, path), `class="reading">`)
		list, _, _ = strings.Cut(list, "</section>")
		for _, want := range []string{"the night of the lock", "failed", "The migration waited for a lock", "Set a timeout", "one skipped", "what a normal one looks like"} {
			if !strings.Contains(list, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
		for _, not := range []string{"all done", "one failed", "one open", "an issue"} {
			if strings.Contains(list, not) {
				t.Errorf("%s lists %q", path, not)
			}
		}
	}
}

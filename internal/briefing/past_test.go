package briefing

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/test/generate"
)

// history writes records to a folder and opens it as a past.
func history(t *testing.T, files map[string]string) *Past {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	p, err := OpenPast(dir, ".", "records", secrets.Finder{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// front is a record with that front matter.
func front(format string, args ...any) string {
	return "---\n" + fmt.Sprintf(format, args...) + "\n---\n\n# T\n"
}

func idsFound(p *Past, start Start, opt records.Options) (ids []string, looked int) {
	found, looked := p.lookBack(start, opt)
	for _, r := range found {
		ids = append(ids, r.ID)
	}
	return ids, looked
}

// However a record names its service, it is found.
func TestLookBackFindsTheService(t *testing.T) {
	p := history(t, map[string]string{
		"2024-08-01.md":                  front("service: Scores\nstatus: succeeded"),
		"2024-08-02.md":                  front("app: \"sc\\u006fres\"\nstatus: succeeded"),
		"2024-08-03.md":                  front("services:\n  - other\n  - scores\nstatus: succeeded"),
		"2024-08-04.md":                  front("status: succeeded") + "\n- Service: Scores\n",
		"2024-08-05.md":                  "+++\nservice = \"scores\"\nstatus = \"succeeded\"\n+++\n",
		"2024-08-06.md":                  "# T\n\n- Service: scores\n- Status: succeeded\n",
		"2024-08-07.md":                  front("service: other\nstatus: succeeded\ntitle: scores"),
		"2024-08-08.md":                  front("service: other\nstatus: running"),
		"2024-08-09.md":                  front("service: other") + "\n- [x] a\n\n## Metrics\n\n- End Time: 10:00\n",
		"2024-08-10.md":                  front("service: other\nstatus: failed") + "\n- [ ] a <!-- tip: 2024-08-01#tip-x -->\n",
		"2024-08-11.md":                  front("service: other\nstatus: failed") + "\n- [ ] a <!-- tip: 2024-08-07#tip-x -->\n",
		"README.md":                      "scores",
		"notes.md":                       "scores",
		"2024-08-12-14-30-deployment.md": front("status: succeeded"),
	})
	if err := os.Symlink("2024-08-01.md", filepath.Join(p.root.Name(), "2024-08-20.md")); err != nil {
		t.Log(err)
	}
	got, looked := idsFound(p, Start{Services: []string{"scores"}, Now: start2024}, records.Options{})
	want := "2024-08-10 2024-08-09 2024-08-08 2024-08-06 2024-08-05 2024-08-04 2024-08-03 2024-08-02 2024-08-01"
	if strings.Join(got, " ") != want || looked != 12 {
		t.Errorf("looked at %d, parsed %v", looked, got)
	}
	got, _ = idsFound(p, Start{Services: []string{"scores"}, Now: start2024}, records.Options{Service: "scores"})
	if got[0] != "2024-08-12-14-30" {
		t.Errorf("a record without a service is of the default one: %v", got)
	}
}

// It goes on to what it needs, and no further.
func TestLookBackEnds(t *testing.T) {
	day := func(i int) string { return start2024.AddDate(0, 0, -i).Format(time.DateOnly) + ".md" }
	files := map[string]string{}
	for i := range lookAtMost + 50 {
		files[day(i)] = front("service: other\nstatus: succeeded")
	}
	for i := range depth + 5 {
		files[day(10+i)] = front("service: scores\nenvironment: staging\nstatus: succeeded")
	}
	files[day(700)] = front("service: scores\nenvironment: production\nstatus: succeeded")
	p := history(t, files)
	for _, test := range []struct {
		service, environment string
		found, atLeast       int
	}{
		{"scores", "staging", depth, lookAtLeast},
		{"scores", "", depth, lookAtLeast},
		{"scores", "production", depth + 1, 701},
		{"scores", "moon", depth, lookAtMost},
		{"nothing", "", 0, lookAtMost},
	} {
		found, looked := idsFound(p, Start{Services: []string{test.service}, Environment: test.environment, Now: start2024}, records.Options{})
		if len(found) != test.found || looked < test.atLeast || looked >= test.atLeast+lookAtOnce {
			t.Errorf("%s to %s: looked at %d, parsed %d", test.service, test.environment, looked, len(found))
		}
	}
}

// Records that only may be of this service do not stand in for those that are.
func TestLookBackIsNotMisled(t *testing.T) {
	files := map[string]string{}
	for i := range 40 {
		name := start2024.AddDate(0, 0, -i).Format(time.DateOnly) + ".md"
		switch {
		case i < 30:
			files[name] = front("service: [other, another]\nenvironment: [production]\nstatus: succeeded")
		default:
			files[name] = front("service: scores\nenvironment: production\nstatus: succeeded")
		}
	}
	found, _ := history(t, files).lookBack(Start{Services: []string{"scores"}, Environment: "production", Now: start2024}, records.Options{})
	if ours := found[30:]; len(ours) != depth || ours[0].Services[0].Value != "scores" {
		t.Errorf("found %d", len(found))
	}
}

// A team that never wrote front matter has all of its records parsed, up to a
// limit, and the rest is said not to be looked at.
func TestLookBackAtOldRecords(t *testing.T) {
	files := map[string]string{}
	for i := range parseMost + 50 {
		files[start2024.AddDate(0, 0, -i).Format(time.DateOnly)+".md"] = "# T\n\n- [x] a\n"
	}
	p := history(t, files)
	found, looked := idsFound(p, Start{Services: []string{"scores"}, Now: start2024}, records.Options{})
	if len(found) != parseMost || looked != parseMost {
		t.Errorf("looked at %d, parsed %d", looked, len(found))
	}
	if said := (&Briefing{past: p, looked: looked}).LookedAt(); said != "Looked at the newest 200 of 250 records." {
		t.Error(said)
	}
}

// BenchmarkBriefing is what a briefing costs without git: listing ten thousand
// records, reading the newest, parsing those that matter and telling what they say.
func BenchmarkBriefing(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "shop")
	if err := generate.Project(dir, 10_000, generate.Options{Seed: 1}); err != nil {
		b.Fatal(err)
	}
	template, err := os.ReadFile(filepath.Join(dir, "docs", "deployment-checklist.md"))
	if err != nil {
		b.Fatal(err)
	}
	start := Start{
		Services: []string{"storefront"}, Environment: "production", Now: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC),
		Checklist: records.Parse("checklist.md", template, records.Options{}),
	}
	for b.Loop() {
		p, err := OpenPast(dir, "deployments/checklists", "records", secrets.Finder{})
		if err != nil {
			b.Fatal(err)
		}
		if brief := p.Brief(start, records.Options{}); brief.Last == nil || len(brief.Tips) == 0 {
			b.Fatalf("%+v", brief)
		}
		p.Close()
	}
}

func TestSubjectsHaveNoSecrets(t *testing.T) {
	subject := "Use DB_PASSWORD=" + strings.Repeat("kR7", 4)
	c := changes{Changes: git.Changes{Added: []git.LogEntry{{Subject: subject}}, Missing: []git.LogEntry{{Subject: subject}}}}
	c.mask(secrets.Finder{})
	if want := "Use DB_PASSWORD=" + secrets.Mark("password"); c.Added[0].Subject != want || c.Missing[0].Subject != want {
		t.Errorf("the subjects are %q and %q", c.Added[0].Subject, c.Missing[0].Subject)
	}
}

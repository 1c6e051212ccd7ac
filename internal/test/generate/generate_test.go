package generate

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
)

func TestSameSeedGivesSameRecord(t *testing.T) {
	name1, content1 := Record(7, 41, 100, 4096)
	name2, content2 := Record(7, 41, 100, 4096)
	if name1 != name2 || !bytes.Equal(content1, content2) {
		t.Errorf("two calls with the same arguments differ: %s and %s", name1, name2)
	}
	if _, other := Record(8, 41, 100, 4096); bytes.Equal(content1, other) {
		t.Error("another seed gives the same record")
	}
}

func TestNamesRise(t *testing.T) {
	for _, n := range []int{1, 7, 20000} {
		last := ""
		for i := range n {
			d := facts(1, i, n)
			if d.id() <= last {
				t.Fatalf("of %d records, number %d is %s and comes after %s", n, i, d.id(), last)
			}
			last = d.id()
		}
		if last > "2026-11-20-18-00" {
			t.Errorf("the last of %d records is %s; want nothing after 2026-11-20", n, last)
		}
	}
}

func TestFullestHistoryHasUniqueNames(t *testing.T) {
	last := ""
	for i := MaxRecords - 2000; i < MaxRecords; i++ {
		if id := facts(1, i, MaxRecords).id(); id <= last {
			t.Fatalf("record %d is %s and comes after %s", i, id, last)
		} else {
			last = id
		}
	}
}

func TestMeanSize(t *testing.T) {
	const n = 1000
	for _, size := range []int{MinSize, DefaultSize, 20000} {
		total := 0
		for i := range n {
			_, content := Record(1, i, n, size)
			total += len(content)
		}
		if mean := total / n; mean < size*95/100 || mean > size*105/100 {
			t.Errorf("mean size is %d; want %d ± 5 %%", mean, size)
		}
	}
}

func TestProjectRefusesFullFolder(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine.txt")
	if err := os.WriteFile(mine, []byte("keep me"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := Project(dir, 3, Options{})
	if err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("Project into a full folder: %v; want “not empty”", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("the folder has %d entries; want the one from before", len(entries))
	}
}

func TestProjectHoldsWhatWasAskedFor(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if err := Project(dir, 12, Options{Seed: 3}); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "deployments", "checklists", "*-deployment.md"))
	if err != nil || len(names) != 12 {
		t.Errorf("found %d records, %v; want 12", len(names), err)
	}
	for _, name := range []string{"deploysite.toml", "docs/deployment-checklist.md", "docs/deployment-process.md"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s is missing or empty: %v", name, err)
		}
	}
}

func TestRecordsParseWithoutProblems(t *testing.T) {
	const n = 300
	steps := countSteps()
	for i := range n {
		d := newDeployment(1, i, n)
		name, content := Record(1, i, n, DefaultSize)
		r := records.Parse(name, content, records.Options{})
		for _, p := range r.Problems {
			t.Errorf("%v", p)
		}
		if string(r.Status) != d.status || !r.Started.Time.Equal(d.start) || r.RollbackOf.Value != d.rollbackOf {
			t.Errorf("%s: read as %s, %v, undoes %q; written as %s, %v, undoes %q",
				name, r.Status, r.Started.Time, r.RollbackOf.Value, d.status, d.start, d.rollbackOf)
		}
		if len(r.Deployers) != 1 || r.Deployers[0].Value != d.person.name {
			t.Errorf("%s: deployers are %v; want %s", name, r.Deployers, d.person.name)
		}
		if len(r.Steps) != steps {
			t.Errorf("%s: %d steps; want %d", name, len(r.Steps), steps)
		}
		if len(r.Notes) == 0 {
			t.Errorf("%s: no notes", name)
		}
	}
}

// TestOrganisation looks at two sources: each has a checklist of its own, which
// its records were written by, and no record of the other's service.
func TestOrganisation(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if err := Organisation(dir, 2, 20, Options{Seed: 3}); err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob(filepath.Join(dir, "sources", "*"))
	if err != nil || len(sources) != 2 {
		t.Fatal(sources, err)
	}
	var checklists [][]byte
	for _, source := range sources {
		template, err := os.ReadFile(filepath.Join(source, "docs", "deployment-checklist.md"))
		if err != nil {
			t.Fatal(err)
		}
		checklists = append(checklists, template)
		steps := map[string]bool{}
		for _, s := range records.Parse("t.md", template, records.Options{}).Steps {
			steps[s.Key] = true
		}
		names, _ := filepath.Glob(filepath.Join(source, "deployments", "checklists", "*.md"))
		if len(names) != 20 {
			t.Errorf("%s has %d records", source, len(names))
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			r := records.Parse(filepath.Base(name), text, records.Options{})
			if len(r.Problems) > 0 || len(r.Services) != 1 || r.Services[0].Value != filepath.Base(source) {
				t.Errorf("%s: services %v, problems %v", name, r.Services, r.Problems)
			}
			for _, s := range r.Steps {
				if !steps[s.Key] {
					t.Errorf("%s: step %s is not in the checklist", name, s.Key)
				}
			}
		}
	}
	if bytes.Equal(checklists[0], checklists[1]) {
		t.Error("the two have one checklist")
	}
}

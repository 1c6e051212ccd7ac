package work

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/test/generate"
)

// plainRecord has all that a skim needs; each kind below is an edit of it.
const plainRecord = `---
date: 2031-02-03T10:00:00Z
finished: 2031-02-03T10:30:00Z
service: jump-man
environment: production
version: v90.0.0
status: succeeded
deployer: Ada Park
---

# Jump
`

// kinds are edits of [plainRecord] after which the body, or what cannot be read, may count.
var kinds = map[string][]string{
	"plain":               {},
	"rollback":            {"status: succeeded", "status: failed", "# Jump", "# Jump\n\n**Rollback** <b>of</b>: 2031-02-02-10-00"},
	"rollback in parts":   {"# Jump", "# Jump\n\n- R*oll*back of: 2031-02-02-10-00"},
	"rollback in head":    {"deployer:", "rollback_of: 2031-02-02-10-00\ndeployer:"},
	"secret as version":   {"v90.0.0", "ghp_k3Jd8sKq0ZpWm2Xv7Rt5Yb1Nc6Lf4Gh9Aa0B"},
	"secret as service":   {"jump-man", "ghp_k3Jd8sKq0ZpWm2Xv7Rt5Yb1Nc6Lf4Gh9Aa0B"},
	"secret said below":   {"jump-man", "hk3Jd8sKq0ZpW", "# Jump", "# Jump\n\npassword: hk3Jd8sKq0ZpW"},
	"broken elsewhere":    {"deployer: Ada", "deployer: [Ada"},
	"conflict":            {"# Jump", "<<<<<<< a\n# Jump\n=======\n# Leap\n>>>>>>> b"},
	"not text":            {"# Jump", "# J\xffmp"},
	"status below":        {"status: succeeded\n", "", "# Jump", "# Jump\n\nStatus: failed"},
	"end below":           {"finished: 2031-02-03T10:30:00Z\n", "", "# Jump", "# Jump\n\n## Metrics\n\n- Duration: 20 min"},
	"version below":       {"version: v90.0.0\n", "", "# Jump", "# Jump\n\nVersion: v91"},
	"lists":               {"service: jump-man", "service: [jump-man, donkey]", "environment: production", "environment: [staging, production]"},
	"places in one value": {"environment: production", "environment: staging and production"},
	"only a day":          {"2031-02-03T10:00:00Z", "2031-02-03"},
	"in progress":         {"finished: 2031-02-03T10:30:00Z\n", "", "succeeded", "in-progress", "# Jump", "# Jump\n\n- [x] a\n- [ ] b"},
	"twice":               {"deployer:", "version: v1\ndeployer:"},
	"aliases":             {"date:", "started:", "service:", "app:", "environment:", "env:"},
	"odd status":          {"succeeded", "nearly there"},
	"end before start":    {"T10:30", "T09:30"},
}

// TestSkimmedStanding: what stands where is the same whether records are skimmed or all
// are parsed, among many and after a record of each kind.
func TestSkimmedStanding(t *testing.T) {
	for name, edits := range kinds {
		checkStanding(t, name, 20, map[string]string{
			"2031-02-02-10-00": strings.NewReplacer("02-03T", "02-02T", "v90", "v89").Replace(plainRecord),
			"2031-02-03-10-00": strings.NewReplacer(edits...).Replace(plainRecord),
		})
	}
	samples, err := filepath.Glob("../records/testdata/records/*.txtar")
	if err != nil || len(samples) == 0 {
		t.Fatal(samples, err)
	}
	all := map[string]string{}
	for i, sample := range samples {
		archive, err := txtar.ParseFile(sample)
		if err != nil {
			t.Fatal(err)
		}
		all[time.Date(2031, 3, 1, i, 0, 0, 0, time.UTC).Format("2006-01-02-15-04")] = string(archive.Files[0].Data)
	}
	checkStanding(t, "samples", 500, all)
}

// checkStanding compares both ways for n generated records and some more.
func checkStanding(t *testing.T, name string, n int, more map[string]string) {
	t.Helper()
	dir := t.TempDir()
	if err := generate.Project(dir, n, generate.Options{}); err != nil {
		t.Fatal(err)
	}
	for id, source := range more {
		if err := os.WriteFile(filepath.Join(dir, "deployments/checklists", id+"-deployment.md"), []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, _, err := project.OpenAlone(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC), time.Date(2031, 2, 3, 11, 0, 0, 0, time.UTC), time.Date(2031, 5, 1, 0, 0, 0, 0, time.UTC)} {
		want, err := standing(t.Context(), p, p.Files(), at, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Standing(t.Context(), p, at)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(told(want), told(got)); diff != "" {
			t.Errorf("%s, at %s (-parsed +skimmed):\n%s", name, at, diff)
		}
	}
}

// told is all that status may say of a board.
func told(b *Board) any {
	var more []string
	for _, r := range b.Undated {
		more = append(more, r.File)
	}
	for _, c := range b.Cells {
		more = append(more, fmt.Sprint(c.Service, c.Environment))
		if c.By != nil {
			more = append(more, fmt.Sprint(c.By.ID, c.By.Title.Value, c.By.Deployers, c.By.Status, len(c.By.Steps)))
		}
	}
	return []any{b.JSON(), more, fmt.Sprint(b.Unread)}
}

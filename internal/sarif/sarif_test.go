package sarif_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/sarif"
)

var update = flag.Bool("update", false, "write the golden file")

const file = "deployments/checklists/2024-08-31-14-30-deployment (é).md"

func problems() []problem.Problem {
	return []problem.Problem{
		problem.BadTime.At(file, 3, 7, "date: “x” is not a date", "write it as 2024-08-31T14:30:00+02:00"),
		problem.OpenStep.At(file, 5, 3, "the step “a” is open", "mark it"),
		problem.OpenStep.At(file, 6, 3, "the step “a” is open", "mark it"),
		problem.LongDuration.In(file, "it took \x1b[31m long", ""),
	}
}

const source = "---\ntitle: x\ndate: x\n---\n- [ ] a\n- [ ] a\n"

// lineOf gives the lines of a text.
func lineOf(source string) func(string, int) string {
	return func(_ string, n int) string { return strings.Split(source, "\n")[n-1] }
}

// TestGolden compares a whole log; testdata/golden.sarif is valid by the schema of the
// standard.
func TestGolden(t *testing.T) {
	got, err := json.MarshalIndent(sarif.New(problems(), "1.2.3", "shop/", lineOf(source)), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/golden.sarif"
	if *update {
		if err := os.WriteFile(golden, append(got, '\n'), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// prints are the fingerprints of a log.
func prints(t *testing.T, log sarif.Log) (all []string) {
	data, err := json.Marshal(log)
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Runs []struct {
			Results []struct{ PartialFingerprints map[string]string }
		}
	}
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	for _, r := range read.Runs[0].Results {
		all = append(all, r.PartialFingerprints["deploysite/v1"])
	}
	return all
}

// A problem is the same wherever its line moves, however it is indented, and another one
// where the line says something else.
func TestFingerprints(t *testing.T) {
	before := prints(t, sarif.New(problems(), "", "", lineOf(source)))
	moved := problems()
	for i := range moved[:3] {
		moved[i].Line += 2
	}
	after := prints(t, sarif.New(moved, "", "", lineOf("---\ntags: []\nservice: y\n"+strings.ReplaceAll(source[4:], "- [", "  - ["))))
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("moved (-before +after):\n%s", diff)
	}
	other := prints(t, sarif.New(problems(), "", "", lineOf(strings.Replace(source, "- [ ] a", "- [ ] b", 1))))
	if other[1] == before[1] || other[0] != before[0] {
		t.Errorf("changed: %v, before: %v", other, before)
	}
	distinct := map[string]bool{}
	for _, p := range before {
		distinct[p] = true
	}
	if len(distinct) != len(before) {
		t.Errorf("two problems have one fingerprint: %v", before)
	}
}

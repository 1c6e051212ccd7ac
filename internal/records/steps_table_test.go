package records

import (
	"strings"
	"testing"
)

// TestWideTables: the cost of a table's steps grows with the square of its width,
// so one that nobody would tick off by hand has none, and says so.
func TestWideTables(t *testing.T) {
	for _, test := range []struct {
		columns, rows, steps int
		problem              string
	}{
		{maxColumns, 3, 3 * maxColumns, ""},
		{maxColumns + 1, 3, 0, "more than 200 columns"},
		{10_000, 1, 0, "more than 200 columns"},
		{10_000, 20, 0, "too costly to lay out"},
		{maxColumns, 1000, 0, "too costly to lay out"},
	} {
		r := Parse(recordName1, []byte(boxTable(test.columns, test.rows, "a", "[ ] x")), Options{})
		told := ""
		for _, p := range r.Problems {
			told += p.Message + "\n"
		}
		if len(r.Steps) != test.steps || !strings.Contains(told, test.problem) || test.problem == "" && told != "" {
			t.Errorf("%d × %d: %d steps, told %q", test.columns, test.rows, len(r.Steps), told)
		}
	}
}

// TestStepsOfOneRowRepeatLittle: what stands once in a row or above a column is in
// each step's text and notes, and must not be there as a whole.
func TestStepsOfOneRowRepeatLittle(t *testing.T) {
	long := strings.Repeat("word ", 100_000)
	source := boxTable(maxColumns, 1, long[:5_000], "[ ]")
	source = strings.Replace(source, "|[ ]|[ ]|", "|"+long+"|"+long+"|", 1)
	r := Parse(recordName1, []byte(source), Options{})
	if len(r.Steps) != maxColumns-2 {
		t.Fatalf("%d steps, %v", len(r.Steps), r.Problems)
	}
	for _, s := range r.Steps {
		if len(s.Text) > 3*maxRepeated || len(s.Label) > 3*maxRepeated || len(strings.Join(r.StepNotes(s), "")) > 2*maxNoteText {
			t.Fatalf("a text of %d bytes, a label of %d, notes of %d", len(s.Text), len(s.Label), len(strings.Join(r.StepNotes(s), "")))
		}
	}
	if s := r.Steps[0]; !strings.HasPrefix(s.Text, "word word") || !strings.HasSuffix(s.Text, "…)") {
		t.Errorf("it is called %q", s.Text)
	}
}

func BenchmarkTableSteps(b *testing.B) {
	source := []byte(boxTable(maxColumns, 200, "a", "[ ] x"))
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		r := Parse(recordName1, source, Options{})
		for _, s := range r.Steps {
			r.StepNotes(s)
		}
	}
}

// TestNotsBehindSigns has cells in which words behind a sign say that something was not.
func TestNotsBehindSigns(t *testing.T) {
	for cell, want := range map[string]State{
		"❌ Não instalado":              StepFailed,
		"❌ not successful":             StepFailed,
		"❌ nicht installiert":          StepFailed,
		"❌ не установлен":              StepFailed,
		"⏳ Não validado em runtime":    StepRunning,
		"⏳ not yet done":               StepRunning,
		"❌ not failed":                 "",
		"❌ not run, done by hand":      "",
		"✅ not installed":              "",
		"❌ did not fail, but no reply": "",
		"⏳ not failed so far":          "",
	} {
		r := Parse("2024-08-31.md", []byte("# D\n\n| Step | Status |\n|---|---|\n| a | "+cell+" |\n"), Options{})
		var got State
		if len(r.Steps) == 1 {
			got = r.Steps[0].State
		}
		if got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
}

// TestSignsOfCriteria has lists of what would stop a deployment. Their signs are no results.
func TestSignsOfCriteria(t *testing.T) {
	for source, want := range map[string]int{
		"**Critères bloquants** :\n- ❌ health fail après 5 retry → ROLLBACK\n- ❌ b\n": 0,
		"Rollback triggers:\n\n- ❌ error rate above 5 %\n":                            0,
		"## Rollback criteria\n\n- ❌ more than 5 errors\n":                            0,
		"### Abbruchkriterien\n\n- ❌ Fehlerrate\n":                                    0,
		"## 回滚条件\n\n- ❌ 错误率\n":                                                        0,
		"Rollback triggers:\n\n- [x] error rate is below 5 %\n":                       1,
		"Success criteria:\n\n- ✅ no errors\n- ❌ latency\n":                           2,
		"## Rollback\n\n- ✅ switched back\n":                                          1,
		"The rollback failed:\n\n- ❌ switch back\n":                                   1,
		"Rollback triggers:\n\nNone was met.\n\n- ❌ smoke test\n":                     1,
	} {
		r := Parse("2024-08-31.md", []byte("# D\n\n"+source), Options{})
		if len(r.Steps) != want {
			t.Errorf("%q: %d steps, want %d", source, len(r.Steps), want)
		}
	}
}

// TestLabelsInASentence end before the sign that parts them from the next item. Code keeps its own.
func TestLabelsInASentence(t *testing.T) {
	for item, want := range map[string]string{
		"merge the branch;": "merge the branch", "Sauvegarde ;": "Sauvegarde", "备份；": "备份", "**Tag**, then push;": "Tag", "push; <!-- 2024-08-31T14:32:10+02:00 Ada Park -->": "push",
		"a; b": "a; b", "run `SELECT 1;`": "run SELECT 1;", "read &amp;": "read &",
	} {
		r := Parse("2024-08-31.md", []byte("# T\n\n- [ ] "+item+"\n"), Options{})
		if got := r.Steps[0].Label; got != want {
			t.Errorf("%q is %q, want %q", item, got, want)
		}
	}
}

package records

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// checklist is a line of testdata/checklists/steps.tsv with the file it is about.
type checklist struct {
	name        string
	source      []byte
	steps       int
	first, last string
}

func allChecklists(t testing.TB) (all []checklist) {
	const dir = "testdata/checklists"
	table, err := os.ReadFile(filepath.Join(dir, "steps.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		steps, err := strconv.Atoi(f[1])
		if err != nil || len(f) != 4 {
			t.Fatalf("a bad line: %q", line)
		}
		source, err := os.ReadFile(filepath.Join(dir, f[0]+".md"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, checklist{f[0], source, steps, f[2], f[3]})
	}
	if files, _ := filepath.Glob(dir + "/*.md"); len(files) != len(all) {
		t.Errorf("%d checklists, %d lines", len(files), len(all))
	}
	return all
}

// TestChecklists: in checklists of any shape the steps are found, a record has the
// very same ones, and each can be marked without any change to what else it says.
func TestChecklists(t *testing.T) {
	for _, c := range allChecklists(t) {
		t.Run(c.name, func(t *testing.T) { c.check(t) })
	}
}

func (c checklist) check(t *testing.T) {
	tpl := ParseTemplate("docs/deployment-checklist.md", c.source, Options{})
	if c.steps == 0 {
		if len(tpl.Steps) > 0 || len(tpl.Problems) != 1 || tpl.Problems[0].Line == 0 || !strings.Contains(tpl.Problems[0].Hint, "- [ ]") {
			t.Errorf("%d steps, %v", len(tpl.Steps), tpl.Problems)
		}
		return
	}
	if results := c.results(); len(tpl.Problems) != len(results) {
		t.Errorf("%d marks that read as results, problems: %v", len(results), tpl.Problems)
	}
	if n := len(tpl.Steps); n != c.steps || tpl.Steps[0].Label != c.first || tpl.Steps[n-1].Label != c.last {
		t.Errorf("there are %d steps: %q", n, labelsOf(tpl))
	}
	record, err := Compose(c.source, Draft{Title: "tides 1.0 to production", Started: time.Date(2026, 8, 31, 14, 0, 0, 0, time.UTC), Services: []string{"tides"}})
	if err != nil {
		t.Fatal(err)
	}
	c.kept(t, record)
	r := Parse(recordName1, record, Options{})
	if got, want := keysAndStates(r), keysAndStates(tpl); !slices.Equal(got, want) {
		t.Errorf("the record has other steps:\n%q\nthe checklist\n%q", got, want)
	}
	c.mark(t, r)
}

// results are the lines with a mark that reads as a result.
func (c checklist) results() (lines []string) {
	r := Parse("x.md", c.source, Options{})
	for _, s := range r.Steps {
		if s.State != Pending {
			lines = append(lines, strings.TrimRight(wholeLines(r, s.Mark), "\r\n"))
		}
	}
	return lines
}

// kept: each line of the checklist is in the record, but for the title, for boxes
// in front, for results, and for what the checklist says of itself.
func (c checklist) kept(t *testing.T, record []byte) {
	var lost []string
	for _, line := range lostLines(c.source, record) {
		rest := strings.TrimPrefix(line, "\ufeff")
		if !slices.ContainsFunc(splitLines(record), func(l string) bool { return strings.Replace(l, "[ ] ", "", 1) == rest }) && !strings.HasPrefix(rest, "# ") {
			lost = append(lost, line)
		}
	}
	r := Parse("x.md", c.source, Options{})
	may := c.results()
	for _, claim := range r.claims {
		may = append(may, strings.TrimRight(wholeLines(r, claim.value.Span), "\r\n"))
	}
	for _, line := range lost {
		if !slices.Contains(may, line) && !bytes.Contains(r.Source[:r.FrontMatter.Span.End], []byte(line)) && !strings.Contains(line, "===") && !strings.HasPrefix(line, r.Title.Value) {
			t.Errorf("the record has lost the line %q", line)
		}
	}
}

// mark gives some steps each state: the first ones, the last and one of the middle.
func (c checklist) mark(t *testing.T, r *Record) {
	at := time.Date(2026, 8, 31, 15, 4, 5, 0, time.UTC)
	for i := range r.Steps {
		if i > 12 && i != len(r.Steps)/2 && i != len(r.Steps)-1 {
			continue
		}
		for _, state := range []State{Done, StepFailed, Skipped, StepRunning} {
			change, check := checkedMark(r, i, state, at)
			after, err := change(r)
			if err != nil {
				t.Errorf("step %d cannot be marked as %s: %v", i, state, err)
				continue
			}
			if what := check(Parse(r.File, after.Source, Options{}), lostLines(r.Source, after.Source)); what != "" {
				t.Errorf("%s\n%s", what, after.Source)
			}
			back, err := MarkStep(after.Ref(i), Mark{State: Pending})(after)
			if err != nil || back.Steps[i].State != Pending {
				t.Errorf("step %d is not opened again: %v", i, err)
			}
		}
	}
	for i := range r.Steps { // all of them, one after the other
		next, err := MarkStep(r.Ref(i), Mark{State: Done, At: at, By: "Ada | Park"})(r)
		if err != nil {
			t.Errorf("step %d after those before it: %v", i, err)
			return
		}
		r = next
	}
	for i, s := range r.Steps {
		if s.State != Done || s.By == "" && !s.Stamp.IsZero() {
			t.Errorf("step %d is %s in the end, by %q", i, s.State, s.By)
		}
	}
}

// TestNotesOnAnyStep: a note can be written on a step of each shape but HTML.
func TestNotesOnAnyStep(t *testing.T) {
	for _, c := range allChecklists(t) {
		if c.steps == 0 || strings.HasPrefix(c.name, "html-") {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			r := ParseTemplate(recordName1, c.source, Options{})
			for _, i := range []int{0, len(r.Steps) / 2, len(r.Steps) - 1} {
				change, check := checkedStepNote(r, i, "login answers 502 | twice")
				after, err := change(r)
				if c.name == "plain-table" || c.name == "admonitions" && i == 0 {
					if !errors.Is(err, errNoRoom) {
						t.Errorf("step %d: %v", i, err)
					}
					continue
				}
				if err != nil {
					t.Errorf("no note on step %d: %v", i, err)
					continue
				}
				if what := check(after, lostLines(r.Source, after.Source)); what != "" {
					t.Errorf("%s\n%s", what, after.Source)
				}
			}
		})
	}
}

func labelsOf(r *Record) (labels []string) {
	for _, s := range r.Steps {
		labels = append(labels, s.Label)
	}
	return labels
}

func keysAndStates(r *Record) (all []string) {
	for _, s := range r.Steps {
		all = append(all, fmt.Sprintf("%s %s", s.Key, s.State))
	}
	return all
}

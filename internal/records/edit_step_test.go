package records

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2024, 8, 31, 12, 0, 5, 0, time.FixedZone("", 2*3600))

const noonStamp = "<!-- 2024-08-31T12:00:05+02:00 Ada Park -->"

// marked gives the step at index i of a record another state.
func marked(t *testing.T, source string, i int, state State) string {
	t.Helper()
	r := Parse(recordName1, []byte(source), Options{})
	after, err := MarkStep(r.Ref(i), Mark{State: state, At: noon, By: "Ada Park"})(r)
	if err != nil {
		t.Fatalf("%q: %v", source, err)
	}
	return string(after.Source)
}

func TestMarkStep(t *testing.T) {
	for name, test := range map[string]struct {
		before string
		state  State
		after  string
	}{
		"a template's box":       {"- [ ] **Load**: x", Done, "- ✅ **Load**: x " + noonStamp},
		"trailing blanks stay":   {"- [ ] a  \n\n", Done, "- ✅ a " + noonStamp + "  \n\n"},
		"CR LF":                  {"\ufeff* [ ] a\r\n* [ ] b\r\n", StepFailed, "\ufeff* ❌ a " + noonStamp + "\r\n* [ ] b\r\n"},
		"several lines":          {"1. [ ] a\n   b\n   - note\n", StepRunning, "1. 🔄 a\n   b " + noonStamp + "\n   - note\n"},
		"an earlier stamp":       {"- 🔄 a <!-- 2024-08-31 11:00 Ben -->\n", Done, "- ✅ a " + noonStamp + "\n"},
		"pending again":          {"- ✅ a <!-- 2024-08-31 11:00 Ben --> \n", Pending, "- [ ] a \n"},
		"done without a stamp":   {"- ✅ a\n", Done, "- ✅ a " + noonStamp + "\n"},
		"done before":            {"- ✅ a <!-- 2024-08-31 11:00 Ben -->\n", Done, "- ✅ a <!-- 2024-08-31 11:00 Ben -->\n"},
		"in a quote":             {"> + [ ] a\n> + [ ] b\n", Skipped, "> + ⏭️ a " + noonStamp + "\n> + [ ] b\n"},
		"nothing but a box":      {"- [ ]\n- [ ] b\n", Done, "- ✅ " + noonStamp + "\n- [ ] b\n"},
		"others are ticked":      {"- [ ] a\n- [x] b\n", Done, "- [x] a " + noonStamp + "\n- [x] b\n"},
		"ticked, here it failed": {"- [ ] a\n- [x] b\n", StepFailed, "- [❌] a " + noonStamp + "\n- [x] b\n"},
		"ticked and signed":      {"- [ ] a\n- [x] b ✅\n", Done, "- [x] a ✅ " + noonStamp + "\n- [x] b ✅\n"},
		"a sign at the end":      {"- [x] a ✅ <!-- 2024-08-31 11:00 Ben -->\n", Skipped, "- ⏭️ a " + noonStamp + "\n"},
		"shortcodes":             {"- [ ] a\n- :x: b\n", Done, "- :white_check_mark: a " + noonStamp + "\n- :x: b\n"},
		"a sign that is text":    {"- [ ] not ❌\n- [x] b\n", Done, "- ✅ not ❌ " + noonStamp + "\n- [x] b\n"},
		"empty boxes":            {"- ✅ a\n- [] b\n", Pending, "- [] a\n- [] b\n"},
	} {
		if got := marked(t, test.before, 0, test.state); got != test.after {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, test.after)
		}
	}
}

func TestStampsAreOneComment(t *testing.T) {
	for name, want := range map[string]string{
		"":                                   "<!-- 2024-08-31T12:00:05+02:00 -->",
		"--> <script>alert(1)</script> <!--": "<!-- 2024-08-31T12:00:05+02:00 - scriptalert(1)/script !- -->",
		"Åsa\n\x1b[31m\u202eLind\xff":        "<!-- 2024-08-31T12:00:05+02:00 Åsa [31m Lind -->",
		"Ada Park <ada@example.org>":         "<!-- 2024-08-31T12:00:05+02:00 Ada Park ada@example.org -->",
	} {
		r := Parse(recordName1, []byte("- [ ] a\n"), Options{})
		after, err := MarkStep(r.Ref(0), Mark{State: Done, At: noon, By: name})(r)
		if err != nil {
			t.Errorf("%q: %v", name, err)
		} else if got := string(after.Source); got != "- ✅ a "+want+"\n" {
			t.Errorf("%q: %q", name, got)
		}
	}
}

func TestMarkStepFindsItsStep(t *testing.T) {
	r := Parse(recordName1, []byte("# T\n\n## A\n- [ ] a\n- [ ] a\n"), Options{})
	second := MarkStep(r.Ref(1), Mark{State: Done, Was: Pending})
	moved := Parse(recordName1, []byte("# T\n\n## A\n- ✅ new\n- [ ] a\n- [ ] a\n"), Options{})
	after, err := second(moved)
	if err != nil || after.Steps[2].State != Done || after.Steps[1].State != Pending {
		t.Errorf("%v, %s", err, after.Source)
	}
	for what, source := range map[string]string{
		"gone":       "## A\n- [ ] b\n",
		"one of two": "## A\n- [ ] a\n",
		"marked":     "## A\n- [ ] a\n- ❌ a\n",
	} {
		if after, err := second(Parse(recordName1, []byte(source), Options{})); !errors.Is(err, ErrStale) {
			t.Errorf("%s: %v, %v", what, after, err)
		}
	}
}

// TestMarkStepsOfTheExample marks steps of an example's records: only its
// line changes, and going back leaves nothing behind.
func TestMarkStepsOfTheExample(t *testing.T) {
	for name, source := range exampleRecords(t) {
		r := Parse(name, source, Options{})
		for i, s := range r.Steps {
			if i%5 != len(source)%5 { // each takes a parse of the whole record
				continue
			}
			done := marked(t, string(source), i, StepRunning)
			if changed := changedLines(string(source), done); len(changed) != 1 && !(s.State == StepRunning && len(changed) == 0) {
				t.Errorf("%s, step %d: %q", name, i, changed)
			}
			if s.State != Pending {
				continue
			}
			if back := marked(t, done, i, Pending); back != string(source) {
				t.Errorf("%s, step %d did not come back: %q", name, i, changedLines(string(source), back))
			}
		}
	}
}

// exampleRecords are the records of examples/jump-man by their files' names.
func exampleRecords(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("../../examples/jump-man/deployments/checklists/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no example: %v", err)
	}
	found := map[string][]byte{}
	for _, file := range files {
		if found[filepath.Base(file)], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// changedLines are the lines of before that after does not have, and the new
// ones. Both keep their order.
func changedLines(before, after string) (changed []string) {
	a, b := strings.SplitAfter(before, "\n"), strings.SplitAfter(after, "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) > len(b) {
		return a
	}
	return b
}

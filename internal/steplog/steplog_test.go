package steplog

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/compare"
	"github.com/deploysite/deploysite/internal/records"
)

// record is one of a history; n is its day, from 1.
func record(n int, body string) Deployment {
	day := time.Date(2026, 1, n, 10, 0, 0, 0, time.UTC)
	name := day.Format("2006-01-02-15-04") + "-deployment.md"
	r := records.Parse("deployments/checklists/"+name, []byte("---\ndate: "+day.Format(time.RFC3339)+"\n---\n\n# Record\n\n"+body), records.Options{})
	return deploymentOf(r)
}

func deploymentOf(r *records.Record) Deployment {
	d := Deployment{Record: r, Steps: compare.StepsOf(r), Course: CourseOf(r), Below: map[string][]string{}}
	for _, s := range r.Steps {
		if s.State == records.StepFailed {
			d.Below[s.ID] = r.StepNotes(s)
		}
	}
	return d
}

func template(body string) *records.Record {
	return records.ParseTemplate("docs/deployment-checklist.md", []byte("# Checklist\n\n"+body), records.Options{})
}

// count counts records, the oldest first, by a checklist.
func count(checklist string, history ...Deployment) *History {
	return countBy(checklist, nil, Options{}, history...)
}

func countBy(checklist string, past Past, opt Options, history ...Deployment) *History {
	slices.Reverse(history)
	var steps []compare.Step
	if checklist != "" {
		steps = compare.StepsOf(template(checklist))
	}
	var all [][]compare.Step
	for _, d := range history {
		all = append(all, d.Steps)
	}
	return Follow(steps, past, all).Count(history, opt)
}

// told is each line in short: what it is called, its standing, its states.
func told(h *History) (lines []string) {
	for _, l := range h.Lines {
		lines = append(lines, fmt.Sprintf("%s %s n=%d done=%d failed=%d running=%d skipped=%d open=%d", l.Key, l.Standing, l.N,
			l.Of(records.Done), l.Of(records.StepFailed), l.Of(records.StepRunning), l.Of(records.Skipped), l.Of(records.Pending)))
	}
	return lines
}

func expect(t *testing.T, h *History, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, told(h)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestNothing(t *testing.T) {
	if h := count(""); len(h.Lines)+h.Counted+h.Bare+len(h.Columns) > 0 {
		t.Errorf("nothing gives %v", told(h))
	}
	// A checklist that nobody has used yet is not new: there is nothing older.
	expect(t, count("- [ ] **Build**\n"), "build listed n=0 done=0 failed=0 running=0 skipped=0 open=0")
}

func TestStates(t *testing.T) {
	h := count("## Go\n\n- [ ] **Build**\n- [ ] **Test**\n\n## After\n\n- [ ] **Test**\n",
		record(1, "## Go\n\n- ✅ **Build**\n- ❌ **Test**\n\n## After\n\n- ⏭️ **Test**\n"),
		record(2, "## Go\n\n- ✅ **Build**\n- 🔄 **Test**\n\n## After\n\n- [ ] **Test**\n"),
		record(3, "nothing but words"))
	// The same label in two sections is two steps. Each has the records 1 and 2.
	expect(t, h,
		"go/build listed n=2 done=2 failed=0 running=0 skipped=0 open=0",
		"go/test listed n=2 done=0 failed=1 running=1 skipped=0 open=0",
		"after/test listed n=2 done=0 failed=0 running=0 skipped=1 open=1")
	if h.Counted != 2 || h.Bare != 1 || h.Foreign != 0 {
		t.Errorf("%d counted, %d without steps, %d of another checklist", h.Counted, h.Bare, h.Foreign)
	}
	if len(h.Columns) != 2 || h.Columns[0].ID != "2026-01-02-10-00" {
		t.Errorf("columns: %v", h.Columns)
	}
}

// A record that has a step twice counts once, by the worst of both; so does a checklist.
func TestTwiceInOneRecord(t *testing.T) {
	h := count("- [ ] **Node**\n- [ ] **Node**\n",
		record(1, "- ✅ **Node**\n- ❌ **Node**\n- ✅ **Node**\n"), // failed, not done twice
		record(2, "- ⏭️ **Node**\n- ✅ **Node**\n"))              // skipped once is not done
	expect(t, h, "node listed n=2 done=0 failed=1 running=0 skipped=1 open=0")
	if f := h.Lines[0].Failures; len(f) != 1 || f[0].StepID != "step-node-2" {
		t.Errorf("failures: %+v", f)
	}
}

// Without written evidence a step that is called otherwise is another one.
func TestRenamed(t *testing.T) {
	history := func() []Deployment {
		return []Deployment{record(1, "## Go\n\n- ❌ **Review plan**\n- ✅ **Build**\n"), record(2, "## Go\n\n- ✅ **Read the plan**\n- ✅ **Build**\n")}
	}
	build := "- [ ] **Build**\n"
	gone := []string{
		"go/read-the-plan new n=1 done=1 failed=0 running=0 skipped=0 open=0",
		"go/build listed n=2 done=2 failed=0 running=0 skipped=0 open=0",
		"go/review-plan gone n=1 done=0 failed=1 running=0 skipped=0 open=0"}
	one := []string{
		"go/read-the-plan listed n=2 done=1 failed=1 running=0 skipped=0 open=0",
		"go/build listed n=2 done=2 failed=0 running=0 skipped=0 open=0"}
	for _, c := range []struct {
		comment string
		want    []string
	}{
		{"", gone},
		{" <!-- was: go/another -->", gone},
		{" <!-- wasp: go/review-plan -->", gone},
		{" <!-- was: go/review-plan -->", one},
		{" <!-- was: Review plan -->", one},
		{" <!-- was: Go / Review plan -->", one},
		{" <!-- was: x --> <!-- was: go/review-plan -->", one},
	} {
		h := count("## Go\n\n- [ ] **Read the plan**"+c.comment+"\n"+build, history()...)
		if diff := cmp.Diff(c.want, told(h)); diff != "" {
			t.Errorf("%q: -want +got\n%s", c.comment, diff)
		}
	}
	// So does a key that was cut, of the step that alone had it.
	long := strings.Repeat("a", 60)
	for former, want := range map[string]string{
		"- ✅ **" + long + "1**\n":                        "c listed n=1 done=1 failed=0 running=0 skipped=0 open=0",
		"- ✅ **" + long + "1**\n- ✅ **" + long + "2**\n": "c new n=0 done=0 failed=0 running=0 skipped=0 open=0",
	} {
		if got := told(count("- [ ] **C** <!-- was: "+long+" -->\n", record(1, former)))[0]; got != want {
			t.Errorf("%q: %s", former, got)
		}
	}
	// In a record it says the same, and a chain is followed: c was b, which was a.
	h := count("- [ ] **C** <!-- was: b -->\n", record(1, "- ❌ **A**\n"), record(2, "- ✅ **B** <!-- was: a -->\n"), record(3, "- ✅ **C**\n"))
	expect(t, h, "c listed n=3 done=2 failed=1 running=0 skipped=0 open=0")
	if diff := cmp.Diff([]string{"b", "a"}, h.Lines[0].Former); diff != "" {
		t.Errorf("former keys: %s", diff)
	}
	// What the checklist has is not followed further, and a circle has an end.
	expect(t, count("- [ ] **A** <!-- was: b -->\n- [ ] **B** <!-- was: a -->\n", record(1, "- ✅ **A**\n- ❌ **B**\n")),
		"a listed n=1 done=1 failed=0 running=0 skipped=0 open=0", "b listed n=1 done=0 failed=1 running=0 skipped=0 open=0")
	if h := count("", record(1, "- ✅ **A** <!-- was: b -->\n- ✅ **B** <!-- was: a -->\n")); len(h.Lines) != 2 {
		t.Errorf("a circle without a checklist gives %v", told(h))
	}
	// A step that became two: the first has its past.
	expect(t, count("- [ ] **One** <!-- was: all -->\n- [ ] **Two** <!-- was: all -->\n", record(1, "- ✅ **All**\n")),
		"one listed n=1 done=1 failed=0 running=0 skipped=0 open=0", "two new n=0 done=0 failed=0 running=0 skipped=0 open=0")
}

// The checklist's own versions are evidence where a change can mean but one thing.
func TestPast(t *testing.T) {
	for _, c := range []struct {
		name     string
		versions []string
		from, to string // "" where it leads nowhere
	}{
		{"moved", []string{"## A\n\n- [ ] **Ask**\n- [ ] **Build**\n\n## B\n\n- [ ] **Run**\n", "## A\n\n- [ ] **Build**\n\n## B\n\n- [ ] **Ask**\n- [ ] **Run**\n"}, "a/ask", "b/ask"},
		{"a section got another name", []string{"## Pre-flight\n\n- [ ] **Ask**\n", "## Before\n\n- [ ] **Ask**\n"}, "pre-flight/ask", "before/ask"},
		{"renamed, the other words stayed", []string{"- [ ] **Review plan**: read the deployment plan\n", "- [ ] **Read the plan**: read the deployment plan\n"}, "review-plan", "read-the-plan"},
		{"renamed without other words", []string{"- [ ] **Review plan**\n", "- [ ] **Read the plan**\n"}, "review-plan", ""},
		{"the other words changed as well", []string{"- [ ] **Review plan**: two people\n", "- [ ] **Read the plan**: alone\n"}, "review-plan", ""},
		{"two have the other words", []string{"- [ ] **Node a**: deploy it\n- [ ] **Node b**: deploy it\n", "- [ ] **Node c**: deploy it\n- [ ] **Node d**: deploy it\n"}, "node-a", ""},
		{"two have the name", []string{"## A\n\n- [ ] **Ask**\n\n## B\n\n- [ ] **Ask**\n", "## C\n\n- [ ] **Ask**\n"}, "a/ask", ""},
		{"a comment that stands there no more", []string{"- [ ] **Old**\n", "- [ ] **New** <!-- was: old -->\n", "- [ ] **New**\n"}, "old", "new"},
		{"taken out in one change, put in by another", []string{"## A\n\n- [ ] **Ask**\n- [ ] **Go**\n", "## A\n\n- [ ] **Go**\n", "## A\n\n- [ ] **Go**\n\n## B\n\n- [ ] **Ask**\n"}, "a/ask", ""},
	} {
		var versions []*records.Record
		for _, v := range c.versions {
			versions = append(versions, template(v))
		}
		if got := PastOf(versions)[c.from]; got != c.to {
			t.Errorf("%s: %s leads to %q, not %q", c.name, c.from, got, c.to)
		}
	}
	// Records count by it.
	past := PastOf([]*records.Record{template("## A\n\n- [ ] **Ask**\n"), template("## B\n\n- [ ] **Ask**\n")})
	expect(t, countBy("## B\n\n- [ ] **Ask**\n", past, Options{}, record(1, "## A\n\n- ❌ **Ask**\n"), record(2, "## B\n\n- ✅ **Ask**\n")),
		"b/ask listed n=2 done=1 failed=1 running=0 skipped=0 open=0")
}

// A record of another checklist is counted, and said; without a checklist there is none other.
func TestForeign(t *testing.T) {
	of := func() []Deployment {
		return []Deployment{record(1, "- ✅ **Ours**\n"), record(2, "- ✅ **Theirs**\n")}
	}
	h := count("- [ ] **Ours**\n", of()...)
	expect(t, h, "ours listed n=1 done=1 failed=0 running=0 skipped=0 open=0", "theirs gone n=1 done=1 failed=0 running=0 skipped=0 open=0")
	if h.Counted != 2 || h.Foreign != 1 || len(h.Columns) != 1 {
		t.Errorf("%d counted, %d of another checklist, %d columns", h.Counted, h.Foreign, len(h.Columns))
	}
	h = count("", of()...)
	expect(t, h, "theirs  n=1 done=1 failed=0 running=0 skipped=0 open=0", "ours  n=1 done=1 failed=0 running=0 skipped=0 open=0")
	if h.Foreign != 0 || len(h.Columns) != 2 {
		t.Errorf("without a checklist: %d of another, %d columns", h.Foreign, len(h.Columns))
	}
	if _, ok := h.Lines[0].Suggestion(); ok {
		t.Error("something is suggested for no checklist")
	}
}

// A window of days does not change what is new or gone.
func TestWindow(t *testing.T) {
	late := Options{Wanted: func(d *Deployment) bool { return d.Started.Time.Day() > 1 }}
	h := countBy("- [ ] **A**\n- [ ] **B**\n", nil, late, record(1, "- ❌ **A**\n- ✅ **Old**\n"), record(2, "- ✅ **A**\n- ✅ **B**\n"))
	expect(t, h, "a listed n=1 done=1 failed=0 running=0 skipped=0 open=0", "b new n=1 done=1 failed=0 running=0 skipped=0 open=0")
	if l := h.Lines[0]; l.First.ID != "2026-01-01-10-00" || len(l.Failures) != 0 {
		t.Errorf("first %s, %d failures", l.First.ID, len(l.Failures))
	}
}

// The times of steps: record 1 starts at 10:00. Build is marked at 10:02 and test at
// 10:05, so they took 120 s and 180 s. Note has no time; of deploy, at 10:20, nobody
// knows how much of the quarter of an hour was note's. Verify took 60 s. A step that
// was skipped is no run, and a mark before the start says nothing.
func TestTimes(t *testing.T) {
	h := count("",
		record(1, "- ✅ **Build** <!-- 2026-01-01T10:02:00Z Ada -->\n- ❌ **Test** <!-- 2026-01-01T10:05:00Z Ada -->\n- ✅ **Note**\n- ✅ **Deploy** <!-- 2026-01-01T10:20:00Z Ada -->\n- ✅ **Verify** <!-- 2026-01-01T10:21:00Z Ada -->\n- ⏭️ **Announce** <!-- 2026-01-01T10:30:00Z Ada -->\n"),
		record(2, "- ✅ **Build** <!-- 2026-01-02T09:59:00Z Ada -->\n- ✅ **Test** <!-- 2026-01-02T10:05:00Z Ada -->\n"))
	got := map[string][]float64{}
	for _, l := range h.Lines {
		got[l.Key] = l.Times
	}
	// In record 2 test's time is that from the start, 300 s: nothing was marked since.
	want := map[string][]float64{"build": {120}, "test": {180, 300}, "note": nil, "deploy": nil, "verify": {60}, "announce": nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got %s", diff)
	}
}

// Of twelve times, 60 s to 720 s, the median is 390 s, and its interval by order
// statistics goes from the 3rd to the 10th. Of five there is no interval.
func TestMedian(t *testing.T) {
	of := func(n int) Row {
		var all []Deployment
		for i := range n {
			all = append(all, record(i+1, fmt.Sprintf("- ✅ **A** <!-- 2026-01-%02dT10:%02d:00Z Ada -->\n", i+1, i+1)))
		}
		return count("- [ ] **A**\n", all...).Rows("")[0]
	}
	if r := of(12); *r.Median != 390 || *r.Low != 180 || *r.High != 600 || r.Timed != 12 {
		t.Errorf("of twelve: %v %v %v", *r.Median, *r.Low, *r.High)
	}
	if r := of(5); *r.Median != 180 || r.Low != nil || r.High != nil {
		t.Errorf("of five: %v %v", *r.Median, r.Low)
	}
}

// Who ran a step: its stamp, else the one who deployed. One person with two names is one.
func TestPeople(t *testing.T) {
	one := record(1, "- ✅ **A** <!-- 2026-01-01T10:01:00Z ap -->\n- ✅ **B** <!-- 2026-01-01T10:02:00Z Jo -->\n")
	two := record(2, "- ✅ **A** <!-- 2026-01-02T10:01:00Z Ada Park -->\n- ✅ **B**\n- ⏭️ **C** <!-- 2026-01-02T10:02:00Z Jo -->\n")
	two.Deployer = "Ada Park"
	three := record(3, "- ❌ **A**\n- ✅ **B**\n")
	person := func(name string) string {
		return map[string]string{"ap": "Ada Park"}[name] + strings.TrimPrefix(name, "ap")
	}
	h := countBy("- [ ] **A**\n- [ ] **B**\n- [ ] **C**\n", nil, Options{Person: person}, one, two, three)
	a, b, c := h.Lines[0], h.Lines[1], h.Lines[2]
	if diff := cmp.Diff([][]string{{"Ada Park"}, {"Ada Park", "Jo"}, nil}, [][]string{a.People, b.People, c.People}); diff != "" {
		t.Errorf("-want +got %s", diff)
	}
	// A has three runs, of which two name Ada Park and one names nobody: that is too few.
	if only, ok := a.Only(); ok || a.Runs != 3 || a.Unnamed != 1 {
		t.Errorf("%s %t, %d runs, %d unnamed", only, ok, a.Runs, a.Unnamed)
	}
	four := record(4, "- ✅ **A** <!-- 2026-01-04T10:01:00Z ap -->\n")
	if only, ok := countBy("- [ ] **A**\n", nil, Options{Person: person}, one, two, three, four).Lines[0].Only(); !ok || only != "Ada Park" {
		t.Errorf("of three runs that name somebody: %q", only)
	}
	for _, l := range []*Line{b, c} {
		if only, ok := l.Only(); ok {
			t.Errorf("only %s has run %s", only, l.Key)
		}
	}
}

func TestRitual(t *testing.T) {
	marked := func(signs ...string) *Line {
		var all []Deployment
		for i, sign := range signs {
			all = append(all, record(i%28+1, "- "+sign+" **A**\n"))
		}
		return count("- [ ] **A**\n", all...).Lines[0]
	}
	times := func(n int, sign string) []string { return slices.Repeat([]string{sign}, n) }
	for _, c := range []struct {
		name  string
		signs []string
		want  string
	}{
		{"40 done", times(40, "✅"), "automate never-failed 0 of 40"},
		{"39 done", times(39, "✅"), ""},
		{"40 runs, one failed", append(times(39, "✅"), "❌"), ""},
		{"40 done, 5 skipped and 3 open", slices.Concat(times(40, "✅"), times(5, "⏭️"), times(3, "[ ]")), "automate never-failed 0 of 40"},
		{"9 of 10 skipped", append(times(9, "⏭️"), "✅"), "drop skipped 9 of 10"},
		{"9 of 10 skipped, and many open", append(append(times(9, "⏭️"), "✅"), times(20, "[ ]")...), "drop skipped 9 of 10"},
		{"8 of 9 skipped", append(times(8, "⏭️"), "✅"), ""}, // too few, and less than nine of ten
		{"9 of 9 skipped", times(9, "⏭️"), ""},              // too few
		{"17 of 19 skipped", append(times(17, "⏭️"), "✅", "✅"), ""},
	} {
		got := ""
		if s, ok := marked(c.signs...).Suggestion(); ok {
			got = fmt.Sprintf("%s %s %d of %d", s.Do, s.Sign, s.K, s.N)
		}
		if got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

// Six marks within 60 s are a sign, within 61 s none. Where a mark has no time, or there
// are five only, nobody can tell.
func TestAtOnce(t *testing.T) {
	body := func(day, marks, last int, without bool) string {
		var b strings.Builder
		for i := range marks {
			at := fmt.Sprintf(" <!-- 2026-01-%02dT10:%02d:%02dZ Ada -->", day, (i*last/(marks-1))/60, (i*last/(marks-1))%60)
			if without && i == 2 {
				at = ""
			}
			fmt.Fprintf(&b, "- ✅ **Step %c**%s\n", 'a'+i, at)
		}
		return b.String()
	}
	h := count("- [ ] **Step a**\n", record(1, body(1, 6, 60, false)), record(2, body(2, 6, 61, false)), record(3, body(3, 6, 30, true)), record(4, body(4, 5, 30, false)))
	if h.Stamped != 2 || len(h.AtOnce) != 1 || h.AtOnce[0].ID != "2026-01-01-10-00" {
		t.Errorf("%d stamped, at once: %v", h.Stamped, h.AtOnce)
	}
	// Of six stamped records three are half: a suggestion. Of six, two are not.
	for three, want := range map[int]bool{3: true, 2: false} {
		var all []Deployment
		for i := range 6 {
			last := 600
			if i < three {
				last = 20
			}
			all = append(all, record(i+1, body(i+1, 6, last, false)))
		}
		if s, ok := count("- [ ] **Step a**\n", all...).Lines[0].Suggestion(); ok != want || ok && (s.Sign != MarkedAtOnce || s.K != 3 || s.N != 6) {
			t.Errorf("%d of 6: %v %t", three, s, ok)
		}
	}
}

// What a record says of a failed step, and that only three are kept.
func TestFailures(t *testing.T) {
	h := count("## Verify\n\n- [ ] **Smoke tests**\n",
		record(1, "## Verify\n\n- ❌ **Smoke tests**\n"),
		record(2, "## Verify\n\n- ❌ **Smoke tests**\n\n### Issues Encountered\n\n#### Issue #1: red\n\n- **Phase**: Verify\n- **Resolution**: the client sends a time\n"),
		record(3, "## Verify\n\n- ❌ **Smoke tests**\n  - ran again, green\n"),
		record(4, "## Verify\n\n- ❌ **Smoke tests**\n- ❌ **Dashboards quiet**\n\n### Issues Encountered\n\n#### Issue #1: red\n\n- **Phase**: Verify\n- **Resolution**: restarted\n"))
	var got []string
	for _, f := range h.Lines[0].Failures {
		got = append(got, f.Record.ID[:10]+" "+f.Fix)
	}
	// In record 4 two steps of the section failed: which of them was mended is not said.
	want := []string{"2026-01-04 ", "2026-01-03 ran again, green", "2026-01-02 the client sends a time"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got %s", diff)
	}
	if h.Lines[0].Of(records.StepFailed) != 4 {
		t.Error("failures that are not kept are not counted")
	}
}

// long is a history of ten thousand records of thirty steps.
func long() (checklist string, history []Deployment) {
	var body, steps strings.Builder
	for i := range 30 {
		fmt.Fprintf(&body, "- ✅ **Step %d** <!-- 2026-01-01T10:%02d:00Z Ada -->\n", i, i)
		fmt.Fprintf(&steps, "- [ ] **Step %d**\n", i)
	}
	return steps.String(), slices.Repeat([]Deployment{record(1, body.String())}, 10_000)
}

func TestLongHistory(t *testing.T) {
	checklist, history := long()
	h := count(checklist, history...)
	if l := h.Lines[29]; l.N != 10_000 || len(h.Columns) != Latest || len(l.Times) != 10_000 {
		t.Errorf("%d records, %d columns", l.N, len(h.Columns))
	}
}

func BenchmarkLongHistory(b *testing.B) {
	checklist, history := long()
	for b.Loop() {
		count(checklist, history...)
	}
}

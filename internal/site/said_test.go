package site

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// A comparison says that something is the same only where somebody wrote it.
func TestComparedWithWhatNobodyWrote(t *testing.T) {
	const same = "The same outcome, version and people, and no step went otherwise."
	for _, test := range []struct{ before, now, want string }{
		{"# A\n", "# B\n", "Found in neither record: Outcome, Version, By, Took, Steps."},
		{"# A\n\n- [x] Go\n", "# B\n\n- [x] Go\n", "Found in neither record: Outcome, Version, By, Took."},
		{"---\nstatus: failed\n---\n# A\n", "---\nstatus: failed\n---\n# B\n", "Found in neither record: Version, By, Took, Steps."},
		{"---\ndeployer: Ada\nversion: 1\n---\n- [ ] Go\n", "---\ndeployer: Ada\nversion: 1\n---\n- [ ] Go\n", "Found in neither record: Outcome, Took."},
		{"---\nstatus: failed\ndeployer: Ada\nversion: 1\n---\n- [x] Go\n", "---\nstatus: failed\ndeployer: Ada\nversion: 1\n---\n- [x] Go\n", "Found in neither record: Took."},
		{"---\nstatus: failed\ndeployer: Ada\nversion: 1\n---\nDuration: 5 min\n\n- [x] Go\n", "---\nstatus: failed\ndeployer: Ada\nversion: 1\n---\nDuration: 5 min\n\n- [x] Go\n", same},
		{"---\nversion: 1\n---\n# A\n", "---\nversion: 2\n---\n# B\n", ""},
	} {
		_, out := load(t, write(t, []txtar.File{
			{Name: "deployments/checklists/2026-08-01.md", Data: []byte(test.before)},
			{Name: "deployments/checklists/2026-08-02.md", Data: []byte(test.now)},
		}))
		html := mainOf(page(t, out, "records/2026-08-02/index.html"))
		_, html, _ = strings.Cut(html, `id="compared"`)
		if test.want == "" && strings.Contains(html, "Found in neither") || !strings.Contains(html, test.want) || test.want != same && strings.Contains(html, same) {
			t.Errorf("%q and %q: want %q, got %s", test.before, test.now, test.want, html)
		}
	}
}

// Production is production in the languages that records are read in, and a record that
// names no environment may have gone there.
func TestProductionInOtherWords(t *testing.T) {
	for name, counts := range map[string]bool{
		"producción": true, "Produktion": true, "本番": true, "生产环境": true, "PRD": true,
		"preproducción": false, "pre-prod": false, "no producción": false, "ステージング": false,
	} {
		_, out := load(t, write(t, []txtar.File{
			{Name: "deployments/checklists/2026-08-01.md", Data: []byte("---\nenvironment: " + name + "\n---\n")},
			{Name: "deployments/checklists/2026-08-02.md", Data: []byte("# B\n")},
		}))
		html := mainOf(page(t, out, "metrics/index.html"))
		if none := strings.Contains(html, "No environment that counts as production was found"); none == counts {
			t.Errorf("%s counts as production: %t, want %t", name, !none, counts)
		}
		if !strings.Contains(html, "In 1 deployment no environment was found, and it is counted nowhere.") {
			t.Errorf("%s: nothing is said of the record that names no environment", name)
		}
		if counts && !strings.Contains(html, "live, "+name+" are counted") {
			t.Errorf("%s is not named among what is counted", name)
		}
	}
	_, out := load(t, write(t, []txtar.File{
		{Name: "deploysite.toml", Data: []byte("production = [\"live\"]\n")},
		{Name: "deployments/checklists/2026-08-01.md", Data: []byte("---\nenvironment: Produktion\n---\n")},
	}))
	if html := mainOf(page(t, out, "metrics/index.html")); !strings.Contains(html, "No environment that counts as production was found") {
		t.Error("a configured list is not the whole list")
	}
}

// What begins with a name of production may be production; one place says how it counts.
func TestLineForProduction(t *testing.T) {
	for names, want := range map[string]string{
		"production (eu-west-1)":                   `production = ["production (eu-west-1)"]`,
		"生产 crm.example.com|Production":            `production = ["Production", "生产 crm.example.com"]`,
		"production|prod":                          "",
		"preproduction (eu)|my prod|test, as live": "",
	} {
		var files []txtar.File
		for i, name := range strings.Split(names, "|") {
			files = append(files, txtar.File{Name: fmt.Sprintf("deployments/checklists/2026-08-0%d.md", i+1), Data: []byte("---\nenvironment: " + name + "\n---\n")})
		}
		s, _ := load(t, write(t, files))
		if got := s.PerhapsProduction(); got != want {
			t.Errorf("%s: %s, want %s", names, got, want)
		}
	}
}

// What is done is not called open.
func TestDoneTipsAreNotOpen(t *testing.T) {
	_, out := load(t, write(t, []txtar.File{{Name: "deployments/checklists/2026-08-01.md", Data: []byte("# A\n\n## Action Items\n\n" +
		"| Action | Status |\n|---|---|\n| Add an alert | Done |\n| Add a probe | Todo |\n\n### Later\n\n- [x] Ask Ada\n- [ ] Ask Mei\n")}}))
	html := mainOf(page(t, out, "lessons/index.html"))
	_, open, _ := strings.Cut(html, `<h2 id="open">`)
	open, done, _ := strings.Cut(open, `<h2 id="done">`)
	done, _, _ = strings.Cut(done, "<h2")
	for text, where := range map[string]string{"Add an alert": done, "Ask Ada": done, "Add a probe": open, "Ask Mei": open} {
		if !strings.Contains(where, text) || strings.Contains(open, text) == strings.Contains(done, text) {
			t.Errorf("%s stands elsewhere:\nopen: %s\ndone: %s", text, open, done)
		}
	}
	if html := page(t, out, "records/2026-08-01/index.html"); strings.Contains(html, "Done, it says") {
		t.Error("the record's page says of its own tips beside it that they are done")
	}
}

// The home page says a tip once, however many deployments left it, and on a narrow screen
// which environment a cell is of, also where none is named.
func TestHomeSaysTipsOnce(t *testing.T) {
	tip := func(day, service, words string) txtar.File {
		return txtar.File{Name: "deployments/checklists/" + day + ".md", Data: []byte("---\nservice: " + service + "\nstatus: succeeded\n---\n\n# A\n\n## Tips\n\n- " + words + "\n")}
	}
	_, out := load(t, write(t, []txtar.File{tip("2026-08-01", "api", "Look twice"), tip("2026-08-02", "web", "Look twice"),
		tip("2026-08-03", "api", "Ask thrice"), tip("2026-08-04", "web", "Ask thrice"), tip("2026-08-05", "api", "Ask thrice")}))
	html := mainOf(page(t, out, "index.html"))
	for _, words := range []string{"Look twice", "Ask thrice"} {
		if n := strings.Count(html, words); n != 1 {
			t.Errorf("%q stands there %d times: %s", words, n, html)
		}
	}
	if !strings.Contains(html, `data-column="unknown"`) {
		t.Error("a cell does not say that no environment is named")
	}
}

// A checklist without steps is there all the same.
func TestStepsOfAChecklistWithoutAny(t *testing.T) {
	record := txtar.File{Name: "deployments/checklists/2026-08-01.md", Data: []byte("# A\n")}
	for content, want := range map[string]string{
		"":                          "there is no checklist",
		"# Reports\n\n## Summary\n": "No step was found in the records, nor in the checklist.",
	} {
		files := []txtar.File{record}
		if content != "" {
			files = append(files, txtar.File{Name: "docs/deployment-checklist.md", Data: []byte(content)})
		}
		_, out := load(t, write(t, files))
		if html := mainOf(page(t, out, "steps/index.html")); !strings.Contains(html, want) {
			t.Errorf("%q: want %q in %s", content, want, html)
		}
	}
}

// What was not found among the facts may stand in the text all the same: it is not said
// that no record names it.
func TestNotFoundIsNotUnsaid(t *testing.T) {
	body := "# A\n\nAda put commit 0c1d2e3 of the shop into production, and learned to look twice.\n"
	_, out := load(t, write(t, []txtar.File{
		{Name: "deployments/checklists/2026-08-01.md", Data: []byte(body)},
		{Name: "deployments/checklists/2026-08-02.md", Data: []byte(body)},
	}))
	for file, want := range map[string]string{
		"records/2026-08-02/index.html": "Not known: no commit was found among this record&#39;s facts.",
		"services/index.html":           "No service was found among the facts of the records.",
		"environments/index.html":       "No environment was found among the facts of the records.",
		"deployers/index.html":          "No person was found among the facts of the records.",
		"tags/index.html":               "No tag was found among the facts of the records.",
		"lessons/index.html":            "No lesson, tip or issue was found in the records.",
		"steps/index.html":              "No step was found in the records, and there is no checklist.",
	} {
		if html := mainOf(page(t, out, file)); !strings.Contains(html, want) {
			t.Errorf("%s does not say %q: %s", file, want, html)
		}
	}
}

// That nothing differs is said of what is compared, not of environment and commit.
func TestNoDifferenceIsOfWhatIsCompared(t *testing.T) {
	record := func(day, commit string) txtar.File {
		return txtar.File{Name: "deployments/checklists/2026-08-" + day + ".md", Data: []byte("---\ncommit: " + commit + "\n---\n# A\n")}
	}
	_, out := load(t, write(t, []txtar.File{record("01", "aaaaaaa"), record("02", "bbbbbbb")}))
	html := mainOf(page(t, out, "records/2026-08-02/index.html"))
	if strings.Contains(html, "No difference is on record") || !strings.Contains(html, "Outcome, version, people, duration and steps do not differ, as far as they were found in both.") {
		t.Errorf("two records of two commits: %s", html)
	}
}

// The sample of a quarter says of that quarter alone that nothing went to production.
func TestAuditSaysOfItsQuarter(t *testing.T) {
	_, out := load(t, write(t, []txtar.File{
		{Name: "deployments/checklists/2026-05-01.md", Data: []byte("---\nenvironment: production\n---\n# A\n")},
		{Name: "deployments/checklists/2026-08-01.md", Data: []byte("# B\n")},
	}))
	html := mainOf(page(t, out, "audit/2026-q3/index.html"))
	if strings.Contains(html, "No record names") || !strings.Contains(html, "No environment that counts as production was found among the facts of the records of this quarter.") {
		t.Errorf("of a quarter without production: %s", html)
	}
}

// What is not shown of the steps is said where it is: in the table, or nowhere on the page.
func TestMoreStepsAreWhereItIsSaid(t *testing.T) {
	var body strings.Builder
	for i := range 400 {
		fmt.Fprintf(&body, "- ❌ s%d\n", i)
	}
	_, out := load(t, write(t, []txtar.File{stepped("01", body.String())}))
	html := mainOf(page(t, out, "steps/index.html"))
	number := func(pattern string) int {
		m := regexp.MustCompile(pattern).FindStringSubmatch(html)
		if m == nil {
			t.Fatalf("the page has no %s", pattern)
		}
		n, _ := strconv.Atoi(m[1])
		return n
	}
	_, table, _ := strings.Cut(html, `<h2 id="all">`)
	rows := strings.Count(table, `<th scope="row">`)
	if more := number(`(\d+) more steps are in the table`); more != rows-gridRows {
		t.Errorf("the picture has %d steps, the table %d, and %d more are said to be in it", gridRows, rows, more)
	}
	if left := number(`(\d+) more; deploysite steps --json has them`); rows == 400 || rows+left != 400 {
		t.Errorf("of 400 steps the table has %d, and %d are said to be left out", rows, left)
	}
	if strings.Contains(html, "the table has them") || !strings.Contains(html, "380 more steps failed; deploysite steps --json has them.") {
		t.Error("steps that failed are said to be in a table that lacks some of them")
	}
	if strings.Contains(html, "The record says nothing of it.") || !strings.Contains(html, "What helped was found neither below the step nor in an issue that names it.") {
		t.Error("it is not said where what helped was looked for")
	}
}

// How many failed is unknown where nobody wrote how any of the deployments ended, and a
// number where somebody wrote it of one of them, or where there are none.
func TestFailuresAmongUnknownOutcomes(t *testing.T) {
	const none = `<span class="none">–</span>`
	record := func(day, service, status string) txtar.File {
		return txtar.File{Name: "deployments/checklists/2026-" + day + ".md", Data: []byte("---\nservice: " + service + "\nenvironment: production\n" + status + "---\n# A\n")}
	}
	_, out := load(t, write(t, []txtar.File{record("05-02", "api", "status: succeeded\n"), record("11-01", "api", ""), record("11-02", "web", "")}))
	for file, patterns := range map[string][]string{
		"services/index.html": {
			`>api</a></th><td class="right"><a[^>]*>2</a></td><td class="right">0</td>`,
			`>web</a></th><td class="right"><a[^>]*>1</a></td><td class="right">` + none + `</td>`,
		},
		"services/web/index.html": {`<dt>Failed or rolled back</dt><dd>` + none + `</dd>`},
		"services/api/index.html": {`<dt>Failed or rolled back</dt><dd><a[^>]*>0</a></dd>`},
		"index.html": {
			`<dt>Failed</dt><dd>` + none + `</dd>`, `<dt>Rolled back</dt><dd>` + none + `</dd>`,
			`>May 2026</th><td class="right"><a[^>]*>1</a></td><td class="right">0</td>`,
			`>July 2026</th><td class="right"><a[^>]*>0</a></td><td class="right">0</td>`,
			`>November 2026</th><td class="right"><a[^>]*>2</a></td><td class="right">` + none + `</td>`,
		},
		"reviews/index.html": {
			`>Q2 2026</a></th><td>.*?</td><td class="right">1</td><td class="right">0</td>`,
			`>Q4 2026</a></th><td>.*?</td><td class="right">2</td><td class="right">` + none + `</td>`,
		},
	} {
		html := mainOf(page(t, out, file))
		for _, pattern := range patterns {
			if !regexp.MustCompile(pattern).MatchString(html) {
				t.Errorf("%s has no %s:\n%s", file, pattern, html)
			}
		}
	}
}

// Beside what is called the previous or the next one stands that nobody wrote the order, in
// both directions, unless a record says which came first.
func TestOrderThatNobodyWrote(t *testing.T) {
	const unordered = "order not written"
	record := func(id, front string) txtar.File {
		return txtar.File{Name: "deployments/checklists/" + id + ".md", Data: []byte("---\nstatus: succeeded\n" + front + "---\n# A\n")}
	}
	for _, test := range []struct {
		earlier, later txtar.File
		want           bool
	}{
		{record("2026-08-01-a", ""), record("2026-08-01-b", ""), true},
		{record("2026-08-01-a", ""), record("2026-08-01-b", "started: 2026-08-01 10:00\n"), true},
		{record("2026-08-01-a", "started: 2026-08-01 09:00\n"), record("2026-08-01-b", "started: 2026-08-01 10:00\n"), false},
		{record("2026-08-01-a", ""), record("2026-08-02-b", ""), false},
		{record("2026-08-01-a", ""), record("2026-08-01-b", "rollback_of: 2026-08-01-a\n"), false},
	} {
		_, out := load(t, write(t, []txtar.File{test.earlier, test.later}))
		for i, f := range []txtar.File{test.earlier, test.later} {
			html := mainOf(page(t, out, "records/"+strings.TrimSuffix(path.Base(f.Name), ".md")+"/index.html"))
			want := 0
			if test.want {
				want = 1 + i // beside the link; the later one has a comparison, too
			}
			if n := strings.Count(html, unordered); n != want {
				t.Errorf("%s\n%s: %q stands there %d times, want %d: %s", test.later.Data, f.Name, unordered, n, want, html)
			}
		}
	}
}

// What is not over is said so.
func TestTheRunningQuarter(t *testing.T) {
	_, out := load(t, write(t, []txtar.File{
		{Name: "deployments/checklists/2026-09-01-10-00.md", Data: []byte("---\nservice: web\nenvironment: production\nstatus: succeeded\n---\n# A\n")},
		{Name: "deployments/checklists/2026-11-22-10-00.md", Data: []byte("---\nservice: web\nenvironment: production\n---\n# B\n")},
	}))
	for file, want := range map[string]string{
		"environments/2026-q4/index.html": "What runs now", "environments/2026-q3/index.html": "What ran at the end of Q3 2026", "index.html": "Q4 2026 so far, in numbers",
		"metrics/2026-q4/index.html": "The numbers of Q4 2026 so far", "metrics/2026-q3/index.html": "<h1>The numbers of Q3 2026</h1>",
	} {
		if html := page(t, out, file); !strings.Contains(html, want) {
			t.Errorf("%s does not say %s", file, want)
		}
	}
	if html := page(t, out, "environments/2026-q4/index.html"); strings.Contains(html, "at the end of") {
		t.Error("the quarter that runs has an end")
	}
	if days := page(t, out, "environments/2026-q4/days.js"); strings.Contains(days, `"2026-11-24"`) {
		t.Errorf("a day that has not come is told of: %s", days)
	}
}

// A deployment is unfinished a day after it began, and not before.
func TestUnfinishedAfterADay(t *testing.T) {
	for at, want := range map[string]string{"2026-11-22-11-00": "Unfinished", "2026-11-22-12-30": "In progress", "2026-11-22": "In progress", "2026-11-21": "Unfinished"} {
		_, out := load(t, write(t, []txtar.File{{Name: "deployments/checklists/" + at + ".md", Data: []byte("---\nstatus: in-progress\n---\n# A\n")}}))
		if html := mainOf(page(t, out, "records/"+at+"/index.html")); !strings.Contains(html, ">"+want+"<") {
			t.Errorf("begun at %s, it is not %s", at, want)
		}
	}
}

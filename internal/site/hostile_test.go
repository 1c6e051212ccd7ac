package site

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
)

// What short records name many times must not fill the disk. Beyond an empty site and a
// fixed part, the output is at most so many times the input, and so much for each record
// and each page; of pages there are at most so many for each record.
func TestShortRecordsMakeNoLongSites(t *testing.T) {
	const fixed, times, eachRecord, eachPage = 512 << 10, 30, 16 << 10, 12 << 10
	const fixedPages, pagesEach = 130, 10
	day := func(i int) string { return time.Date(2024, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }
	quarterly := func(i int) string {
		return time.Date(1980, time.Month(2+3*i), 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	list := func(format string, from, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, from+i)
		}
		return b.String()
	}
	names := func(prefix string, from, n int) string {
		of := func(kind string) string { return list(prefix+kind+"%d,", from, n) }
		return "services: [" + of("s") + "]\nenvironment: [production," + of("e") + "]\ntags: [" + of("t") + "]\ndeployers: [" + of("p") + "]\n"
	}
	title := "title: " + strings.Repeat("x", 400) + "\n"
	empty, _ := sizeOf(t, nil)
	const few = "service: a\nenvironment: production\n"
	for _, shape := range []struct {
		name string
		n    int
		day  func(i int) string
		of   func(i int) (front, body string)
	}{
		{"names in one record", 1, day, func(int) (string, string) { return names("", 0, 50), "" }},
		{"4,000 names in one record", 1, day, func(int) (string, string) { return names("", 0, 4000), "" }},
		{"new names", 40, day, func(i int) (string, string) { return names("", 50*i, 50), "" }},
		{"new names, quarterly", 40, quarterly, func(i int) (string, string) { return names("", 50*i, 50), "" }},
		{"same names", 40, day, func(int) (string, string) { return names("", 0, 50), "" }},
		{"same names, quarterly", 60, quarterly, func(int) (string, string) { return names("", 0, 50), "" }},
		{"few names, quarterly", 60, quarterly, func(int) (string, string) { return names("", 0, 15), "" }},
		{"long names", 20, day, func(int) (string, string) { return names(strings.Repeat("x", 190), 0, 50), "" }},
		{"long titles", 40, day, func(int) (string, string) { return title + names("", 0, 50), "" }},
		{"rollbacks", 40, day, func(i int) (string, string) {
			return title + names("", 0, 50) + "rollback_of: " + day(i-1) + "-00-00\n", ""
		}},
		{"open", 40, quarterly, func(int) (string, string) {
			return names("", 0, 50) + "status: in-progress\n", "- [ ] " + strings.Repeat("x", 400) + "\n"
		}},
		{"nothing, quarterly", 60, quarterly, func(int) (string, string) { return "", "" }},
		{"little", 100, day, func(int) (string, string) { return few, "" }},
		{"versions", 100, day, func(i int) (string, string) { return few + fmt.Sprintf("version: v%d\n", i), "" }},
		{"long title", 1, day, func(int) (string, string) { return "title: " + list("t%d ", 0, 4000) + "\n", "" }},
		{"4,000 headings", 1, day, func(int) (string, string) { return "", list("## h%d\n", 0, 4000) }},
		{"20,000 empty headings", 1, day, func(int) (string, string) { return "", strings.Repeat("#\n", 20_000) }},
		{"a footnote named 10,000 times", 1, day, func(int) (string, string) { return "", strings.Repeat("a[^n]\n", 10_000) + "\n[^n]: b\n" }},
		{"4,000 tips", 1, day, func(int) (string, string) { return "", "## Tips\n\n" + list("- t%d\n", 0, 4000) }},
		{"4,000 steps", 1, day, func(int) (string, string) { return "", list("- [ ] s%d\n", 0, 4000) }},
		{"long steps", 40, day, func(int) (string, string) { return few, list("- [x] step %d "+strings.Repeat("long ", 50)+"\n", 0, 50) }},
		{"new steps", 40, day, func(i int) (string, string) { return few, list("- [x] step %d\n", 100*i, 100) }},
		{"failed steps, quarterly", 60, quarterly, func(int) (string, string) { return few, list("- [!] s%d\n", 0, 60) }},
		{"same tips", 40, day, func(int) (string, string) { return few, "## Tips\n\n" + list("- Check the load balancer %d\n", 0, 60) }},
		{"new lessons", 40, day, func(i int) (string, string) { return few, "## Lessons\n\n" + list("- lesson %d\n", 60*i, 60) }},
		{"issues", 40, day, func(i int) (string, string) {
			return few, "## Issues\n\n" + list("### timeout %d\n\nConnection refused\n\n", 40*i, 40)
		}},
		{"links between records", 60, day, func(int) (string, string) {
			var b strings.Builder
			for i := range 60 {
				fmt.Fprintf(&b, "[a](%s-00-00-deployment.md)\n", day(i))
			}
			return title, b.String()
		}},
		{"links that lead nowhere", 20, day, func(int) (string, string) { return few, list("[a](%d.md)\n", 0, 300) }},
		{"metrics", 40, day, func(i int) (string, string) { return few, "## Metrics\n\n" + list("- m%d: 5 min\n", 50*i, 50) }},
		{"languages of code", 20, day, func(i int) (string, string) { return few, list("```l%d\nx\n```\n", 100*i, 100) }},
		{"unknown keys", 20, day, func(int) (string, string) { return list("key%d: 1\n", 0, 100), "" }},
		{"yearly", 300, func(i int) string { return fmt.Sprintf("%d-08-31", 1700+i) }, func(int) (string, string) { return "", "" }},
		{"lessons, yearly", 200, func(i int) string { return fmt.Sprintf("%d-08-31", 1800+i) }, func(int) (string, string) { return names("", 0, 3), "## Tips\n\n- a\n" }},
		{"long lessons and names", 20, day, func(i int) (string, string) {
			return names("", 0, 20), "## Lessons\n\n" + list("- lesson %d"+strings.Repeat(" long", 200)+"\n", 12*i, 12)
		}},
		{"one long lesson and names", 1, day, func(i int) (string, string) {
			return names("", 0, 50), "## Lessons\n\n" + list("- lesson %d"+strings.Repeat(" long", 20000)+"\n", 12*i, 1)
		}},
		{"short tips", 1, day, func(int) (string, string) { return "", "## Tips\n\n" + strings.Repeat("- a\n", 4000) }},
		{"short steps", 1, day, func(int) (string, string) { return names("", 0, 5), strings.Repeat("- [!] a\n", 4000) }},
		{"steps of people", 40, day, func(i int) (string, string) {
			return fmt.Sprintf("deployer: p%d\n", i), list("- [!] s%d\n", 100*i, 100)
		}},
		{"titles to escape", 40, day, func(i int) (string, string) {
			return "title: " + strings.Repeat("&", 450) + "\n" + names("", 0, 20), ""
		}},
		{"long names of all kinds, quarterly", 20, quarterly, func(int) (string, string) { return names(strings.Repeat("é", 90), 0, 50), "" }},
		{"characters with escapes", 20, day, func(int) (string, string) { return few, strings.Repeat(`<&"`, 500) }},
	} {
		var files []txtar.File
		input := 0
		for i := range shape.n {
			front, body := shape.of(i)
			on := shape.day(i)
			status := "status: succeeded\n"
			if strings.Contains(front, "status:") {
				status = ""
			}
			f := txtar.File{Name: "deployments/checklists/" + on + "-00-00-deployment.md", Data: []byte("---\n" + status + front + "---\n\n" + body)}
			files, input = append(files, f), input+len(f.Data)
		}
		got, pages := sizeOf(t, files)
		got -= empty
		most := fixed + times*input + eachRecord*shape.n + eachPage*pages
		t.Logf("%s: of %d bytes in %d records %d in %d pages, %.0f%% of what may be", shape.name, input, shape.n, got, pages, 100*float64(got)/float64(most))
		if got > most {
			t.Errorf("%s: of %d bytes in %d records %d more are made in %d pages than for an empty site, more than %d", shape.name, input, shape.n, got, pages, most)
		}
		if most := fixedPages + pagesEach*shape.n; pages > most {
			t.Errorf("%s: %d records have %d pages, more than %d", shape.name, shape.n, pages, most)
		}
	}
}

// sizeOf is how long a site is, and how many pages it has.
func sizeOf(t *testing.T, files []txtar.File) (n, pages int) {
	_, out := load(t, write(t, files))
	var b bytes.Buffer
	for _, f := range out.Files {
		b.Reset()
		if err := f.Render(&b); err != nil {
			t.Fatal(err)
		}
		n += b.Len()
		if strings.HasSuffix(f.Path, ".html") {
			pages++
		}
	}
	return n, pages
}

// Of names that are too many for a page each, those in most records have one. The others
// lead to their deployments, and a problem says so.
func TestNamesWithoutPages(t *testing.T) {
	var files []txtar.File
	for i := range 3 {
		var tags strings.Builder
		for k := range 20 {
			fmt.Fprintf(&tags, "t%d-%d,", i, k)
		}
		files = append(files, txtar.File{Name: fmt.Sprintf("deployments/checklists/2024-08-0%d-14-30-deployment.md", i+1),
			Data: []byte("---\nstatus: succeeded\ntags: [often," + tags.String() + "]\n---\n\nx\n")})
	}
	s, out := load(t, write(t, files))
	pages := 0
	for _, f := range out.Files {
		if strings.HasPrefix(f.Path, "tags/") && f.Path != "tags/index.html" {
			pages++
		}
	}
	if pages != mostPages+3 {
		t.Errorf("%d of 61 tags have pages", pages)
	}
	page(t, out, "tags/often/index.html")
	var said []string
	for _, p := range s.Problems {
		if p.Rule == problem.ManyNames {
			said = append(said, p.Message)
		}
	}
	if len(said) != 1 || !strings.Contains(said[0], `38 tags`) {
		t.Errorf("the problems are %q", said)
	}
	if got := page(t, out, "records/2024-08-03-14-30/index.html"); !strings.Contains(got, `timeline/index.html?tag=`) || strings.Contains(got, `?tag=often`) {
		t.Errorf("the record's page is\n%s", got)
	}
}

// Where records name far more than there is room for, lists are cut, and say so.
func TestListsAreCut(t *testing.T) {
	var names, steps, tips strings.Builder
	for i := range 50 {
		fmt.Fprintf(&names, "n%d,", i)
	}
	for i := range 4000 {
		fmt.Fprintf(&steps, "- [!] s%d\n", i)
		fmt.Fprintf(&tips, "- t%d\n", i)
	}
	var files []txtar.File
	for i := range 60 {
		body := ""
		if i == 0 {
			body = steps.String() + "\n## Tips\n\n" + tips.String()
		}
		files = append(files, txtar.File{Name: fmt.Sprintf("deployments/checklists/%d-08-31-14-30-deployment.md", 1950+i),
			Data: []byte("---\nstatus: succeeded\ntags: [" + names.String() + "]\n---\n\n" + body)})
	}
	_, out := load(t, write(t, files))
	for path, want := range map[string][]string{
		"tags/n1/index.html":       {`The latest `, `<a href="../../timeline/index.html?tag=n1">All are in the timeline</a>`},
		"lessons/index.html":       {` more are on their records&#39; pages alone.`},
		"steps/index.html":         {` more; deploysite steps --json has them.`},
		"problems/index.html":      {` more; the command lists all: <code>deploysite check</code>`},
		"timeline/1950/index.html": {`>1950 <`, `>1989 <`},
	} {
		got := page(t, out, path)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s has no %q:\n%s", path, w, got)
			}
		}
	}
	if got := page(t, out, "timeline/1950/index.html"); strings.Contains(got, `>1990 <`) {
		t.Errorf("the page of a year leads to all others:\n%s", got)
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		lengths []int
		room    int
		want    int
	}{
		{nil, 10, math.MaxInt}, {[]int{3, 4, 3}, 10, math.MaxInt}, {[]int{5, 5, 5}, 10, 3},
		{[]int{1, 9, 1}, 10, 8}, {[]int{9, 9, 9}, 1, 1},
	} {
		if got := share(c.lengths, c.room); got != c.want {
			t.Errorf("of %v there is room for %d each, not %d, in %d", c.lengths, got, c.want, c.room)
		}
	}
}

// A quarter in which nothing changed has no page.
func TestQuartersInWhichNothingChanged(t *testing.T) {
	_, out := load(t, write(t, []txtar.File{
		{Name: "deployments/checklists/1971-08-31-14-30-deployment.md", Data: []byte("---\nstatus: succeeded\nservice: shop\n---\n\nx\n")},
		{Name: "deployments/checklists/2024-06-30-14-30-deployment.md", Data: []byte("---\nstatus: in-progress\nservice: shop\n---\n\nx\n")},
	}))
	var quarters []string
	for _, f := range out.Files {
		if quarter, ok := strings.CutSuffix(f.Path, "/days.js"); ok {
			quarters = append(quarters, strings.TrimPrefix(quarter, "environments/"))
		}
	}
	_, number, from, _ := insights.Quarter(today)
	want := []string{"1971-q3", "2024-q2", "2024-q3", fmt.Sprintf("%d-q%d", from.Year(), number)}
	if slices.Sort(want); !slices.Equal(quarters, slices.Compact(want)) {
		t.Errorf("there are pages of %q, not of %q", quarters, want)
	}
}

// What stands where does not list the people of a record again in each of its cells.
func TestCellsNameFewPeople(t *testing.T) {
	var people strings.Builder
	for i := range 50 {
		fmt.Fprintf(&people, "person-%d,", i)
	}
	_, out := load(t, write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-14-30-deployment.md",
		Data: []byte("---\nstatus: succeeded\nservice: shop\nenvironment: production\ndeployers: [" + people.String() + "]\n---\n\nx\n")}}))
	days := page(t, out, "environments/2024-q3/days.js")
	if !strings.Contains(days, "person-2") || !strings.Contains(days, "+47") || strings.Contains(days, "person-3/") {
		t.Errorf("the cells are\n%s", days)
	}
}

// A panic on one record's text, wherever it is met, makes that record its source.
func TestPanicsStayWithTheirRecord(t *testing.T) {
	r := records.Parse("deployments/2024-08-31-14-30-deployment.md", []byte("---\nstatus: failed\n---\n\n- [x] a\n"), records.Options{Dir: "deployments"})
	calls := 0
	of := guarded(r, func(r *records.Record) *reading {
		if calls++; r.Document.Root != nil {
			panic("boom")
		}
		return &reading{Record: r}
	})
	if calls != 2 || of.Record != r || r.Document.Root != nil || r.Status != records.Failed || len(r.Problems) != 1 || r.Problems[0].Rule != problem.ReadingFailed {
		t.Errorf("the record is %+v, its problems are %v", of.Record, r.Problems)
	}
}

// The place of an element that is not closed is its own, however far from other text.
func TestOpenElementIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		"# A\n\nText.\n\n<details>\n\nabc\n":                    "5:1: warning: the HTML <details>",
		"# A\n\n- one\n\n  <div>\n\n  two\n":                    "5:3: warning: the HTML <div>",
		"# A\n\nSome <b>bold.\n":                                "3:6: warning: the HTML <b>",
		"# A\n\n<details>\n\nabc\n\n</details>\n":               "",
		"# A\n\n<details>\n\n- Some <b>bold</b>.\n\n</details>": "",
	} {
		s, _ := load(t, write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-14-30-deployment.md", Data: []byte(text)}}))
		if got := problemList(s); want == "" && strings.Contains(got, "not closed") || !strings.Contains(got, want) {
			t.Errorf("%q: want %q in\n%s", text, want, got)
		}
	}
}

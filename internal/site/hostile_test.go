package site

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
)

// What one short record names many times must not fill the disk: beyond what an
// empty site has, the output is a small multiple of the input.
func TestShortRecordsMakeNoLongSites(t *testing.T) {
	size := func(front, body string) int {
		_, out := load(t, write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-14-30-deployment.md",
			Data: []byte("---\nstatus: succeeded\n" + front + "---\n\n" + body)}}))
		n := 0
		var b bytes.Buffer
		for _, f := range out.Files {
			b.Reset()
			if err := f.Render(&b); err != nil {
				t.Fatal(err)
			}
			n += b.Len()
		}
		return n
	}
	empty := size("", "")
	const n = 4000
	list := func(format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, text := range map[string][2]string{
		"services": {"services: [" + list("s%d,") + "]\n", ""}, "tags": {"tags: [" + list("t%d,") + "]\n", ""},
		"people": {"deployers: [" + list("p%d,") + "]\n", ""}, "title": {"title: " + list("t%d ") + "\n", ""},
		"headings": {"", list("## h%d\n")}, "notes": {"", "## Tips\n\n" + list("- t%d\n")}, "steps": {"", list("- [ ] s%d\n")},
	} {
		input := len(text[0]) + len(text[1])
		if got := size(text[0], text[1]); got-empty > 100*input {
			t.Errorf("%s: of %d bytes %d more are made than for an empty record", name, input, got-empty)
		} else {
			t.Logf("%s: of %d bytes %d", name, input, got-empty)
		}
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

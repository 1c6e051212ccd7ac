package audit

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
)

// TestDraw draws the same whatever the order, others for another seed, and changes one
// at most when one is added. The hashes can be worked out by sha256sum.
func TestDraw(t *testing.T) {
	var all []string
	for i := range 200 {
		all = append(all, fmt.Sprintf("2026-08-%02d-%02d-00", i%28+1, i%24))
	}
	slices.Sort(all)
	all = slices.Compact(all)
	id := func(s string) string { return s }
	first := Draw(all, id, "q3", 25)
	turned := slices.Clone(all)
	slices.Reverse(turned)
	if again := Draw(turned, id, "q3", 25); !slices.Equal(first, again) || len(first) != 25 {
		t.Errorf("another order draws %v, not %v", again, first)
	}
	if other := Draw(all, id, "q4", 25); slices.Equal(first, other) {
		t.Error("another seed draws the same")
	}
	more := Draw(append(all, "2026-09-01-00-00"), id, "q3", 25)
	lost := slices.DeleteFunc(slices.Clone(first), func(s string) bool { return slices.Contains(more, s) })
	if len(lost) > 1 {
		t.Errorf("one record more takes %v out of the sample", lost)
	}
	if few := Draw(all[:3], id, "q3", 25); len(few) != 3 {
		t.Errorf("of three, %d are drawn", len(few))
	}
	// printf 'q\na' | sha256sum: 27d2…; 'q\nc': 84ca…; 'q\nb': f726…
	if got := Draw([]string{"a", "b", "c"}, id, "q", 3); strings.Join(got, "") != "acb" {
		t.Errorf("three are drawn in the order %v", got)
	}
}

// TestGaps reads records as teams write them, and names what an auditor would ask for.
func TestGaps(t *testing.T) {
	person := func(name string) string {
		if name == "apark" {
			return "Ada Park"
		}
		return name
	}
	require := []string{"links.change", "approved_by", FourEyes, "risk"}
	for _, c := range []struct{ name, head, gaps string }{
		{"all there", "deployer: Ada Park\napproved_by: Jonas Weber\nrisk: low\nlinks: {Change: 'https://forge.example.org/1'}", ""},
		{"an alias of the key", "deployer: Ada Park\nApprover: Jonas Weber\nrisk: low\nlinks: {change: 'https://forge.example.org/1'}", ""},
		{"approved by two, one of them deployed", "deployer: Ada Park\napproved_by: [apark, Jonas Weber]\nrisk: low\nlinks: {change: 'https://forge.example.org/1'}", ""},
		{"approved by another name of who deployed", "deployer: Ada Park\napproved_by: apark\nrisk: low\nlinks: {change: 'https://forge.example.org/1'}", "demanded four-eyes"},
		{"another link", "deployer: Ada Park\napproved_by: Jonas Weber\nrisk: low\nlinks: {dashboard: 'https://forge.example.org/1'}", "demanded links.change"},
		{"a value that is empty", "deployer: Ada Park\napproved_by: Jonas Weber\nrisk: ''\nlinks: {change: 'https://forge.example.org/1'}", "demanded risk"},
		{"null", "deployer: Ada Park\napproved_by:\nrisk: ~\nlinks: {change: 'https://forge.example.org/1'}", "demanded approved_by, demanded four-eyes, demanded risk"},
		{"nobody deployed it", "approved_by: Jonas Weber\nrisk: low\nlinks: {change: 'https://forge.example.org/1'}", "no-deployer"},
	} {
		r := records.Parse("2026-08-31-14-30-deployment.md", []byte("---\n"+c.head+"\nstatus: succeeded\nfinished: 2026-08-31T15:00\n---\n# v1\n"), records.Options{})
		item := Of(Deployment{Record: r, Person: person, Committed: true}, require)
		var gaps []string
		for _, g := range item.Gaps {
			gaps = append(gaps, strings.TrimSpace(string(g.Kind)+" "+g.Fact))
		}
		if got := strings.Join(gaps, ", "); got != c.gaps {
			t.Errorf("%s: %s; want %s", c.name, got, c.gaps)
		}
	}
}

// Only a record that says so is in progress; one that says nothing of its end has no outcome.
func TestGapsOfWhatHasNotEnded(t *testing.T) {
	for _, c := range []struct{ head, gaps string }{
		{"status: in-progress", "in-progress"},
		{"deployer: Ada Park\nstatus: läuft", "in-progress"},
		{"imported_id: text-1", "no-outcome no-end"},
		{"environment: production", "no-outcome no-end"},
		{"status: in flux, somehow", "no-outcome no-end"},
		{"status: succeeded", "no-end"},
	} {
		r := records.Parse("2026-08-31-14-30-deployment.md", []byte("---\n"+c.head+"\n---\n# v1\n\n- [ ] a\n"), records.Options{})
		var gaps []string
		for _, g := range Of(Deployment{Record: r, Person: strings.TrimSpace, Committed: true}, nil).Gaps {
			if g.Kind != NoDeployer {
				gaps = append(gaps, string(g.Kind))
			}
		}
		if got := strings.Join(gaps, " "); got != c.gaps {
			t.Errorf("%s: %s; want %s", c.head, got, c.gaps)
		}
	}
}

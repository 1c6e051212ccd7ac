package facet

import (
	"slices"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
)

// TestTable holds what everybody who goes through the table relies on.
func TestTable(t *testing.T) {
	seen := []string{"before", "after", "has"} // filters that are no facets
	for i, f := range All {
		if f.Number != i {
			t.Errorf("%s has the number %d, not %d", f.Name, f.Number, i)
		}
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			if slices.Contains(seen, name) {
				t.Errorf("%s is the name of two filters", name)
			}
			if seen = append(seen, name); Named(name) != f {
				t.Errorf("%s does not name its facet", name)
			}
		}
	}
	for _, f := range Lists {
		if f.Values == nil || f.Example == "" && f != Source {
			t.Errorf("%s has pages, but no values or no example", f.Name)
		}
		if r := records.Parse("a.md", []byte("---\n"+f.Example+"\n---\n"), records.Options{}); f != Source && (len(r.Extra) > 0 || f.Values(r)[0].IsZero()) {
			t.Errorf("a record with %q has no %s", f.Example, f.Name)
		}
	}
}

func TestYear(t *testing.T) {
	r := records.Parse("2024-08-31-14-30-deployment.md", nil, records.Options{})
	if got := Year.Values(r); len(got) != 1 || got[0].Value != "2024" {
		t.Errorf("the year is %v", got)
	}
	if got := Year.Values(&records.Record{}); got != nil {
		t.Errorf("without a date the year is %v", got)
	}
}

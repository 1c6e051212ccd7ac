package records

import (
	"strings"
	"testing"
)

// What differs in the text alone is told in whole words.
func TestDifferencesInTheText(t *testing.T) {
	parse := func(front string) *Record {
		return Parse("2024-08-31-14-30-deployment.md", []byte("---\nstatus: succeeded\n"+front+"---\n# A\n"), Options{})
	}
	for _, c := range []struct{ was, is, want string }{
		{"deployer: Ada\n", "deployer: Ada\napproved_by: Bob\n", "“approved_by: Bob” is there"},
		{"service: web\nrisk: low\n", "service: webapp\nrisk: low\n", "“web” is gone, “webapp” is there"},
		{"risk: low\n", "risk: low, low\n", "“low,” is there"},
		{"risk: low\n", "risk:  low\n", ""},
	} {
		if got := strings.Join(Differences(parse(c.was), parse(c.is)), ", "); got != c.want {
			t.Errorf("%q to %q: %s; want %s", c.was, c.is, got, c.want)
		}
	}
}

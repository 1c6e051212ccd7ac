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
		{"risk: low\ntags: a\n", "approved_by: Bob\nrisk: low\nfixes: 2024-01-01\ntags: a\n", "“approved_by: Bob fixes: 2024-01-01” is there"},
		{"owner: Bob\nrisk: low\nteam: x\n", "risk: low\n", "“owner: Bob team: x” is gone"},
		{"team: a\nrisk: low\nroom: b\n", "team: c\nrisk: low\nroom: d\n", "“a room: b” is gone, “c room: d” is there"},
		{"risk: low\nteam: a\n", "team: a\nrisk: low\n", "“risk: low team: a” is gone, “team: a risk: low” is there"},
	} {
		if got := strings.Join(Differences(parse(c.was), parse(c.is)), ", "); got != c.want {
			t.Errorf("%q to %q: %s; want %s", c.was, c.is, got, c.want)
		}
	}
}

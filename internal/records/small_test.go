package records

import (
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/problem"
)

// TestListsOfALabel: who is listed below a label in a checklist is nobody of the
// deployment, and environments to choose from are none.
func TestListsOfALabel(t *testing.T) {
	for template, want := range map[string]string{
		"# T\n\n- Operators:\n  - Jane\n  - Bob\n- Version: 3\n\n## S\n\n- [ ] a\n": "- Operators: Ada\n- Version:\n\n## S",
		"# T\n\nDeployed by:\n\n- Jane\n\n## S\n\n- [ ] a\n":                        "Deployed by: Ada\n\n## S",
		"# T\n\n- Environment:\n  - staging\n  - production\n\n## S\n\n- [ ] a\n":   "- Environment:\n  - staging\n  - production\n\n## S",
		"# T\n\n- Environment:\n  - staging\n\n## S\n\n- [ ] a\n":                   "- Environment:\n\n## S",
		"# T\n\n- Contacts:\n  - Jane\n\n## S\n\n- [ ] a\n":                         "- Contacts:\n  - Jane\n\n## S",
		"# T\n\n- Services:\n  - web\n  - api\n\n## S\n\n- [ ] a\n":                 "- Services:\n  - web\n  - api\n\n## S",
	} {
		content, err := Compose([]byte(template), Draft{Title: "Ship", Started: halfPastTwo, Deployers: []string{"Ada"}})
		if err != nil || !strings.Contains(string(content), want) {
			t.Errorf("%q: %v\n%s", template, err, content)
		}
		if r := Parse(recordName1, content, Options{}); !r.Environment.IsZero() || strings.Join(Values(r.Deployers), ",") != "Ada" {
			t.Errorf("%q: to %q by %q", template, r.Environment.Value, Values(r.Deployers))
		}
	}
}

// TestStarWithoutABlank: "*[ ]" is a box, unless the line is in italics or a link.
func TestStarWithoutABlank(t *testing.T) {
	for source, want := range map[string]string{
		"*[ ] a\n*[x] b\n": "pending done", "- [ ] a\n*[x] b\n": "pending done", "Text\n\n*[ ] a\n": "pending",
		"*[x](y.md) a*\n": "", "*[ ] all in italics*\n": "", "*a* [ ] b\n": "", "*[1] Footnote\n": "",
	} {
		var got []string
		for _, s := range Parse("x.md", []byte(source), Options{}).Steps {
			got = append(got, string(s.State))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
}

// TestDayInNameAndDate: of two days that disagree no hour is told that nobody wrote.
func TestDayInNameAndDate(t *testing.T) {
	for date, want := range map[string]string{
		"2026-04-22":            "the date 2026-04-22 and the file's name disagree by more than a day|correct the date, or begin the file's name with 2026-04-22",
		"2026-04-22 00:00":      "the date 2026-04-22 00:00 and the file's name disagree by more than a day|correct the date, or rename the file to 2026-04-22-00-00-deployment.md",
		"2026-04-14":            "",
		"2026-04-14T23:00:00Z":  "",
		"2026-04-13/2026-04-15": "",
	} {
		r := Parse("2026-04-14-outage.md", []byte("---\ndate: "+date+"\n---\n# Outage\n"), Options{})
		got := ""
		for _, p := range r.Problems {
			if p.Rule == problem.NameAndDate {
				got = p.Message + "|" + p.Hint
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", date, got, want)
		}
	}
}

// TestWhatAScriptDoes is to be read; what is to be done has steps.
func TestWhatAScriptDoes(t *testing.T) {
	for heading, want := range map[string]int{
		"What the script does": 1, "How it works": 1, "What this job does": 1, "Was das Skript macht": 1,
		"What to do": 3, "What the operator does": 3, "Does it work": 3, "How to deploy": 3,
	} {
		r := ParseTemplate("c.md", []byte("# Rollout\n\n## Run\n\n- Migrate\n\n## "+heading+"\n\n- sets a value\n- purges the cache\n"), Options{})
		if len(r.Steps) != want {
			t.Errorf("%s: %d steps, want %d", heading, len(r.Steps), want)
		}
	}
}

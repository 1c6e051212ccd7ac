package records

import (
	"strings"
	"testing"
)

// TestUnboxed has checklists that mix items with and without boxes, and some that do not.
func TestUnboxed(t *testing.T) {
	for source, want := range map[string]string{
		"# A\n\n- [ ] a\n- [ ] b\n\n## Then\n\n- c\n- d\n":                                   "c, d",
		"# A\n\n- [ ] a\n- b\n":                                                              "b",
		"# A\n\n1. [ ] a\n\n## B\n\n1. b\n   - how\n2. c\n":                                  "b, c",
		"# A\n\n- Server:\n  - [ ] a\n  - b\n- Client:\n  - c\n":                             "b, c",
		"# A\n\n| ☐ | a |\n|---|---|\n| ☐ | b |\n\n- c\n":                                    "c",
		"# Liste\n\n- ☐ sichern\n\n## Danach\n\n* prüfen\n":                                  "prüfen",
		"# A\n\n- [ ] a\n  - how to do a\n- [ ] b\n":                                         "",
		"# A\n\n- a\n- b\n":                                                                  "", // all are steps
		"# A\n\nText.\n":                                                                     "",
		"# A\n\n- [ ] a\n\n## Contacts\n\n- Ada\n\n## Rollback\n\n- back\n":                  "",
		"# A\n\n- [ ] a\n\n## Lessons\n\n- never on a Friday\n":                              "",
		"# A\n\n- **Version**:\n- **Date**: TBD\n\n## B\n\n- [ ] a\n- [the runbook](x.md)\n": "",
		"# A\n\n- [ ] a\n\n```\n- b\n```\n\n<!--\n- c\n-->\n":                                "",
		"# A\n\n1. Server\n   - [ ] a\n2. Client\n   - [ ] b\n":                              "",
	} {
		r := ParseTemplate("c.md", []byte(source), Options{})
		var got []string
		for _, at := range Unboxed(r) {
			line, _, _ := strings.Cut(string(r.Source[at:]), "\n")
			got = append(got, line)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
}

package problem

import (
	"strings"
	"testing"
)

func TestReadOff(t *testing.T) {
	for _, test := range []struct {
		name, source string
		file         string // rules that are off in the whole file
		line         string // those that are off in line 2 alone
		unknown      int
	}{
		{"none", "a\nb\n", "", "", 0},
		{"whole file", "<!-- check-off: open-step -->\nb\n", "open-step", "", 0},
		{"several, parted in two ways", "a\n  <!--check-off: open-step, open-note dead-link-->\r\nb", "open-step open-note dead-link", "", 0},
		{"one line", "a\n- [ ] b <!-- check-off: open-step -->\nc", "", "open-step", 0},
		{"front matter", "---\ndate: x # check-off: bad-time\n---\n", "", "bad-time", 0},
		{"front matter, whole file", "---\n# check-off: bad-time\n---\n", "bad-time", "", 0},
		{"text that speaks of it", "a\ncheck-off: open-step\n", "", "", 0},
		{"not closed", "a\n<!-- check-off: open-step and so on\n", "", "", 0},
		{"example in code", "```\n<!-- check-off: open-step -->\n```\n", "", "", 0},
		{"in code, behind text", "~~~~\nDB=x # check-off: secret\n```\n<!-- check-off: open-step -->\n~~~~", "", "secret", 0},
		{"behind code", "```sh\nx\n```\n<!-- check-off: open-step -->\n", "open-step", "", 0},
		{"unknown", "<!-- check-off: open-steps, open-note -->\n", "open-note", "", 1},
	} {
		off := ReadOff("a.md", []byte(test.source))
		for _, about := range Rules() {
			inFile, inLine := off.Covers(about.Rule.At("a.md", 99, 0, "", "")), off.Covers(about.Rule.At("a.md", 2, 0, "", ""))
			if want := contains(test.file, about.Rule); inFile != want {
				t.Errorf("%s: %s is off in the file: %t", test.name, about.Rule, inFile)
			}
			if want := contains(test.file, about.Rule) || contains(test.line, about.Rule); inLine != want {
				t.Errorf("%s: %s is off in the line: %t", test.name, about.Rule, inLine)
			}
		}
		if got := len(off.Unknown()); got != test.unknown {
			t.Errorf("%s: %d unknown rules", test.name, got)
		}
	}
}

func contains(list string, rule Rule) bool {
	return strings.Contains(" "+list+" ", " "+string(rule)+" ")
}

package recall

import (
	"regexp"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
)

// What counts as a remedy. This is the one list: the briefing, both commands and,
// by [Lists], the browser read it.
const (
	remedyLabels = `what helped|resolution|resolved|fix|fixed|solution|solved|workaround|remedy|mitigation|mitigated` +
		`|lösung|gelöst|behoben|abhilfe|résolution|résolu|corrigé|contournement|solución|resuelto|solucionado` +
		`|対応|対処|解決|解決策|回避策`
	remedyPattern = `(?:^|[^\p{L}])(?:` + remedyLabels + `)(?: ?[:：]| by(?: |:)| with | durch | mit | par | con ) *(.*\p{L}.*)$`
	remedyHeading = `^(?:` + remedyLabels + `)[:：]?$`

	// noRemedy is what people write where there is none.
	noRemedy = `^[^\p{L}]*(?:(?:none|not|nobody|unknown|unclear|unresolved|unsolved|n/a|keine|nicht|niemand|unbekannt|aucune?|ninguna)(?:[^\p{L}]|$)` +
		`|(?:no|nothing|never|still) (?:fix|idea|solution|resolution|workaround|cause|helped|yet|found|known|open|looking|unknown|unclear|worked)` +
		`|(?:open|pending|todo|tbd|offen|なし|不明|未定|未解決)[^\p{L}]*$)`
)

var (
	remedyLine = regexp.MustCompile("(?i)" + remedyPattern)
	remedyHead = regexp.MustCompile("(?i)" + remedyHeading)
	noneLine   = regexp.MustCompile("(?i)" + noRemedy)
)

// Remedy is what helped, by a line of a record; "" where the line does not say.
func Remedy(line string) string {
	m := remedyLine.FindStringSubmatch(line)
	if m == nil || noneLine.MatchString(m[1]) {
		return ""
	}
	return m[1]
}

// IsRemedy reports whether a label, such as "Fix" of an issue, says what helped.
func IsRemedy(label string) bool { return remedyHead.MatchString(label) }

// Helped is what helped against an issue, "" where the record does not say.
func Helped(n *records.Note) string {
	if n.Issue == nil {
		return ""
	}
	for _, f := range n.Issue.Fields {
		if IsRemedy(f.Label) {
			return f.Value
		}
	}
	return ""
}

// withoutRemedy is a line up to where it says what helped, which tells nothing of
// the error.
func withoutRemedy(line string) string {
	if at := remedyLine.FindStringIndex(line); at != nil {
		return line[:at[0]]
	}
	return line
}

// remedyIn is what helped, by some lines: the nearest from one of them on, or
// else the first.
func remedyIn(lines []string, from int) string {
	for _, part := range [][]string{lines[from:], lines[:from]} {
		for i, line := range part {
			if helped := Remedy(line); helped != "" {
				return helped
			}
			if i+1 < len(part) && remedyHead.MatchString(strings.TrimSpace(line)) && !noneLine.MatchString(part[i+1]) {
				return part[i+1]
			}
		}
	}
	return ""
}

package recall

import (
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
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
	remedyLine = text.Pattern("(?i)" + remedyPattern)
	remedyHead = text.Pattern("(?i)" + remedyHeading)
	noneLine   = text.Pattern("(?i)" + noRemedy)
)

// Remedy is what helped, by a line of a record; "" where the line does not say.
func Remedy(line string) string {
	m := remedyLine().FindStringSubmatch(line)
	if m == nil || noneLine().MatchString(m[1]) {
		return ""
	}
	return m[1]
}

// IsRemedy reports whether a label, such as "Fix" of an issue, says what helped.
func IsRemedy(label string) bool { return remedyHead().MatchString(label) }

// Helped is what helped against an issue, "" where the record does not say: what stands
// behind a label of its own, or else in a line.
func Helped(n *records.Note) string {
	if n.Kind != records.Issues {
		return ""
	}
	if n.Issue != nil {
		for _, f := range n.Issue.Fields {
			if IsRemedy(f.Label) && f.Value != "" && !noneLine().MatchString(f.Value) {
				return f.Value
			}
		}
	}
	return remedyIn(strings.Split(n.Said(), "\n"), 0)
}

// InShort is an issue in one line and what helped against it, each said once.
func InShort(n *records.Note) (what, helped string) {
	what, helped = n.Summary(), Helped(n)
	if before := strings.TrimRight(withoutRemedy(what), " ,;:(–—-"); before != "" {
		return before, helped
	}
	return what, "" // the line says nothing else
}

// A Failed is a step that went wrong, with what stands below it.
type Failed struct {
	Key, Label string
	Section    string // "" where others of it went wrong, too
	Below      []string
}

// FixOf is what a record says about a step that went wrong in it, by its notes and
// those below the step: what helped against an issue that names the step, else the notes
// below it, else an issue without a structure that names it, else what helped against an
// issue of its section. It is "" where nobody wrote. The note is nil where it stands
// below the step.
func FixOf(notes []records.Note, step Failed) (fix string, in *records.Note) {
	if fix, in = resolved(notes, func(n *records.Note) bool { return namesStep(n, step.Key, step.Label) }); fix != "" {
		return fix, in
	}
	if len(step.Below) > 0 {
		return strings.Join(step.Below, " "), nil
	}
	for i := range notes {
		if n := &notes[i]; n.Kind == records.Issues && n.Issue == nil && namesStep(n, step.Key, step.Label) {
			return n.Said(), n // what was pasted below it helps nobody in one line
		}
	}
	section := text.Bare(step.Section)
	return resolved(notes, func(n *records.Note) bool {
		return section != "" && n.Issue != nil && text.Bare(n.Issue.Field("Phase")) == section
	})
}

// resolved is what helped against the first of some issues that says it.
func resolved(notes []records.Note, wanted func(*records.Note) bool) (fix string, in *records.Note) {
	for i := range notes {
		if n := &notes[i]; n.Kind == records.Issues && wanted(n) {
			if fix := Helped(n); fix != "" {
				return fix, n
			}
		}
	}
	return "", nil
}

// namesStep reports whether an issue names a step: its phase or step is the step's
// label, or its text holds the label's words in a row. A label of one word, such as
// "Tests", is too common for that.
func namesStep(n *records.Note, key, label string) bool {
	if n.Stamp.Step != "" && n.Stamp.Step == key {
		return true
	}
	label = text.Bare(label)
	if n.Issue != nil && (text.Bare(n.Issue.Field("Phase")) == label || text.Bare(n.Issue.Field("Step")) == label) {
		return true
	}
	return strings.Contains(label, " ") && strings.Contains(" "+text.Bare(n.Text)+" ", " "+label+" ")
}

// withoutRemedy is a line up to where it says what helped, which tells nothing of
// the error.
func withoutRemedy(line string) string {
	if at := remedyLine().FindStringIndex(line); at != nil {
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
			if i+1 < len(part) && remedyHead().MatchString(strings.TrimSpace(line)) && !noneLine().MatchString(part[i+1]) {
				return part[i+1]
			}
		}
	}
	return ""
}

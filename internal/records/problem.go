package records

import (
	"cmp"
	"fmt"
	"github.com/deploysite/deploysite/internal/text"
	"slices"
	"strings"
)

// Severity tells an error, which leaves something out, from a warning.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Problem is one thing that is wrong with one file.
type Problem struct {
	File     string // slash-separated, relative to the project's root
	Line     int    // from 1, counted in the file; 0 where unknown
	Column   int    // from 1, in characters; 0 where unknown
	Severity Severity
	Message  string // what is wrong
	Hint     string // what to do next
}

// String is the form for a terminal: "file:line:column: error: what (what to do)".
// Control characters of the input are made visible.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
		if p.Column > 0 {
			fmt.Fprintf(&b, ":%d", p.Column)
		}
	}
	fmt.Fprintf(&b, ": %s: %s", p.Severity, p.Message)
	if p.Hint != "" {
		fmt.Fprintf(&b, "; %s", p.Hint)
	}
	return text.Visible(strings.ReplaceAll(b.String(), "\n", "[U+000A]")) // one problem, one line
}

// SortProblems orders problems by file and position.
func SortProblems(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
}

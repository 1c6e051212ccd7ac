// Package problem describes problems in files: what is wrong, where, and what to do next.
// Parsers, the site and the commands collect problems instead of stopping at the first.
//
//	problem.DeadLink.At("docs/x.md", 3, 1, "there is no such file", "correct the address")
package problem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
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
	File     string   `json:"file"`             // slash-separated, relative to the project's root
	Line     int      `json:"line,omitempty"`   // from 1, counted in the file; 0 where unknown
	Column   int      `json:"column,omitempty"` // from 1, in characters; 0 where unknown
	Severity Severity `json:"severity"`
	Rule     Rule     `json:"rule"`           // which kind of problem it is
	Message  string   `json:"message"`        // what is wrong
	Hint     string   `json:"hint,omitempty"` // what to do next
	More     int      `json:"-"`              // how many of its rule follow in this file that are not listed
}

// Place is "file:line:column", as far as these are known.
func (p Problem) Place() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// String is the form for a terminal: "file:line:column: error: what; what to do".
// Control characters of the input are made visible.
func (p Problem) String() string { return p.line("") }

// Named is [Problem.String] with the rule: "… what [rule]; what to do".
func (p Problem) Named() string { return p.line(" [" + string(p.Rule) + "]") }

func (p Problem) line(rule string) string {
	line := fmt.Sprintf("%s: %s: %s%s", p.Place(), p.Severity, p.Message, rule)
	if p.Hint != "" {
		line += "; " + p.Hint
	}
	return text.Visible(strings.ReplaceAll(line, "\n", "[U+000A]")) // one problem, one line
}

// Block is the form for a terminal with many problems: the place, which a terminal may
// make a link of, in a line of its own, and below it what is wrong and what to do.
func (p Problem) Block() string {
	lines := []string{fmt.Sprintf("%s: %s [%s]", p.Place(), p.Severity, p.Rule), p.Message, p.Hint}
	for i, line := range lines {
		lines[i] = text.Visible(strings.ReplaceAll(line, "\n", "[U+000A]"))
	}
	return strings.TrimSpace(strings.Join(lines, "\n    "))
}

// List is problems as an error.
type List []Problem

func (l List) Error() string { return l[0].String() }

// Sort orders problems by file and position.
func Sort(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
}

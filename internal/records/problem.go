package records

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
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
	return Visible(strings.ReplaceAll(b.String(), "\n", "[U+000A]")) // one problem, one line
}

// SortProblems orders problems by file and position.
func SortProblems(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
}

// Visible makes characters that would steer a terminal, or reorder what is
// read, visible: ESC becomes "[U+001B]". Line feeds and tabs stay.
func Visible(s string) string {
	if strings.IndexFunc(s, steers) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd") {
			fmt.Fprintf(&b, "[0x%02X]", s[i]) // a byte alone can steer a terminal too
		} else if steers(r) {
			fmt.Fprintf(&b, "[U+%04X]", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// SafeJSON escapes in JSON what [Visible] would make visible. It can only stand in
// strings there, where an escape means the same.
func SafeJSON(data []byte) []byte {
	text := string(data)
	if Visible(text) == text {
		return data
	}
	var b bytes.Buffer
	for _, r := range text {
		if r > 0x7e && steers(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.Bytes()
}

func steers(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r < 0xa0: // C0, DEL, C1
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // bidirectional overrides and isolates
		return true
	}
	return false
}

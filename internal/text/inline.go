package text

import (
	"strings"
	"unicode"
)

// Inline writes plain text for use within a line of Markdown: on one line of at most
// n characters, with invisible characters made visible and markup escaped.
func Inline(s string, n int) string {
	runes := []rune(OneLine(Visible(s), n))
	var b strings.Builder
	for i, c := range runes {
		next := ' '
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		switch {
		case c == '&' && (next == '#' || unicode.IsLetter(next)): // else "&lt;" were "<"
			b.WriteString("&amp;")
			continue
		case c == '[' && (next == ']' || i+2 < len(runes) && runes[i+2] == ']' && (next == 'x' || next == 'X' || !unicode.IsLetter(next) && !unicode.IsDigit(next))): // a box is one with escaped brackets, too
			b.WriteString("&#91;")
			continue
		case strings.ContainsRune("\\`*[]<~|", c), c == '>' && (i == 0 || runes[i-1] == '-'), c == '_' && !insideWord(runes, i),
			c == '$' && next != ' ': // what begins a formula on some forges
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// insideWord reports whether a character stands between letters or digits, where "_"
// does not begin emphasis.
func insideWord(runes []rune, i int) bool {
	word := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	return word(i-1) && word(i+1)
}

// Fence is a run of backticks that does not occur in a text.
func Fence(code string) string {
	longest := 2
	for run := range strings.FieldsFuncSeq(code, func(c rune) bool { return c != '`' }) {
		longest = max(longest, len(run))
	}
	return strings.Repeat("`", longest+1)
}

package runner

import (
	"strings"
	"unicode"

	"github.com/deploysite/deploysite/internal/text"
)

// shown is a text of a record as one line of the terminal may hold it: what would
// steer the terminal or cannot be seen is visible, and no terminal takes another
// width for it than we do.
func shown(s string) string {
	s = strings.Join(strings.Fields(text.Visible(s)), " ")
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	marks := 0
	for _, r := range s {
		if marks++; !unicode.Is(unicode.Mn, r) {
			marks = 0
		}
		switch {
		case joins(r) || marks > maxMarks:
		case hidden(r):
			b.WriteString(codePoint(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// maxMarks is how many accents one character may have. No script needs more;
// heaps of them spill over the lines above and below.
const maxMarks = 4

// joins tells the characters that make one picture of several, or another of
// one: variation selectors, joiners, skin tones, the frame of a key. Without them
// the parts are seen.
func joins(r rune) bool {
	return unicode.Is(unicode.Variation_Selector, r) || r == '\u200c' || r == '\u200d' || r == '\u20e3' || r >= 0x1f3fb && r <= 0x1f3ff
}

// hidden tells what takes no place, or looks like a blank and is none.
func hidden(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Cc, unicode.Co, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point) ||
		r == '\u2800' || r != ' ' && unicode.Is(unicode.Zs, r)
}

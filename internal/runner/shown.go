package runner

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/text"
)

// shown makes a text of a record safe for one line of the terminal. Characters that
// steer the terminal or cannot be seen become visible, and every terminal gives the
// result the width that [width] counts.
func shown(s string) string {
	s = strings.Join(strings.Fields(text.Visible(s)), " ")
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) {
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

// joins reports whether a character makes one picture of several, or changes one:
// variation selectors, joiners, skin tones, the frame of a key. Without it the parts
// are seen.
func joins(r rune) bool {
	return unicode.Is(unicode.Variation_Selector, r) || r == '\u200c' || r == '\u200d' || r == '\u20e3' || r >= 0x1f3fb && r <= 0x1f3ff
}

// hidden reports whether a character takes no place, or looks like a blank and is
// none.
func hidden(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Cc, unicode.Co, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point) ||
		r == '\u2800' || r != ' ' && unicode.Is(unicode.Zs, r)
}

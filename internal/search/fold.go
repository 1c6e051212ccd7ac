package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/deploysite/deploysite/internal/text"
)

// Fold makes words comparable: "Håkansson", "HAKANSSON" and "hakansson" are
// one. Compatibility forms are decomposed, accents and the like removed, what
// has no decomposition is spelled out (ø, ß), and all is lower case. Marks that
// are letters of their own, as in Indic scripts or kana, stay.
//
// search-engine.js does the same; a test holds the two together.
func Fold(s string) string {
	if isPlain(s) {
		return s
	}
	return text.Try(s, fold)
}

func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if !isAccent(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return norm.NFC.String(spelled.Replace(b.String()))
}

// isPlain tells whether a string is what Fold would make of it, as most are.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			return false
		}
	}
	return true
}

// isAccent tells the marks that are written or left out at will: accents, and
// the vowel points of Hebrew and Arabic.
func isAccent(r rune) bool {
	return r >= 0x300 && r <= 0x36f || r >= 0x591 && r <= 0x5c7 || r >= 0x64b && r <= 0x65f || r == 0x670
}

// spelled are letters that Unicode does not decompose.
var spelled = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d",
	"þ", "th", "ħ", "h", "ı", "i", "ŋ", "n", "ŧ", "t", "ς", "σ")

package text

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// CaseFold gives texts the same key that differ in case or Unicode form only.
func CaseFold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(s)))
}

// Key gives names the same key that are one for people: case, Unicode form and
// the number of blanks do not count.
func Key(name string) string { return CaseFold(strings.Join(strings.Fields(name), " ")) }

// Same reports whether two names have the same [Key].
func Same(a, b string) bool { return a == b || Key(a) == Key(b) }

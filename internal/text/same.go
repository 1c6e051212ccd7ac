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
	return Try(s, func(s string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(s))) })
}

// Try is what do makes of s, or s where do panics: what a library does to one text must
// not end the work on all others.
func Try(s string, do func(string) string) (out string) {
	defer func() {
		if recover() != nil {
			out = s
		}
	}()
	return do(s)
}

// Key gives names the same key that are one for people: case, Unicode form and
// the number of blanks do not count.
func Key(name string) string { return CaseFold(strings.Join(strings.Fields(name), " ")) }

// Same reports whether two names have the same [Key].
func Same(a, b string) bool { return a == b || Key(a) == Key(b) }

// A Spelling is how something is shown that several people write: as most of them do.
type Spelling struct {
	Name  string
	times map[string]int
}

// Add counts one way to write it. Of ways that are as frequent the first stays.
func (s *Spelling) Add(name string) {
	if s.times == nil {
		s.Name, s.times = name, map[string]int{}
	}
	s.times[name]++
	if s.times[name] > s.times[s.Name] {
		s.Name = name
	}
}

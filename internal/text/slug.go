package text

import (
	"crypto/sha256"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxSlug is the length of the longest slug in bytes. File systems take 255, so that
// a prefix, a number and "/index.html" still fit.
const MaxSlug = 60

// Slug makes a name safe for addresses, IDs and file names. It keeps letters and
// digits of any script, in lower case and without accents, and writes "-" for
// everything between. A slug has 1 to [MaxSlug] bytes; if nothing is left of s, it
// is "x" and a hash.
func Slug(s string) string { return slugWithin(s, MaxSlug) }

// WholeSlug is a slug that two long names do not share: of one that [Slug] cuts, it is the
// beginning and a hash of all of it. It is its own whole slug.
func WholeSlug(s string) string {
	slug := Slug(s)
	if len(s) <= MaxSlug && isASCII(s) {
		return slug
	}
	all := slugWithin(s, math.MaxInt)
	if all == slug {
		return slug
	}
	const hash = len("-") + 8
	return slugWithin(s, MaxSlug-hash) + fmt.Sprintf("-%x", sha256.Sum256([]byte(all)))[:hash]
}

func slugWithin(s string, limit int) string {
	var b strings.Builder
	b.Grow(min(len(s), limit))
	gap := false
	for _, r := range decompose(s) {
		switch {
		case r < utf8.RuneSelf && IsASCIIWord(byte(r)): // nearly all of them
		case unicode.IsMark(r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			gap = true
			continue
		}
		r = unicode.ToLower(r)
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		if b.Len()+utf8.RuneLen(r) > limit {
			break
		}
		b.WriteRune(r)
	}
	// Composed again: some scripts, such as Hangul, are decomposed into letters.
	if slug := recompose(strings.TrimSuffix(b.String(), "-")); slug != "" {
		return slug
	}
	return fmt.Sprintf("x%x", sha256.Sum256([]byte(s)))[:9]
}

// decompose and recompose skip the tables of Unicode for ASCII.
func decompose(s string) string {
	if isASCII(s) {
		return s
	}
	return Try(s, norm.NFKD.String)
}

func recompose(s string) string {
	if isASCII(s) {
		return s
	}
	return Try(s, norm.NFC.String)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func IsASCIIWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// FirstWords returns the first n words of a text. IDs of notes are made of them, so
// that an ID stays when the rest of a note is edited.
func FirstWords(s string, n int) string {
	words := make([]string, 0, n)
	for w := range strings.FieldsSeq(s) {
		if len(words) == n {
			break
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

// IDs gives out each ID once. It remembers the last number of each, so that
// thousands of equal headings stay cheap.
type IDs map[string]int

// Next returns the prefix and the slug of text, with "-2", "-3" … if that is taken.
func (u IDs) Next(prefix, text string) string { return u.NextSlug(prefix, Slug(text)) }

func (u IDs) NextSlug(prefix, slug string) string {
	base := prefix + slug
	id := base
	for u[id] > 0 {
		u[base]++
		id = fmt.Sprintf("%s-%d", base, u[base])
	}
	u[id]++
	return id
}

package text

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold makes two spellings of a label, heading or word alike: lower case,
// letters and digits only, words parted by one space. Wide letters and those that are
// put together from a letter and an accent are as the others.
func Fold(s string) string {
	if !isASCII(s) {
		s = norm.NFKC.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		case b.Len() > 0 && !unicode.IsMark(r) && !strings.HasSuffix(b.String(), " "):
			b.WriteByte(' ')
		}
	}
	return strings.TrimSuffix(b.String(), " ")
}

// OneLine is s without line breaks, cut to n characters.
func OneLine(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= n && isASCII(s) { // as most are
		return s
	}
	runes := []rune(s)
	if len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return string(runes)
}

// FirstLine is the first line with its end.
func FirstLine(source []byte) []byte {
	if i := bytes.IndexByte(source, '\n'); i >= 0 {
		return source[:i+1]
	}
	return source
}

// LineAt is the line that an offset is in, without its end.
func LineAt(source []byte, at int) Span {
	at = min(max(at, 0), len(source))
	start := bytes.LastIndexByte(source[:at], '\n') + 1
	return Span{Start: start, End: start + len(bytes.TrimRight(FirstLine(source[start:]), "\r\n"))}
}

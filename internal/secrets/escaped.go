package secrets

import (
	"bytes"
	"html"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escapes are what Markdown, HTML, front matter and addresses show otherwise than it is
// written. Editors that write Markdown, and pages that text is copied from, put them into
// tokens: ghp\_….
var escapes = regexp.MustCompile(`^(?:\\[!-/:-@\[-` + "`" + `{-~]|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U000[0-9a-fA-F]{5}|\\\r?\n[ \t]{0,30}` +
	`|&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,31};)|%[2-7][0-9a-fA-F])`)

// tags are elements and instructions of HTML. A page does not show those that it knows.
var tags = regexp.MustCompile(`^<[/!?]?[a-zA-Z][^<>]*>`)

// A reading is a text as it is shown, without escapes.
type reading struct {
	text    []byte
	escapes []escape
}

// An escape is where one was, in the reading and in the source.
type escape struct {
	start, end int // in the reading
	from, to   int // in the source
}

// read takes the escapes and marks out of a text. The reading of one that has none is
// empty.
func read(source []byte) (r reading) {
	at := 0
	for i := next(source, 0); i < len(source); i = next(source, i) {
		n, shown, ok := shownAs(source, i)
		if ok {
			r.text = append(r.text, source[at:i]...)
			start := len(r.text)
			r.text, at = append(r.text, shown...), i+n
			r.escapes = append(r.escapes, escape{start, len(r.text), i, at})
		}
		i += max(n, 1)
	}
	if len(r.escapes) > 0 {
		r.text = append(r.text, source[at:]...)
	}
	return r
}

// shownAs tells how what stands at an offset is shown, and how many bytes it has.
// Nothing is shown of marks within a word: of emphasis, links and tags.
func shownAs(source []byte, at int) (n int, shown string, ok bool) {
	rest := source[at:min(len(source), at+longestEscape)]
	if escape := escapeAt(rest); escape != nil {
		if shown = unescape(string(escape)); isInvisible([]byte(shown)) {
			shown = ""
		}
		return len(escape), shown, true
	}
	if r, n := utf8.DecodeRune(rest); '！' <= r && r <= '～' { // full width
		return n, string(r - '！' + '!'), true
	} else if isInvisible(rest) {
		return n, "", true
	}
	if at == 0 || !inWord[source[at-1]] && source[at-1] < utf8.RuneSelf {
		return 0, "", false
	}
	for n = 0; at+n < len(source); {
		one := markAt(source[at+n : min(len(source), at+n+longestMark)])
		if one == 0 {
			return n, "", n > 0 && inWord[source[at+n]] && source[at+n] != '.'
		}
		n += one
	}
	return n, "", false
}

func escapeAt(s []byte) []byte {
	if bytes.IndexByte([]byte(`\&%`), s[0]) < 0 {
		return nil
	}
	return escapes.Find(s)
}

func unescape(written string) string {
	switch {
	case written[0] == '&':
		return html.UnescapeString(written)
	case written[0] == '%':
		shown, _ := url.PathUnescape(written)
		return shown
	case strings.IndexByte("xuU", written[1]) >= 0:
		code, _ := strconv.ParseUint(written[2:], 16, 32)
		return string(rune(code))
	}
	return strings.TrimSpace(written[1:])
}

// markAt is how many bytes the mark has that a text begins with, 0 for none.
func markAt(s []byte) int {
	switch {
	case bytes.IndexByte([]byte("*`~"), s[0]) >= 0, bytes.HasPrefix(s, []byte("![")):
		return 1
	case bytes.HasPrefix(s, []byte("[^")):
		return upTo(s, "]")
	case bytes.HasPrefix(s, []byte("](")):
		return upTo(s, ")")
	case bytes.HasPrefix(s, []byte("][")):
		return 1 + upTo(s[1:], "]")
	case s[0] == '[' && beginsLink(s):
		return 1
	case bytes.HasPrefix(s, []byte("<!--")):
		return upTo(s, "-->")
	case s[0] == '<':
		return len(tags.Find(s))
	case isInvisible(s):
		_, n := utf8.DecodeRune(s)
		return n
	}
	return 0
}

// beginsLink reports whether a bracket begins the text of a link: after it others are
// text.
func beginsLink(s []byte) bool {
	end := bytes.IndexByte(s, ']')
	return end > 0 && end+1 < len(s) && (s[end+1] == '(' || s[end+1] == '[')
}

func upTo(s []byte, end string) int {
	if i := bytes.Index(s, []byte(end)); i >= 0 {
		return i + len(end)
	}
	return 1
}

// isInvisible reports whether a text begins with a character that shows nothing, such
// as a space without width.
func isInvisible(s []byte) bool {
	if len(s) == 0 || s[0] < utf8.RuneSelf {
		return false
	}
	r, _ := utf8.DecodeRune(s)
	return r != utf8.RuneError && unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// The most bytes of an escape, and those of a mark: longer ones are none.
const (
	longestEscape = 34
	longestMark   = 300
)

var (
	begins = bytesOf(func(b byte) bool { return strings.IndexByte("\\&%*`~![]<\xc2\xcd\xe1\xe2\xe3\xef\xf0\xf3", b) >= 0 })
	inWord = bytesOf(func(b byte) bool { return isAlnum(b) || strings.IndexByte("_-+/=.%&\\", b) >= 0 })
)

func isAlnum(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= lower(b) && lower(b) <= 'z'
}

func bytesOf(is func(byte) bool) (set [256]bool) {
	for b := range set {
		set[b] = is(byte(b))
	}
	return set
}

// next is where the next escape or mark may begin: most texts have few, and an expression
// that looks at every byte takes long.
func next(source []byte, from int) int {
	for from < len(source) && !begins[source[from]] {
		from++
	}
	return from
}

// findShown finds the secrets in a text as it is shown. A long one is read in parts.
func findShown(source []byte) (all []Secret) {
	for at := 0; at < len(source); {
		part := source[at:min(len(source), at+longestPart)]
		if end := bytes.LastIndexAny(part, "\n "); end >= 0 && at+len(part) < len(source) {
			part = part[:end+1]
		}
		r := read(part)
		for _, s := range scanned(r.text) {
			s.Start, s.End = at+r.source(s.Start, false), at+r.source(s.End-1, true)
			all = append(all, s)
		}
		at += len(part)
	}
	return all
}

// longestPart is how much is read at once: what is read may take many times as much memory.
const longestPart = 256 << 10

// source is where a byte of the reading begins in the source, or where it ends.
func (r reading) source(offset int, end bool) int {
	i := sort.Search(len(r.escapes), func(i int) bool { return r.escapes[i].start > offset }) - 1
	switch {
	case i >= 0 && offset < r.escapes[i].end && end:
		return r.escapes[i].to
	case i >= 0 && offset < r.escapes[i].end:
		return r.escapes[i].from
	case i >= 0:
		offset += r.escapes[i].to - r.escapes[i].end
	}
	if end {
		offset++
	}
	return offset
}

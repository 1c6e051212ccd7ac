package secrets

import (
	"bytes"
	"html"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/text"
)

// escapes are what Markdown, HTML, front matter and addresses show otherwise than it is
// written. Editors that write Markdown, and pages that text is copied from, put them into
// tokens: ghp\_….
var escapes = text.Pattern(`^(?:\\[!-/:-@\[-` + "`" + `{-~]|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U000[0-9a-fA-F]{5}|\\\r?\n[ \t]{0,30}` +
	`|&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,31};)|%[2-7][0-9a-fA-F])`)

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
	at, defined, tries := 0, definitions(source), longMarks
	for i := next(source, 0); i < len(source); i = next(source, i) {
		n, shown, ok := shownAs(source, i, defined, &tries)
		if ok {
			if r.text == nil {
				r.text = make([]byte, 0, len(source))
			}
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
func shownAs(source []byte, at int, defined labels, tries *int) (n int, shown string, ok bool) {
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
		if one <= 1 && *tries > 0 && mayBeLong(source[at+n:]) {
			if one = markAt(source[at+n:]); one <= 1 {
				*tries--
			}
		}
		if one == 0 && defined.mark(source, at+n) {
			one = 1
		}
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
	return escapes().Find(s)
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
		return linkEnd(s)
	case bytes.HasPrefix(s, []byte("][")):
		return 1 + upTo(s[1:], "]")
	case s[0] == '[' && beginsLink(s):
		return 1
	case bytes.HasPrefix(s, []byte("<!--")):
		return upTo(s, "-->")
	case s[0] == '<':
		return tag(s)
	case isInvisible(s):
		_, n := utf8.DecodeRune(s)
		return n
	}
	return 0
}

// mayBeLong reports whether a text begins with a comment, an element or the address of a
// link, and has room for one of more than longestMark bytes.
func mayBeLong(s []byte) bool {
	return len(s) > longestMark && (s[0] == '<' || bytes.HasPrefix(s, []byte("](")))
}

// tag is how many bytes an element or an instruction of HTML has, 0 if the text begins with
// none. A page does not show those that it knows.
func tag(s []byte) int {
	i := 1
	if i < len(s) && strings.IndexByte("/!?", s[i]) >= 0 {
		i++
	}
	if i == len(s) || !isLetter(s[i]) {
		return 0
	}
	for ; i < len(s); i++ {
		switch s[i] {
		case '>':
			return i + 1
		case '<':
			return 0
		case '"', '\'':
			if end := bytes.IndexByte(s[i+1:], s[i]); end >= 0 && s[i-1] == '=' {
				i += 1 + end
			}
		}
	}
	return 0
}

// linkEnd is where the address and the title of a link end.
func linkEnd(s []byte) int {
	depth := 0
	for i := 1; i < len(s) && depth < 9; i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		case '\\':
			i++
		case '"', '\'':
			if end := bytes.IndexByte(s[i+1:], s[i]); end >= 0 && s[i-1] == ' ' {
				i += 1 + end
			}
		}
	}
	return 1
}

// labels are those of the definitions of links, which make a link of their text alone:
// [text].
type labels map[string]bool

var definition = text.Pattern(`(?m)^[ >]{0,9}\[([^\]\[]{1,200})\]:`)

func definitions(source []byte) labels {
	if !bytes.Contains(source, []byte("]:")) {
		return nil
	}
	all := labels{}
	for _, m := range definition().FindAllSubmatch(source, -1) {
		all[label(m[1])] = true
	}
	return all
}

func label(written []byte) string {
	return string(bytes.ToLower(bytes.Join(bytes.Fields(written), []byte(" "))))
}

// mark reports whether a bracket begins or ends a link by its text alone.
func (l labels) mark(source []byte, at int) bool {
	const longestLabel = 200
	if len(l) == 0 || source[at] != '[' && source[at] != ']' {
		return false
	}
	text := source[at+1 : min(len(source), at+longestLabel)]
	end := bytes.IndexByte(text, ']')
	if source[at] == ']' {
		text = source[max(0, at-longestLabel):at]
		return l[label(text[bytes.LastIndexByte(text, '[')+1:])]
	}
	return end > 0 && l[label(text[:end])]
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

// The most bytes of an escape: longer ones are none. Marks that are longer than
// longestMark are looked for until longMarks of them had no end.
const (
	longestEscape = 34
	longestMark   = 4000
	longMarks     = 16
)

var (
	begins = bytesOf(func(b byte) bool { return strings.IndexByte("\\&%*`~![]<\xc2\xcd\xe1\xe2\xe3\xef\xf0\xf3", b) >= 0 })
	inWord = bytesOf(func(b byte) bool { return isAlnum(b) || strings.IndexByte("_-+/=.%&\\", b) >= 0 })
)

func isAlnum(b byte) bool { return '0' <= b && b <= '9' || isLetter(b) }

func isLetter(b byte) bool { return 'a' <= lower(b) && lower(b) <= 'z' }

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
		all = append(all, findBroken(part, at)...)
		at += len(part)
	}
	return all
}

// lineBreak is what a terminal may have put into a token, at the end of a line: the end, and
// what stands before the next line's text. The word before it and the one behind it have no
// letters alone; to is 0 where they have, which most lines do.
func lineBreak(s []byte, end int) (from, to int) {
	from, to = end, end+1
	for from > 0 && from > end-longestEscape && strings.IndexByte(" \t\r\\", s[from-1]) >= 0 {
		from--
	}
	if at := bytes.LastIndexByte(s[max(0, from-8):from], '<'); at >= 0 && bytes.HasSuffix(s[:from], []byte(">")) {
		if br := s[max(0, from-8)+at : from]; bytes.EqualFold(br[:min(3, len(br))], []byte("<br")) {
			from -= len(br)
		}
	}
	for to < len(s) && to < end+longestEscape && strings.IndexByte(" \t>", s[to]) >= 0 {
		to++
	}
	odd := false
	for i := from - 1; i >= 0 && i > from-longestMark && inWord[s[i]]; i-- {
		odd = odd || !isLetter(s[i])
	}
	if !odd {
		return 0, 0
	}
	for i := to; i < len(s) && i < to+longestMark && inWord[s[i]]; i++ {
		if '0' <= s[i] && s[i] <= '9' {
			return from, to
		}
	}
	return 0, 0
}

// findBroken finds the secrets in a part of a text whose lines were broken within them, as
// what is pasted from a terminal has them. Only
// the shape of an issuer tells that the lines belong together.
func findBroken(part []byte, offset int) (all []Secret) {
	var r reading
	at := 0
	for end := bytes.IndexByte(part, '\n'); end >= 0; {
		if from, to := lineBreak(part, end); to > 0 {
			r.text = append(r.text, part[at:from]...)
			r.escapes = append(r.escapes, escape{len(r.text), len(r.text), from, to})
			at = to
		}
		after := bytes.IndexByte(part[end+1:], '\n')
		if after < 0 {
			break
		}
		end += 1 + after
	}
	if len(r.escapes) == 0 {
		return nil
	}
	r.text = append(r.text, part[at:]...)
	for _, s := range scanned(r.text) {
		first := sort.Search(len(r.escapes), func(i int) bool { return r.escapes[i].start > s.Start })
		across := first < len(r.escapes) && r.escapes[first].start < s.End
		if across && rank(s.Rule) == issued {
			s.Start, s.End = offset+r.source(s.Start, false), offset+r.source(s.End-1, true)
			all = append(all, s)
		}
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

package secrets

import (
	"bytes"
	"html"
	"regexp"
	"sort"
	"strings"
)

// escapes are what Markdown and HTML show otherwise than it is written. Editors that
// write Markdown, and pages that text is copied from, put them into tokens: ghp\_….
var escapes = regexp.MustCompile("^(?:\\\\[!-/:-@\\[-`{-~]|&(?:#[xX]?[0-9a-fA-F]{1,7}|[a-zA-Z][a-zA-Z0-9]{1,31});)")

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

// read takes the escapes out of a text. The reading of one that has none is empty.
func read(source []byte) (r reading) {
	at := 0
	for i := next(source, 0); i < len(source); i = next(source, max(i+1, at)) {
		written := string(escapes.Find(source[i:min(len(source), i+longestEscape)]))
		if written == "" {
			continue
		}
		shown := strings.TrimPrefix(written, `\`)
		if source[i] == '&' {
			shown = html.UnescapeString(shown)
		}
		r.text = append(r.text, source[at:i]...)
		start := len(r.text)
		r.text, at = append(r.text, shown...), i+len(written)
		r.escapes = append(r.escapes, escape{start, len(r.text), i, at})
	}
	if len(r.escapes) > 0 {
		r.text = append(r.text, source[at:]...)
	}
	return r
}

// longestEscape is how many bytes the longest escape has.
const longestEscape = 34

// next is where the next escape may begin: most texts have few, and an expression
// that looks at every byte takes long.
func next(source []byte, from int) int {
	if i := bytes.IndexAny(source[from:], `\&`); i >= 0 {
		return from + i
	}
	return len(source)
}

// findShown finds the secrets in a text as it is shown.
func findShown(source []byte) []Secret {
	r := read(source)
	found := scanned(r.text)
	for i, s := range found {
		found[i].Start, found[i].End = r.source(s.Start, false), r.source(s.End-1, true)
	}
	return found
}

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

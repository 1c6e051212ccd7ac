package importer

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// cut finds where a log can be cut without a look at the rest of it: before each
// line that begins with hashes and is a heading. The first place is the begin of
// the text, behind a byte order mark and front matter. So a part that is too
// costly to lay out, or too long, does not spoil the others.
func cut(data []byte) []int {
	start := len(data) - len(bytes.TrimPrefix(data, []byte(string(text.ByteOrderMark))))
	if body := bytes.TrimLeft(data[start:min(len(data), start+4)], "-+"); len(body) == 1 && start < len(data) {
		start = records.Parse("head.md", data[:min(len(data), 128<<10)], records.Options{}).Document.Body.Start
	}
	starts := []int{start}
	var inside block
	for at := start; at < len(data); {
		line := data[at:]
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line = line[:i+1]
		}
		if inside.line(line) && at > start {
			starts = append(starts, at)
		}
		at += len(line)
	}
	return starts
}

// block is what the lines of a text are inside of: a code fence, or a piece of
// HTML in which hashes are no headings.
type block struct {
	fence  byte // '`' or '~', 0 for none
	length int
	html   string // what ends it
}

var (
	fenceLine = regexp.MustCompile("^ {0,3}(?:[-*+] +|\\d+[.)] +)?(`{3,}|~{3,})(.*)$")
	fenceEnd  = regexp.MustCompile("^[ \t]*(`{3,}|~{3,})[ \t]*$")
	hashLine  = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$`)
)

// line goes on by a line and tells whether it is a heading.
func (b *block) line(line []byte) bool {
	line = bytes.TrimRight(line[:min(len(line), 4096)], "\r\n")
	switch {
	case b.fence != 0:
		if m := fenceEnd.FindSubmatch(line); m != nil && m[1][0] == b.fence && len(m[1]) >= b.length {
			b.fence = 0
		}
		return false
	case b.html != "":
		if bytes.Contains(bytes.ToLower(line), []byte(b.html)) {
			b.html = ""
		}
		return false
	}
	if m := fenceLine.FindSubmatch(line); m != nil && (m[1][0] == '~' || bytes.IndexByte(m[2], '`') < 0) {
		b.fence, b.length = m[1][0], len(m[1])
		return false
	}
	for begin, end := range map[string]string{"<!--": "-->", "<pre": "</pre>", "<script": "</script>", "<style": "</style>", "<textarea": "</textarea>"} {
		trimmed := bytes.ToLower(bytes.TrimLeft(line, " "))
		if bytes.HasPrefix(trimmed, []byte(begin)) && !bytes.Contains(trimmed, []byte(end)) {
			b.html = end
			return false
		}
	}
	return len(line) > 0 && hashLine.Match(line)
}

// atxHeading reads the heading that a piece begins with.
func atxHeading(piece []byte) (level int, title string) {
	line := piece[:min(len(piece), 1000)]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	m := hashLine.FindSubmatch(bytes.TrimRight(line, "\r"))
	if m == nil {
		return 0, ""
	}
	return len(m[1]), strings.ToValidUTF8(string(m[2]), "\ufffd")
}

package importer

import (
	"bytes"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// cut finds the offsets of the headings that begin with hashes, without parsing the
// log as a whole: a part that is too long or too costly to parse must not spoil the
// others. The first offset is the start of the text, behind a byte order mark and
// front matter.
func cut(data []byte) []int {
	start := len(data) - len(bytes.TrimPrefix(data, text.ByteOrderMark))
	if body := bytes.TrimLeft(data[start:min(len(data), start+4)], "-+"); len(body) == 1 && start < len(data) {
		start = records.Parse("head.md", data[:min(len(data), 128<<10)], records.Options{}).Document.Body.Start
	}
	starts := []int{start}
	var inside block
	for at := start; at < len(data); {
		line := text.FirstLine(data[at:])
		if inside.line(line) && at > start {
			starts = append(starts, at)
		}
		at += len(line)
	}
	return starts
}

// block is the code fence or HTML that a line is in, where hashes are no heading.
type block struct {
	fence  byte // '`' or '~', 0 for none
	length int
	html   string // what ends the HTML; "" for none
}

var (
	fenceLine = text.Pattern("^ {0,3}(?:[-*+] +|\\d+[.)] +)?(`{3,}|~{3,})(.*)$")
	fenceEnd  = text.Pattern("^[ \t]*(`{3,}|~{3,})[ \t]*$")
	hashLine  = text.Pattern(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$`)
)

// line reads the next line and reports whether it is a heading.
func (b *block) line(line []byte) bool {
	line = bytes.TrimRight(line[:min(len(line), 4096)], "\r\n")
	switch {
	case b.fence != 0:
		if m := fenceEnd().FindSubmatch(line); m != nil && m[1][0] == b.fence && len(m[1]) >= b.length {
			b.fence = 0
		}
		return false
	case b.html != "":
		if bytes.Contains(bytes.ToLower(line), []byte(b.html)) {
			b.html = ""
		}
		return false
	}
	if m := fenceLine().FindSubmatch(line); m != nil && (m[1][0] == '~' || bytes.IndexByte(m[2], '`') < 0) {
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
	return len(line) > 0 && hashLine().Match(line)
}

// atxHeading reads the heading that a piece begins with.
func atxHeading(piece []byte) (level int, title string) {
	line := text.FirstLine(piece[:min(len(piece), 1000)])
	m := hashLine().FindSubmatch(bytes.TrimRight(line, "\r\n"))
	if m == nil {
		return 0, ""
	}
	return len(m[1]), strings.ToValidUTF8(string(m[2]), "\ufffd")
}

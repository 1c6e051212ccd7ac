package text

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// ByteOrderMark begins some files. It is no part of their text.
var ByteOrderMark = []byte("\ufeff")

// Position returns the line and the column of an offset, both from 1. The column
// counts characters, without a byte order mark. Use [Lines] for many offsets.
func Position(source []byte, offset int) (line, column int) {
	before := source[:min(max(offset, 0), len(source))]
	start := bytes.LastIndexByte(before, '\n') + 1
	line = bytes.Count(before, []byte("\n")) + 1
	return line, utf8.RuneCount(bytes.TrimPrefix(before[start:], ByteOrderMark)) + 1
}

// Lines finds the positions of many offsets in one text, even if that is a single
// long line. The text is read at the first question.
type Lines struct {
	source     []byte
	starts     []int
	characters []int // before each multiple of stride
}

const stride = 4096

// NewLines makes the lines of source, which must not change.
func NewLines(source []byte) *Lines { return &Lines{source: source} }

func (l *Lines) read() {
	l.starts = []int{0}
	count := 0
	for i, c := range l.source {
		if i%stride == 0 {
			l.characters = append(l.characters, count)
		}
		if utf8.RuneStart(c) {
			count++
		}
		if c == '\n' {
			l.starts = append(l.starts, i+1)
		}
	}
	if len(l.source)%stride == 0 {
		l.characters = append(l.characters, count)
	}
}

// before counts the characters before an offset.
func (l *Lines) before(offset int) int {
	count := l.characters[offset/stride]
	for _, c := range l.source[offset/stride*stride : offset] {
		if utf8.RuneStart(c) {
			count++
		}
	}
	return count
}

// Position is [Position] for the text of l.
func (l *Lines) Position(offset int) (line, column int) {
	if l.starts == nil {
		l.read()
	}
	offset = min(offset, len(l.source))
	line, found := slices.BinarySearch(l.starts, offset)
	if !found {
		line--
	}
	column = l.before(offset) - l.before(l.starts[line]) + 1
	if line == 0 && offset >= len(ByteOrderMark) && bytes.HasPrefix(l.source, ByteOrderMark) {
		column--
	}
	return line + 1, column
}

// Offset is the offset of a position: the reverse of Position. A line or a column that
// the text does not have is its end, or that of the line.
func (l *Lines) Offset(line, column int) int {
	if l.starts == nil {
		l.read()
	}
	if line > len(l.starts) {
		return len(l.source)
	}
	at := l.starts[line-1]
	if line == 1 && bytes.HasPrefix(l.source, ByteOrderMark) {
		at = len(ByteOrderMark)
	}
	for ; column > 1 && at < len(l.source) && l.source[at] != '\n'; column-- {
		_, size := utf8.DecodeRune(l.source[at:])
		at += size
	}
	return at
}

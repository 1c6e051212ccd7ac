package importer

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// rows makes drafts of the list items and the table rows in a section's own text
// that are deployments, and gives the ranges that it took, in order.
func (l *logReader) rows(s *section) (taken []text.Span) {
	if s.ownEnd-s.start > records.MaxSize {
		return nil
	}
	text := l.data[s.start:s.ownEnd]
	r := records.Parse("piece.md", text, records.Options{})
	if r.Document.Root == nil {
		return nil
	}
	rows := logRows{l, r, s.start}
	for n := r.Document.Root.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.List:
			taken = append(taken, rows.list(n)...)
		case *extensionast.Table:
			taken = append(taken, rows.table(n)...)
		}
	}
	return taken
}

// logRows reads the rows of one section.
type logRows struct {
	*logReader
	own  *records.Record // the section's text
	base int             // where it stands in the file
}

// span is that of a block in the file, from the begin of its first line to that
// of what follows.
func (l logRows) span(n ast.Node) text.Span {
	s := l.own.BlockSpan(n)
	s.Start = bytes.LastIndexByte(l.own.Source[:s.Start], '\n') + 1
	if i := bytes.IndexByte(l.own.Source[s.End:], '\n'); i >= 0 {
		s.End += i + 1
	} else {
		s.End = len(l.own.Source)
	}
	return text.Span{Start: l.base + s.Start, End: l.base + s.End}
}

// row is an item of a list that begins with a date.
type row struct {
	span text.Span
	text string // its first line, plain
	at   stamp
	err  error
}

// list makes drafts of a list in which at least half of the items begin with a
// date.
func (l logRows) list(n *ast.List) (taken []text.Span) {
	var rows []row
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if r, ok := l.item(item); ok {
			rows = append(rows, r)
		}
	}
	if 2*len(rows) < n.ChildCount() {
		return nil
	}
	for _, r := range rows {
		taken = append(taken, r.span)
		if r.err != nil {
			l.unreadable(r.span.Start, r.span.End, r.text, r.err)
			continue
		}
		d := l.entry(r.span.Start, r.span.End, r.text, r.at)
		if _, length, ok := records.ParseMark(d.Title); ok {
			status, _ := records.ParseOutcome(d.Title[:length])
			d.Status = cmp.Or(d.Status, status)
			d.Title = strings.TrimSpace(d.Title[length:])
		}
		d.Title = text.OneLine(d.Title, 100)
	}
	return taken
}

func (l logRows) item(item ast.Node) (row, bool) {
	first := item.FirstChild()
	if first == nil || first.Type() != ast.TypeBlock {
		return row{}, false
	}
	text := l.own.Plain(first)
	at, err := findDate(text, l.opt)
	if errors.Is(err, errNoDate) || !isGeneric(text[:at.start]) {
		return row{}, false
	}
	return row{l.span(item), text, at, err}, true
}

// table makes drafts of the rows of a table that has a column of dates: one that
// is called so, or the first.
func (l logRows) table(n *extensionast.Table) (taken []text.Span) {
	whole := l.span(n)
	lines := bytes.SplitAfter(l.data[whole.Start:whole.End], []byte("\n"))
	if last := len(lines) - 1; len(lines[last]) == 0 {
		lines = lines[:last]
	}
	cells := l.cells(n)
	if len(cells) < 2 || len(lines) != len(cells)+1 { // the line below the header has no cells
		return nil
	}
	columns := mapColumns(cells[0], nil)
	if at := columns.of(KeyDate); at < 0 || keyNames[text.Fold(cells[0][at])].rank >= looseDates {
		columns.claim(KeyDate, 0)
	}
	if !l.hasDates(cells[1:], columns.of(KeyDate)) {
		return nil
	}
	at := whole.Start + len(lines[0]) + len(lines[1])
	l.r.leave(l.source, text.Span{Start: whole.Start, End: at}, Layout, "", "", "the head of a table")
	taken = append(taken, text.Span{Start: whole.Start, End: at})
	for i, line := range lines[2:] {
		span := text.Span{Start: at, End: at + len(line)}
		at = span.End
		taken = append(taken, span)
		body := slices.Concat(lines[0], lines[1], line)
		l.r.addRow(l.source, span, columns, cells[i+1], body, wordsID(line))
	}
	return taken
}

// cells are the plain texts of a table, row by row, the header first.
func (l logRows) cells(n *extensionast.Table) (rows [][]string) {
	for r := n.FirstChild(); r != nil; r = r.NextSibling() {
		var cells []string
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, l.own.Plain(c))
		}
		rows = append(rows, cells)
	}
	return rows
}

// hasDates reports whether at least half of the rows have a date in a column.
func (l logRows) hasDates(rows [][]string, column int) bool {
	dates := 0
	for _, cells := range rows {
		if column < len(cells) {
			if _, err := findDate(cells[column], l.opt); !errors.Is(err, errNoDate) {
				dates++
			}
		}
	}
	return dates > 0 && 2*dates >= len(rows)
}

package importer

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"time"

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
			taken = append(taken, rows.list(n, s)...)
		case *extensionast.Table:
			taken = append(taken, rows.table(n, s)...)
		case *ast.Paragraph:
			taken = append(taken, rows.lines(n, s)...)
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

// lines makes drafts of a paragraph of which each line begins with a date, as in a plain
// text: "2024-08-31 14:30 ada deployed 1.4 to production".
func (l logRows) lines(n *ast.Paragraph, below *section) (taken []text.Span) {
	var rows []row
	var stamps []stamp
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		written := strings.TrimSpace(string(line.Value(l.own.Source)))
		at, err := findDate(written, l.opt)
		if errors.Is(err, errNoDate) || strings.Trim(written[:at.start], " [(*_") != "" {
			return nil
		}
		rows = append(rows, row{text.Span{Start: l.base + line.Start, End: l.base + line.Stop}, written, at, err})
		stamps = append(stamps, at)
	}
	if len(rows) < 2 || timelineTitle().MatchString(below.title) && l.isTimeline(stamps) {
		return nil
	}
	return l.entries(rows)
}

// list makes drafts of a list in which at least half of the items begin with a
// date.
func (l logRows) list(n *ast.List, below *section) (taken []text.Span) {
	var rows []row
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if r, ok := l.item(item); ok {
			rows = append(rows, r)
		}
	}
	if 2*len(rows) < n.ChildCount() {
		return nil
	}
	var stamps []stamp
	for _, r := range rows {
		stamps = append(stamps, r.at)
	}
	if timelineTitle().MatchString(below.title) && l.isTimeline(stamps) {
		return l.timeline(n)
	}
	return l.entries(rows)
}

func (l logRows) entries(rows []row) (taken []text.Span) {
	for _, r := range rows {
		taken = append(taken, r.span)
		if r.err != nil {
			l.unreadable(r.span.Start, r.span.End, r.text, r.err)
			continue
		}
		d := l.entry(r.span.Start, r.span.End, r.text, r.at)
		if _, length, ok := records.ParseMark(d.Title); ok && d.Status != "" {
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
func (l logRows) table(n *extensionast.Table, below *section) (taken []text.Span) {
	whole := l.span(n)
	lines := bytes.SplitAfter(l.data[whole.Start:whole.End], []byte("\n"))
	if last := len(lines) - 1; len(lines[last]) == 0 {
		lines = lines[:last]
	}
	cells := l.cells(n)
	if len(cells) < 2 || len(lines) != len(cells)+1 || isSettings(cells[0]) { // the line below the header has no cells
		return nil
	}
	columns := mapColumns(cells[0], nil)
	if at := columns.of(KeyDate); at < 0 || keyNames[text.Fold(cells[0][at])].rank >= looseDates {
		columns.claim(KeyDate, 0)
	}
	if !l.hasDates(cells[1:], columns.of(KeyDate)) {
		return nil
	}
	switch {
	case l.tellsEvents(columns, cells, below):
		return l.timeline(n)
	case ofDocument(columns, below):
		l.r.leave(l.source, whole, Text, "", "the history of this document")
		return []text.Span{whole}
	}
	l.withoutRemarks(n, columns, cells)
	at := whole.Start + len(lines[0]) + len(lines[1])
	l.r.leave(l.source, text.Span{Start: whole.Start, End: at}, Layout, "", "the head of a table")
	taken = append(taken, text.Span{Start: whole.Start, End: at})
	first := len(l.r.Drafts)
	for i, line := range lines[2:] {
		span := text.Span{Start: at, End: at + len(line)}
		at = span.End
		taken = append(taken, span)
		body := slices.Concat(lines[0], lines[1], line)
		l.r.addRow(l.source, span, columns, cells[i+1], body, wordsID(line))
	}
	for _, d := range l.r.Drafts[first:] {
		d.row = true
	}
	return taken
}

// isSettings reports whether the heads of a table are those of DNS records or of other
// settings, which have a date at most on which they were made.
func isSettings(heads []string) bool {
	has := func(names ...string) bool {
		return slices.ContainsFunc(heads, func(head string) bool { return slices.Contains(names, text.Fold(head)) })
	}
	return has("ttl") || has("value", "wert", "valeur", "valor", "valore", "waarde", "値", "值", "значение") && has("type", "typ", "tipo", "record", "key", "schlüssel", "clé", "variable", "setting", "タイプ", "类型", "тип")
}

// withoutRemarks takes remarks off names in code.
func (l logRows) withoutRemarks(n *extensionast.Table, c columns, cells [][]string) {
	i := 0
	for r := n.FirstChild(); r != nil; r = r.NextSibling() {
		j := 0
		for cell := r.FirstChild(); cell != nil; cell = cell.NextSibling() {
			if j < len(c.keys) && cell.Lines().Len() > 0 {
				cells[i][j] = withoutRemark(c.keys[j], string(cell.Lines().Value(l.own.Source)), cells[i][j])
			}
			j++
		}
		i++
	}
}

// cells are the plain texts of a table, row by row, the header first.
func (l logRows) cells(n *extensionast.Table) (rows [][]string) {
	for r := n.FirstChild(); r != nil; r = r.NextSibling() {
		var cells []string
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			cell := l.own.Plain(c)
			if _, mark, ok := records.MarkOf(c); ok { // it was cut from the cell's text
				cell = strings.TrimSpace(string(l.own.Source[mark.Start:mark.End]) + " " + cell)
			}
			cells = append(cells, cell)
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

// timelineTitle is the heading of what happened, one event after the other.
var timelineTitle = text.Pattern(`(?i)timeline|chronolog|cronolog|sequence of events|what happened|zeitleiste|zeitlinie|zeitstrahl|zeitachse|ablauf|verlauf|hergang|was geschah|línea de tiempo|linha do tempo|ligne du temps|déroulé|хронолог|タイムライン|時系列|经过|时间线|時間線|타임라인`)

// eventColumn is the header of a column with events of one incident.
var eventColumn = text.Pattern(`(?i)^\s*(?:events?|what happened|ereignis(?:se)?|vorgang|evento|événement|événements|событие|イベント|出来事|事件)\s*$`)

// tellsEvents reports whether the rows of a table are the events of one deployment
// or one incident: under such a heading or in such a column, several of a day, and
// without a word of version, status and the like.
func (l logRows) tellsEvents(c columns, cells [][]string, below *section) bool {
	if !timelineTitle().MatchString(below.title) && !slices.ContainsFunc(cells[0], eventColumn().MatchString) {
		return false
	}
	for _, key := range []Key{KeyVersion, KeyStatus, KeyEnvironment, KeyService, KeyCommit} {
		if c.of(key) >= 0 {
			return false
		}
	}
	var stamps []stamp
	for _, row := range cells[1:] {
		if column := c.of(KeyDate); column < len(row) {
			if at, err := findDate(row[column], l.opt); err == nil {
				stamps = append(stamps, at)
			}
		}
	}
	return l.isTimeline(stamps)
}

// documentHistory is the heading of what was changed in the document itself, and
// writerColumn the header of the column with who did.
var (
	documentHistory = text.Pattern(`(?i)(?:document|revision|version|change)s? (?:history|log)|changelog|revisions|dokumenthistorie|änderungs(?:historie|verlauf|verzeichnis)|versionshistorie|histori(?:que|al) (?:des |de |del )?(?:versions?|révisions?|revisiones|documento?|cambios|modifications)|histórico (?:de |das |do )(?:versões|revisões|alterações|documento)|cronologia revisioni|история (?:изменений|документа|версий)|变更记录|變更記錄|修订记录|修订历史|版本历史|版本记录|更新记录|更新日志|変更履歴|改訂履歴|更新履歴|변경 ?이력|개정 ?이력`)
	writerColumn    = text.Pattern(`(?i)^\s*(?:authors?|writer|editor|edited by|changed by|revised by|updated by|autor|autorin|bearbeiter|verfasser|geändert von|auteur|autore|автор|作者|编写人|修订人|修改人|变更人|作成者|更新者|改訂者|작성자|수정자)\s*$`)
)

// ofDocument reports whether the rows of a table tell what was changed in the document:
// under such a heading, by an author, and without a word of status, environment and the
// like.
func ofDocument(c columns, below *section) bool {
	return documentHistory().MatchString(below.title) && slices.ContainsFunc(c.headers, writerColumn().MatchString) &&
		!slices.ContainsFunc([]Key{KeyStatus, KeyEnvironment, KeyService, KeyCommit}, func(key Key) bool { return c.of(key) >= 0 })
}

// isTimeline reports whether there are three moments at least, and on average more
// than one and a half of a day. Of an incident they may be of as many days.
func (l logRows) isTimeline(stamps []stamp) bool {
	if l.incident {
		return true
	}
	days := map[string]bool{}
	for _, at := range stamps {
		days[at.Time.Format(time.DateOnly)] = true
	}
	return len(stamps) >= 3 && 3*len(days) <= 2*len(stamps)
}

// timeline leaves out a list or a table of events.
func (l logRows) timeline(n ast.Node) []text.Span {
	span := l.span(n)
	l.r.leave(l.source, span, Text, "give them headings of their own if they are deployments", "a timeline: the events of an incident, or several of a day, are not several deployments")
	return []text.Span{span}
}

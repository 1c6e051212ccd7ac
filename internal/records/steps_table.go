package records

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// maxColumns is the largest number of columns of a table whose rows are read as steps.
// Each step is read with all cells of its row, so the cost is the square of the width.
const maxColumns = 200

// maxRepeated is how many characters of a cell are repeated in the steps of its row or
// column.
const maxRepeated = 200

// tableSteps collects the steps in a table: each cell with a mark is one.
func (p *parse) tableSteps(table *extensionast.Table, depth int) {
	if header := table.FirstChild(); header == nil || header.ChildCount() > maxColumns {
		p.wideTable(table)
		return
	}
	heads := tableHeads(table, p.text)
	for _, row := range children(table)[1:] {
		p.rowSteps(tableRow{rowCells(row, p.text), heads}, depth)
	}
}

// wideTable warns of a table that is too wide, once for each record.
func (p *parse) wideTable(table *extensionast.Table) {
	for _, row := range children(table) {
		i := slices.IndexFunc(children(row), isMarked)
		if i < 0 || p.wide {
			continue
		}
		m, _ := cutFrom(children(row)[i])
		p.wide = true
		p.r.report(m.mark.Start, problem.WideTable, "make a list of the steps, or several tables",
			"the boxes here are not read as steps: the table has more than %d columns", maxColumns)
	}
}

// columnHead is the head of a column: its text, and whether the column is for marks.
type columnHead struct {
	text   string
	status bool
}

func tableHeads(table ast.Node, source []byte) (heads []columnHead) {
	for _, c := range children(table.FirstChild()) {
		heads = append(heads, columnHead{text.OneLine(plain(c, source), maxRepeated), isStatusHead(c, source)})
	}
	return heads
}

// tableRow is a row's cells and the heads of their columns.
type tableRow struct {
	cells []rowCell
	heads []columnHead
}

type rowCell struct {
	node   ast.Node
	text   string
	worded bool // there is a letter or a digit in text
	mark   markSpan
	marked bool
}

func rowCells(row ast.Node, source []byte) []rowCell {
	cells := make([]rowCell, 0, row.ChildCount())
	for _, c := range children(row) {
		m, marked := cutFrom(c)
		text := ""
		if !m.stateWord {
			text = plain(c, source)
		}
		cells = append(cells, rowCell{c, text, strings.ContainsFunc(text, isWordRune), m, marked})
	}
	return cells
}

// head is the head of a cell's column. It is empty if there is none.
func (r tableRow) head(i int) columnHead {
	if i < len(r.heads) {
		return r.heads[i]
	}
	return columnHead{}
}

// rowSteps adds the steps of a row. If there are several, such as one for each system,
// the heads of their columns are added to their labels.
func (p *parse) rowSteps(row tableRow, depth int) {
	marked := row.marked()
	if len(marked) == 0 {
		return
	}
	line := p.lineAround(row.cells[marked[0]].mark.mark.Start)
	of, short, shortLabel := -1, "", "" // most cells of a row have their words from the same one
	for _, i := range marked {
		at := row.label(i)
		cell, content := row.cells[i], row.cells[at]
		if !content.worded {
			continue
		}
		s := Step{Depth: depth, Node: cell.node, TextNode: content.node, Text: content.text, Span: line}
		if len(marked) == 1 || at == i {
			s.Label = label(content.node, p.text)
			p.addStep(s, cell.mark, p.section)
			continue
		}
		if of != at {
			of, short, shortLabel = at, text.OneLine(content.text, maxRepeated), text.OneLine(label(content.node, p.text), maxRepeated)
		}
		s.Text, s.Label = short, shortLabel
		if head := row.head(i).text; head != "" {
			s.Text, s.Label = s.Text+" ("+head+")", s.Label+" ("+head+")"
		}
		p.addStep(s, cell.mark, p.section)
	}
}

// marked lists the indices of the cells with a mark.
func (r tableRow) marked() (indices []int) {
	for i, c := range r.cells {
		if c.marked {
			indices = append(indices, i)
		}
	}
	return indices
}

// label is the index of the cell with the label of a marked cell: the first cell that
// has words and no mark. It is the marked cell itself if that comes first and has
// words, unless it is in a column for marks, where words behind a mark are a note.
func (r tableRow) label(marked int) int {
	number, noted := -1, r.head(marked).status
	for i, c := range r.cells {
		if c.text == "" || c.marked && (i != marked || noted) {
			continue
		}
		if !isNumber(c.text) {
			return i
		}
		if number < 0 && i != marked {
			number = i
		}
	}
	if number < 0 {
		return marked
	}
	return number
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// lineAround is the line that an offset is in, without its end.
func (p *parse) lineAround(at int) text.Span {
	start := lineStart(p.text, at)
	return text.Span{Start: start, End: start + len(bytes.TrimRight(text.FirstLine(p.text[start:]), " \t\r\n"))}
}

// rowNumber matches the number of a row: "1", "2.3", "A1", "HW-001".
var rowNumber = text.Pattern(`^#?\pL{0,4}[-.]?\d{1,4}(?:[.-]\w{1,4})*[.):]?$`)

func isNumber(s string) bool { return len(s) < 20 && rowNumber().MatchString(s) }

// rowNotes is the text of a row's other cells, each with the head of its column.
func (r *Record) rowNotes(s Step) (notes []string) {
	heads := children(s.Node.Parent().Parent().FirstChild())
	for i, c := range children(s.Node.Parent()) {
		var head ast.Node
		if i < len(heads) {
			head = heads[i]
		}
		if note := r.cellNote(s, c, head); note != "" {
			notes = append(notes, note)
		}
	}
	return notes
}

// cellNote is the text of a cell in a step's row. If it is very long, it is the
// beginning of the cell's source, since it is repeated for each step of the row.
func (r *Record) cellNote(s Step, cell, head ast.Node) string {
	if m, marked := cutFrom(cell); cell == s.TextNode || marked && (cell != s.Node || m.stateWord) {
		return ""
	}
	content := ""
	if span := spanOfCell(cell); span.End-span.Start > maxNoteText {
		content = text.OneLine(strings.ToValidUTF8(string(r.Source[span.Start:span.Start+maxNoteText]), ""), maxNoteText)
	} else if content = r.Plain(cell); content == "" || isNumber(content) {
		return ""
	}
	if head == nil || cell == s.Node {
		return content
	}
	if title := strings.TrimRight(text.OneLine(r.Plain(head), maxRepeated), ": "); title != "" {
		return title + ": " + content
	}
	return content
}

func spanOfCell(cell ast.Node) text.Span {
	if cell.Lines().Len() == 0 {
		return text.Span{}
	}
	line := cell.Lines().At(0)
	return text.Span{Start: line.Start, End: line.Stop}
}

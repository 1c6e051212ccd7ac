package records

import (
	"bytes"
	"cmp"
	"regexp"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
)

// tableSteps collects the steps in a table: each cell with a mark is one.
func (p *parse) tableSteps(table *extensionast.Table, depth int) {
	for row := ast.Node(table.FirstChild()); row != nil; row = row.NextSibling() {
		if _, ok := row.(*extensionast.TableRow); ok {
			p.rowSteps(row, depth)
		}
	}
}

// rowSteps adds the steps of a row. Where it has several, such as one for each
// system that something is checked on, the head of its column tells each.
func (p *parse) rowSteps(row ast.Node, depth int) {
	marked := markedCells(row)
	for _, cell := range marked {
		m, _ := cutFrom(cell)
		text := labelCell(cell, p.text)
		s := Step{Depth: depth, Node: cell, TextNode: text, Text: plain(text, p.text), Label: label(text, p.text), Span: p.lineAround(m.mark.Start)}
		if !hasWord(s.Text) {
			continue
		}
		if head := p.headOf(cell); len(marked) > 1 && head != "" && text != ast.Node(cell) {
			s.Text, s.Label = s.Text+" ("+head+")", s.Label+" ("+head+")"
		}
		p.addStep(s, m, p.section)
	}
}

func markedCells(row ast.Node) (cells []*extensionast.TableCell) {
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		if cell, ok := c.(*extensionast.TableCell); ok {
			if _, marked := cutFrom(cell); marked {
				cells = append(cells, cell)
			}
		}
	}
	return cells
}

func hasWord(s string) bool { return strings.IndexFunc(s, isWordRune) >= 0 }

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// lineAround is the line that an offset is in, without its end.
func (p *parse) lineAround(at int) Span {
	start := lineStart(p.text, at)
	return Span{start, start + len(bytes.TrimRight(firstLine(p.text[start:]), " \t\r\n"))}
}

// headOf is the head of a cell's column, nil where it has none.
func headOf(cell ast.Node) ast.Node {
	head := cell.Parent().Parent().FirstChild().FirstChild()
	for c := cell.PreviousSibling(); c != nil && head != nil; c = c.PreviousSibling() {
		head = head.NextSibling()
	}
	return head
}

func (p *parse) headOf(cell ast.Node) string {
	head := headOf(cell)
	if head == nil {
		return ""
	}
	return plain(head, p.text)
}

// labelCell is the cell that says what a row's marked cell is about: the first one
// with words that has no mark of its own, or the marked one itself, where it has
// words and stands first. In a column for marks the words behind one are a note.
func labelCell(marked ast.Node, source []byte) ast.Node {
	var number ast.Node
	noted := isStatusHead(headOf(marked), source)
	for c := marked.Parent().FirstChild(); c != nil; c = c.NextSibling() {
		text := plain(c, source)
		if _, hasMark := cutFrom(c); text == "" || hasMark && (c != marked || noted) {
			continue
		}
		if !isNumber(text) {
			return c
		}
		if number == nil && c != marked {
			number = c
		}
	}
	return cmp.Or(number, marked)
}

// rowNumber is what counts a table's rows: "1", "2.3", "A1", "HW-001".
var rowNumber = regexp.MustCompile(`^#?\pL{0,4}[-.]?\d{1,4}(?:[.-]\w{1,4})*[.):]?$`)

func isNumber(s string) bool { return len(s) < 20 && rowNumber.MatchString(s) }

// rowNotes is what else a table's row says, each cell with the head of its column.
func (r *Record) rowNotes(s Step) (notes []string) {
	p := &parse{r: r, text: r.Source}
	for c := s.Node.Parent().FirstChild(); c != nil; c = c.NextSibling() {
		text := r.Plain(c)
		if _, marked := cutFrom(c); c == s.TextNode || text == "" || isNumber(text) || marked && c != s.Node {
			continue
		}
		if head := p.headOf(c); head != "" && c != s.Node {
			text = strings.TrimRight(head, ": ") + ": " + text
		}
		notes = append(notes, text)
	}
	return notes
}

package records

import (
	"errors"
	"strings"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/text"
)

// errNoRoom says that Markdown has no place for a note on such a step.
var errNoRoom = errors.New("there is no place for a note on this step; add an issue instead, or write it with an editor (in a table a column “Notes” makes room)")

// stepNoteWays are the ways to write a note on a step, the best first.
func (l layout) stepNoteWays(s Step, w writing) [][]Edit {
	switch n := s.Node.(type) {
	case *ast.ListItem:
		if isLine(n) {
			return [][]Edit{l.noteBelowLine(s, n, w)}
		}
		return [][]Edit{{l.write(l.below(n, s.Mark.Start), w)}}
	case *ast.Heading:
		return [][]Edit{{l.write(l.endOfHeading(n), w)}}
	case *extensionast.TableCell:
		return l.notesInRow(s, n, w)
	}
	return nil
}

// noteBelowLine writes a note below a step that is a line. It makes list items of all
// lines around the step, so that the note can be nested.
func (l layout) noteBelowLine(s Step, item *ast.ListItem, w writing) (edits []Edit) {
	for c := item.Parent().FirstChild(); c != nil; c = c.NextSibling() {
		at := blockStart(c)
		edits = append(edits, Edit{text.Span{Start: at, End: at + bulletBeforeBox(l.Source[at:])}, "- "})
	}
	end := l.behind(item)
	indent := blank(string(l.Source[lineStart(l.Source, s.Mark.Start):s.Mark.Start]))
	note := l.write(place{at: text.Span{Start: end, End: end}, indent: indent + "  ", marker: "- "}, w)
	return append([]Edit{note}, edits...) // before the bullet of the line that follows
}

// endOfHeading is the place for a list item at the end of the blocks below a heading.
func (l layout) endOfHeading(h *ast.Heading) place {
	last := lastBelow(h)
	if list, ok := last.(*ast.List); ok && !list.IsOrdered() {
		if item, ok := list.LastChild().(*ast.ListItem); ok && !isLine(item) {
			return l.appendTo(list)
		}
	}
	return apartAt(l.behind(last))
}

// notesInRow are the ways to write into the row of a table, on one line: into an
// empty cell of a column for notes, or behind the mark.
func (l layout) notesInRow(s Step, cell *extensionast.TableCell, w writing) (ways [][]Edit) {
	if w.code != "" {
		return nil
	}
	content := strings.ReplaceAll(strings.Join(strings.Fields(w.text), " "), "|", `\|`)
	if empty, ok := l.emptyNoteCell(s, cell); ok {
		ways = append(ways, []Edit{l.intoCell(empty, content)})
	}
	if !s.boxed { // a sign must stand alone there, a box need not
		return append(ways, []Edit{{text.Span{Start: s.Mark.Start, End: max(s.Mark.End, s.EndMark.End)}, signInBox(s.State) + " " + content}})
	}
	end := max(s.Mark.End, s.Own.End)
	return append(ways, []Edit{{text.Span{Start: end, End: end}, " " + content}})
}

func (l layout) emptyNoteCell(s Step, cell *extensionast.TableCell) (ast.Node, bool) {
	head := cell.Parent().Parent().FirstChild().FirstChild()
	for c := cell.Parent().FirstChild(); c != nil && head != nil; c = c.NextSibling() {
		if c != s.Node && c != s.TextNode && c.Lines().Len() > 0 && l.Plain(c) == "" && isIn(noteHeads, l.Plain(head)) && !isMarked(c) {
			return c, true
		}
		head = head.NextSibling()
	}
	return nil, false
}

// intoCell is the edit that writes into an empty cell.
func (l layout) intoCell(cell ast.Node, content string) Edit {
	at := cell.Lines().At(0).Start
	if at == 0 || l.Source[at-1] != ' ' {
		content = " " + content
	}
	if at == len(l.Source) || l.Source[at] != ' ' {
		content += " "
	}
	return Edit{text.Span{Start: at, End: at}, content}
}

package records

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
)

// Plain is the text of a node of the record's tree, without markup and with one blank
// for each run of white space.
func (r *Record) Plain(n ast.Node) string { return plain(n, r.Source) }

// StepNotes is the plain text below a step, a line for each item or paragraph, without
// nested steps and without code. For a step in a table it is the text of the row's
// other cells. It needs the record's tree, see [Record.Release].
func (r *Record) StepNotes(s Step) []string {
	if cell, ok := s.Node.(*extensionast.TableCell); ok && cell.Parent() != nil {
		return r.rowNotes(s)
	}
	var notes []string
	for _, n := range s.Below() {
		notes = append(notes, r.notesIn(n)...)
	}
	return notes
}

// Below lists the blocks of a step besides its own text: those nested in a list item,
// or those between a heading and the next one.
func (s Step) Below() (blocks []ast.Node) {
	switch n := s.Node.(type) {
	case *ast.ListItem:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if c != s.TextNode {
				blocks = append(blocks, c)
			}
		}
	case *ast.Heading:
		return blocksBelow(n)
	}
	return blocks
}

func (r *Record) notesIn(n ast.Node) (notes []string) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		if text := r.Plain(n); strings.TrimSpace(text) != "" {
			notes = append(notes, text)
		}
	case *ast.List, *ast.Blockquote:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			notes = append(notes, r.notesIn(c)...)
		}
	case *ast.ListItem:
		if isMarked(n) {
			return nil
		}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			notes = append(notes, r.notesIn(c)...)
		}
	}
	return notes
}

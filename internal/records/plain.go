package records

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
)

// Plain is the text of a node of the record's tree without its markup, blanks
// and line breaks being one blank each.
func (r *Record) Plain(n ast.Node) string { return plain(n, r.Source) }

// StepNotes is what stands below a step in plain text, a line for each item or
// paragraph, without the steps that are nested in it and without code; of a step
// in a table, what the other cells say. It needs the record's tree, which [Load]
// lets go.
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

// Below are the blocks that belong to a step, besides its own text: what is
// nested in a list item, and what stands between a heading and the next.
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
		if _, isStep := cutFrom(n); isStep {
			return nil
		}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			notes = append(notes, r.notesIn(c)...)
		}
	}
	return notes
}

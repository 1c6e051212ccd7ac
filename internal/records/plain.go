package records

import (
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
)

// Plain is the text of a node of the record's tree without its markup, blanks
// and line breaks being one blank each.
func (r *Record) Plain(n ast.Node) string { return plain(n, r.Source) }

// StepNotes is what stands below a step in plain text, a line for each item or
// paragraph, without the steps that are nested in it and without code. It needs
// the record's tree, which [Load] lets go.
func (r *Record) StepNotes(s Step) []string {
	if s.Node == nil || s.Node.FirstChild() == nil {
		return nil
	}
	var notes []string
	for n := s.Node.FirstChild().NextSibling(); n != nil; n = n.NextSibling() {
		notes = append(notes, r.notesIn(n)...)
	}
	return notes
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

// Inline writes plain text as a part of a line of Markdown: one line of at most
// n characters, in which what would steer a reader's eyes is visible, and nothing
// is markup.
func Inline(s string, n int) string {
	runes := []rune(oneLine(Visible(s), n))
	var b strings.Builder
	for i, c := range runes {
		switch {
		case c == '&' && i+1 < len(runes) && runes[i+1] != ' ': // else "&lt;" were "<"
			b.WriteString("&amp;")
			continue
		case strings.ContainsRune("\\`*[]<>~|$", c), c == '_' && !insideWord(runes, i):
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// insideWord tells whether a character stands between letters or digits, where
// "_" begins no emphasis.
func insideWord(runes []rune, i int) bool {
	word := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	return word(i-1) && word(i+1)
}

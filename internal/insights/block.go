package insights

import (
	"bytes"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// BlockBegin is how the block begins in which a record holds its briefing, up to
// words that differ from record to record.
const BlockBegin = "<details>\n<summary>Briefing: "

// BelowTitle is where a record's title ends, or where its body begins: the place
// of the briefing.
func BelowTitle(r *records.Record) int {
	for _, s := range r.Sections {
		if s.Level == 1 && s.Node != nil && s.Node.Parent() == r.Document.Root {
			return s.Span.Start + len(bytes.TrimRight(r.Source[s.Span.Start:s.Span.End], " \t\r\n"))
		}
	}
	return r.Document.Body.Start
}

// BlockSpan is the range of the briefing in a record's source, the zero Span
// where there is none. What stands there comes from other records: it says
// nothing about this one, and its links are not those of the one who wrote it.
// It needs the record's source and tree.
func BlockSpan(r *records.Record) (block text.Span) {
	if r.Document.Root == nil {
		return block
	}
	open := false
	for n := r.Document.Root.FirstChild(); n != nil; n = n.NextSibling() {
		html, ok := n.(*ast.HTMLBlock)
		if !ok || html.Lines().Len() == 0 {
			continue
		}
		lines := html.Lines()
		text := bytes.ReplaceAll(lines.Value(r.Source), []byte("\r\n"), []byte("\n"))
		switch {
		case !open && bytes.HasPrefix(text, []byte(BlockBegin)):
			block.Start, open = lines.At(0).Start, true
		case open && bytes.HasPrefix(text, []byte("</details>")):
			block.End = lines.At(0).Start + len("</details>")
			return block
		}
	}
	return text.Span{} // it is not closed
}

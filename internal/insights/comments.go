package insights

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/deploysite/deploysite/internal/records"
)

// A Comment is one in a record's text, with where it stands.
type Comment struct {
	Text   []byte // between "<!--" and "-->"
	At     int    // its offset in the source
	Node   ast.Node
	StepID string // of the step that it stands in, "" outside of steps
}

// Comments are those of a record, or of the checklist, in the order of the text. They
// need the record's source and tree, which [records.Load] lets go: call it while they
// are there.
func Comments(r *records.Record) (all []Comment) {
	if r.Document.Root == nil || !bytes.Contains(r.Source, []byte("<!--")) {
		return nil
	}
	steps := map[ast.Node][]*records.Step{}
	for i := range r.Steps {
		steps[r.Steps[i].Node] = append(steps[r.Steps[i].Node], &r.Steps[i])
	}
	ast.Walk(r.Document.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		var pieces []text.Segment
		switch n := n.(type) {
		case *ast.RawHTML:
			pieces = n.Segments.Sliced(0, n.Segments.Len())
		case *ast.HTMLBlock:
			pieces = n.Lines().Sliced(0, n.Lines().Len())
			if n.HasClosure() {
				pieces = append(slices.Clone(pieces), n.ClosureLine)
			}
		}
		for _, c := range inHTML(r, pieces) {
			c.Node, c.StepID = n, stepAround(r, n, c.At, steps)
			all = append(all, c)
		}
		return ast.WalkContinue, nil
	})
	return all
}

var comment = regexp.MustCompile(`(?s)<!--(.*?)-->`)

// inHTML are the comments of pieces of HTML, which need not be one in the source: in a
// list or quotation something stands before each line.
func inHTML(r *records.Record, pieces []text.Segment) (all []Comment) {
	var html []byte
	for _, p := range pieces {
		html = append(html, p.Value(r.Source)...)
	}
	for _, m := range comment.FindAllSubmatchIndex(html, -1) {
		at := m[0]
		for _, p := range pieces {
			if size := len(p.Value(r.Source)); at >= size {
				at -= size
				continue
			}
			all = append(all, Comment{Text: html[m[2]:m[3]], At: p.Start + max(0, at-p.Padding)})
			break
		}
	}
	return all
}

// stepAround is the ID of the step in which something stands, in some node and at some
// place.
func stepAround(r *records.Record, n ast.Node, at int, steps map[ast.Node][]*records.Step) string {
	for ; n != nil; n = n.Parent() {
		for _, s := range steps[n] {
			if n.Kind() != ast.KindHTMLBlock || s.Span.Start <= at && !item.Match(r.Source[min(s.Span.End, at):at]) {
				return s.ID
			}
		}
	}
	return ""
}

// item is what begins or ends one in HTML: a block can have several steps, and behind the
// words of each comes what belongs to it.
var item = regexp.MustCompile(`(?i)</?(?:li|tr|p|div|dd|dt|summary|br|h[1-6])\b`)

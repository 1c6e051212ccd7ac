package insights

import (
	"bytes"

	"github.com/yuin/goldmark/ast"

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
	steps := stepIDs(r)
	ast.Walk(r.Document.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if text, at := comment(r, n); entering && text != nil {
			all = append(all, Comment{text, at, n, stepAround(n, steps)})
		}
		return ast.WalkContinue, nil
	})
	return all
}

// stepIDs are the IDs of steps by their nodes.
func stepIDs(r *records.Record) map[ast.Node]string {
	steps := map[ast.Node]string{}
	for i := range r.Steps {
		steps[r.Steps[i].Node] = r.Steps[i].ID
	}
	return steps
}

// comment is a node's text if it is a comment, and where it begins.
func comment(r *records.Record, n ast.Node) (text []byte, at int) {
	switch n := n.(type) {
	case *ast.RawHTML:
		text, at = n.Segments.Value(r.Source), n.Segments.At(0).Start
	case *ast.HTMLBlock:
		if n.Lines().Len() > 0 {
			at = n.Lines().At(0).Start
		}
		text = n.Lines().Value(r.Source)
		if n.HasClosure() {
			text = append(text, n.ClosureLine.Value(r.Source)...)
		}
	}
	text, begins := bytes.CutPrefix(bytes.TrimSpace(text), []byte("<!--"))
	text, ends := bytes.CutSuffix(text, []byte("-->"))
	if !begins || !ends { // "<!-->" is one of nothing
		return nil, 0
	}
	return text, at
}

// stepAround is the ID of the step that a node stands in.
func stepAround(n ast.Node, steps map[ast.Node]string) string {
	for ; n != nil; n = n.Parent() {
		if id, ok := steps[n]; ok {
			return id
		}
	}
	return ""
}

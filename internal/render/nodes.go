package render

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
)

// textOf is the text below a node, without markup.
func textOf(n ast.Node, source []byte) string {
	var buf bytes.Buffer
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := n.(type) {
			case *ast.Text:
				buf.Write(n.Segment.Value(source))
				if n.SoftLineBreak() || n.HardLineBreak() {
					buf.WriteByte(' ')
				}
			case *ast.String:
				if !n.IsCode() {
					buf.Write(n.Value)
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return buf.String()
}

// blockOffset is where the lines of a block begin, or -1.
func blockOffset(n ast.Node) int {
	if n.Lines().Len() == 0 {
		return -1
	}
	return n.Lines().At(0).Start
}

// offsetOf is the place of the first text in or after a node, or -1.
func offsetOf(n ast.Node) int {
	at := -1
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			at = t.Segment.Start
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	if at >= 0 {
		return at
	}
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Type() == ast.TypeBlock && p.Lines().Len() > 0 {
			return blockOffset(p)
		}
	}
	return -1
}

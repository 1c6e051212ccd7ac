package records

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/text"
)

// Where the blocks of a record's tree stand in its source.

// BlockSpan is the range of a block of the record's tree with all that is nested
// in it: up to where the next block begins, without the blanks between.
func (r *Record) BlockSpan(n ast.Node) text.Span {
	end := r.beforeFootnotes(n)
	if next := following(n); next != nil && blockStart(next) > n.Pos() {
		end = lineStart(r.Source, blockStart(next))
	}
	start := blockStart(n)
	return text.Span{Start: start, End: start + len(bytes.TrimRight(r.Source[start:max(start, end)], " \t\r\n"))}
}

// beforeFootnotes is the offset at which the text behind a block ends: the first
// footnote that is defined there, or the end of the body.
func (r *Record) beforeFootnotes(n ast.Node) int {
	end := r.Document.Body.End
	root := r.Document.Root
	if root == nil || root.LastChild() == nil || root.LastChild().Kind() != extensionast.KindFootnoteList {
		return end
	}
	for f := root.LastChild().FirstChild(); f != nil; f = f.NextSibling() {
		if f.Pos() > n.Pos() && f.Pos() < end {
			end = lineStart(r.Source, f.Pos())
		}
	}
	return end
}

// following is the block after a block and all its children. Footnotes do not count:
// the library has moved them to the end.
func following(n ast.Node) ast.Node {
	for ; n != nil; n = n.Parent() {
		if next := n.NextSibling(); next != nil && next.Type() == ast.TypeBlock && next.Kind() != extensionast.KindFootnoteList {
			return next
		}
	}
	return nil
}

// blockStart is the offset of a block's first character, such as a bullet.
func blockStart(n ast.Node) int {
	if n.Pos() >= 0 {
		return n.Pos()
	}
	if lines := n.Lines(); lines.Len() > 0 {
		return lines.At(0).Start
	}
	return 0
}

// blocksBelow are the blocks between a heading and the next.
func blocksBelow(h *ast.Heading) (blocks []ast.Node) {
	for n := h.NextSibling(); n != nil; n = n.NextSibling() {
		if _, ok := n.(*ast.Heading); ok {
			break
		}
		blocks = append(blocks, n)
	}
	return blocks
}

// lastBelow is the last of the blocks below a heading, or the heading itself.
func lastBelow(h *ast.Heading) ast.Node {
	if blocks := blocksBelow(h); len(blocks) > 0 {
		return blocks[len(blocks)-1]
	}
	return h
}

func children(n ast.Node) (nodes []ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		nodes = append(nodes, c)
	}
	return nodes
}

// lineStart is the offset of the line that an offset is in.
func lineStart(source []byte, at int) int {
	return bytes.LastIndexByte(source[:at], '\n') + 1
}

// nextLine is the offset at which the line after that of an offset begins, or the end.
func nextLine(source []byte, at int) int { return at + len(text.FirstLine(source[at:])) }

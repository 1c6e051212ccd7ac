package records

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/deploysite/deploysite/internal/text"
)

// markdown parses all bodies: GitHub's Markdown with footnotes, but with our marks
// instead of task lists, and without IDs and attributes, which a record must not set.
// Each part is metered, see [meter]. Several goroutines may use it at once.
var markdown = parser.NewParser(
	parser.WithBlockParsers(metered(append(parser.DefaultBlockParsers(),
		util.Prioritized(extension.NewFootnoteBlockParser(), 999)))...),
	parser.WithInlineParsers(metered(append(parser.DefaultInlineParsers(),
		util.Prioritized(extension.NewFootnoteParser(), 101),
		util.Prioritized(extension.NewStrikethroughParser(), 500),
		util.Prioritized(extension.NewLinkifyParser(), 999)))...),
	parser.WithParagraphTransformers(
		util.Prioritized(markTransformer{}, 50),
		util.Prioritized(meteredReferences{parser.LinkReferenceParagraphTransformer}, 100),
		util.Prioritized(meteredTable{extension.NewTableParagraphTransformer()}, 200),
		util.Prioritized(lineTransformer{}, 300)), // a table may begin with a box
	parser.WithASTTransformers(
		util.Prioritized(extension.NewTableASTTransformer(), 0),
		util.Prioritized(extension.NewFootnoteASTTransformer(), 999)),
)

// markAttribute is the attribute of a block that holds its markSpan.
const markAttribute = "deploysite-mark"

// markSpan is what was cut from a block's text.
type markSpan struct {
	state State
	mark  text.Span // the mark that the text begins with
	end   text.Span // the second mark at the end of "[x] smoke tests ✅"; in a table the word of "⬜ Pending"
	stamp text.Span // the trailing comment that says when and by whom
	own   text.Span // the text between them
	boxed bool      // no sign but a box is read here

	stateWord bool // end is all of a cell's text, which still has it
}

// MarkOf is the mark at the beginning of a list item, a heading or a table's cell,
// even if that is not a step. The text below the node does not have the mark. raw is
// its range in the source.
func MarkOf(n ast.Node) (state State, raw text.Span, ok bool) {
	m, ok := cutFrom(n)
	return m.state, m.mark, ok
}

func cutFrom(n ast.Node) (markSpan, bool) {
	v, ok := n.AttributeString(markAttribute)
	if !ok {
		return markSpan{}, false
	}
	m, ok := v.(markSpan)
	return m, ok
}

func isMarked(n ast.Node) bool {
	_, ok := cutFrom(n)
	return ok
}

// onlyBoxes notes that no sign but a box is read at a node.
func onlyBoxes(n ast.Node) {
	if m, ok := cutFrom(n); ok {
		m.boxed = true
		n.SetAttributeString(markAttribute, m)
	}
}

// markTransformer takes mark and stamp from the first paragraph of a list item before
// the other parsers see it: "[x]" must not become a link, and a stamp not raw HTML.
type markTransformer struct{}

func (markTransformer) Transform(node *ast.Paragraph, reader gtext.Reader, pc parser.Context) {
	item, ok := node.Parent().(*ast.ListItem)
	if !ok || node.PreviousSibling() != nil || node.Lines().Len() == 0 {
		return
	}
	if isMarked(item) {
		return
	}
	if m := meterOf(pc); m.underlined != node {
		listLines(node, 1, reader.Source(), m)
	}
	if !cutInto(item, node.Lines(), reader.Source(), ParseMark) {
		cutNoteStamp(item, node.Lines(), reader.Source())
	}
}

// cutInto cuts the marks from the lines of a text and keeps them with a node.
func cutInto(n ast.Node, lines *gtext.Segments, source []byte, parse markParser) bool {
	m, ok := cutMark(lines, source, parse)
	if !ok {
		return false
	}
	m.stamp = cutStamp(lines, source)
	if m.state == Pending && isStruckOut(string(source[m.mark.Start:m.mark.End]), string(lines.Value(source))) {
		m.state = Skipped
	}
	m.state, m.end = cutEndMark(lines, source, m)
	m.own = text.Span{Start: m.mark.End, End: m.mark.End}
	if end := lastCharacter(lines, source); end > lines.At(0).Start {
		m.own.End = end
	}
	n.SetAttributeString(markAttribute, m)
	return true
}

// markParser is [ParseMark], or one that reads some marks only.
type markParser func(s string) (state State, length int, ok bool)

// lastCharacter is the offset behind the last character of a paragraph.
func lastCharacter(lines *gtext.Segments, source []byte) int {
	last := lines.At(lines.Len() - 1)
	return last.Start + len(bytes.TrimRight(source[last.Start:last.Stop], " \t\r\n"))
}

// cutMark takes the mark and the blanks behind it from the first line.
func cutMark(lines *gtext.Segments, source []byte, parse markParser) (markSpan, bool) {
	first := lines.At(0)
	start := first.Start + util.TrimLeftSpaceLength(source[first.Start:first.Stop])
	state, n, ok := parse(markText(source[start:first.Stop]))
	if !ok {
		return markSpan{}, false
	}
	stop := start + n
	rest := stop + len(source[stop:first.Stop]) - len(bytes.TrimLeft(source[stop:first.Stop], " \t"))
	lines.Set(0, gtext.NewSegment(rest, first.Stop))
	if lines.Len() > 1 && util.IsBlank(source[rest:first.Stop]) {
		lines.SetSliced(1, lines.Len())
	}
	return markSpan{state: state, mark: text.Span{Start: start, End: stop}}, true
}

// markText is the beginning of a text, as long as the longest mark.
func markText(text []byte) string {
	n := 40
	if len(text) > 0 && text[0] == '<' {
		n = maxMark
	}
	return string(text[:min(len(text), n)])
}

// cutStamp takes a stamp and the blanks before it from the last line.
func cutStamp(lines *gtext.Segments, source []byte) text.Span {
	i := lines.Len() - 1
	last := lines.At(i)
	line := source[last.Start:last.Stop]
	trimmed := bytes.TrimRight(line, " \t\r\n")
	open := bytes.LastIndex(trimmed, []byte("<!--"))
	if open < 0 || !bytes.HasSuffix(trimmed, []byte("-->")) {
		return text.Span{}
	}
	if _, _, ok := parseStamp(string(trimmed[open:]), nil); !ok {
		return text.Span{}
	}
	lines.Set(i, cutRight(last, last.Start+open, source))
	return text.Span{Start: last.Start + open, End: last.Start + len(trimmed)}
}

// cutEndMark takes the second mark from "[x] smoke tests ✅". The box is ticked when a
// step is over; the sign at the end says how it ended.
func cutEndMark(lines *gtext.Segments, source []byte, m markSpan) (State, text.Span) {
	if !isTicked(string(source[m.mark.Start:m.mark.End])) {
		return m.state, text.Span{}
	}
	i := lines.Len() - 1
	last := lines.At(i)
	trimmed := bytes.TrimRight(source[last.Start:last.Stop], " \t\r\n")
	state, start, ok := endMark(string(trimmed))
	if !ok || (state != Done && state != StepFailed) {
		return m.state, text.Span{}
	}
	lines.Set(i, cutRight(last, last.Start+start, source))
	return state, text.Span{Start: last.Start + start, End: last.Start + len(trimmed)}
}

// cutRight ends a line's segment before stop and the blanks there.
func cutRight(line gtext.Segment, stop int, source []byte) gtext.Segment {
	kept := bytes.TrimRight(source[line.Start:stop], " \t")
	return gtext.NewSegmentPadding(line.Start, line.Start+len(kept), line.Padding)
}

// parseMarkdown parses the body of a record. The tree's segments are offsets into
// source. If the body is too costly to parse, root is nil and why says so.
func parseMarkdown(source []byte, body text.Span) (root ast.Node, why string) {
	m := newMeter(body.End - body.Start)
	defer func() {
		switch r := recover().(type) {
		case nil:
		case tooCostly:
			root, why = nil, "the text is too costly to lay out"
		default: // a bug in the Markdown library must not stop the other records
			root, why = nil, fmt.Sprintf("the text cannot be laid out (%v)", r)
		}
	}()
	reader := gtext.NewReader(source[:body.End])
	reader.Advance(body.Start)
	pc := parser.NewContext()
	pc.Set(meterKey, m)
	root = markdown.Parse(&meteredReader{Reader: reader, meter: m}, parser.WithContext(pc))
	m.checkDepth(root)
	return root, ""
}

// plain is the text of an inline or block node without markup. Blocks and line
// breaks are parted by one blank.
func plain(n ast.Node, source []byte) string {
	b := plainBuffers.Get().(*bytes.Buffer)
	defer plainBuffers.Put(b)
	b.Reset()
	writePlain(b, n, source)
	return oneBlank(b.Bytes())
}

// plainBuffers are reused: a record has a hundred texts of a line each.
var plainBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// oneBlank is a text with one blank for each run of white space, and none
// around it. It overwrites text.
func oneBlank(text []byte) string {
	out := text[:0]
	for word := range bytes.FieldsSeq(text) {
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(out, word...) // to the left of where it was read
	}
	return string(out)
}

func writePlain(b *bytes.Buffer, n ast.Node, source []byte) {
	switch n := n.(type) {
	case *ast.Text:
		writeText(b, n, source)
	case *ast.String:
		b.Write(n.Value)
	case *ast.AutoLink:
		b.Write(n.Label(source))
	case *ast.RawHTML, *ast.HTMLBlock:
		b.WriteByte(' ')
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		b.Write(n.Lines().Value(source))
	default:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			writePlain(b, c, source)
		}
	}
	if n.Type() == ast.TypeBlock {
		b.WriteByte(' ')
	}
}

// writeText resolves escapes and entities, which the tree keeps as written.
func writeText(b *bytes.Buffer, n *ast.Text, source []byte) {
	value := n.Segment.Value(source)
	if n.IsRaw() || bytes.IndexByte(value, '&') < 0 && bytes.IndexByte(value, '\\') < 0 {
		b.Write(value)
	} else {
		b.Write(resolved(value))
	}
	if n.SoftLineBreak() || n.HardLineBreak() {
		b.WriteByte(' ')
	}
}

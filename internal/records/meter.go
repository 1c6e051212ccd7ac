package records

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A few bytes of Markdown can cost a parser minutes and gigabytes: blank lines
// in nested lists, unclosed links, tables with a column for each bar. So each
// step of the parser is charged on a meter, and a body that exceeds its budget
// is shown as source. Steps are counted, not seconds, so that the same file
// gives the same site on every machine.
//
// The budgets leave room: of some ninety records written by people the densest
// took 700 calls, 17,000 units and 300 nodes for each KiB.
const (
	callsFloor   = 200_000     // calls of the block reader, each with up to 100 bytes of bookkeeping
	callsPerKiB  = 4_000       // more of them
	callsCeiling = 1_500_000   // for any file
	workCeiling  = 150_000_000 // units of inline work, each about one byte or node looked at
	maxNodes     = 400_000     // inline nodes and table cells, each some 300 bytes
	blockNodes   = 4           // a block counts as so many, for what is made of it later
	costlyNodes  = 4           // so does an address without markup, and a tag
	addressFloor = 1 << 20     // bytes of links' addresses and titles, besides those of the file's size
	maxDepth     = 100         // blocks or spans in each other
)

// tooCostly is the panic that leaves the parser when the budget is spent: its
// interfaces have no way to return an error. parseMarkdown recovers it.
type tooCostly struct{}

type meter struct {
	calls, work, nodes int // what is left
	addresses          int // bytes that are left: each link repeats its definition's

	inline     meteredInlineReader // of the parser that is at work
	block      ast.Node            // whose inline content is being parsed
	blockCalls int                 // inline parsers called in it
	footnotes  int                 // definitions seen
	underlined ast.Node            // the paragraph that may become a heading
	bars       int                 // escaped bars in tables
}

var meterKey = parser.NewContextKey()

func newMeter(size int) *meter {
	calls := min(callsFloor+size/1024*callsPerKiB, callsCeiling)
	return &meter{calls: calls, work: workCeiling, nodes: maxNodes, addresses: addressFloor + size}
}

func meterOf(pc parser.Context) *meter {
	m, _ := pc.Get(meterKey).(*meter)
	return m
}

func (m *meter) call() {
	if m.calls--; m.calls < 0 {
		panic(tooCostly{})
	}
}

func (m *meter) spend(units int) {
	if m.work -= units; m.work < 0 {
		panic(tooCostly{})
	}
}

func (m *meter) addNodes(n int) {
	if m.nodes -= n; m.nodes < 0 {
		panic(tooCostly{})
	}
}

// addAddress charges a link for what it repeats. A long address that is written once
// could fill the disk by the links that refer to it.
func (m *meter) addAddress(n ast.Node) {
	switch n := n.(type) {
	case *ast.Link:
		m.addresses -= len(n.Destination) + len(n.Title)
	case *ast.Image:
		m.addresses -= len(n.Destination) + len(n.Title)
	}
	if m.addresses < 0 {
		panic(tooCostly{})
	}
}

// checkDepth refuses a tree that is too deep to be walked recursively.
func (m *meter) checkDepth(root ast.Node) {
	depth := 0
	for n := root; n != nil; {
		if n.FirstChild() != nil {
			n = n.FirstChild()
			if depth++; depth > maxDepth {
				panic(tooCostly{})
			}
			continue
		}
		for n != root && n.NextSibling() == nil {
			n = n.Parent()
			depth--
		}
		if n == root {
			return
		}
		n = n.NextSibling()
	}
}

// meteredReader charges each call of the block parsers.
type meteredReader struct {
	gtext.Reader
	meter *meter
}

func (r *meteredReader) PeekLine() ([]byte, gtext.Segment) {
	r.meter.call()
	return r.Reader.PeekLine()
}

func (r *meteredReader) AdvanceLine() {
	r.meter.call()
	r.Reader.AdvanceLine()
}

// LineOffset looks at each byte from the beginning of the line, for each open block.
func (r *meteredReader) LineOffset() int {
	n := r.Reader.LineOffset()
	r.meter.spend(n)
	return n
}

// metered puts each block and inline parser on the meter.
func metered(parsers []util.PrioritizedValue) []util.PrioritizedValue {
	for i, p := range parsers {
		switch v := p.Value.(type) {
		case parser.BlockParser:
			parsers[i].Value = meteredBlock{v, unitsPerByte(v)}
		case parser.InlineParser:
			parsers[i].Value = meteredInline{v}
		}
	}
	return parsers
}

// meteredBlock charges the attempts to open a block, and refuses blocks that
// are nested too deeply before each further line has to go through all of them.
type meteredBlock struct {
	parser.BlockParser
	units int // for each byte of a line that it looks at
}

func (b meteredBlock) Open(parent ast.Node, reader gtext.Reader, pc parser.Context) (ast.Node, parser.State) {
	m := meterOf(pc)
	line, _ := reader.PeekLine()
	m.spend(len(line) * b.units)
	node, state := b.BlockParser.Open(parent, reader, pc)
	if node == nil {
		return node, state
	}
	m.addNodes(blockNodes)
	if len(pc.OpenedBlocks()) > maxDepth {
		panic(tooCostly{})
	}
	switch node.Kind() {
	case extensionast.KindFootnote:
		m.footnotes++
	case ast.KindHeading:
		m.underlined = pc.LastOpenedBlock().Node // where it is a paragraph with a line below it
	}
	return node, state
}

// Close takes the box from a heading, for which there are no transformers.
func (b meteredBlock) Close(node ast.Node, reader gtext.Reader, pc parser.Context) {
	b.BlockParser.Close(node, reader, pc)
	if h, ok := node.(*ast.Heading); ok {
		cutHeading(h, reader.Source())
	}
}

// unitsPerByte is more where a line goes through regular expressions.
func unitsPerByte(b parser.BlockParser) int {
	if bytes.Equal(b.Trigger(), []byte{'<'}) {
		return 50
	}
	return 1
}

// meteredInline charges an inline parser for what it looks at.
type meteredInline struct{ parser.InlineParser }

func (p meteredInline) Parse(parent ast.Node, block gtext.Reader, pc parser.Context) ast.Node {
	m := meterOf(pc)
	if m.block != parent {
		m.block, m.blockCalls = parent, 0
	}
	m.blockCalls++
	line, start := block.PeekLine()
	m.spend(inlineUnits(line, m))
	m.inline = meteredInlineReader{block, m, parent}
	node := p.InlineParser.Parse(parent, &m.inline, pc)
	if node == nil {
		return nil
	}
	m.addNodes(nodesOf(node))
	m.addAddress(node)
	if line[0] == '`' && node.Kind() == ast.KindText { // it looked for the closing backticks up to the block's end
		m.spend(restOf(parent, start))
	}
	return node
}

// nodesOf is how many nodes one costs: addresses and tags are read again where they are
// shown.
func nodesOf(n ast.Node) int {
	switch n.Kind() {
	case ast.KindAutoLink, ast.KindRawHTML:
		return costlyNodes
	}
	return 1
}

// CloseBlock is called for parsers that have something to do when a block ends.
func (p meteredInline) CloseBlock(parent ast.Node, block gtext.Reader, pc parser.Context) {
	if c, ok := p.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(parent, block, pc)
	}
}

// inlineUnits is what the parsers do behind the reader's back: each delimiter
// may be compared with all before it, each "]" with all nodes before it, and
// each footnote with all definitions.
func inlineUnits(line []byte, m *meter) int {
	switch {
	case line[0] == '*' || line[0] == '_' || line[0] == '~' || line[0] == ']':
		return m.blockCalls
	case bytes.HasPrefix(line, []byte("[^")), bytes.HasPrefix(line, []byte("![^")):
		return min(len(line), 1000) + m.footnotes
	}
	return 1
}

// restOf is the number of bytes from a position to the end of the block's text.
func restOf(block ast.Node, from gtext.Segment) int {
	lines := block.Lines()
	if lines.Len() == 0 {
		return 0
	}
	return max(0, lines.At(lines.Len()-1).Stop-from.Start)
}

// meteredInlineReader charges what an inline parser reads.
type meteredInlineReader struct {
	gtext.Reader
	meter *meter
	block ast.Node
}

func (r *meteredInlineReader) PeekLine() ([]byte, gtext.Segment) {
	r.meter.spend(1)
	return r.Reader.PeekLine()
}

func (r *meteredInlineReader) Advance(n int) {
	r.meter.spend(n)
	r.Reader.Advance(n)
}

// Peek charges for the rest of the line if there is a "<": the link parser then looks
// for a ">".
func (r *meteredInlineReader) Peek() byte {
	c := r.Reader.Peek()
	if c == '<' {
		line, _ := r.Reader.PeekLine()
		r.meter.spend(len(line))
	}
	return c
}

func (r *meteredInlineReader) FindClosure(opener, closer byte, opt gtext.FindClosureOptions) (*gtext.Segments, bool) {
	_, start := r.Reader.Position()
	found, ok := r.Reader.FindClosure(opener, closer, opt)
	if !ok {
		r.meter.spend(restOf(r.block, start))
		return found, ok
	}
	for i := range found.Len() {
		segment := found.At(i)
		r.meter.spend(segment.Len())
	}
	return found, ok
}

// Match is the reader's own Match, but reads through the meter.
func (r *meteredInlineReader) Match(reg *regexp.Regexp) bool {
	line, start := r.Reader.Position()
	match := reg.FindReaderSubmatchIndex(r)
	r.Reader.SetPosition(line, start)
	if match == nil {
		return false
	}
	r.Reader.Advance(match[1] - match[0])
	return true
}

// ReadRune charges much, for it is called by regular expressions only.
func (r *meteredInlineReader) ReadRune() (rune, int, error) {
	r.meter.spend(30)
	return r.Reader.ReadRune()
}

// meteredReferences charges link reference definitions: for each, the lines
// behind it are copied.
type meteredReferences struct{ parser.ParagraphTransformer }

func (t meteredReferences) Transform(node *ast.Paragraph, reader gtext.Reader, pc parser.Context) {
	lines, definitions := node.Lines(), 0
	for i := range lines.Len() {
		line := lines.At(i)
		if bytes.HasPrefix(bytes.TrimLeft(line.Value(reader.Source()), " "), []byte("[")) {
			definitions++
		}
	}
	meterOf(pc).spend(10 * definitions * lines.Len())
	t.ParagraphTransformer.Transform(node, reader, pc)
}

// meteredTable charges each cell of a table, written or not: a row is filled up
// to the number of columns. Each escaped bar is later compared with all others.
type meteredTable struct{ parser.ParagraphTransformer }

func (t meteredTable) Transform(node *ast.Paragraph, reader gtext.Reader, pc parser.Context) {
	m, lines := meterOf(pc), node.Lines()
	columns, bars := 0, 0
	for i := range lines.Len() {
		segment := lines.At(i)
		line := segment.Value(reader.Source())
		bars += bytes.Count(line, []byte(`\|`))
		if i > 0 && len(bytes.Trim(line, " \t\r\n-|:")) == 0 {
			columns = max(columns, bytes.Count(line, []byte("|"))+1)
		}
	}
	m.addNodes(columns * lines.Len())
	m.bars += bars
	m.spend(10 * bars * m.bars)
	parent := node.Parent()
	t.ParagraphTransformer.Transform(node, reader, pc)
	if table, ok := parent.LastChild().(*extensionast.Table); ok && columns > 0 {
		cutCells(table, reader.Source(), m)
	}
}

package render

import (
	"bytes"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	ghtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/words"
)

// Body turns one document's tree after another into HTML that is safe to put into
// a page: raw HTML has gone through the allow-list of rawhtml.go, links through the
// resolver of links.go, and every id carries a prefix that no id of a page has.
//
// It reads the very tree that steps and notes were found in, so what a page
// shows and what was counted cannot drift apart.
type Body struct {
	words    *words.Words
	code     *Highlighter
	renderer renderer.Renderer

	// Of the document at hand:
	at       Place
	source   []byte
	steps    map[ast.Node]*records.Step
	started  records.Moment
	late     map[*records.Step]bool // marked long after the one before
	sections map[ast.Node]records.Section
	ids      map[ast.Node]string // notes' permalinks
	stepName func(records.Stamp) string
	spent    time.Duration // on colours for code
	linked   []string      // IDs of the records that its own text links to, each once
	skip     ast.Node      // the first heading, where the page shows it as its title
	level    int           // of the last heading written
	excerpt  bool          // outside its record: no ids, no headings
	out      htmlBuffer
}

// Place says where a document is shown.
type Place struct {
	Page   string    // "records/2024-08-31-14-30/"
	Links  Links     // where its links lead
	Quoted text.Span // the briefing, which quotes other records: its links are not the writer's
	Warn   func(rule problem.Rule, offset int, message, hint string)
	Anchor func(file, fragment string, offset int) // gets the links to a place in another Markdown file; may be nil
}

// htmlBuffer is a buffer as goldmark wants it.
type htmlBuffer struct{ bytes.Buffer }

func (b *htmlBuffer) Buffered() int { return 0 }
func (b *htmlBuffer) Flush() error  { return nil }

// NewBody makes a body that may be used for one document after another.
func NewBody(code *Highlighter, w *words.Words) *Body {
	b := &Body{
		code:     code,
		words:    w,
		steps:    map[ast.Node]*records.Step{},
		sections: map[ast.Node]records.Section{},
		ids:      map[ast.Node]string{},
	}
	b.renderer = renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(b, 100),
		util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)), 500),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(extension.NewFootnoteHTMLRenderer(extension.WithFootnoteIDPrefix("note-")), 500),
		util.Prioritized(ghtml.NewRenderer(), 1000),
	))
	return b
}

// Document renders a whole document. The bytes are good until the next call. The tree
// is changed: raw HTML in it is replaced by what may be shown of it.
func (b *Body) Document(r *records.Record, at Place) (h []byte, err error) {
	defer guard(&err)
	b.begin(r, at)
	b.level, b.excerpt = 1, false
	return b.render(r.Document.Root)
}

// Check finds what [Body.Document] would warn of, and renders nothing; colours for code
// are not tried. The tree is changed.
func (b *Body) Check(r *records.Record, at Place) (err error) {
	defer guard(&err)
	b.begin(r, at)
	b.excerpt = false
	return ast.Walk(r.Document.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			if _, ok := b.at.Links.href(written(n.Destination)); ok {
				b.noteAnchor(n)
			} else {
				b.warnLink(n, written(n.Destination))
			}
		case *ast.Image:
			if _, ok := b.at.Links.image(written(n.Destination)); !ok {
				b.warnLink(n, written(n.Destination))
			}
			return ast.WalkSkipChildren, nil
		case *east.TableCell:
			b.warnLost(n)
		}
		return ast.WalkContinue, nil
	})
}

func (b *Body) begin(r *records.Record, at Place) {
	b.stepName = r.StepName
	b.started, b.late = r.Started, lateSteps(r.Steps)
	b.at, b.source, b.skip, b.spent, b.linked = at, r.Source, nil, 0, b.linked[:0]
	clear(b.steps)
	clear(b.sections)
	clear(b.ids)
	if !utf8.Valid(r.Source) {
		b.source = records.ReplaceInvalid(r.Source)
	}
	inHTML := map[ast.Node][]*records.Step{}
	for i := range r.Steps {
		step := &r.Steps[i]
		if step.Node != nil && step.Node.Kind() == ast.KindHTMLBlock {
			inHTML[step.Node] = append(inHTML[step.Node], step)
			continue
		}
		b.steps[step.Node] = step
	}
	for _, s := range r.Sections {
		b.sections[s.Node] = s
	}
	b.placeNotes(r)
	if h := titleHeading(r.Document.Root, b.source, r.Title.Value); b.steps[h] == nil {
		b.skip = h
	}
	(&sanitizer{source: b.source, warn: at.Warn, places: at.Links.Headings, steps: inHTML, stateWord: b.stateWord, stamp: b.stampHTML}).container(r.Document.Root)
}

// RecordLinks are the IDs of the records that the document's own text links to.
func (b *Body) RecordLinks() []string { return slices.Clone(b.linked) }

// Title is the heading that the page shows as its title, nil where it has none.
func (b *Body) Title() ast.Node { return b.skip }

// titleHeading finds the heading that repeats the page's title: of level 1, or at the
// beginning of the text.
func titleHeading(root ast.Node, source []byte, title string) ast.Node {
	for c := root.FirstChild(); c != nil; c = c.NextSibling() {
		if h, ok := c.(*ast.Heading); ok && (h.Level == 1 || c == root.FirstChild()) && records.InTitle(textOf(h, source), title) {
			return h
		}
	}
	return nil
}

// placeNotes gives each note its place in the tree: the list item that it is,
// the heading of an issue, or else an anchor of its own.
func (b *Body) placeNotes(r *records.Record) {
	headings := map[int]*ast.Heading{}
	for _, s := range r.Sections {
		headings[s.Span.Start] = s.Node
	}
	for _, n := range r.Notes {
		if h := headings[n.Span.Start]; h != nil {
			InsertAnchor(h, n.ID)
			continue
		}
		if len(n.Nodes) == 0 {
			continue
		}
		first := n.Nodes[0]
		if li, ok := first.Parent().(*ast.ListItem); ok && li.FirstChild() == first {
			b.ids[li] = n.ID
		} else if first.Kind() == east.KindTableRow {
			cell := first.FirstChild()
			cell.InsertBefore(cell, cell.FirstChild(), &anchor{id: n.ID})
		} else if first.Parent() != nil {
			first.Parent().InsertBefore(first.Parent(), first, &anchor{id: n.ID})
		}
	}
}

var kindAnchor = ast.NewNodeKind("Anchor")

// InsertAnchor gives a heading one more id.
func InsertAnchor(h *ast.Heading, id string) { h.InsertBefore(h, h.FirstChild(), &anchor{id: id}) }

// An anchor is a place to link to that has no element of its own.
type anchor struct {
	ast.BaseInline
	id string
}

func (n *anchor) Kind() ast.NodeKind            { return kindAnchor }
func (n *anchor) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

func (b *Body) anchor(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering && !b.excerpt {
		fmt.Fprintf(w, `<span id="%s"></span>`, html.EscapeString(n.(*anchor).id))
	}
	return ast.WalkContinue, nil
}

// Note appends nodes of the document to out, for pages other than the record's: without
// ids and without headings. root is the way from there to the site's root.
func (b *Body) Note(out []byte, nodes []ast.Node, root string) ([]byte, error) {
	b.excerpt, b.at.Links.Root = true, root
	var shown []ast.Node
	for _, n := range nodes {
		switch n.Kind() {
		case ast.KindHeading: // an issue's title is shown by the page
		case ast.KindListItem:
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				shown = append(shown, c)
			}
		case east.KindTableRow: // without the table around it
			shown = append(shown, cellsInLine(n)...)
		default:
			shown = append(shown, n)
		}
	}
	for _, n := range shown {
		h, err := b.render(n)
		if err != nil {
			return nil, err
		}
		out = append(out, h...)
	}
	return out, nil
}

// cellsInLine are the contents of a row's cells, with a point between them.
func cellsInLine(row ast.Node) (shown []ast.Node) {
	for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
		if cell.FirstChild() == nil {
			continue
		}
		if len(shown) > 0 {
			shown = append(shown, ast.NewString([]byte(" · ")))
		}
		for c := cell.FirstChild(); c != nil; c = c.NextSibling() {
			shown = append(shown, c)
		}
	}
	return shown
}

func (b *Body) render(n ast.Node) (h []byte, err error) {
	defer guard(&err)
	b.out.Reset()
	err = b.renderer.Render(&b.out, b.source, n)
	return b.out.Bytes(), err
}

// guard, when deferred, turns a panic into an error. A library's bug that one
// record's text shows must not end the work on all others.
func guard(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("%v", v)
	}
}

// RegisterFuncs implements goldmark's renderer.NodeRenderer: the nodes that a page
// shows in another way than goldmark does by itself.
func (b *Body) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindHeading, b.heading)
	reg.Register(ast.KindList, b.list)
	reg.Register(ast.KindListItem, b.listItem)
	reg.Register(ast.KindTextBlock, b.textBlock)
	reg.Register(ast.KindParagraph, b.paragraph)
	reg.Register(ast.KindFencedCodeBlock, b.codeBlock)
	reg.Register(ast.KindCodeBlock, b.codeBlock)
	reg.Register(ast.KindCodeSpan, b.codeSpan)
	reg.Register(ast.KindLink, b.link)
	reg.Register(ast.KindImage, b.image)
	reg.Register(ast.KindAutoLink, b.autoLink)
	reg.Register(east.KindTable, b.table)
	reg.Register(east.KindTableCell, b.tableCell)
	reg.Register(east.KindFootnoteLink, b.footnoteLink)
	reg.Register(east.KindFootnoteBacklink, b.footnoteBacklink)
	reg.Register(kindAnchor, b.anchor)
}

// write writes to the body's own buffer, which is what its renderers are given.
func (b *Body) write(parts ...string) {
	for _, part := range parts {
		b.out.WriteString(part)
	}
}

// Rebase moves HTML that was rendered for a page one folder deep to a page
// whose way to the root is root. The quotes cannot stand in a writer's text:
// there they are escaped.
func Rebase(h, root string) string {
	if root == "../" {
		return h
	}
	h = strings.ReplaceAll(h, `href="../`, `href="`+root)
	return strings.ReplaceAll(h, `src="../`, `src="`+root)
}

package site

import (
	"bytes"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	ghtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/words"
)

// A body turns one document's tree into HTML that is safe to put into a page:
// raw HTML has gone through the allow-list of rawhtml.go, links through the
// resolver of links.go, and every id carries a prefix that no id of a page has.
//
// It reads the very tree that steps and notes were found in, so what a page
// shows and what was counted cannot drift apart.
type body struct {
	source   []byte
	steps    map[ast.Node]*records.Step
	sections map[ast.Node]records.Section
	ids      map[ast.Node]string // notes' permalinks
	links    linker
	code     *highlighter
	words    *words.Words
	spent    time.Duration // on colours for code
	warn     func(offset int, message, hint string)
	page     string    // the page that the document is shown on
	briefing text.Span // what others said, in the record's begin
	linked   []string  // the IDs of the records that its own text links to, each once
	skip     ast.Node  // the first heading, where the page shows it as its title

	level    int  // of the last heading written
	excerpt  bool // outside its record: no ids, no headings
	renderer renderer.Renderer
	out      htmlBuffer
}

// htmlBuffer is a buffer as goldmark wants it.
type htmlBuffer struct{ bytes.Buffer }

func (b *htmlBuffer) Buffered() int { return 0 }
func (b *htmlBuffer) Flush() error  { return nil }

// newBody makes a body that may be used for one document after another.
func newBody(code *highlighter, w *words.Words) *body {
	b := &body{
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

// begin prepares the tree of r for rendering. Call it once a document: raw HTML
// in the tree is replaced by what may be shown of it.
func (b *body) begin(r *records.Record, links linker, warn func(int, string, string)) (err error) {
	defer guard(&err)
	b.source, b.links, b.warn, b.page, b.skip, b.spent = r.Source, links, warn, "", nil, 0
	b.briefing, b.linked = insights.BlockSpan(r), b.linked[:0]
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
	if root := r.Document.Root; root != nil {
		if h := titleHeading(root, b.source, r.Title.Value); b.steps[h] == nil {
			b.skip = h
		}
		(&sanitizer{source: b.source, warn: warn, steps: inHTML, stateWord: b.stateWord, stamp: b.stampHTML}).container(root)
	}
	return nil
}

// titleHeading finds the heading that says again what the page has as its title:
// one of level 1, or that which the text begins with.
func titleHeading(root ast.Node, source []byte, title string) ast.Node {
	for c := root.FirstChild(); c != nil; c = c.NextSibling() {
		if h, ok := c.(*ast.Heading); ok && (h.Level == 1 || c == root.FirstChild()) && plainText(h, source) == title {
			return h
		}
	}
	return nil
}

// placeNotes gives each note its place in the tree: the list item that it is,
// the heading of an issue, or else an anchor of its own.
func (b *body) placeNotes(r *records.Record) {
	headings := map[int]*ast.Heading{}
	for _, s := range r.Sections {
		headings[s.Span.Start] = s.Node
	}
	for _, n := range r.Notes {
		if h := headings[n.Span.Start]; h != nil {
			h.InsertBefore(h, h.FirstChild(), &anchor{id: n.ID})
			continue
		}
		if len(n.Nodes) == 0 {
			continue
		}
		first := n.Nodes[0]
		if li, ok := first.Parent().(*ast.ListItem); ok && li.FirstChild() == first {
			b.ids[li] = n.ID
		} else if first.Parent() != nil {
			first.Parent().InsertBefore(first.Parent(), first, &anchor{id: n.ID})
		}
	}
}

var kindAnchor = ast.NewNodeKind("Anchor")

// An anchor is a place to link to that has no element of its own.
type anchor struct {
	ast.BaseInline
	id string
}

func (n *anchor) Kind() ast.NodeKind            { return kindAnchor }
func (n *anchor) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

func (b *body) anchor(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering && !b.excerpt {
		fmt.Fprintf(w, `<span id="%s"></span>`, html.EscapeString(n.(*anchor).id))
	}
	return ast.WalkContinue, nil
}

// document renders the whole tree. The bytes are good until the next call.
func (b *body) document(root ast.Node) ([]byte, error) {
	b.level, b.excerpt = 1, false
	return b.render(root)
}

// note renders nodes outside their record, for the lessons index: without ids
// and without headings. It appends them to out.
func (b *body) note(out []byte, nodes []ast.Node) ([]byte, error) {
	b.excerpt = true
	for _, n := range nodes {
		if n.Kind() == ast.KindHeading {
			continue // an issue's title is shown by the page
		}
		if n.Kind() == ast.KindListItem {
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				h, err := b.render(c)
				if err != nil {
					return nil, err
				}
				out = append(out, h...)
			}
			continue
		}
		h, err := b.render(n)
		if err != nil {
			return nil, err
		}
		out = append(out, h...)
	}
	return out, nil
}

func (b *body) render(n ast.Node) (h []byte, err error) {
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

// RegisterFuncs implements goldmark's renderer.NodeRenderer: what a record's
// page shows otherwise than goldmark does by itself.
func (b *body) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindHeading, b.heading)
	reg.Register(ast.KindList, b.list)
	reg.Register(ast.KindListItem, b.listItem)
	reg.Register(ast.KindTextBlock, b.textBlock)
	reg.Register(ast.KindParagraph, b.paragraph)
	reg.Register(ast.KindFencedCodeBlock, b.codeBlock)
	reg.Register(ast.KindCodeBlock, b.codeBlock)
	reg.Register(ast.KindLink, b.link)
	reg.Register(ast.KindImage, b.image)
	reg.Register(ast.KindAutoLink, b.autoLink)
	reg.Register(east.KindTable, b.table)
	reg.Register(east.KindTableCell, b.tableCell)
	reg.Register(east.KindFootnoteLink, b.footnoteLink)
	reg.Register(kindSafeHTML, writeSafeHTML)
	reg.Register(kindAnchor, b.anchor)
}

// heading keeps the outline without gaps: a page has one h1, its title, and a
// level never jumps by more than one, as readers of outlines expect.
func (b *body) heading(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Heading)
	if n == b.skip {
		return ast.WalkSkipChildren, nil
	}
	if entering && !b.excerpt {
		b.level = min(max(n.Level, 2), b.level+1)
	}
	if b.excerpt {
		return ast.WalkContinue, tag(w, "strong", entering)
	}
	s, ok := b.sections[n]
	step := b.steps[n]
	if !entering && step != nil {
		b.writeStamp(step)
	}
	level := strconv.Itoa(b.level)
	switch {
	case entering:
		b.write("<h", level)
		if ok {
			b.write(` id="`, html.EscapeString(s.ID), `"`)
		}
		if step == nil && s.Kind != records.NoNote && bare(n) {
			b.write(` class="bare"`)
		}
		b.stepBegin(n, step, true)
	case ok:
		b.write(` <a class="anchor" href="#`, html.EscapeString(s.ID), `" aria-label="`, b.words.HTML("record.link-here"), `">#</a></h`, level, ">\n")
	default:
		b.write("</h", level, ">\n")
	}
	return ast.WalkContinue, nil
}

// bare tells whether nothing stands under a heading but empty items. Most records
// have some that were never filled in, and they should not fill the page.
func bare(h *ast.Heading) bool {
	for n := h.NextSibling(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			return n.Level <= h.Level
		case *ast.List:
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				if item.HasChildren() {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// write writes to the body's own buffer, which is what its renderers are given.
func (b *body) write(parts ...string) {
	for _, part := range parts {
		b.out.WriteString(part)
	}
}

func tag(w util.BufWriter, name string, entering bool) error {
	var err error
	if entering {
		_, err = w.WriteString("<" + name + ">")
	} else {
		_, err = w.WriteString("</" + name + ">")
	}
	return err
}

func (b *body) list(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.List)
	name := "ul"
	if n.IsOrdered() {
		name = "ol"
	}
	if !entering {
		fmt.Fprintf(w, "</%s>\n", name)
		return ast.WalkContinue, nil
	}
	w.WriteString("<" + name)
	if n.IsOrdered() && n.Start != 1 {
		fmt.Fprintf(w, ` start="%d"`, n.Start)
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if b.steps[c] != nil {
			w.WriteString(` class="steps"`)
			break
		}
	}
	w.WriteString(">\n")
	return ast.WalkContinue, nil
}

func (b *body) listItem(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		w.WriteString("</li>\n")
		return ast.WalkContinue, nil
	}
	w.WriteString("<li")
	step := b.steps[node]
	if id := b.ids[node]; step == nil && id != "" && !b.excerpt {
		b.write(` id="`, html.EscapeString(id), `"`)
	}
	b.stepBegin(node, step, false)
	return ast.WalkContinue, nil
}

// stepBegin ends the start tag of the element of a step, and writes its state. The
// element has an id already, or may get the step's. Of a mark that makes no step,
// such as one in the notes, the mark itself is written.
func (b *body) stepBegin(node ast.Node, step *records.Step, hasID bool) {
	if step == nil {
		b.write(">")
		if state, raw, marked := records.MarkOf(node); marked {
			mark := string(b.source[raw.Start:raw.End])
			if node.Kind() == ast.KindListItem || mark[0] == '<' {
				mark = state.Mark()
			}
			b.write(html.EscapeString(mark), " ")
		}
		return
	}
	b.write(` class="step `, string(step.State), `"`)
	if !b.excerpt && !hasID {
		b.write(` id="`, html.EscapeString(step.ID), `"`)
	}
	b.write(">")
	if !b.excerpt && hasID {
		b.write(`<span id="`, html.EscapeString(step.ID), `"></span>`)
	}
	b.write(b.stateWord(step), " ")
}

// stateWord says the state. Done and open have marks that everybody reads; the
// others are told in a word as well. A screen reader hears the word in any case.
func (b *body) stateWord(step *records.Step) string {
	class := "word"
	if step.State == records.Done || step.State == records.Pending {
		class = "vh"
	}
	return `<span class="` + class + `">` + string(b.words.HTML("state."+string(step.State))) + "</span>"
}

func (b *body) textBlock(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		b.stamp(w, node)
		if node.NextSibling() != nil {
			w.WriteByte('\n')
		}
	}
	return ast.WalkContinue, nil
}

func (b *body) paragraph(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		b.stamp(w, node)
		w.WriteString("</p>\n")
		return ast.WalkContinue, nil
	}
	w.WriteString("<p>")
	return ast.WalkContinue, nil
}

// stamp writes who marked a step and when, behind the step's own text.
func (b *body) stamp(w util.BufWriter, block ast.Node) {
	if step := b.steps[block.Parent()]; step != nil && block.PreviousSibling() == nil {
		b.writeStamp(step)
	}
}

func (b *body) writeStamp(step *records.Step) {
	b.write(b.stampHTML(step))
}

func (b *body) stampHTML(step *records.Step) string {
	if step.At.IsZero() && step.By == "" {
		return ""
	}
	stamp := ` <span class="stamp">`
	if !step.At.IsZero() {
		stamp += `<time datetime="` + step.At.Format(time.RFC3339) + `">` + html.EscapeString(b.words.Date("clock", step.At)) + "</time>"
	}
	if step.By != "" {
		stamp += " " + html.EscapeString(step.By)
	}
	return stamp + "</span>"
}

func (b *body) codeBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	var language string
	if n, ok := node.(*ast.FencedCodeBlock); ok {
		language = string(n.Language(source))
	}
	var code []byte
	for i := range node.Lines().Len() {
		line := node.Lines().At(i)
		code = append(code, line.Value(source)...)
	}
	coloured := b.code.html(language, string(code), &b.spent)
	if coloured.why != "" && !b.excerpt {
		b.warn(blockOffset(node), "the code is shown without colours: "+coloured.why, "name another language behind the fence, or none")
	}
	_, err := w.WriteString(coloured.html)
	return ast.WalkContinue, err
}

func (b *body) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Link)
	href, ok := b.links.href(written(n.Destination))
	if b.excerpt && strings.HasPrefix(href, "#") {
		href = pageHref(b.links.root, b.page) + href
	}
	switch {
	case ok && entering:
		b.noteLink(n, href)
		fmt.Fprintf(w, `<a href="%s"`, html.EscapeString(href))
		if len(n.Title) > 0 {
			fmt.Fprintf(w, ` title="%s"`, html.EscapeString(written(n.Title)))
		}
		w.WriteString(">")
	case ok:
		w.WriteString("</a>")
	case entering:
		w.WriteString(`<span class="nolink">`)
		b.warnLink(n, written(n.Destination))
	default:
		fmt.Fprintf(w, ` (%s)</span>`, html.EscapeString(written(n.Destination)))
	}
	return ast.WalkContinue, nil
}

// noteLink remembers a link to another record. Those of the briefing are not the
// writer's.
func (b *body) noteLink(n *ast.Link, href string) {
	rest, ok := strings.CutPrefix(href, b.links.root+"records/")
	id, _, inside := strings.Cut(rest, "/index.html")
	if !ok || !inside || b.excerpt || slices.Contains(b.linked, id) {
		return
	}
	if at := offsetOf(n); at < b.briefing.Start || at >= b.briefing.End {
		b.linked = append(b.linked, id)
	}
}

func (b *body) autoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.AutoLink)
	dest, label := string(n.URL(source)), html.EscapeString(string(n.Label(source)))
	if n.AutoLinkType == ast.AutoLinkEmail {
		dest = "mailto:" + dest
	}
	if n.AutoLinkType == ast.AutoLinkEmail && !inBrackets(n, source) {
		w.WriteString(label) // in records "root@10.0.0.2" is where somebody logs in, not an address to write to
	} else if href, ok := b.links.href(dest); ok {
		fmt.Fprintf(w, `<a href="%s">%s</a>`, html.EscapeString(href), label)
	} else {
		w.WriteString(label)
	}
	return ast.WalkContinue, nil
}

// inBrackets tells whether an address was written as <ada@example.org>.
func inBrackets(n *ast.AutoLink, source []byte) bool {
	label := n.Label(source)
	at := cap(source) - cap(label) // the label is a part of the source
	return at > 0 && at <= len(source) && source[at-1] == '<'
}

func (b *body) image(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Image)
	alt := html.EscapeString(written([]byte(plainText(n, source))))
	if src, ok := b.links.image(written(n.Destination)); ok {
		fmt.Fprintf(w, `<img src="%s" alt="%s" loading="lazy">`, html.EscapeString(src), alt)
		return ast.WalkSkipChildren, nil
	}
	b.warnLink(n, written(n.Destination))
	fmt.Fprintf(w, `<span class="nolink">%s (%s)</span>`, alt, html.EscapeString(written(n.Destination)))
	return ast.WalkSkipChildren, nil
}

// shorten cuts a text for a message.
func shorten(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// written is a link's address or title as it was meant: goldmark keeps them as
// they were written, with escapes and entities. It comes before every check of
// what an address is: "java&#115;cript:" is what it becomes.
func written(raw []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(raw))))
}

func (b *body) warnLink(n ast.Node, dest string) {
	if b.excerpt {
		return // told once, where the record itself is rendered
	}
	if file, missing := b.links.missing(dest); missing {
		b.warn(offsetOf(n), fmt.Sprintf("there is no such file: %q", shorten(dest, 100)),
			fmt.Sprintf("it means %q; correct the address, or take the link out", shorten(file, 200)))
		return
	}
	b.warn(offsetOf(n), fmt.Sprintf("the site cannot link to %q", shorten(dest, 100)),
		"use an address with http, https or mailto, a Markdown file of the history, or a PNG, JPEG, GIF, WebP or AVIF beside it")
}

func (b *body) table(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	// The wrapper scrolls, not the page; whoever uses the keyboard must reach it.
	if entering {
		b.write(`<div class="scroll" tabindex="0" role="group" aria-label="`, b.words.HTML("record.table"), `"><table>`, "\n")
	} else {
		w.WriteString("</table></div>\n")
	}
	return ast.WalkContinue, nil
}

func (b *body) tableCell(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*east.TableCell)
	name := "td"
	if n.Parent().Kind() == east.KindTableHeader && n.HasChildren() {
		name = "th" // an empty cell is the heading of nothing
	}
	step := b.steps[n]
	if !entering {
		if step != nil {
			b.writeStamp(step)
		}
		w.WriteString("</" + name + ">\n")
		return ast.WalkContinue, nil
	}
	w.WriteString("<" + name)
	if step == nil && (n.Alignment == east.AlignRight || n.Alignment == east.AlignCenter) {
		fmt.Fprintf(w, ` class="%s"`, n.Alignment) // the policy allows no style attribute
	}
	b.stepBegin(n, step, false)
	if step != nil && step.EndMark.End > step.EndMark.Start { // the word of "⬜ Pending"
		b.write(html.EscapeString(string(b.source[step.EndMark.Start:step.EndMark.End])))
	}
	return ast.WalkContinue, nil
}

func (b *body) footnoteLink(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*east.FootnoteLink)
	if b.excerpt {
		fmt.Fprintf(w, "<sup>%d</sup>", n.Index)
		return ast.WalkContinue, nil
	}
	ref := ""
	if n.RefIndex > 0 {
		ref = fmt.Sprint(n.RefIndex)
	}
	fmt.Fprintf(w, `<sup id="note-fnref%s:%d"><a href="#note-fn:%d" role="doc-noteref">%d</a></sup>`, ref, n.Index, n.Index, n.Index)
	return ast.WalkContinue, nil
}

// rebase moves HTML that was rendered for a page one folder deep to a page
// whose way to the root is root. The quotes cannot stand in a writer's text:
// there they are escaped.
func rebase(h, root string) string {
	if root == "../" {
		return h
	}
	h = strings.ReplaceAll(h, `href="../`, `href="`+root)
	return strings.ReplaceAll(h, `src="../`, `src="`+root)
}

// plainText is the text below a node, without markup.
func plainText(n ast.Node, source []byte) string {
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
				buf.Write(n.Value)
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

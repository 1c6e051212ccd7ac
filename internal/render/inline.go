package render

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"

	east "github.com/yuin/goldmark/extension/ast"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"github.com/deploysite/deploysite/internal/problem"
)

func (b *Body) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Link)
	href, ok := b.at.Links.href(written(n.Destination))
	if b.excerpt && strings.HasPrefix(href, "#") {
		href = PageHref(b.at.Links.Root, b.at.Page) + href
	}
	switch {
	case ok && entering:
		b.noteLink(n, href)
		b.noteAnchor(n)
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

// codeSpan keeps the words of a command whole: browsers would break a line behind each
// hyphen, in the middle of an option.
func (b *Body) codeSpan(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	var code strings.Builder
	for c := node.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			code.Write(t.Segment.Value(source))
		}
	}
	w.WriteString("<code>")
	for i, word := range strings.Split(strings.ReplaceAll(code.String(), "\n", " "), " ") {
		if i > 0 {
			w.WriteString(" ")
		}
		if strings.Contains(word, "-") && len(word) <= maxWhole {
			b.write(`<span class="whole">`, html.EscapeString(word), "</span>")
		} else {
			b.write(html.EscapeString(word))
		}
	}
	w.WriteString("</code>")
	return ast.WalkSkipChildren, nil
}

// maxWhole is the longest word, in bytes, that a narrow screen shows in one line.
const maxWhole = 28

// noteLink remembers a link to another record, except in the briefing: that is not the
// writer's text.
func (b *Body) noteLink(n *ast.Link, href string) {
	rest, ok := strings.CutPrefix(href, b.at.Links.Root+"records/")
	id, _, inside := strings.Cut(rest, "/index.html")
	if !ok || !inside || b.excerpt || slices.Contains(b.linked, id) {
		return
	}
	if at := offsetOf(n); at < b.at.Quoted.Start || at >= b.at.Quoted.End {
		b.linked = append(b.linked, id)
	}
}

// noteAnchor hands on a link to a place in another Markdown file of the project.
func (b *Body) noteAnchor(n *ast.Link) {
	if b.at.Anchor == nil || b.excerpt {
		return
	}
	u, file, ok := b.at.Links.parse(written(n.Destination))
	if ok && file != "" && u.Fragment != "" && b.at.Links.Pages[file] != "" {
		b.at.Anchor(file, u.Fragment, offsetOf(n))
	}
}

func (b *Body) autoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
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
	} else if href, ok := b.at.Links.href(dest); ok {
		fmt.Fprintf(w, `<a href="%s">%s</a>`, html.EscapeString(href), label)
	} else {
		w.WriteString(label)
	}
	return ast.WalkContinue, nil
}

// inBrackets reports whether an address was written as <ada@example.org>.
func inBrackets(n *ast.AutoLink, source []byte) bool {
	label := n.Label(source)
	at := cap(source) - cap(label) // the label is a part of the source
	return at > 0 && at <= len(source) && source[at-1] == '<'
}

func (b *Body) image(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Image)
	alt := html.EscapeString(written([]byte(textOf(n, source))))
	if src, ok := b.at.Links.image(written(n.Destination)); ok {
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

// written resolves the escapes and entities in a link's address or title, which
// goldmark keeps. It comes before every check of an address: a browser reads
// "java&#115;cript:" as "javascript:".
func written(raw []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(raw))))
}

func (b *Body) warnLink(n ast.Node, dest string) {
	if b.excerpt {
		return // told once, where the record itself is rendered
	}
	if file, missing := b.at.Links.missing(dest); missing {
		b.at.Warn(problem.DeadLink, offsetOf(n), fmt.Sprintf("there is no such file: %q", shorten(dest, 100)),
			fmt.Sprintf("it means %q; correct the address, or take the link out", shorten(file, 200)))
		return
	}
	if strings.HasPrefix(dest, "#") {
		b.at.Warn(problem.DeadAnchor, offsetOf(n), fmt.Sprintf("there is no heading %q in this file", shorten(dest, 100)),
			"write the heading's words in lower case, with - for blanks")
		return
	}
	b.at.Warn(problem.BarredLink, offsetOf(n), fmt.Sprintf("the site cannot link to %q", shorten(dest, 100)),
		"use an address with http, https or mailto, a Markdown file of the history, or a PNG, JPEG, GIF, WebP or AVIF beside it")
}

func (b *Body) footnoteLink(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*east.FootnoteLink)
	if b.excerpt {
		fmt.Fprintf(w, "<sup>%d</sup>", n.Index)
		return ast.WalkContinue, nil
	}
	if n.RefIndex >= mostBacklinks {
		fmt.Fprintf(w, `<sup><a href="#note-fn:%d" role="doc-noteref">%d</a></sup>`, n.Index, n.Index)
		return ast.WalkContinue, nil
	}
	fmt.Fprintf(w, `<sup id="note-fnref%s:%d"><a href="#note-fn:%d" role="doc-noteref">%d</a></sup>`, refNumber(n.RefIndex), n.Index, n.Index, n.Index)
	return ast.WalkContinue, nil
}

// mostBacklinks is how many of the places that name a footnote it leads back to.
const mostBacklinks = 20

func (b *Body) footnoteBacklink(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if n := node.(*east.FootnoteBacklink); entering && n.RefIndex < mostBacklinks {
		fmt.Fprintf(w, `&#160;<a href="#note-fnref%s:%d" class="footnote-backref" role="doc-backlink">&#x21a9;&#xfe0e;</a>`, refNumber(n.RefIndex), n.Index)
	}
	return ast.WalkContinue, nil
}

// refNumber is which of the places that name a footnote it is, "" for the first.
func refNumber(index int) string {
	if index == 0 {
		return ""
	}
	return strconv.Itoa(index)
}

package site

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
	nethtml "golang.org/x/net/html"
)

// Raw HTML in a record is written by people we do not know. A few harmless
// elements are rebuilt with a few attributes; everything else is shown as the
// text it is, with a warning, so that nothing disappears and nothing runs.

// allowedInline may stand anywhere; allowedBlock only where an HTML block
// stands, since they would end a paragraph. The values are the attributes that
// are kept.
var (
	allowedInline = map[string][]string{
		"img": {"src", "alt", "title", "width", "height"}, "br": nil, "a": {"href", "title"},
		"kbd": nil, "sub": nil, "sup": nil, "b": nil, "i": nil, "em": nil, "strong": nil, "code": nil,
		"s": nil, "del": nil, "ins": nil, "mark": nil, "small": nil, "u": nil, "abbr": {"title"},
	}
	allowedBlock = map[string][]string{"details": {"open"}, "summary": nil, "p": nil, "div": nil, "hr": nil}
	void         = []string{"img", "br", "hr"}
)

// looks are attributes that say how a forge shows an element, and nothing else:
// badges have them. They are left out without a word.
var looks = []string{"align", "valign", "border", "class", "style", "target", "rel", "loading", "decoding"}

// maxOpen bounds how deep elements may nest.
const maxOpen = 64

var kindSafeHTML = ast.NewNodeKind("SafeHTML")

// safeHTML is a node that holds markup of our own making.
type safeHTML struct {
	ast.BaseInline
	html []byte
}

func (n *safeHTML) Kind() ast.NodeKind            { return kindSafeHTML }
func (n *safeHTML) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

func writeSafeHTML(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.Write(n.(*safeHTML).html)
	}
	return ast.WalkContinue, nil
}

var _ renderer.NodeRendererFunc = writeSafeHTML

// sanitize replaces every raw HTML node below root by what may be shown of it.
// An element must end in the block it began in: what is left open is closed
// there, so that a forgotten end tag cannot swallow the rest of the page.
func sanitize(root ast.Node, source []byte, warn func(offset int, message, hint string)) {
	s := &sanitizer{source: source, warn: warn}
	s.container(root)
}

type sanitizer struct {
	source []byte
	warn   func(int, string, string)
	open   []string // elements open in the current container
	inLink bool     // inside a Markdown link, which cannot hold another
}

func (s *sanitizer) container(n ast.Node) {
	outer := s.open
	s.open = nil
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		switch c := c.(type) {
		case *ast.RawHTML:
			if c.Segments.Len() > 0 {
				s.replace(n, c, c.Segments.At(0).Start, c.Segments.Value(s.source), false)
			}
		case *ast.HTMLBlock:
			raw := c.Lines().Value(s.source)
			if c.HasClosure() {
				raw = append(bytes.Clone(raw), c.ClosureLine.Value(s.source)...)
			}
			at := -1
			if c.Lines().Len() > 0 {
				at = c.Lines().At(0).Start
			}
			s.replace(n, c, at, raw, true)
		default:
			if c.Type() == ast.TypeInline {
				s.inline(c)
			} else {
				s.container(c)
			}
		}
		c = next
	}
	if len(s.open) > 0 {
		s.warn(offsetOf(n), fmt.Sprintf("the HTML <%s> is not closed", s.open[len(s.open)-1]), "close it, or write it in Markdown")
		n.AppendChild(n, &safeHTML{html: s.closeTo(0)})
	}
	s.open = outer
}

// inline descends into emphasis, links and the like; each is a container of its
// own, or "*<b>*</b>" would overlap.
func (s *sanitizer) inline(n ast.Node) {
	if _, ok := n.(*ast.Link); ok {
		s.inLink = true
		defer func() { s.inLink = false }()
	}
	if n.HasChildren() {
		s.container(n)
	}
}

func (s *sanitizer) replace(parent, old ast.Node, at int, raw []byte, block bool) {
	depth := len(s.open)
	out := s.clean(raw, at, block)
	// An inline element ends with the HTML block that it began in: or a
	// forgotten </a> makes all that follows a link.
	for i := depth; block && i < len(s.open); i++ {
		if _, inline := allowedInline[s.open[i]]; inline {
			s.warn(at, fmt.Sprintf("the HTML <%s> is not closed", s.open[i]), "close it, or write it in Markdown")
			out = append(out, s.closeTo(i)...)
		}
	}
	parent.ReplaceChild(parent, old, &safeHTML{html: out})
}

func (s *sanitizer) closeTo(depth int) []byte {
	var out []byte
	for len(s.open) > depth {
		out = fmt.Appendf(out, "</%s>", s.open[len(s.open)-1])
		s.open = s.open[:len(s.open)-1]
	}
	return out
}

// clean rebuilds a piece of HTML from the elements that are allowed.
func (s *sanitizer) clean(raw []byte, at int, block bool) []byte {
	var out []byte
	z := nethtml.NewTokenizer(bytes.NewReader(raw))
	for {
		kind := z.Next()
		text := z.Raw()
		switch kind {
		case nethtml.ErrorToken:
			// What the tokenizer could not finish, such as "<img src=", is still the writer's text.
			return append(out, html.EscapeString(string(text))...)
		case nethtml.TextToken:
			out = append(out, html.EscapeString(html.UnescapeString(string(text)))...)
		case nethtml.CommentToken:
			// A comment is unseen on every forge as well. What else the tokenizer
			// calls one, "<?php … ?>" or a comment that never ends, is text.
			if !bytes.HasPrefix(text, []byte("<!--")) || !bytes.HasSuffix(text, []byte("-->")) {
				out = s.escape(out, string(text), "comment that is none, or never closed,", at)
			}
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			source := string(text)
			out = s.startTag(out, z.Token(), source, at, block)
		case nethtml.EndTagToken:
			source := string(text)
			name := z.Token().Data
			if i := slices.Index(s.open, name); i >= 0 {
				out = append(out, s.closeTo(i)...)
			} else {
				out = append(out, html.EscapeString(source)...) // its beginning was warned about
			}
		default:
			out = s.escape(out, string(text), "declaration", at)
		}
	}
}

func (s *sanitizer) startTag(out []byte, t nethtml.Token, source string, at int, block bool) []byte {
	allowed, ok := allowedInline[t.Data]
	if !ok && block {
		allowed, ok = allowedBlock[t.Data]
	}
	if !ok || len(s.open) >= maxOpen || t.Data == "a" && s.inLink || (t.Data == "a" || t.Data == "p") && slices.Contains(s.open, t.Data) ||
		t.Data == "summary" && (len(s.open) == 0 || s.open[len(s.open)-1] != "details") {
		return s.escape(out, source, t.Data, at)
	}
	var attrs []byte
	seen := map[string]bool{}
	for _, a := range t.Attr {
		if !slices.Contains(allowed, a.Key) || seen[a.Key] {
			if !slices.Contains(looks, a.Key) {
				s.warn(at, fmt.Sprintf("the attribute %s of the HTML <%s> is left out", shorten(a.Key, 40), t.Data), "remove it, or write it in Markdown")
			}
			continue
		}
		seen[a.Key] = true
		if !attributeOK(a.Key, a.Val) {
			return s.escape(out, source, t.Data, at)
		}
		attrs = fmt.Appendf(attrs, ` %s="%s"`, a.Key, html.EscapeString(a.Val))
	}
	if t.Data == "img" && !seen["src"] || t.Data == "a" && !seen["href"] {
		return s.escape(out, source, t.Data, at)
	}
	if t.Data == "img" && !seen["alt"] {
		attrs = append(attrs, ` alt=""`...)
	}
	out = fmt.Appendf(out, "<%s%s>", t.Data, attrs)
	if !slices.Contains(void, t.Data) {
		s.open = append(s.open, t.Data)
	}
	return out
}

func attributeOK(key, value string) bool {
	switch key {
	case "src":
		u, err := url.Parse(value)
		return err == nil && u.Scheme == "https" && u.Host != ""
	case "href":
		u, err := url.Parse(value)
		return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" || strings.HasPrefix(value, "mailto:")
	case "width", "height":
		return len(value) < 5 && strings.Trim(value, "0123456789") == "" && value != ""
	}
	return true
}

func (s *sanitizer) escape(out []byte, source, name string, at int) []byte {
	s.warn(at, fmt.Sprintf("the HTML <%s> is shown as text", name), "write it in Markdown, or leave it out")
	return append(out, html.EscapeString(source)...)
}

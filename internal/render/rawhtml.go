package render

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"slices"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	nethtml "golang.org/x/net/html"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
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
	allowedBlock = map[string][]string{"details": {"open"}, "summary": nil, "p": nil, "div": nil, "hr": nil, "blockquote": nil,
		"ul": nil, "ol": nil, "li": nil, "dl": nil, "dt": nil, "dd": nil, "h2": nil, "h3": nil, "h4": nil, "h5": nil, "h6": nil,
		"table": nil, "thead": nil, "tbody": nil, "tr": nil, "th": nil, "td": nil}
	void = []string{"img", "br", "hr"}

	// within are the elements that others must stand in, and implied those that
	// end by themselves where one begins that cannot stand in them.
	within = map[string][]string{"summary": {"details"}, "li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"}, "thead": {"table"}, "tbody": {"table"},
		"tr": {"table", "thead", "tbody"}, "th": {"tr"}, "td": {"tr"}}
	implied = []string{"li", "dt", "dd", "tr", "th", "td", "p", "thead", "tbody"}

	// without are elements of which only the text is shown; a reader misses nothing.
	without = []string{"label", "span", "font", "center", "section"}
)

// looks are attributes that say how a forge shows an element, and nothing else:
// badges have them. They are left out without a word.
var looks = []string{"align", "valign", "border", "class", "style", "target", "rel", "loading", "decoding", "id", "name", "colspan", "rowspan", "type", "start"}

// maxOpen bounds how deep elements may nest.
const maxOpen = 64

// safeHTML is a node that holds markup of our own making.
func safeHTML(html []byte) ast.Node {
	n := ast.NewString(html)
	n.SetCode(true) // goldmark writes it as it is
	return n
}

// A sanitizer replaces every raw HTML node below a container by what may be shown of
// it. An element ends in the block that it began in: it is closed there at the
// latest, so that a forgotten end tag cannot swallow the rest of the page.
type sanitizer struct {
	source []byte
	warn   func(rule problem.Rule, offset int, message, hint string)
	open   []string // elements open in the current container
	begun  []int    // where each of them begins in the source
	inLink bool     // inside a Markdown link, which cannot hold another

	anchors int               // open <a name="…">
	named   []string          // the names of those in the node at hand
	places  map[string]string // gets the id of each by its name; see Links.Headings
	taken   map[string]bool   // the ids in places; nil until it is asked

	steps     map[ast.Node][]*records.Step // in blocks of HTML
	stateWord func(*records.Step) string
	stamp     func(*records.Step) string
	here      map[int]piece // what takes the place of a part of the block at hand, by its begin
}

// piece is HTML that is written instead of some bytes.
type piece struct {
	html string
	n    int
}

func (s *sanitizer) container(n ast.Node) {
	outer, begun := s.open, s.begun
	s.open, s.begun = nil, nil
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		switch c := c.(type) {
		case *ast.RawHTML:
			if c.Segments.Len() > 0 {
				s.replace(n, c, c.Segments.At(0).Start, c.Segments.Value(s.source), false)
			}
		case *ast.HTMLBlock:
			raw, index := htmlOf(c, s.source)
			s.here = s.stepsIn(c, index)
			s.replace(n, c, index.first(), raw, true)
			s.here = nil
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
		s.warn(problem.OpenHTML, s.begun[len(s.begun)-1], fmt.Sprintf("the HTML <%s> is not closed", s.open[len(s.open)-1]), "close it, or write it in Markdown")
		n.AppendChild(n, safeHTML(s.closeTo(0)))
	}
	s.open, s.begun = outer, begun
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
			s.warn(problem.OpenHTML, at, fmt.Sprintf("the HTML <%s> is not closed", s.open[i]), "close it, or write it in Markdown")
			out = append(out, s.closeTo(i)...)
		}
	}
	safe := safeHTML(out)
	parent.ReplaceChild(parent, old, safe)
	for _, id := range s.named {
		parent.InsertBefore(parent, safe, &anchor{id: id})
	}
	s.named = s.named[:0]
}

func (s *sanitizer) closeTo(depth int) []byte {
	var out []byte
	for len(s.open) > depth {
		out = fmt.Appendf(out, "</%s>", s.open[len(s.open)-1])
		s.open, s.begun = s.open[:len(s.open)-1], s.begun[:len(s.begun)-1]
	}
	return out
}

// isComment reports whether raw HTML is one comment and nothing else.
func isComment(raw []byte) bool {
	return len(raw) > len("<!---->") && bytes.HasPrefix(raw, []byte("<!--")) && bytes.Index(raw, []byte("-->")) == len(raw)-len("-->")
}

// clean rebuilds a piece of HTML from the elements that are allowed.
func (s *sanitizer) clean(raw []byte, at int, block bool) []byte {
	var out []byte
	if s.here == nil && isComment(raw) { // most are, and a tokenizer takes 4 KiB
		return nil
	}
	z := nethtml.NewTokenizer(bytes.NewReader(raw))
	for from := 0; ; {
		kind := z.Next()
		text := z.Raw()
		here, isStep := s.here[from]
		from += len(text)
		switch kind {
		case nethtml.ErrorToken:
			// What the tokenizer could not finish, such as "<img src=", is still the writer's text.
			return append(out, html.EscapeString(string(text))...)
		case nethtml.TextToken:
			out = s.text(out, string(text), from-len(text))
		case nethtml.CommentToken:
			if isStep { // a stamp
				out = append(out, here.html...)
				continue
			}
			// A comment is unseen on every forge as well. What else the tokenizer
			// calls one, "<?php … ?>" or a comment that never ends, is text.
			if !bytes.HasPrefix(text, []byte("<!--")) || !bytes.HasSuffix(text, []byte("-->")) {
				out = s.escape(out, string(text), "comment that is none, or never closed,", at)
			}
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			source := string(text)
			if isStep {
				out = append(out, here.html...)
				continue
			}
			if state, n, ok := records.ParseMark(source); ok && n == len(source) {
				out = append(out, state.Mark()...)
				continue
			}
			out = s.startTag(out, z.Token(), source, at, block)
		case nethtml.EndTagToken:
			source := string(text)
			name := shownAs(z.Token().Data)
			if name == "a" && s.anchors > 0 {
				s.anchors--
			} else if i := lastIndex(s.open, name); i >= 0 {
				out = append(out, s.closeTo(i)...)
			} else if !block || !slices.Contains(without, name) {
				out = append(out, html.EscapeString(source)...) // its beginning was warned about
			}
		default:
			out = s.escape(out, string(text), "declaration", at)
		}
	}
}

// isNew reports whether no place has an id, and takes it.
func (s *sanitizer) isNew(id string) bool {
	if s.taken == nil {
		s.taken = map[string]bool{}
		for _, taken := range s.places {
			s.taken[taken] = true
		}
	}
	is := !s.taken[id]
	s.taken[id] = true
	return is
}

func (s *sanitizer) startTag(out []byte, t nethtml.Token, source string, at int, block bool) []byte {
	t.Data = shownAs(t.Data)
	if name := anchorName(t); name != "" {
		s.anchors++
		if id := "a-" + text.Slug(name); s.places[name] == "" {
			if s.isNew(id) {
				s.named = append(s.named, id)
			}
			s.places[name] = id
		}
		return out
	}
	allowed, ok := allowedInline[t.Data]
	if !ok && block {
		if slices.Contains(without, t.Data) {
			return out
		}
		if allowed, ok = allowedBlock[t.Data]; ok {
			out, ok = s.enter(out, t.Data)
		}
	}
	if !ok || len(s.open) >= maxOpen || t.Data == "a" && s.inLink || (t.Data == "a" || t.Data == "p") && slices.Contains(s.open, t.Data) {
		return s.escape(out, source, t.Data, at)
	}
	var attrs []byte
	seen := map[string]bool{}
	for _, a := range t.Attr {
		if !slices.Contains(allowed, a.Key) || seen[a.Key] {
			if !slices.Contains(looks, a.Key) {
				s.warn(problem.RawHTML, at, fmt.Sprintf("the attribute %s of the HTML <%s> is left out", shorten(a.Key, 40), t.Data), "remove it, or write it in Markdown")
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
		s.open, s.begun = append(s.open, t.Data), append(s.begun, at)
	}
	return out
}

// shownAs is the element that another is shown as: a page has one h1.
func shownAs(name string) string {
	if name == "h1" {
		return "h2"
	}
	return name
}

// anchorName is the name of a place to link to, "" where the tag is none.
func anchorName(t nethtml.Token) (name string) {
	for _, a := range t.Attr {
		switch a.Key {
		case "href":
			return ""
		case "name", "id":
			name = a.Val
		}
	}
	if t.Data != "a" {
		return ""
	}
	return name
}

func lastIndex(list []string, name string) int {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i] == name {
			return i
		}
	}
	return -1
}

// enter ends the elements that another one cannot begin in. ok is false if there is no
// place for it.
func (s *sanitizer) enter(out []byte, name string) (_ []byte, ok bool) {
	parents := within[name]
	if parents == nil {
		return out, true
	}
	for i := len(s.open) - 1; i >= 0; i-- {
		if slices.Contains(parents, s.open[i]) {
			return append(out, s.closeTo(i+1)...), true
		}
		if !slices.Contains(implied, s.open[i]) {
			break
		}
	}
	return out, false
}

// text writes text, with the states of steps in the place of their marks.
func (s *sanitizer) text(out []byte, text string, from int) []byte {
	begin := 0
	for i := 0; i < len(text) && len(s.here) > 0; i++ {
		if p, ok := s.here[from+i]; ok {
			out = append(append(out, escaped(text[begin:i])...), p.html...)
			begin = min(i+p.n, len(text))
			i = max(i, begin-1)
		}
	}
	return append(out, escaped(text[begin:])...)
}

func escaped(text string) string { return html.EscapeString(html.UnescapeString(text)) }

// htmlIndex maps the bytes of a block of HTML to those of the source.
type htmlIndex []struct{ from, start, stop int }

func (x htmlIndex) first() int {
	if len(x) == 0 {
		return -1
	}
	return x[0].start
}

// of is the place in the block of an offset in the source, or -1.
func (x htmlIndex) of(offset int) int {
	next := sort.Search(len(x), func(i int) bool { return x[i].start > offset })
	if next == 0 || offset >= x[next-1].stop {
		return -1
	}
	return x[next-1].from + offset - x[next-1].start
}

func htmlOf(n *ast.HTMLBlock, source []byte) (raw []byte, x htmlIndex) {
	add := func(start, stop int) {
		x = append(x, struct{ from, start, stop int }{len(raw), start, stop})
		raw = append(raw, source[start:stop]...)
	}
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		add(line.Start, line.Stop)
	}
	if n.HasClosure() {
		add(n.ClosureLine.Start, n.ClosureLine.Stop)
	}
	return raw, x
}

// stepsIn returns the marks and stamps in a block of HTML, and what is shown instead.
func (s *sanitizer) stepsIn(n *ast.HTMLBlock, index htmlIndex) map[int]piece {
	steps := s.steps[n]
	if len(steps) == 0 {
		return nil
	}
	here := map[int]piece{}
	put := func(at text.Span, text string) {
		if i := index.of(at.Start); i >= 0 && !at.IsZero() {
			here[i] = piece{text, at.End - at.Start}
		}
	}
	for _, step := range steps {
		put(step.Mark, `<span class="step `+string(step.State)+`" id="`+html.EscapeString(step.ID)+`">`+s.stateWord(step)+"</span> ")
		put(step.Stamp, s.stamp(step))
	}
	return here
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
	s.warn(problem.RawHTML, at, fmt.Sprintf("the HTML <%s> is shown as text", name), "write it in Markdown, or leave it out")
	return append(out, html.EscapeString(source)...)
}

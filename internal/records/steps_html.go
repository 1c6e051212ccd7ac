package records

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"

	"github.com/deploysite/deploysite/internal/text"
)

// htmlSteps collects the steps in a block of HTML: elements and lines of text with
// a box, such as
//
//	<li><input type="checkbox"> Take a backup</li>
func (p *parse) htmlSteps(n *ast.HTMLBlock, depth int) {
	raw, offsets := htmlOf(n, p.text)
	if !mayHoldBox(raw) {
		return
	}
	s := htmlScan{p: p, node: n, depth: depth, offset: offsets.at}
	s.scan(raw)
}

// mayHoldBox reports whether a block needs the scan. Most do not.
func mayHoldBox(raw []byte) bool {
	return !bytes.HasPrefix(raw, []byte("<!--")) &&
		(bytes.ContainsAny(raw, "[［☐☑☒□◻◽▢⬜🔲🔳🗹🞎") || bytes.Contains(bytes.ToLower(raw), []byte("checkbox")))
}

// segments map the offsets of a text that is in several lines of a file.
type segments []struct{ from, start int }

func (s segments) at(i int) int {
	next := sort.Search(len(s), func(n int) bool { return s[n].from > i })
	last := s[max(0, next-1)]
	return last.start + i - last.from
}

// htmlOf is the source of a block of HTML, and where its bytes are in the file.
func htmlOf(n *ast.HTMLBlock, source []byte) (raw []byte, at segments) {
	lines := n.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		at = append(at, struct{ from, start int }{len(raw), line.Start})
		raw = append(raw, source[line.Start:line.Stop]...)
	}
	if n.HasClosure() {
		at = append(at, struct{ from, start int }{len(raw), n.ClosureLine.Start})
		raw = append(raw, source[n.ClosureLine.Start:n.ClosureLine.Stop]...)
	}
	return raw, at
}

var (
	htmlItems = []string{"li", "tr", "p", "div", "dd", "dt", "label", "summary", "br", "h1", "h2", "h3", "h4", "h5", "h6"}
	htmlMute  = []string{"script", "style", "pre", "textarea"}
)

// htmlScan goes through the tokens of a block. An item begins with an element of
// htmlItems, or at a second box.
type htmlScan struct {
	p      *parse
	node   *ast.HTMLBlock
	depth  int
	offset func(int) int

	mute   int // open elements whose text is no text
	front  bool
	marked bool
	mark   markSpan
	start  int
	text   strings.Builder
	label  string // of a row: its first cell with words
}

func (s *htmlScan) scan(raw []byte) {
	s.begin(0)
	eachToken(raw, s.token)
	s.flush()
}

// eachToken passes on the tokens of HTML, with their offsets.
func eachToken(raw []byte, do func(kind html.TokenType, token, name string, at int)) {
	z := html.NewTokenizer(bytes.NewReader(raw))
	for at := 0; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		token := string(z.Raw())
		name, _ := z.TagName()
		do(kind, token, string(name), at)
		at += len(token)
	}
}

func (s *htmlScan) token(kind html.TokenType, token, name string, at int) {
	switch kind {
	case html.TextToken:
		if s.mute == 0 {
			s.lines(token, at)
		}
	case html.CommentToken:
		if _, _, ok := parseStamp(token, nil); ok && s.marked {
			s.mark.stamp = text.Span{Start: s.offset(at), End: s.offset(at) + len(token)}
		}
	case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
		s.tag(kind == html.EndTagToken, token, name, at)
	}
}

func (s *htmlScan) tag(end bool, token, name string, at int) {
	switch {
	case slices.Contains(htmlMute, name):
		if s.mute++; end {
			s.mute = max(0, s.mute-2)
		}
	case slices.Contains(htmlItems, name) && (end || name != "label" || s.text.Len() > 0):
		s.begin(at)
	case name == "td" || name == "th":
		s.front = true
		if s.label == "" {
			s.label = oneBlank([]byte(s.text.String()))
		}
		s.text.WriteByte(' ')
	case name == "input":
		if state, n, ok := ParseMark(token); ok && s.front && n == len(token) {
			s.box(state, at, n)
		}
	}
}

// lines reads a text. Each of its lines may begin with a box.
func (s *htmlScan) lines(token string, at int) {
	for line := range strings.SplitAfterSeq(token, "\n") {
		text := strings.TrimLeft(line, " \t\r")
		if state, n, ok := boxAt(text); ok && s.front {
			s.box(state, at+len(line)-len(text), n)
			text = text[n:]
		}
		if words := strings.Join(strings.Fields(html.UnescapeString(text)), " "); words != "" {
			s.word(words, at+len(strings.TrimRight(line, " \t\r\n")))
		}
		s.front = s.front || strings.HasSuffix(line, "\n")
		at += len(line)
	}
}

func (s *htmlScan) word(words string, end int) {
	if s.text.Len() > 0 {
		s.text.WriteByte(' ')
	}
	s.text.WriteString(words)
	s.front = false
	if s.marked && s.mark.stamp.IsZero() {
		s.mark.own.End = s.offset(end-1) + 1
	}
}

func (s *htmlScan) box(state State, at, n int) {
	if s.marked {
		s.begin(at)
	}
	mark := text.Span{Start: s.offset(at), End: s.offset(at) + n}
	s.marked, s.front = true, false
	s.mark = markSpan{state: state, mark: mark, own: text.Span{Start: mark.End, End: mark.End}, boxed: true}
}

// begin ends the current item and begins the next.
func (s *htmlScan) begin(at int) {
	s.flush()
	s.marked, s.front, s.start = false, true, at
	s.text.Reset()
	s.label = ""
}

func (s *htmlScan) flush() {
	content := strings.Join(strings.Fields(s.text.String()), " ")
	if !s.marked || content == "" {
		return
	}
	name := cmp.Or(s.label, content)
	if i := endOfLabel([]byte(name)); i > 0 {
		name = name[:i]
	}
	s.p.addStep(Step{Depth: s.depth, Node: s.node, Text: content, Label: name, Span: text.Span{Start: s.offset(s.start), End: max(s.mark.own.End, s.mark.stamp.End)}}, s.mark, s.p.section)
}

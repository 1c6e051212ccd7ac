package records

import (
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// ParseDocument reads a Markdown file that is not a record, such as a page of a
// handbook. It reads the title, the front matter's fields and the headings, but no
// steps, no notes and no status. Like [Parse] it never fails.
//
//	d := records.ParseDocument("docs/runbooks/restore.md", source)
//	fmt.Println(d.Title, len(d.Sections))
//
// The title is the front matter's, or else that of the first heading of level
// 1, or else unknown.
func ParseDocument(file string, source []byte) (r *Record) {
	defer guard(&r, file, source, Options{})
	p := newParse(file, source, Options{})
	p.document = true
	if !p.isPointer("document") && p.encoding() && !p.conflicted() {
		p.frontMatter()
		p.documentBody()
	}
	p.documentTitle()
	problem.Sort(p.r.Problems)
	return p.r
}

func (p *parse) documentBody() {
	if !p.tree("document") {
		return
	}
	for n := p.r.Document.Root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			p.addSection(h, plain(h, p.text))
		} else {
			p.nestedHeadings(n)
		}
	}
}

func (p *parse) documentTitle() {
	if f, ok := p.r.FrontMatter.Field("title"); ok && f.Value.Kind != frontmatter.Null {
		oneText(func(r *Record) *Text { return &r.Title })(p, f)
	}
	if p.r.Title.IsZero() {
		p.r.Title = firstHeading(p.r.Sections)
	}
}

// firstHeading is the first heading of level 1 that says something.
func firstHeading(sections []Section) Text {
	for _, s := range sections {
		if s.Level == 1 && s.Title != "" {
			return Text{Value: s.Title, Span: s.Span, From: FromBody}
		}
	}
	return Text{}
}

// ForgeSlug is the fragment that forges give to a heading: in lower case, with "-"
// for blanks, and without everything else that is not a letter or a digit.
func ForgeSlug(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}

// Position is the line and column, both from 1, of a place in the file.
func (r *Record) Position(s text.Span) (line, column int) { return text.Position(r.Source, s.Start) }

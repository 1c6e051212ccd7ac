package secrets

import (
	"bytes"
	"fmt"
	"regexp"
	"sort"
	"strings"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// The mark that stands in a secret's place. It has no space and no sign that Markdown,
// YAML, TOML, JSON or an address would read as its own.
const (
	markStart = "‹secret-removed:"
	markEnd   = "›"
)

// Mark is what stands in the place of a secret.
func Mark(rule string) string { return markStart + rule + markEnd }

var marks = text.Pattern(regexp.QuoteMeta(markStart) + `[\w-]+` + regexp.QuoteMeta(markEnd))

// Marks are the places of marks in a text.
func Marks(s string) [][]int {
	if !strings.Contains(s, markStart) {
		return nil
	}
	return marks().FindAllStringIndex(s, -1)
}

// MarkUp gives the marks in a piece of HTML an element, so that they can be seen. What
// stands in attributes stays as it is.
func MarkUp(html []byte) []byte {
	if !bytes.Contains(html, []byte(markStart)) {
		return html
	}
	var out []byte
	at, inTag := 0, false
	for _, m := range marks().FindAllIndex(html, -1) {
		between := html[at:m[0]]
		out = append(out, between...)
		if last := bytes.LastIndexAny(between, "<>"); last >= 0 {
			inTag = between[last] == '<'
		}
		if inTag {
			out = append(out, html[m[0]:m[1]]...)
		} else {
			out = fmt.Appendf(out, `<mark class="secret">%s</mark>`, html[m[0]:m[1]])
		}
		at = m[1]
	}
	return append(out, html[at:]...)
}

// Masked is a text with marks in the places of its secrets.
type Masked struct {
	Source []byte   // the text with its marks
	Found  []Secret // the secrets, in their order
	before []byte   // the text without marks
	places []place
}

// A place is where a mark stands.
type place struct{ masked, original text.Span }

// Mask puts marks into a text, which is not changed.
func Mask(source []byte, found []Secret) *Masked {
	m := &Masked{Source: source, Found: found, before: source}
	if len(found) == 0 {
		return m
	}
	out, at := make([]byte, 0, len(source)+32*len(found)), 0
	for _, s := range found {
		out = append(out, source[at:s.Start]...)
		start := len(out)
		out = append(out, Mark(s.Rule)...)
		m.places = append(m.places, place{text.Span{Start: start, End: len(out)}, s.Span})
		at = s.End
	}
	m.Source = append(out, source[at:]...)
	return m
}

// Original is the text before the marks; nil has none, and its text is source.
func (m *Masked) Original(source []byte) []byte {
	if m == nil {
		return source
	}
	return m.before
}

// offset is where something in the masked text stood before.
func (m *Masked) offset(at int) int {
	i := sort.Search(len(m.places), func(i int) bool { return m.places[i].masked.Start > at }) - 1
	switch {
	case i < 0:
		return at
	case at < m.places[i].masked.End:
		return m.places[i].original.Start
	}
	return at - m.places[i].masked.End + m.places[i].original.End
}

// Restore corrects the positions of problems that were found in the masked text, in
// place.
func (m *Masked) Restore(problems []problem.Problem) {
	if m == nil || len(m.places) == 0 {
		return
	}
	masked, original := text.NewLines(m.Source), text.NewLines(m.before)
	for i := range problems {
		p := &problems[i]
		if p.Line > 0 {
			line, column := original.Position(m.offset(masked.Offset(p.Line, max(p.Column, 1))))
			p.Line = line
			if p.Column > 0 {
				p.Column = column
			}
		}
	}
}

// Text is a text with marks in the places of its secrets.
func (f Finder) Text(s string) string {
	return string(Mask([]byte(s), f.Find([]byte(s))).Source)
}

// Hider takes secrets out of pieces of a text, also those that can be known for secrets
// only by what stands around them there.
func (f Finder) Hider(source []byte) func(piece string) string {
	var pairs []string
	for _, s := range f.Find(source) {
		for _, written := range []string{string(source[s.Start:s.End]), string(read(source[s.Start:s.End]).text)} {
			if written != "" {
				pairs = append(pairs, written, Mark(s.Rule))
			}
		}
	}
	known := strings.NewReplacer(pairs...)
	return func(piece string) string { return f.Text(known.Replace(piece)) }
}

// maxProblems is how many secrets of one file are named.
const maxProblems = 100

// Problems names the secrets in a file.
func (m *Masked) Problems(file string) (all []problem.Problem) {
	if m == nil {
		return nil
	}
	for i, s := range m.Found {
		if i == maxProblems {
			return append(all, problem.ManyWarnings.In(file, fmt.Sprintf("more than %d secrets; those from here on are taken out too, and not named", maxProblems), "take out the first ones"))
		}
		all = append(all, s.Problem(file))
	}
	return all
}

// Problem says that a text holds a secret, and how to go on.
func (s Secret) Problem(file string) problem.Problem {
	return problem.Secret.At(file, s.Line, s.Column, "this looks like a secret ("+s.Rule+"); the site shows a mark in its place",
		fmt.Sprintf("take it out, and make it invalid; if it is none, write <!-- secret-ok: %s --> in its line, or allow = [%q] under [secrets] in deploysite.toml", s.Rule, s.Fingerprint))
}

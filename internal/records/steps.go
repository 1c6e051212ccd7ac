package records

import (
	"bytes"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// steps collects the steps in a block and all that is nested in it. depth is
// the number of steps that it is nested in.
func (p *parse) steps(n ast.Node, depth int) {
	switch n := n.(type) {
	case *extensionast.Table:
		p.tableSteps(n, depth)
		return
	case *ast.HTMLBlock:
		p.htmlSteps(n, depth)
		return
	}
	list, _ := n.(*ast.List)
	adorned := list != nil && p.isAdorned(list)
	for c := n.FirstChild(); c != nil && c.Type() == ast.TypeBlock; c = c.NextSibling() {
		below, outer := depth, p.trouble
		if item, ok := c.(*ast.ListItem); ok {
			if m, ok := cutFrom(item); ok && !adorned {
				p.itemStep(item, m, depth)
				below++
			} else if p.trouble == 0 && leadsToText(item.FirstChild(), p.text) {
				p.trouble = 1
			}
		}
		p.steps(c, below)
		p.trouble = outer
	}
}

// isAdorned reports whether the signs in a list are mere pictures: more of its items begin
// with others, each with its own, as in "⚡ Quick start", "🔄 Rollback", "🛠️ Troubleshooting".
func (p *parse) isAdorned(list *ast.List) bool {
	signs, others := 0, map[rune]bool{}
	for _, item := range children(list) {
		m, ok := cutFrom(item)
		switch first, _ := utf8.DecodeRuneInString(plain(item, p.text)); {
		case ok && isBox(string(p.text[m.mark.Start:m.mark.End])):
			return false
		case ok:
			signs++
		case isPicture(first) && !strings.ContainsRune(stateLike, first):
			others[first] = true
		}
	}
	return signs > 0 && len(others) > signs
}

// stateLike are pictures that are no marks, and yet say how far something is.
const stateLike = "🟢🟡🟠🔴🔵⚪⚫🟩🟨🟥⏸⏹▶⏯🔜💤🛑🚫⛔❗❓⭕🆗🔁🕐"

func (p *parse) itemStep(item *ast.ListItem, m markSpan, depth int) {
	s := Step{Depth: depth, Node: item, Span: p.r.BlockSpan(item)}
	if text := item.FirstChild(); text != nil && text.Type() == ast.TypeBlock {
		s.TextNode, s.Text, s.Label = text, plain(text, p.text), label(text, p.text)
		if isLine(item) {
			s.Label = labelOfLine(text, p.text)
		}
	}
	p.addStep(s, m, p.section)
}

// headingStep adds a heading with a mark as a step of the section above it.
func (p *parse) headingStep(h *ast.Heading) {
	m, ok := cutFrom(h)
	if !ok || p.kind != NoNote || p.legend > 0 {
		return
	}
	section := p.section
	for section > 0 && p.r.Sections[section-1].Level >= h.Level {
		section--
	}
	p.addStep(Step{Node: h, TextNode: h, Text: plain(h, p.text), Label: labelOfLine(h, p.text),
		Span: text.Span{Start: blockStart(h), End: max(m.own.End, m.end.End, m.stamp.End)}}, m, section)
}

// addStep completes and adds a step, unless it is no more than a sign in a section that
// tells what was wrong. section is the index of its section plus one.
func (p *parse) addStep(s Step, m markSpan, section int) {
	if p.trouble > 0 && !isBox(string(p.text[m.mark.Start:m.mark.End])) {
		return
	}
	s.State, s.Own, s.Mark, s.EndMark, s.Stamp, s.boxed = m.state, m.own, m.mark, m.end, m.stamp, m.boxed
	s.Section = p.sectionTitle(section)
	if !m.stamp.IsZero() {
		s.At, s.By, _ = parseStamp(string(p.text[m.stamp.Start:m.stamp.End]), p.loc)
	}
	// The key is what a step is followed by through all records.
	s.Key = text.WholeSlug(s.Label)
	if above := p.sectionSlug(section); above != "" {
		s.Key = above + "/" + s.Key
	}
	s.ID = p.ids.Next("step-", s.Label)
	if p.r.Steps == nil { // a step is large; growing one by one copies each twice
		p.r.Steps = make([]Step, 0, 32)
	}
	p.r.Steps = append(p.r.Steps, s)
	if other, n, ok := parseSign(s.Text); ok && s.State == Done && other == StepFailed && isBox(string(p.text[m.mark.Start:m.mark.End])) && !strings.HasPrefix(s.Text, "⚠") {
		p.r.report(m.mark.Start, problem.UnclearBox, "leave one of them", "the box says that the step is done, and “%s” that it failed; it is taken for done", s.Text[:n])
	}
	if word := string(p.text[m.end.Start:m.end.End]); m.stateWord && s.State != Pending && !strings.HasPrefix(word, "⚠") && !agreesWithMark(s.State.Mark()+" "+word) {
		p.r.report(m.mark.Start, problem.UnclearBox, "leave one of them", "the mark says that the step is %s, and “%s” something else; the mark counts", s.State, word)
	}
	if mark := string(p.text[m.mark.Start:m.mark.End]); isUnclear(mark) {
		p.r.report(m.mark.Start, problem.UnclearBox, boxHint+", [~] for one that is under way", "what “%s” says is not known; the step is taken for an open one", mark)
	}
}

// label is the bold text at the beginning of a block, or else the text before the
// first colon, or all of it.
func label(n ast.Node, source []byte) string {
	if strong, ok := n.FirstChild().(*ast.Emphasis); ok && strong.Level == 2 {
		return strings.TrimRight(plain(strong, source), ": ")
	}
	var b, look bytes.Buffer // look has blanks for code and addresses, in which a colon does not end the label
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		writePlain(&b, c, source)
		written := b.Bytes()[look.Len():]
		if _, ok := c.(*ast.Text); !ok {
			written = bytes.Repeat([]byte(" "), len(written))
		}
		look.Write(written)
	}
	if i := endOfLabel(look.Bytes()); i >= 0 {
		b.Truncate(i)
	}
	short := strings.Join(strings.Fields(b.String()), " ")
	last := n.LastChild()
	for last != nil && last.Kind() == ast.KindRawHTML { // a stamp
		last = last.PreviousSibling()
	}
	if _, ok := last.(*ast.Text); ok {
		short = strings.TrimRight(short, ";,；， ") // between the items of a list that is a sentence
	}
	return short
}

// labelOfLine is the label of a heading or a line. For "Step 3: Migrate" it is all of
// the text, since "Step 3" says nothing.
func labelOfLine(n ast.Node, source []byte) string {
	short := label(n, source)
	if i := strings.LastIndexByte(short, ' '); isNumber(short[i+1:]) && stepWord().MatchString(short) && len(short) < 30 {
		return plain(n, source)
	}
	return short
}

// closers are what ends a quote or a remark in brackets, by what begins it.
var closers = map[rune]string{'"': `"`, '“': "”", '„': "“”", '‘': "’", '«': "»", '「': "」", '『': "』", '(': ")", '[': "]", '（': "）", '【': "】"}

// endOfLabel is the index of a colon that ends a word, outside of quotes and brackets, or -1.
func endOfLabel(text []byte) int {
	const longest = 200 // bytes of a quote
	letter := false     // an apostrophe behind one begins no quote
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		if c == '：' || c == ':' && (i+1 == len(text) || text[i+1] == ' ') {
			return i
		}
		i += size
		closer := closers[c]
		if c == '\'' && !letter {
			closer = "'"
		}
		if closer != "" {
			if end := bytes.IndexAny(text[i:min(i+longest, len(text))], closer); end >= 0 {
				_, size = utf8.DecodeRune(text[i+end:])
				i += end + size
			}
		}
		letter = unicode.IsLetter(c) || unicode.IsDigit(c)
	}
	return -1
}

// parseStamp reads "<!-- 2024-08-31T14:32:10+02:00 Ada Park -->". The time may have
// any form that [ParseTime] reads. A comment that does not begin with a time is not a
// stamp.
func parseStamp(s string, loc *time.Location) (at time.Time, by string, ok bool) {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<!--"), "-->")
	words := strings.Fields(s)
	if len(words) == 0 {
		return time.Time{}, "", false
	}
	if at, ok := parseRFC3339(words[0]); ok {
		return at, strings.Join(words[1:], " "), true
	}
	for n := min(3, len(words)); n > 0; n-- {
		if at, err := ParseTime(strings.Join(words[:n], " "), loc); err == nil {
			return at.Time, strings.Join(words[n:], " "), true
		}
	}
	return time.Time{}, "", false
}

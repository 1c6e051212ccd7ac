package records

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	gtext "github.com/yuin/goldmark/text"

	"github.com/deploysite/deploysite/internal/text"
)

// LabelledLine is a line such as "- **Operator**: ada" or "Deployed By: ada".
type LabelledLine struct {
	Label string
	Value string    // plain
	Span  text.Span // the value as written

	line  text.Span // from the label's markup to the value's end
	below ast.Node  // the list that the value was read from; nil for a value in its line
}

// labelLine matches a label, bold or not, a colon and the rest of the line. An emoji may
// stand before it. A colon in plain text must end a word, so that "https://" is not a
// label; a wide one does. Behind a bold label there may be a dash.
var labelLine = text.Pattern(`^\s*(?:(?:[\p{So}\x{1F3FB}-\x{1F3FF}\x{FE0F}\x{200D}]+|:[a-z0-9_+-]+:)\s*)?` +
	`(?:` + strong + `\s*([^*|<>\x60\[\]]{1,60}?)\s*(?:` + strongEnd + `(?:\s*(?:::?|：)|\s+[–—-]\s)|[:：]\s*` + strongEnd + `)|([^*|<>\x60\[\]:：]{1,40}?)\s*(?:::?(?:\s|$)|：))[ \t]*(.*?)\s*$`)

// strong is what begins emphasis, in Markdown and in HTML.
const (
	strong    = `(?:\*{1,3}|_{1,3}|<(?:b|strong|i|em)>)`
	strongEnd = `(?:\*{1,3}|_{1,3}|</(?:b|strong|i|em)>)`
)

// betweenLabels parts a value from the next label of its line: "Env: qa | Version: 1.2".
var betweenLabels = text.Pattern(`\s*(?:[|·•;；,、，]|<br\s*/?>)\s*|\s{2,}`)

// Labelled lists the labelled lines on top of a record, with any label: those up to
// the second heading. It needs the record's tree.
func (r *Record) Labelled() (lines []LabelledLine) {
	if r.Document.Root == nil {
		return nil
	}
	for n := r.Document.Root.FirstChild(); n != nil; n = n.NextSibling() {
		if _, isHeading := n.(*ast.Heading); isHeading && n.PreviousSibling() != nil {
			break
		}
		lines = append(lines, factLinesIn(n, r.Source)...)
	}
	return lines
}

// factLinesIn reads the labelled lines of a block as facts. A value ends with its line:
// what stands below is prose. It goes on where it ends in a comma, and where it is
// empty and a list stands below, as in "Deployed by:" with a bullet for each person.
func factLinesIn(n ast.Node, source []byte) (found []LabelledLine) {
	found = labelledIn(n, source, func(line LabelledLine) bool { return endsInComma(source[line.Span.Start:line.Span.End]) })
	if last := len(found) - 1; last >= 0 && found[last].Value == "" && n.Kind() != ast.KindList {
		found[last].readBelow(n.NextSibling(), source)
	}
	return found
}

func endsInComma(value []byte) bool {
	last, _ := utf8.DecodeLastRune(bytes.TrimRight(value, " \t\r\n"))
	return strings.ContainsRune(",、，", last)
}

// readBelow takes a list for the value.
func (l *LabelledLine) readBelow(n ast.Node, source []byte) {
	l.Value = listedBelow(n, source)
	if name, _ := factOf(l.Label); name == factCommit {
		l.Value = commitsBelow(n, source)
	}
	if l.Value != "" {
		l.below = n
	}
}

// commitsBelow are the first hashes of the items of a list, which may say more, as the lines
// of git log do.
func commitsBelow(n ast.Node, source []byte) string {
	list, ok := n.(*ast.List)
	if !ok || hasMarks(list) {
		return ""
	}
	var hashes []string
	for _, item := range children(list) {
		if first := item.FirstChild(); first != nil && first.Type() == ast.TypeBlock {
			hashes = append(hashes, anyHash().FindString(plain(first, source)))
		}
	}
	return text.Join(", ", hashes...)
}

// listedBelow are the items of a list as one value. Items with labels or boxes say
// something of their own.
func listedBelow(n ast.Node, source []byte) string {
	list, ok := n.(*ast.List)
	if !ok || hasMarks(list) {
		return ""
	}
	var items []string
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		first := item.FirstChild()
		if first == nil || first.NextSibling() != nil || first.Type() != ast.TypeBlock || len(labelledLines(first, source, never)) > 0 {
			return ""
		}
		items = append(items, plain(first, source))
	}
	return strings.Join(items, ", ")
}

// Two answers to whether a value goes on in the lines and the blocks below it.
func always(LabelledLine) bool { return true }
func never(LabelledLine) bool  { return false }

// labelledIn reads the labelled lines of a block: the first line of each list
// item, and each line of a paragraph. goesOn tells whether lines without a label
// continue the value before them.
func labelledIn(n ast.Node, source []byte, goesOn func(LabelledLine) bool) (found []LabelledLine) {
	switch n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return labelledLines(n, source, goesOn)
	case *ast.List:
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			found = append(found, labelledItem(item, source, goesOn)...)
		}
	}
	return found
}

// labelledItem reads a list item: its first block has the label, the blocks after it
// belong to the value if that goes on, or is empty and they are a list.
func labelledItem(item ast.Node, source []byte, goesOn func(LabelledLine) bool) []LabelledLine {
	first := item.FirstChild()
	if first == nil || first.Type() != ast.TypeBlock {
		return nil
	}
	found := labelledLines(first, source, goesOn)
	if len(found) == 0 {
		return nil
	}
	last := &found[len(found)-1]
	switch more := first.NextSibling(); {
	case more == nil:
	case goesOn(*last):
		parts := []string{last.Value}
		for ; more != nil; more = more.NextSibling() {
			if !hasMarks(more) { // boxes to choose by are no value
				parts = append(parts, plain(more, source))
			}
		}
		last.Value = strings.TrimSpace(strings.Join(parts, " "))
	case last.Value == "":
		last.readBelow(more, source)
	}
	return found
}

func hasMarks(list ast.Node) bool {
	return slices.ContainsFunc(children(list), isMarked)
}

func labelledLines(n ast.Node, source []byte, goesOn func(LabelledLine) bool) (found []LabelledLine) {
	lines, afterBold, open := n.Lines(), false, false
	for i := range lines.Len() {
		line := lines.At(i)
		l, bold, ok := parseLabelled(source, text.Span{Start: line.Start, End: line.Stop})
		if i > 0 && !ok {
			l, ok = defines(source, lines.At(i-1), line)
		}
		if ok && (bold || !afterBold || knownLabel(l.Label)) { // a colon in the value of a bold label is none of a label
			afterBold, open = bold, true
			found = append(found, labelsBeside(l, bold, source)...)
			continue
		}
		if open = open && goesOn(found[len(found)-1]); open {
			last := &found[len(found)-1]
			last.line.End = line.Start + len(bytes.TrimRight(source[line.Start:line.Stop], " \t\r\n"))
			last.Span.End = last.line.End
		}
	}
	for i := range found {
		found[i].Value = plainLine(string(source[found[i].Span.Start:found[i].Span.End]))
	}
	return found
}

// defines reads a known label with its value below it, as in a list of definitions:
//
//	Environment
//	: production
func defines(source []byte, term, line gtext.Segment) (l LabelledLine, ok bool) {
	label := plainLine(string(source[term.Start:term.Stop]))
	m := defined().FindSubmatchIndex(source[line.Start:line.Stop])
	if m == nil || !knownLabel(label) {
		return LabelledLine{}, false
	}
	value := text.Span{Start: line.Start + m[2], End: line.Start + m[3]}
	return LabelledLine{Label: label, Span: value, line: text.Span{Start: term.Start, End: value.End}}, true
}

var defined = text.Pattern(`^\s*:[ \t]+(.*?)\s*$`)

// labelsBeside parts a line that has several labels: behind a label with a meaning
// such, all in bold, and all behind a sign that parts columns; behind one in bold those
// in bold.
func labelsBeside(l LabelledLine, bold bool, source []byte) []LabelledLine {
	known := knownLabel(l.Label)
	if !known && !bold {
		return []LabelledLine{l}
	}
	value := source[l.Span.Start:l.Span.End]
	for _, at := range betweenLabels().FindAllIndex(value, -1) {
		if inBrackets(value[:at[0]]) {
			continue
		}
		next, nextBold, ok := parseLabelled(source, text.Span{Start: l.Span.Start + at[1], End: l.Span.End})
		if ok && (nextBold || known && (knownLabel(next.Label) || bytes.ContainsAny(value[at[0]:at[1]], "|·•>"))) {
			l.Span.End = l.Span.Start + at[0]
			l.line.End = l.Span.End
			return append([]LabelledLine{l}, labelsBeside(next, nextBold, source)...)
		}
	}
	return []LabelledLine{l}
}

// inBrackets reports whether a text ends within parentheses or code.
func inBrackets(s []byte) bool {
	return bytes.Count(s, []byte("(")) > bytes.Count(s, []byte(")")) || bytes.Count(s, []byte("`"))%2 == 1
}

// withoutEmphasis is a line without the emphasis around all of it: "**Status: failed**".
func withoutEmphasis(content []byte, line text.Span) (inner text.Span, ok bool) {
	written := bytes.TrimSpace(content[line.Start:line.End])
	marks := len(written) - len(bytes.TrimLeft(written, "*_"))
	if marks == 0 || marks > 3 || len(written) < 2*marks+2 || !bytes.HasSuffix(written, written[:marks]) || bytes.ContainsAny(written[marks:len(written)-marks], "*_") {
		return line, false
	}
	start := line.Start + bytes.Index(content[line.Start:line.End], written)
	return text.Span{Start: start + marks, End: start + len(written) - marks}, true
}

// parseLabelled reads one line. It leaves Value empty.
func parseLabelled(content []byte, line text.Span) (l LabelledLine, bold, ok bool) {
	match := func(line text.Span) []int {
		written := bytes.TrimRight(content[line.Start:line.End], "\r\n")                                                      // an empty value stands before them
		if bytes.IndexByte(written, ':') < 0 && !bytes.Contains(written, []byte("：")) && !bytes.ContainsAny(written, "*_<") { // most lines are done with here
			return nil
		}
		return labelLine().FindSubmatchIndex(written)
	}
	inner, wholly := withoutEmphasis(content, line)
	m := match(inner)
	if m == nil {
		return LabelledLine{}, false, false
	}
	if wholly && m[6] == m[7] { // "**Deployed by:**": the value goes behind the emphasis, not into it
		if whole := match(line); whole != nil {
			m, inner = whole, line
		}
	}
	line = inner
	group := func(i int) text.Span { return text.Span{Start: line.Start + m[2*i], End: line.Start + m[2*i+1]} }
	bold = m[2] >= 0
	name := group(2)
	if bold {
		name = group(1)
	}
	bold = bold || wholly
	l = LabelledLine{Label: string(content[name.Start:name.End]), Span: group(3)}
	if behind := content[name.End:l.Span.Start]; !bytes.ContainsAny(behind, ":：") && !knownLabel(l.Label) {
		return LabelledLine{}, false, false // a dash behind bold text mostly is no more than that
	}
	l.line = text.Span{Start: line.Start, End: l.Span.End}
	return l, bold, true
}

var (
	inlineLink = text.Pattern(`!?\[([^\[\]]*)\]\([^()\s]*\)`)
	comment    = text.Pattern(`<!--.*?-->`)
	autolink   = text.Pattern(`<([A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*|[^<>\s@]+@[^<>\s]+)>`)
	htmlTag    = text.Pattern(`</?[A-Za-z][^<>]*>`)
	wikiLink   = text.Pattern(`\[\[(?:[^\[\]|\n]*\|)?([^\[\]|\n]+)\]\]`) // of a notebook: "[[Ada Park]]"
	escaped    = text.Pattern(`\\([!-/:-@\[-\x60{-~])`)
	markup     = strings.NewReplacer("**", "", "`", "")
)

// plainLine is a value without markup. It works on the text, because the tree does not
// know where a value begins.
func plainLine(s string) string {
	if strings.Contains(s, "\\") && !strings.Contains(s, "`") { // in code it stands for itself
		s = escaped().ReplaceAllString(s, "$1")
	}
	if strings.ContainsAny(s, "<[*`>") {
		s = wikiLink().ReplaceAllString(s, "$1")
		s = lineBreak().ReplaceAllString(comment().ReplaceAllString(s, ""), " ")
		s = inlineLink().ReplaceAllString(s, "$1")
		s = htmlTag().ReplaceAllString(autolink().ReplaceAllString(s, "$1"), "")
		s = markup.Replace(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

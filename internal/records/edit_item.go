package records

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/text"
)

// place is where a new list item goes.
type place struct {
	at      text.Span // what it replaces; an empty span is a line's begin
	indent  string    // what each of its lines begins with
	marker  string    // "- ", "3. "
	heading string    // lines above it, for a section that is new
	apart   bool      // between blank lines
}

// apartAt is the place for a list of its own at a line's begin.
func apartAt(at int) place {
	return place{at: text.Span{Start: at, End: at}, marker: "- ", apart: true}
}

// under is the same place with the heading of a new section.
func (p place) under(level int, title string) place {
	p.heading = heading(min(level, 6), title) + "\n\n"
	return p
}

// behind is the offset of the line behind a block.
func (l layout) behind(n ast.Node) int { return nextLine(l.Source, l.BlockSpan(n).End) }

// writing is what a list item says.
type writing struct {
	text string // Markdown
	code string // shown as it is, in a block below the text

	stamp Stamp // behind the text's first paragraph
}

// stamped is the text with its stamp.
func (w writing) stamped() string {
	stamp := w.stamp.String()
	if stamp == "" {
		return w.text
	}
	end := len(w.text)
	if next := nextBlock().FindStringIndex(w.text); next != nil {
		end = next[0]
	}
	return w.text[:end] + " " + stamp + w.text[end:]
}

// nextBlock matches where a text's first paragraph ends.
var nextBlock = text.Pattern("\n[ \t]*(?:\n|[-*+>] |\\d+[.)] |```)")

// write is the edit that writes an item at a place. New lines end like the file's.
func (l layout) write(p place, w writing) Edit {
	inner := p.indent + blank(p.marker)
	lines := p.indent + p.marker + strings.ReplaceAll(w.stamped(), "\n", "\n"+inner) + "\n"
	if w.code != "" {
		fence := text.Fence(w.code)
		lines += inner + fence + "text\n" + inner + strings.ReplaceAll(w.code, "\n", "\n"+inner) + "\n" + inner + fence + "\n"
	}
	lines = trailingBlanks().ReplaceAllString(lines, "")
	if p.at.End > p.at.Start {
		lines = strings.TrimSuffix(strings.TrimPrefix(lines, p.indent), "\n")
		return Edit{p.at, withLineEnds(lines, l.Source)}
	}
	return l.insertLines(p.at.Start, p.heading+lines, p.apart)
}

var trailingBlanks = text.Pattern(`(?m)[ \t]+$`)

// insertLines inserts lines at the beginning of a line, or at the end of the file.
// With apart there are blank lines around them.
func (l layout) insertLines(at int, lines string, apart bool) Edit {
	before, after := bytes.TrimPrefix(l.Source[:at], text.ByteOrderMark), l.Source[at:]
	if len(before) > 0 && !bytes.HasSuffix(before, []byte("\n")) {
		lines = "\n" + lines
		before = append(bytes.Clone(before), '\n')
	}
	if apart && len(bytes.TrimSpace(before[lineStart(before, max(0, len(before)-1)):])) > 0 {
		lines = "\n" + lines
	}
	if apart && len(bytes.TrimSpace(text.FirstLine(after))) > 0 {
		lines += "\n"
	}
	return Edit{text.Span{Start: at, End: at}, withLineEnds(lines, l.Source)}
}

// blank is as many blanks as s has characters. It keeps tabs, and the ">" of quotes,
// which begins each of their lines.
func blank(s string) string {
	return strings.Map(func(c rune) rune {
		if c == '\t' || c == '>' {
			return c
		}
		return ' '
	}, s)
}

// appendTo is the place behind the last item of a list.
func (l layout) appendTo(list *ast.List) place {
	last := list.LastChild()
	bullet := blockStart(last)
	p := place{indent: blank(string(l.Source[lineStart(l.Source, bullet):bullet])), marker: l.nextMarker(list)}
	p.at.Start = l.behind(last)
	p.at.End = p.at.Start
	p.apart = !list.IsTight && list.ChildCount() > 1
	return p
}

// below is the place behind all that is nested in an item. content is the offset at
// which the item's text begins.
func (l layout) below(item *ast.ListItem, content int) place {
	if list, ok := item.LastChild().(*ast.List); ok {
		return l.appendTo(list)
	}
	end := l.behind(item)
	return place{at: text.Span{Start: end, End: end}, indent: blank(string(l.Source[lineStart(l.Source, content):content])), marker: "- "}
}

var listMarker = text.Pattern(`^(?:[-*+]|(\d{1,9})([.)]))[ \t]*`)

// markerOf is an item's bullet or number with the blanks behind it.
func (l layout) markerOf(item ast.Node) string {
	m := string(listMarker().Find(text.FirstLine(l.Source[blockStart(item):])))
	bare := strings.TrimRight(m, " \t")
	if blanks := len(m) - len(bare); item.FirstChild() == nil || blanks == 0 || blanks > 4 {
		return bare + " "
	}
	return m
}

// nextMarker is the marker of a new item at the end of a list. If all items have the
// same number, so has the new one.
func (l layout) nextMarker(list *ast.List) string {
	last := l.markerOf(list.LastChild())
	m := listMarker().FindStringSubmatch(last)
	if m == nil {
		return "- "
	}
	if m[1] == "" || list.ChildCount() > 1 && l.markerOf(list.FirstChild()) == last {
		return last
	}
	return strconv.Itoa(atoi(m[1])+1) + strings.TrimPrefix(last, m[1])
}

// printable makes a text valid UTF-8 without control characters.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if text.Steers(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// cleanText prepares a text that somebody typed: printable, with line feeds, and
// without blanks around it.
func cleanText(s string) string {
	s = printable(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s))
	return strings.TrimSpace(trailingBlanks().ReplaceAllString(s, ""))
}

// spelling is a way to write something, and the plain text that is read from it.
type spelling struct {
	writing
	plain string
}

// spellings are the ways to write a text, the best first: as Markdown if that shows
// all of it, and with its punctuation escaped.
//
// A stamp is no part of what is shown. It is left out where it would not fit.
func spellings(w writing) (ways []spelling) {
	if stamp := w.stamp; !stamp.At.IsZero() {
		w.stamp = Stamp{}
		for _, way := range spellings(w) {
			bare := way
			way.stamp = stamp
			ways = append(ways, way, bare)
		}
		return ways
	}
	plain, whole := readItem(w)
	if whole {
		ways = append(ways, spelling{w, plain})
	}
	letters := text.Fold(w.text + " " + w.code)
	w.text = escape(w.text)
	if plain, _ = readItem(w); text.Fold(plain) == letters {
		ways = append(ways, spelling{w, plain})
	}
	return ways
}

// lineBegins matches what begins a block at the beginning of a line, and is not
// escaped by [punctuation].
var lineBegins = text.Pattern(`(?m)^([ \t]*(?:\d+)?)([-+=.)])`)

// escape writes a text so that Markdown shows it as it is. A box is a box with
// escaped brackets, too, so one in front gets its bracket as a number.
func escape(text string) string {
	escaped := lineBegins().ReplaceAllString(punctuation.Replace(text), `${1}\${2}`)
	if rest, ok := strings.CutPrefix(escaped, `\[`); ok {
		return "&#91;" + rest
	}
	return escaped
}

// readItem reads a list item by itself: its plain text, and whether all of it is
// shown. Inline markup and code may be used. Raw HTML, a mark or a definition would
// not be shown, and a heading is not a note.
func readItem(w writing) (plain string, whole bool) {
	r := Parse("note.md", nil, Options{})
	r = Parse("note.md", []byte((layout{r}).write(place{marker: "- "}, w).Text), Options{})
	root := r.Document.Root
	if root == nil || root.FirstChild() == nil {
		return "", false
	}
	list, ok := root.FirstChild().(*ast.List)
	if !ok {
		return "", false
	}
	whole = root.ChildCount() == 1 && list.ChildCount() == 1
	_ = ast.Walk(list, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		whole = whole && isText(n)
		return ast.WalkContinue, nil
	})
	return r.Plain(list), whole
}

func isText(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ListItem:
		return !isMarked(n)
	case *ast.List, *ast.Paragraph, *ast.TextBlock, *ast.Blockquote, *ast.CodeBlock, *ast.FencedCodeBlock,
		*ast.Text, *ast.String, *ast.CodeSpan, *ast.Emphasis, *ast.Link, *ast.Image, *ast.AutoLink, *extensionast.Strikethrough:
		return true
	}
	return false
}

package records

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"github.com/deploysite/deploysite/internal/text"
)

// Lines returns the text of a record line by line, as people read it: without the
// markup of Markdown and HTML, each paragraph and each row of a table in one line,
// and code as it is. The search uses these lines, and so does the recognition of
// errors.
//
// Set both functions before you call a method.
type Lines struct {
	Begin func(*Note, *Step) // a note begins, a step that failed, or what another step says is to be done; both are nil where the rest goes on
	Add   func(line []byte)  // not empty, without blanks around it, good until the next call

	r      *Record
	source []byte
	skip   text.Span
	notes  map[ast.Node]bool  // nodes of notes that are still to come
	steps  map[ast.Node]*Step // by their item where they failed, else by the text of what is to be done
	step   *Step              // the one that has begun, or nil
	line   bytes.Buffer
}

// LinesOf makes the lines of a record. It leaves out the span skip, such as the
// briefing, which quotes other records.
func LinesOf(r *Record, skip text.Span) *Lines {
	l := &Lines{r: r, source: r.Source, skip: skip}
	if !utf8.Valid(r.Source) {
		l.source = ReplaceInvalid(r.Source)
	}
	return l
}

// All passes on all lines of the record: first those that are not in notes, then the
// notes.
func (l *Lines) All() { attempt(l.all) } // what fails on a text costs the lines that follow

func (l *Lines) all() {
	if l.r.Document.Root == nil { // too costly to lay out: the source is what there is
		for line := range bytes.Lines(l.source) {
			l.add(line)
		}
		return
	}
	l.notes, l.steps = map[ast.Node]bool{}, map[ast.Node]*Step{}
	for _, n := range l.r.Notes {
		for _, node := range n.Nodes {
			l.notes[node] = true
		}
	}
	for i := range l.r.Steps {
		if s := &l.r.Steps[i]; s.State == StepFailed {
			l.steps[s.Node] = s
		} else if s.TextNode != nil {
			l.steps[s.TextNode] = s
		}
	}
	l.children(l.r.Document.Root)
	l.steps = nil // what stands in a note is the note's
	for i := range l.r.Notes {
		l.note(&l.r.Notes[i])
	}
}

// note passes on a note's lines. Those of an issue begin with its title.
func (l *Lines) note(n *Note) {
	l.Begin(n, nil)
	if n.Issue != nil {
		l.add([]byte(n.Issue.Title))
	}
	for _, node := range n.Nodes {
		delete(l.notes, node) // a note may hold another
		l.Block(node)
	}
}

func (l *Lines) children(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if !l.notes[n] && !l.skips(n) {
			l.Block(n)
		}
	}
}

func (l *Lines) skips(n ast.Node) bool {
	if l.skip.IsZero() {
		return false
	}
	at := blockStart(n)
	return at >= l.skip.Start && at < l.skip.End
}

// Block passes on the lines of one block of the record's tree. If All was not called
// before, it does not call Begin for notes and steps.
func (l *Lines) Block(n ast.Node) { attempt(func() { l.block(n) }) }

func (l *Lines) block(n ast.Node) {
	if step := l.stepOf(n); step != nil {
		around := l.step
		l.step = step
		l.Begin(nil, step)
		defer func() {
			l.step = around
			l.Begin(nil, around)
		}()
	}
	switch n := n.(type) {
	case *ast.Heading:
		l.line.Reset()
		l.inline(n)
		if n.Level > 1 || !InTitle(l.line.String(), l.r.Title.Value) {
			l.add(l.line.Bytes())
		}
	case *ast.Paragraph, *ast.TextBlock:
		l.line.Reset()
		l.inline(n)
		l.add(l.line.Bytes())
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		l.raw(n, func(line []byte) []byte { return line })
	case *ast.HTMLBlock:
		l.raw(n, withoutTags)
	case *extensionast.TableRow, *extensionast.TableHeader:
		l.row(n)
	default:
		l.children(n)
	}
}

// stepOf is the step that begins with a block: one that failed with its item, and
// another with its text, or with the row of a table that has it. Of several in a row
// one that failed counts.
func (l *Lines) stepOf(n ast.Node) *Step {
	step := l.steps[n]
	if n.Kind() == extensionast.KindTableRow && len(l.steps) > 0 {
		for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
			if s := l.steps[cell]; s != nil && (step == nil || s.State == StepFailed) {
				step = s
			}
		}
	}
	return step
}

func (l *Lines) row(n ast.Node) {
	l.line.Reset()
	for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
		if cell.PreviousSibling() != nil {
			l.line.WriteString("  ")
		}
		l.inline(cell)
	}
	l.add(l.line.Bytes())
}

func (l *Lines) raw(n ast.Node, edit func([]byte) []byte) {
	lines := n.Lines()
	for i := range lines.Len() {
		segment := lines.At(i)
		l.add(edit(segment.Value(l.source)))
	}
}

func (l *Lines) add(line []byte) {
	if line = bytes.TrimSpace(line); len(line) > 0 {
		l.Add(line)
	}
}

// withoutTags leaves what stands between the tags of a line of HTML.
func withoutTags(line []byte) (out []byte) {
	for {
		text, rest, found := bytes.Cut(line, []byte("<"))
		out = append(out, text...)
		if !found {
			return out
		}
		_, line, _ = bytes.Cut(rest, []byte(">"))
		out = append(out, ' ')
	}
}

// inline writes the text of a block without blocks in it, with the addresses of links.
func (l *Lines) inline(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text, *ast.String, *ast.AutoLink, *ast.RawHTML:
			writePlain(&l.line, c, l.source)
		case *ast.Link:
			l.inline(c)
			if bytes.HasPrefix(c.Destination, []byte("http")) {
				l.line.WriteString(" (" + string(resolved(c.Destination)) + ")")
			}
		default:
			l.inline(c)
		}
	}
}

// resolved is a text as it was meant, without escapes and entities.
func resolved(raw []byte) []byte {
	return util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(raw)))
}

// ReplaceInvalid puts one "?" in place of each byte that is not UTF-8, so that
// every offset stays right.
func ReplaceInvalid(source []byte) []byte {
	out := bytes.Clone(source)
	for i := 0; i < len(out); {
		r, size := utf8.DecodeRune(out[i:])
		if r == utf8.RuneError && size == 1 {
			out[i] = '?'
		}
		i += size
	}
	return out
}

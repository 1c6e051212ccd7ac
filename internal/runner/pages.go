package runner

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// help lists the keys.
func (m *model) help() tea.Cmd {
	p := &page{title: "Keys"}
	for _, b := range bindings() {
		if b.keys == "n" || b.keys == "c" || b.keys == "u" || strings.HasPrefix(b.keys, "down") || b.keys == "enter" {
			p.body = append(p.body, nil)
		}
		p.body = append(p.body, line{{fmt.Sprintf("%-14s", b.names()), bold | indents}, {b.help, plain}})
	}
	p.body = append(p.body, nil, inStyle("Every key that changes something is written to "+path.Base(m.record.File)+
		" before the next is taken. The file can be open in an editor meanwhile: what is saved there is read again here, and never overwritten.", dim))
	m.over = p
	return nil
}

// maxText is how many characters of one text of a record are shown, on a page of
// its own.
const maxText = 20_000

// details is all that the record says about the step.
func (m *model) details() tea.Cmd {
	s, ok := m.step()
	if !ok {
		return nil
	}
	p := &page{title: cmp.Or(shown(text.First(s.Place(), 200)), "Step")}
	p.body = append(p.body, stepText(m.record, s, maxText), nil, m.markedBy(s))
	if notes := m.record.StepNotes(s); len(notes) > 0 {
		p.body = append(p.body, nil)
		for _, n := range notes {
			p.body = append(p.body, bullet(n))
		}
	}
	for _, n := range m.record.Notes {
		if n.Kind == records.Issues && n.Stamp.Step == s.Key {
			p.body = append(p.body, nil, append(line{{"Issue ", bold}}, inStyle(shown(text.First(n.Text, maxText)), plain)...))
		}
	}
	for _, c := range commandsOf(m.record, s) {
		p.body = append(p.body, nil)
		p.body = append(p.body, c.display()...)
	}
	m.over = p
	return nil
}

func bullet(s string) line {
	return line{{"– ", dim | indents}, {shown(text.First(s, maxText)), plain}}
}

// markedBy is the state of the step, when it was marked, and by whom.
func (m *model) markedBy(s records.Step) line {
	l := line{{stateSigns[s.State] + " " + s.State.Words(), stateStyles[s.State]}}
	if s.At.IsZero() {
		return l
	}
	return append(l, piece{strings.TrimRight("  "+clock(m.record, s.At)+"  "+shown(s.By), " "), dim})
}

// stepText is the step's own text, with its label and commands in styles of their own.
func stepText(r *records.Record, s records.Step, n int) line {
	if s.TextNode == nil {
		return inStyle(shown(text.First(s.Text, n)), plain)
	}
	return inline(r, s.TextNode, plain, &n)
}

// inline is a block's text in pieces; n is how many characters are left to show.
func inline(r *records.Record, block ast.Node, l style, n *int) (out line) {
	for c := block.FirstChild(); c != nil && *n > 0; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.CodeSpan:
			s := text.First(codeText(r, c), *n)
			*n -= len(s)
			out = append(out, piece{strings.Join(command(s).lines(), " "), l | cyan})
		case *ast.Emphasis:
			out = append(out, inline(r, c, l|bold, n)...)
		case *ast.Link:
			out = append(out, inline(r, c, l, n)...)
		default:
			s := text.First(r.Plain(c), *n)
			*n -= len(s)
			out = append(out, piece{withBlanks(r, c, shown(s)), l})
		}
	}
	return out
}

// withBlanks adds the blanks at the ends of a text again, which separate it from its
// neighbours.
func withBlanks(r *records.Record, n ast.Node, s string) string {
	t, ok := n.(*ast.Text)
	if !ok {
		return s
	}
	value := string(t.Segment.Value(r.Source))
	if strings.TrimLeft(value, " \t") != value {
		s = " " + s
	}
	if strings.TrimRight(value, " \t") != value || t.SoftLineBreak() || t.HardLineBreak() {
		s += " "
	}
	return s
}

// briefing shows the briefing that is folded away in the record.
func (m *model) briefing() tea.Cmd {
	body := briefingOf(m.record)
	if len(body) == 0 {
		m.say("This record holds no briefing.")
		return nil
	}
	m.over = &page{title: "Briefing, as it was at the start", body: body}
	return nil
}

// briefingOf is the text of the briefing that is folded away in a record.
func briefingOf(r *records.Record) (body []line) {
	block := insights.BlockSpan(r)
	if block.IsZero() {
		return nil
	}
	for n := r.Document.Root.FirstChild(); n != nil; n = n.NextSibling() {
		if at := n.Pos(); at < block.Start || at >= block.End || n.Kind() == ast.KindHTMLBlock {
			continue
		}
		if n.Kind() != ast.KindList && len(body) > 0 {
			body = append(body, nil)
		}
		body = append(body, blockText(r, n)...)
	}
	return body
}

// blockText is a list or a paragraph of a briefing.
func blockText(r *records.Record, n ast.Node) (body []line) {
	if _, ok := n.(*ast.List); !ok {
		return []line{inStyle(shown(text.First(r.Plain(n), maxText)), plain)}
	}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		body = append(body, bullet(r.Plain(item)))
	}
	return body
}

package runner

import (
	tea "charm.land/bubbletea/v2"
)

// page is a text to be read, over the whole window.
type page struct {
	title string
	body  []line // not yet wrapped
	top   int
}

func (p *page) key(m *model, k tea.KeyPressMsg) tea.Cmd {
	height := m.height - pageFrame
	switch k.String() {
	case "esc", "q", "enter", "ctrl+c", "?", "b":
		m.over = nil
	case "down", "j":
		p.top++
	case "up", "k":
		p.top--
	case "pgdown", "space", "ctrl+f":
		p.top += height
	case "pgup", "ctrl+b":
		p.top -= height
	case "home", "g":
		p.top = 0
	case "end", "G":
		p.top = len(p.wrapped(m.width))
	}
	p.top = max(0, min(p.top, len(p.wrapped(m.width))-height))
	return nil
}

// wrapped is the body as it is shown.
func (p *page) wrapped(columns int) (lines []line) {
	for _, l := range p.body {
		lines = append(lines, wrapBody(l, pageColumns(columns)-4)...)
	}
	return lines
}

// pageColumns is how many columns a page takes of a window.
func pageColumns(width int) int { return min(width, 100) }

// Looks that say how a line of a page is wrapped.
const (
	indents  look = 1 << 7 // the lines after it are indented by this piece, such as a bullet
	verbatim look = 1 << 6 // this piece, the last, is broken where the line ends and keeps its blanks
)

func wrapBody(l line, columns int) []line {
	var first piece
	if len(l) > 0 && l[0].look&indents != 0 {
		first, l = l[0], l[1:]
	}
	columns -= width(first.text)
	if len(l) == 1 && l[0].look&verbatim != 0 {
		var parts []line
		for _, part := range hardWrap(l[0].text, columns) {
			parts = append(parts, inLook(part, l[0].look))
		}
		return indented(first, parts)
	}
	return indented(first, l.wrap(columns))
}

// question is a text with some answers. Any other key declines it.
type question struct {
	title   string
	body    []line
	answers []answer
	numbers string // what the answers do that are numbers; "" if there are none
	small   bool   // at the bottom of the list, not over it
	whole   bool   // must be seen whole to be answered
}

type answer struct {
	key, word string
	do        func(m *model) tea.Cmd
}

func (q *question) key(m *model, k tea.KeyPressMsg) tea.Cmd {
	m.over = nil
	for _, a := range q.answers {
		if k.String() == a.key && m.canAnswer(q) {
			return a.do(m)
		}
	}
	return nil
}

// count is how many answers are numbers.
func (q *question) count() (n int) {
	for _, a := range q.answers {
		if a.key >= "1" && a.key <= "9" {
			n++
		}
	}
	return n
}

// canAnswer tells whether all that an answer is about is on the screen.
func (m *model) canAnswer(q *question) bool {
	return !q.whole || !m.tooSmall() && len(q.wrapped(m.width)) <= m.height-pageFrame
}

func (q *question) wrapped(columns int) []line { return (&page{body: q.body}).wrapped(columns) }

package runner

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// page is a text to be read, over the whole window.
type page struct {
	title string
	body  []line // not yet wrapped
	top   int
}

// key scrolls or closes the page. Any other key of the list closes it as well, and does
// what it does there.
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
	default:
		if isBound(k.String()) {
			m.over = nil
			return m.handle(k)
		}
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

// Styles that say how a line of a page is wrapped.
const (
	indents  style = 1 << 7 // the lines after it are indented by this piece, such as a bullet
	verbatim style = 1 << 6 // this piece, the last, is broken where the line ends and keeps its blanks
)

func wrapBody(l line, columns int) []line {
	var first piece
	if len(l) > 0 && l[0].style&indents != 0 {
		first, l = l[0], l[1:]
	}
	columns -= width(first.text)
	if len(l) == 1 && l[0].style&verbatim != 0 {
		var parts []line
		for part := range strings.SplitSeq(ansi.HardwrapWc(l[0].text, max(columns, 2), true), "\n") {
			parts = append(parts, inStyle(part, l[0].style))
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
	numbers string // what the answers do, where their keys are the numbers from 1; "" otherwise
	no      string // said when it is declined; "" for nothing
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
	if q.no != "" {
		m.say(q.no)
	}
	if key := k.String(); isBound(key) && !declines(key) {
		m.fail(fmt.Sprintf("%s was no answer, so nothing was done. Press it again for the checklist.", keyName(key)))
	}
	return nil
}

// declines reports whether a key is a usual way to say no.
func declines(key string) bool {
	return slices.Contains([]string{"enter", "n", "q", "ctrl+c"}, key)
}

// number adds an answer whose key is the next number, and returns that key for the
// body.
func (q *question) number(do func(m *model) tea.Cmd) piece {
	key := fmt.Sprint(len(q.answers) + 1)
	q.answers = append(q.answers, answer{key, "", do})
	return piece{key + "  ", bold | indents}
}

// canAnswer reports whether all that an answer is about is on the screen.
func (m *model) canAnswer(q *question) bool {
	return !q.whole || !m.tooSmall() && len(q.wrapped(m.width)) <= m.height-pageFrame
}

func (q *question) wrapped(columns int) []line { return (&page{body: q.body}).wrapped(columns) }

// pageLines is a page over the whole window.
func (m *model) pageLines(p *page) []line {
	body := p.wrapped(m.width)
	height := m.height - pageFrame
	top := max(0, min(p.top, len(body)-height))
	end := min(len(body), top+height)
	keys := line{{" ", plain}, {"Esc", bold}, {" back", dim}}
	if len(body) > height {
		keys = append(keys, piece{"   ↑ ↓ Space", bold}, piece{" scroll", dim})
	}
	var place line
	if end < len(body) || top > 0 {
		place = inStyle(fmt.Sprintf("%d–%d of %d lines ", top+1, end, len(body)), dim)
	}
	return m.fullPage(p.title, body[top:end], keys.withRight(place, pageColumns(m.width)))
}

func (m *model) questionLines(q *question) []line {
	body, keys := q.wrapped(m.width), answerLine(q, m.columns())
	if !m.canAnswer(q) {
		keys = line{{" Make the window larger to see it all. ", red | bold}, {"any key", bold}, {" goes back", dim}}
	}
	return m.fullPage(q.title, body[:min(len(body), m.height-pageFrame)], keys)
}

// fullPage is a title, a body and a line of keys, in the whole window.
func (m *model) fullPage(title string, body []line, keys line) []line {
	lines := []line{append(line{{" ", plain}}, inStyle(title, bold|cyan)...), nil}
	for _, l := range body {
		lines = append(lines, append(line{{"  ", plain}}, l...))
	}
	for len(lines) < m.height-1 {
		lines = append(lines, nil)
	}
	return append(slices.Clip(lines), keys)
}

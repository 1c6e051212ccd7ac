package runner

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// The window, from above:
//
//	head     what it is, how far it is, how long it takes
//	list     sections and steps
//	rule     what of the list is not seen
//	detail   the step that keys are for
//	notice   what was done last, or what is being written
//	keys     the most used keys, or the line that is being written
const (
	minWidth  = 40
	minHeight = 10
	pageFrame = 4 // lines of a page that are not its text: title, blank, blank, keys
)

// frame is how many lines each part has.
type frame struct{ head, list, detail, notice int }

// frameOf divides the window. A longer notice takes lines from the detail, so that the
// list stays where it is.
func (m *model) frameOf() frame {
	f := frame{head: 3, detail: max(2, min(m.height/4, 9)), notice: len(m.bottom()) - 1}
	if m.height < 18 {
		f.head = 2
	}
	f.list = max(1, m.height-f.head-1-f.detail-1-1)
	f.detail -= f.notice - 1
	return f
}

// airy reports whether there is room for blank lines between sections.
func (m *model) airy() bool { return m.height >= 22 }

func (m *model) tooSmall() bool { return m.width < minWidth || m.height < minHeight }

// View implements tea.Model.
func (m *model) View() tea.View {
	var b strings.Builder
	for i, l := range m.screen() {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.cut(m.width).styled())
	}
	v := tea.NewView(b.String())
	v.AltScreen = true
	if p, ok := m.over.(*prompt); ok && !m.tooSmall() {
		_, x := p.input.visible(m.columns() - len(promptSign) - 1)
		v.Cursor = tea.NewCursor(x+len(promptSign), m.height-1)
		v.Cursor.Blink = false
	}
	return v
}

// screen is all lines of the window.
func (m *model) screen() (lines []line) {
	switch over := m.over.(type) {
	case *page:
		if !m.tooSmall() {
			return m.pageLines(over)
		}
	case *question:
		if !over.small && !m.tooSmall() {
			return m.questionLines(over)
		}
	}
	if m.tooSmall() {
		return m.smallLines()
	}
	f := m.frameOf()
	lines = append(withMargin(m.headLines(f.head)), m.progressLine())
	lines = append(lines, withMargin(m.listLines(f.list))...)
	lines = append(lines, m.ruleLine(f.list))
	lines = append(lines, withMargin(m.detailLines(f.detail))...)
	return append(lines, m.bottom()...)
}

// withMargin puts a blank before each line.
func withMargin(lines []line) []line {
	for i := range lines {
		lines[i] = append(line{{" ", plain}}, lines[i]...)
	}
	return lines
}

// inner is the width within the margins.
func (m *model) inner() int { return m.columns() - 2 }

// columns is how many columns of the window are used: in a line that is longer the
// eye gets lost.
func (m *model) columns() int { return min(m.width, 130) }

// smallLines is the screen of a window that is too small.
func (m *model) smallLines() []line {
	lines := inStyle(fmt.Sprintf("This window has %d × %d characters; %d × %d are needed. Nothing is lost.", m.width, m.height, minWidth, minHeight), plain).wrap(m.width)
	for len(lines) < m.height {
		lines = append(lines, nil)
	}
	return lines[:max(0, m.height)]
}

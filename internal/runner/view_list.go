package runner

import (
	"fmt"
	"strings"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// Marks are told by shape, word and colour.
var (
	stateSigns = map[records.State]string{
		records.Done: "✓", records.StepFailed: "✗", records.StepRunning: "▸", records.Skipped: "»", records.Pending: "◦",
	}
	stateStyles = map[records.State]style{
		records.Done: green, records.StepFailed: red | bold, records.StepRunning: cyan | bold, records.Skipped: dim, records.Pending: plain,
	}
	statusStyles = map[records.Status]style{
		records.InProgress: cyan, records.Succeeded: green, records.Failed: red, records.RolledBack: red, records.Cancelled: dim,
	}
)

// listLines are the rows that are seen. The section that the first of them is in
// is always named.
func (m *model) listLines(height int) (lines []line) {
	if len(m.record.Steps) == 0 {
		lines = m.noSteps()
	}
	e := elapsedAt(m.record, m.list.sections, m.now)
	for i := m.top; i < len(m.list.rows) && len(lines) < height; i++ {
		r := m.list.rows[i]
		if i == m.top && m.headingStands() {
			r.step = heading
		}
		switch r.step {
		case blank:
			lines = append(lines, nil)
		case heading:
			lines = append(lines, m.headingLine(r.section, e))
		default:
			lines = append(lines, m.stepLine(r.step))
		}
	}
	for len(lines) < height {
		lines = append(lines, nil)
	}
	return lines[:height]
}

// noSteps says that there are no steps, and which problem in the record may be why.
func (m *model) noSteps() []line {
	lines := []line{nil, inStyle("This record has no steps.", plain), inStyle("e opens it in an editor; i, l, t and w write notes.", dim)}
	for _, p := range m.record.Problems {
		if p.Severity == problem.Error {
			return append(append(lines, nil), inStyle(shown(text.First(p.String(), maxDetail)), red).wrap(m.inner())...)
		}
	}
	return lines
}

// headingStands reports whether the first row that is seen gives its place to the
// heading of its section.
func (m *model) headingStands() bool {
	r := m.list.rows[m.top]
	return r.step >= 0 && r.step != m.cursor && m.list.sections[r.section].title != ""
}

func (m *model) headingLine(i int, e elapsed) line {
	s := m.list.sections[i]
	open := s.count(m.record, records.Pending) + s.count(m.record, records.StepRunning)
	right := line{{fmt.Sprintf("%d/%d", len(s.steps)-open, len(s.steps)), dim}}
	if took := e.sections[i]; took > 0 {
		right = append(right, piece{fmt.Sprintf("%12s", text.Age(took)), dim})
	} else {
		right = append(right, piece{strings.Repeat(" ", 12), dim})
	}
	return inStyle(shown(text.First(s.title, 400)), bold|cyan).withRight(right, m.inner())
}

// wordWidth is that of the longest state's word.
const wordWidth = len("in progress")

func (m *model) stepLine(i int) line {
	s := m.record.Steps[i]
	cursor, label := piece{"  ", plain}, plain
	if s.State == records.Skipped {
		label = dim
	}
	if i == m.cursor {
		cursor, label = piece{"❯ ", cyan | bold}, bold
	}
	l := line{
		cursor,
		{stateSigns[s.State] + " " + fmt.Sprintf("%-*s", wordWidth, s.State.Words()) + "  ", stateStyles[s.State]},
		{rowName(s), label},
	}
	if m.width >= wide {
		pad := max(0, m.list.names-width(rowName(s)))
		l = append(l, piece{strings.Repeat(" ", pad+2) + shown(text.First(restOfText(s), 400)), dim})
	}
	var at line
	if !s.At.IsZero() {
		at = inStyle(clock(m.record, s.At), dim)
	}
	return l.withRight(at, m.inner())
}

// wide is from how many columns on a step's text is shown beside its name.
const wide = 110

// restOfText is the step's text without its name.
func restOfText(s records.Step) string {
	return strings.TrimLeft(strings.TrimPrefix(s.Text, s.Label), ":.,; ")
}

// ruleLine separates list and detail, and counts the steps above and below the window.
func (m *model) ruleLine(height int) line {
	var hidden []string
	if m.top > 0 {
		above := m.list.rows[:m.top]
		if m.headingStands() {
			above = m.list.rows[:m.top+1]
		}
		hidden = append(hidden, fmt.Sprintf("↑ %d", stepsIn(above)))
	}
	if end := m.top + height; end < len(m.list.rows) {
		hidden = append(hidden, fmt.Sprintf("↓ %d", stepsIn(m.list.rows[end:])))
	}
	note := ""
	if len(hidden) > 0 {
		note = " " + strings.Join(hidden, "  ") + " more ─"
	}
	return inStyle(strings.Repeat("─", max(0, m.columns()-width(note)))+note, dim)
}

func stepsIn(rows []row) (n int) {
	for _, r := range rows {
		if r.step >= 0 {
			n++
		}
	}
	return n
}

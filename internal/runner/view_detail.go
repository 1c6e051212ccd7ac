package runner

import (
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// detailLines tell about the step that keys are for, or show what was pasted.
func (m *model) detailLines(height int) []line {
	var lines []line
	if p, ok := m.over.(*prompt); ok && p.code != "" {
		lines = pastedLines(p.code)
	} else if len(m.record.Steps) > 0 {
		lines = m.stepLines(m.inner())
	}
	if height <= 0 {
		return nil // what there is to say takes all of it
	}
	if len(lines) > height {
		lines = lines[:height]
		more := "… Enter shows all"
		if m.over != nil {
			more = "…"
		}
		lines[height-1] = lines[height-1].withRight(inStyle(more, dim), m.inner())
	}
	for len(lines) < height {
		lines = append(lines, nil)
	}
	return lines
}

func pastedLines(code string) (lines []line) {
	for l := range strings.SplitSeq(records.CleanCode(code), "\n") {
		lines = append(lines, line{{"│ ", dim}, {shown(text.First(l, 400)), plain}})
	}
	return lines
}

// maxDetail is how many characters of a step's text are looked at for the detail.
const maxDetail = 3000

func (m *model) stepLines(columns int) (lines []line) {
	s := m.record.Steps[m.cursor]
	lines = stepText(m.record, s, maxDetail).wrap(columns)
	if !s.At.IsZero() {
		lines = append(lines, m.markedBy(s).cut(columns))
	}
	for _, n := range m.record.StepNotes(s) {
		lines = append(lines, indented(piece{"– ", dim}, inStyle(shown(text.First(n, maxDetail)), plain).wrap(columns-2))...)
		if len(lines) > m.height {
			break
		}
	}
	return lines
}

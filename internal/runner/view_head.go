package runner

import (
	"fmt"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// headLines are the title and, in more than two lines of head, the facts.
func (m *model) headLines(n int) []line {
	e := elapsedAt(m.record, m.list.sections, m.now)
	var took line
	if e.known {
		took = inStyle(text.Age(e.total), bold)
	}
	lines := []line{inStyle(shown(text.First(m.record.Title.Value, 400)), bold).withRight(took, m.inner())}
	if n > 2 {
		facts, counts := m.factsLine(), m.countsLine(false)
		if facts.width()+2+counts.width() > m.inner() {
			counts = m.countsLine(true)
		}
		lines = append(lines, facts.withRight(counts, m.inner()))
	}
	return lines
}

func (m *model) factsLine() line {
	r := m.record
	started := ", started "
	if r.Status == records.InProgress {
		started = " since "
	}
	l := line{{r.Status.Words(), statusStyles[r.Status]}}
	if !r.Started.IsZero() {
		l = append(l, piece{started + startWords(r), dim})
	}
	var people []string
	for _, d := range r.Deployers {
		people = append(people, shown(text.First(d.Value, 100)))
	}
	if len(people) > 0 {
		l = append(l, piece{" · " + strings.Join(people, ", "), dim})
	}
	return l
}

func startWords(r *records.Record) string {
	if r.Started.DateOnly {
		return r.Started.Time.Format("2 Jan 2006")
	}
	return r.Started.Time.Format("2 Jan 15:04")
}

// counts is how many steps are in each state.
func (m *model) counts() map[records.State]int {
	counts := map[records.State]int{}
	for _, s := range m.record.Steps {
		counts[s.State]++
	}
	return counts
}

// countsLine is how many steps there are of each state; short is by signs alone.
func (m *model) countsLine(short bool) (l line) {
	counts := m.counts()
	for _, state := range records.States {
		n := counts[state]
		if n == 0 {
			continue
		}
		if len(l) > 0 {
			l = append(l, piece{"   ", dim})
		}
		word := fmt.Sprintf("%s %d", stateSigns[state], n)
		if !short {
			word += " " + state.Words()
		}
		l = append(l, piece{word, stateStyles[state]})
	}
	return l
}

// progressLine is a rule whose strong part shows how many steps are settled.
func (m *model) progressLine() line {
	counts, all := m.counts(), max(1, len(m.record.Steps))
	settled, failed := counts[records.Done]+counts[records.Skipped], counts[records.StepFailed]
	a, b := m.columns()*settled/all, m.columns()*failed/all
	if failed > 0 && b == 0 {
		a, b = min(a, m.columns()-1), 1
	}
	return line{{strings.Repeat("━", a), green}, {strings.Repeat("━", b), red}, {strings.Repeat("─", m.columns()-a-b), dim}}
}

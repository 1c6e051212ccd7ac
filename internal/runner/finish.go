package runner

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// finish asks how the deployment ended, or offers to take the end back.
func (m *model) finish() tea.Cmd {
	if m.record.Status != records.InProgress {
		m.over = &question{
			small:   true,
			title:   "It is over already: " + m.record.Status.Words() + ". Take that back?",
			answers: []answer{{"y", "in progress again", (*model).reopen}},
		}
		return nil
	}
	q := &question{title: "How did it end?", body: m.openEnds()}
	for _, status := range records.Endings {
		q.answers = append(q.answers, answer{string(status)[:1], status.Words(), func(m *model) tea.Cmd { return m.end(status) }})
	}
	for _, b := range bindings() {
		if strings.Contains("w i l t", b.keys) { // the notes that are missing
			q.answers = append(q.answers, answer{b.keys, "", b.do})
		}
	}
	m.over = q
	return nil
}

func (m *model) end(status records.Status) tea.Cmd {
	if status == records.Cancelled {
		return m.askWhy()
	}
	return m.change(records.Finish(records.Outcome{Status: status, At: m.opt.Now()}), func(_, _ *records.Record) string {
		return "It ended: " + status.Words() + ". What is left is to commit the record. q leaves."
	})
}

// askWhy asks for the reason of a cancelled deployment, for whoever deploys next.
func (m *model) askWhy() tea.Cmd {
	m.over = &prompt{
		title: "Cancelled: why?",
		write: func(text, _ string) records.Change {
			return records.Cancel(text, m.opt.Now())
		},
		done: "It is cancelled. What is left is to commit the record. q leaves.",
	}
	return nil
}

func (m *model) reopen() tea.Cmd {
	return m.change(records.Reopen, func(_, _ *records.Record) string { return "It is in progress again." })
}

// openEnds lists the steps that are open or failed, and counts the notes.
func (m *model) openEnds() (body []line) {
	list := func(title string, states ...records.State) {
		var found []line
		for _, state := range states {
			for _, s := range m.record.Steps {
				if s.State == state {
					found = append(found, line{{"  " + stateSigns[state] + " ", stateStyles[state] | indents}, {shown(text.First(s.Label, 400)), plain}})
				}
			}
		}
		if len(found) == 0 {
			return
		}
		body = append(body, inStyle(text.Count(len(found), "step")+" "+title+":", plain))
		if room := max(3, (m.height-14)/2); len(found) > room {
			found = append(found[:room-1], inStyle(fmt.Sprintf("  and %d more", len(found)-room+1), dim))
		}
		body = append(append(body, found...), nil)
	}
	list("not settled", records.StepRunning, records.Pending)
	list("failed", records.StepFailed)
	if len(body) == 0 && len(m.record.Steps) > 0 {
		body = append(body, inStyle("All steps are done or skipped.", plain), nil)
	}
	return append(body, inStyle(m.notesSoFar(), dim))
}

// notesSoFar counts the notes.
func (m *model) notesSoFar() string {
	counts := map[records.NoteKind]int{}
	for _, n := range m.record.Notes {
		counts[n.Kind]++
	}
	return fmt.Sprintf("Notes so far: what went well %d (w), issues %d (i), lessons %d (l), tips %d (t). Those keys write what is missing while you remember it.",
		counts[records.Well], counts[records.Issues], counts[records.Lessons], counts[records.Tips])
}
